/// The controllers that limits are set with, by the names of both versions of cgroups.
public enum CgroupController: String, Sendable, CaseIterable {
    case cpu, memory, pids, hugetlb, devices
}
