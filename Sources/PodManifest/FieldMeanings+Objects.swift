extension FieldMeanings {
    static let objects = """
        *.apiVersion: The version of the API that the object is written in.
        *.kind: What the object is.
        *.metadata: Name, namespace, labels and annotations.
        *.spec: What is asked for.
        *.status: What was observed last; never read from a manifest.
        Pod: Containers that share an address, volumes and a life.
        PersistentVolume: A piece of storage that is there independently of any pod.
        PersistentVolumeClaim: A request for storage, which a PersistentVolume is bound to.
        ConfigMap: Settings that pods read as variables or files.
        Secret: Settings that are to be kept confidential, as variables or files.
        Service: A name and an address for a set of pods.
        RuntimeClass: A way of running pods, with what it costs.
        PriorityClass: A name for a priority.
        ObjectMeta.name: The name, which is the only one of its kind in the namespace.
        ObjectMeta.generateName: The beginning of a name that is completed when the object is made.
        ObjectMeta.namespace: The part of the world that the name is unique in; default where left out.
        ObjectMeta.selfLink: Where an API server has the object; no longer in use.
        ObjectMeta.uid: Tells the object from all others, before and after it, of the same name.
        ObjectMeta.resourceVersion: Changes with each write of the object.
        ObjectMeta.generation: Counts the changes of what is asked for.
        ObjectMeta.creationTimestamp: When the object was made.
        ObjectMeta.deletionTimestamp: When the object is to be gone, once it is being deleted.
        ObjectMeta.deletionGracePeriodSeconds: How long the deletion may take.
        ObjectMeta.labels: Names and values that objects are selected by.
        ObjectMeta.annotations: Names and values for tools and people; nothing is selected by them.
        ObjectMeta.ownerReferences: The objects that this one is a part of, and is deleted with.
        ObjectMeta.finalizers: What has to be done before the object may be gone.
        ObjectMeta.managedFields: Who has written which fields.
        OwnerReference.name: The name of the owner.
        OwnerReference.uid: The uid of the owner.
        OwnerReference.controller: Whether the owner manages this object.
        OwnerReference.blockOwnerDeletion: Whether the owner has to wait for this object to be gone.
        LabelSelector.matchLabels: Labels that have to be there, with these values.
        LabelSelector.matchExpressions: Conditions on labels; all have to hold.
        LabelSelectorRequirement.key: The name of the label.
        LabelSelectorRequirement.operator: In, NotIn, Exists or DoesNotExist.
        LabelSelectorRequirement.values: The values for In and NotIn.
        LocalObjectReference.name: The name of an object in the same namespace.
        SecretReference.name: The name of a Secret.
        SecretReference.namespace: The namespace of the Secret.
        ObjectReference.name: The name of the object that is meant.
        ObjectReference.namespace: Its namespace.
        ObjectReference.uid: Its uid.
        ObjectReference.resourceVersion: Its version.
        ObjectReference.fieldPath: The part of it that is meant.
        TypedLocalObjectReference.apiGroup TypedObjectReference.apiGroup: The API group of the object that is meant.
        TypedLocalObjectReference.name TypedObjectReference.name: Its name.
        TypedObjectReference.namespace: Its namespace.
        """
}
