import CLibMount
import Glibc
import Linux

/// The mounts of a mount namespace, as libmount reads them from `mountinfo`; in mount order.
public struct MountTable: Sendable {
    public struct Entry: Sendable, Equatable {
        public var id: Int32
        public var parent: Int32
        public var target: String
        /// What of the file system is mounted: `/`, or a path in it.
        public var root: String
        public var type: String
        public var source: String
        /// The mount's own options: `ro,nosuid,relatime`.
        public var options: String
        /// Mounts below it spread to its peers.
        public var isShared: Bool
        /// Mounts below another one spread to it.
        public var isSlave: Bool

        public init(
            id: Int32, parent: Int32, target: String, root: String, type: String, source: String, options: String,
            isShared: Bool = false, isSlave: Bool = false
        ) {
            self.id = id
            self.parent = parent
            self.target = target
            self.root = root
            self.type = type
            self.source = source
            self.options = options
            self.isShared = isShared
            self.isSlave = isSlave
        }
    }

    public let entries: [Entry]

    /// `path` is a mountinfo file.
    public init(_ path: String = "/proc/self/mountinfo") throws(SystemError) {
        guard let table = mnt_new_table(), let iterator = mnt_new_iter(Int32(MNT_ITER_FORWARD)) else {
            throw SystemError(errno: ENOMEM, call: "mnt_new_table", path: path)
        }
        defer {
            mnt_free_iter(iterator)
            mnt_unref_table(table)
        }
        let result = mnt_table_parse_file(table, path)
        if result != 0 {
            throw SystemError(errno: result < 0 ? -result : EINVAL, call: "mnt_table_parse_file", path: path)
        }
        var entries: [Entry] = []
        var next: OpaquePointer?
        while mnt_table_next_fs(table, iterator, &next) == 0, let fs = next {
            var propagation: UInt = 0
            mnt_fs_get_propagation(fs, &propagation)
            func text(_ value: UnsafePointer<CChar>?) -> String { value.map { String(cString: $0) } ?? "" }
            entries.append(
                Entry(
                    id: mnt_fs_get_id(fs), parent: mnt_fs_get_parent_id(fs), target: text(mnt_fs_get_target(fs)),
                    root: text(mnt_fs_get_root(fs)), type: text(mnt_fs_get_fstype(fs)),
                    source: text(mnt_fs_get_source(fs)), options: text(mnt_fs_get_vfs_options(fs)),
                    isShared: propagation & UInt(MS_SHARED) != 0, isSlave: propagation & UInt(MS_SLAVE) != 0))
        }
        self.entries = entries
    }
}
