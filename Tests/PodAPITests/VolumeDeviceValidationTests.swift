import PodAPI
import Testing

@Suite struct VolumeDeviceValidationTests {
    static let path = "spec.containers[0].volumeDevices"

    static func devices(
        _ list: VolumeDevice..., change: @escaping @Sendable (inout Pod) -> Void = { _ in }
    )
        -> @Sendable (inout Pod) -> Void
    {
        {
            $0.spec.volumes.append(Volume(name: "disk", source: .persistentVolumeClaim(name: "c", readOnly: false)))
            $0.spec.containers[0].volumeDevices = list
            change(&$0)
        }
    }

    static let template = VolumeClaimTemplate(
        claim: PersistentVolumeClaim(
            metadata: ObjectMeta(name: ""), accessModes: [.readWriteOnce], request: Quantity(value: 1)))

    static let cases: [PodCase] = [
        PodCase("a device", [], devices(VolumeDevice(name: "disk", devicePath: "/dev/xvda"))),
        PodCase(
            "no volume", ["\(path)[0].name: no volume named \"dis\" (did you mean \"disk\"?)"],
            devices(VolumeDevice(name: "dis", devicePath: "/dev/xvda"))
        ),
        PodCase(
            "an emptyDir",
            ["\(path)[0].name: can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"],
            devices(VolumeDevice(name: "work", devicePath: "/dev/xvda"))
        ),
        PodCase(
            "no path", ["\(path)[0].devicePath: required value"], devices(VolumeDevice(name: "disk", devicePath: ""))
        ),
        PodCase(
            "upwards", ["\(path)[0].devicePath: must not contain '..': \"/dev/../etc\""],
            devices(VolumeDevice(name: "disk", devicePath: "/dev/../etc"))
        ),
        PodCase(
            "twice",
            ["\(path)[1].name: duplicate value: \"disk\"", "\(path)[1].devicePath: must be unique: \"/dev/x\""],
            devices(VolumeDevice(name: "disk", devicePath: "/dev/x"), VolumeDevice(name: "disk", devicePath: "/dev/x"))
        ),
        PodCase(
            "mounted as well",
            [
                "\(path)[0].devicePath: must not already exist as a path in volumeMounts",
                "\(path)[0].name: must not already exist in volumeMounts",
            ],
            devices(VolumeDevice(name: "disk", devicePath: "/x")) {
                $0.spec.containers[0].volumeMounts = [mount("disk", "/x")]
            }
        ),
        PodCase("ephemeral", []) { $0.spec.volumes = [Volume(name: "e", source: .ephemeral(template))] },
        PodCase(
            "ephemeral with a name",
            [
                "spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.name: cannot be set for an ephemeral volume",
                "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes: at least 1 access mode is required",
            ]
        ) {
            var template = template
            template.claim.metadata.name = "n"
            template.claim.accessModes = []
            $0.spec.volumes = [Volume(name: "e", source: .ephemeral(template))]
        },
        PodCase("image without a reference", ["spec.volumes[0].image.reference: required value"]) {
            $0.spec.volumes = [Volume(name: "e", source: .image(reference: ""))]
        },
        PodCase(
            "image with bindMountOptions",
            ["spec.containers[0].volumeMounts[0].bindMountOptions: not supported with image volumes"]
        ) {
            $0.spec.volumes = [Volume(name: "e", source: .image(reference: "host:/srv"))]
            $0.spec.containers[0].volumeMounts = [mount("e", "/x")]
            $0.spec.containers[0].volumeMounts[0].bindMountOptions = ["nodev"]
        },
    ]

    @Test(arguments: cases)
    func errors(_ row: PodCase) {
        var pod = validPod()
        row.change(&pod)
        #expect(pod.validate().map { "\($0.path): \($0.message)" } == row.errors)
    }
}
