import PodAPI

/// What besides the objects decides how a pod is planned. A pod of the store keeps it, as annotations that are in no
/// manifest, so that it is planned alike again.
struct PlanningOptions: Equatable {
    /// `--rootfs`
    var rootfs: String?
    /// `--image-map`: paths, or `builtin`.
    var imageMap: [String] = []
    var podMaxPids: Int64?
    /// `--node`
    var node: String?

    init() {}

    init(_ options: ManifestOptions) {
        rootfs = options.rootfs
        imageMap = options.imageMap
        podMaxPids = options.podMaxPids
        node = options.node
    }

    private static let prefix = "swiftlet/"
    private static let names = ["rootfs", "image-map", "pod-max-pids", "node"]

    /// Those that a stored pod was planned with.
    init(_ pod: JSONValue) {
        let annotations = pod[path: "metadata", "annotations"]?.dictionary ?? [:]
        rootfs = annotations[Self.prefix + "rootfs"]
        imageMap = annotations[Self.prefix + "image-map"]?.split(separator: ",").map(String.init) ?? []
        podMaxPids = annotations[Self.prefix + "pod-max-pids"].flatMap { Int64($0) }
        node = annotations[Self.prefix + "node"]
    }

    /// Writes them into a pod, in the place of those that it has.
    func record(in pod: inout JSONValue) {
        let maps = imageMap.map { $0 == "builtin" ? $0 : Roots.absolute($0) }.joined(separator: ",")
        let values = [rootfs, maps.isEmpty ? nil : maps, podMaxPids.map { "\($0)" }, node.map(Roots.absolute)]
        for (name, value) in zip(Self.names, values) {
            pod[path: "metadata", "annotations", Self.prefix + name] = value.map { .string($0) }
        }
    }
}
