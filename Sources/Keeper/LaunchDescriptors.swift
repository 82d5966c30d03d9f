import Linux
import PodPlan

/// What comes with the request to launch a container, in this order. -1: not there.
struct LaunchDescriptors {
    let output: Int32
    let error: Int32
    /// The file system that the terminal is of, which nothing is mounted on yet.
    let terminals: Int32
    let cgroup: Int32
    let input: Int32

    init?(_ descriptors: [OwnedDescriptor], _ streams: StreamPlan) {
        let first = streams.terminal ? 3 : 2
        let last = streams.hasInputPipe ? 1 : 0
        guard descriptors.count >= first + last else { return nil }
        output = descriptors[0].raw
        error = descriptors[1].raw
        terminals = streams.terminal ? descriptors[2].raw : -1
        cgroup = descriptors.count > first + last ? descriptors[first].raw : -1
        input = streams.hasInputPipe ? descriptors[descriptors.count - 1].raw : -1
    }
}
