// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
        swiftSettings: strict)
}

let package = Package(
    name: "swiftlet",
    products: [
        .executable(name: "swiftlet", targets: ["swiftlet"]),
        .executable(name: "swiftlet-supervisor", targets: ["swiftlet-supervisor"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // The kernel and the C libraries.
        .target(name: "CLinux"),
        .systemLibrary(name: "CLibMount", pkgConfig: "mount", providers: [.apt(["libmount-dev"])]),
        .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CLibSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        module("Linux", ["CLinux"]),
        module("Mounts", ["CLibMount", "Linux", "CLinux"]),
        module("SyscallFilter", ["PodAPI", "CLibSeccomp"]),
        module("Cgroups", ["PodPlan", "Linux", "CLinux"]),

        // The upper half: manifests to plans. Runs in the command line tool only.
        module("PodAPI"),
        module("PodManifest", ["PodAPI", "CYaml"]),
        module("Storage", ["PodAPI"]),
        // Patches, and what `apply` makes of a changed manifest.
        module("Merging", ["PodAPI"]),
        module("ObjectStore", ["PodAPI", .product(name: "GRDB", package: "GRDB.swift")]),
        // Objects as people read them: tables, YAML, JSONPath.
        module("Printing", ["PodAPI"]),
        module("PodPlanner", ["PodAPI", "PodPlan", "Storage"]),
        module(
            "Commands",
            [
                "PodAPI", "PodManifest", "PodPlan", "PodPlanner", "Storage", "SyscallFilter", "Linux", "Cgroups",
                "ObjectStore", "Printing", "Merging", "CLinux", argumentParser,
            ]),
        // Static in releases: it starts in a millisecond or two, and runs where no Swift is installed.
        .executableTarget(
            name: "swiftlet", dependencies: ["Commands"],
            swiftSettings: strict + [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))],
            linkerSettings: [
                // The two libraries belong to the part of Foundation that ArgumentParser uses.
                .unsafeFlags(
                    [
                        "-static-executable", "-l_FoundationCShims", "-l_FoundationCollections",
                        "-lswiftSynchronization",
                    ],
                    .when(configuration: .release))
            ]),

        // The lower half: plans to processes. No Foundation, one thread.
        module("PodPlan"),
        module("PodLifecycle", ["PodPlan"]),
        module("Volumes", ["Mounts", "PodPlan", "Linux", "CLinux"]),
        module("RootFS", ["Mounts", "Volumes", "PodPlan", "Linux", "CLinux"]),
        module("Keeper", ["PodPlan", "Mounts", "Volumes", "RootFS", "Linux", "CLinux"]),
        // Loads libcrypto when a pod has a service account token, and is in no other target.
        .target(name: "CCrypto"),
        module(
            "Supervisor",
            [
                "PodLifecycle", "PodPlan", "Keeper", "Volumes", "RootFS", "Mounts", "Cgroups", "Linux", "CLinux",
                "CCrypto",
            ]),
        // With the C libraries of the host: libmount comes as a shared library only.
        .executableTarget(
            name: "swiftlet-supervisor", dependencies: ["Supervisor"],
            swiftSettings: strict + [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))],
            linkerSettings: [
                // At a fixed address: 18,000 relocations would touch every page of its data, in each pod anew. The C++ runtime
                // library of the Swift runtime is linked statically (CMakeHelpers/link): a start has 40 page faults less.
                .unsafeFlags(
                    [
                        "-static-stdlib", "-L\(Context.packageDirectory)/CMakeHelpers/link", "-Xclang-linker",
                        "-static-libgcc",
                        "-Xclang-linker", "-no-pie", "-Xlinker", "--gc-sections",
                    ],
                    .when(configuration: .release))
            ]),

        tests("PodAPI"),
        tests("PodManifest", ["PodAPI"]),
        tests("Storage", ["PodAPI"]),
        tests("Merging", ["PodAPI"]),
        tests("ObjectStore", ["PodAPI"]),
        tests("Printing", ["PodAPI"], exclude: ["apiserver.py", "objects.json"]),
        tests("PodPlanner", ["PodAPI", "PodPlan", "Storage"]),
        tests("PodPlan"),
        tests("PodLifecycle", ["PodPlan"]),
        .target(name: "CFilterProbe", path: "Tests/CFilterProbe"),
        tests("SyscallFilter", ["CFilterProbe", "PodAPI"], exclude: ["x86_64.txt", "x86_64-capabilities.txt"]),
        tests("Linux"),
        tests("Cgroups", ["PodPlan", "Linux"]),
        tests("Supervisor", ["Linux", "CLinux", "PodPlan", "PodLifecycle"]),
        tests("Volumes", ["PodPlan", "Linux", "Mounts", "host-scenario"]),
        .executableTarget(
            name: "host-scenario", dependencies: ["RootFS", "Volumes", "PodPlan", "Linux", "CLinux"],
            path: "Tests/Support/host-scenario", swiftSettings: strict),
        tests("Commands", ["ObjectStore", "Linux", "PodAPI", "PodPlan"]),
        // What runs in a container and says what it may do there.
        .executableTarget(
            name: "container-probe", path: "Tests/Support/container-probe",
            linkerSettings: [.unsafeFlags(["-static-executable"])]),
        // Lets one system call of a process tree go wrong.
        .executableTarget(name: "fault-injector", path: "Tests/Support/fault-injector"),
        // The real binary, as root, against the real kernel.
        .testTarget(
            name: "HostTests",
            dependencies: [
                "swiftlet", "swiftlet-supervisor", "container-probe", "fault-injector", "Commands", "PodPlan", "Linux",
                "PodAPI", "PodLifecycle", "ObjectStore",
            ],
            swiftSettings: strict),
    ]
)
