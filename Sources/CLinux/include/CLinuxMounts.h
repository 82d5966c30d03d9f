// Mounts and paths by descriptor: the system calls that Swift's Glibc module does not offer, or offers only with errno.
// Every function returns what the call returns, or a negated errno.
#ifndef CLINUX_MOUNTS_H
#define CLINUX_MOUNTS_H

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// Paths

/// openat2(2) `resolve` flags.
#define SWL_RESOLVE_NO_XDEV 0x01
#define SWL_RESOLVE_NO_MAGICLINKS 0x02
#define SWL_RESOLVE_NO_SYMLINKS 0x04
#define SWL_RESOLVE_BENEATH 0x08
#define SWL_RESOLVE_IN_ROOT 0x10

#define SWL_AT_FDCWD (-100)
#define SWL_O_PATH 010000000

struct swl_stat {
    uint64_t device, inode, special_device, size;
    uint32_t mode, uid, gid;
};

/// Always with O_CLOEXEC. EAGAIN (a rename during a walk with `..`) is tried again.
int swl_openat2(int directory, const char *path, int flags, uint32_t mode, uint64_t resolve);
/// Never follows a symbolic link; an empty path is the descriptor itself.
int swl_statat(int directory, const char *path, struct swl_stat *result);
int swl_mkdirat(int directory, const char *path, uint32_t mode);
int swl_mknodat(int directory, const char *path, uint32_t mode, uint64_t device);
int swl_symlinkat(const char *target, int directory, const char *path);
/// 0 with `buffer` terminated.
int swl_readlinkat(int directory, const char *path, char *buffer, size_t size);
/// `flags`: 0, 1 (RENAME_NOREPLACE), 2 (RENAME_EXCHANGE).
int swl_renameat2(int from, const char *source, int to, const char *target, unsigned flags);
int swl_unlinkat(int directory, const char *path, int is_directory);
/// Works on O_PATH descriptors too.
int swl_chmod_fd(int fd, uint32_t mode);
int swl_chown_fd(int fd, uint32_t uid, uint32_t gid);
int swl_fchdir(int fd);
int swl_chdir(const char *path);
/// Takes the immutable and append-only attributes off a regular file or a directory; an error where it has none.
int swl_clear_immutable(int directory, const char *name);
/// Marks a directory of an overlay layer as one that hides the directories below it.
int swl_set_opaque(int fd);
/// The magic number of the file system (statfs(2)).
int64_t swl_file_system(int fd);
#define SWL_PROC_MAGIC 0x9fa0

// Mounts

#define SWL_ATTR_RDONLY 0x01
#define SWL_ATTR_NOSUID 0x02
#define SWL_ATTR_NODEV 0x04
#define SWL_ATTR_NOEXEC 0x08

/// A detached copy of the mount that is at `path`, or at `directory` itself where `path` is empty.
int swl_mount_clone(int directory, const char *path, int recursive);
int swl_mount_attach(int mount, int directory, const char *path);
int swl_mount_setattr(int mount, int recursive, uint64_t set, uint64_t clear);
#define SWL_PROPAGATION_PRIVATE (1 << 18)
#define SWL_PROPAGATION_SLAVE (1 << 19)
#define SWL_PROPAGATION_SHARED (1 << 20)
int swl_mount_propagation(int mount, int recursive, uint64_t propagation);
int swl_fsopen(const char *type);
int swl_fsconfig_string(int context, const char *key, const char *value);
int swl_fsconfig_flag(int context, const char *key);
int swl_fsconfig_create(int context);
int swl_fsmount(int context, uint64_t attributes);
int swl_pivot_root(const char *new_root, const char *old_root);
int swl_unmount(const char *path, int lazily);

#ifdef __cplusplus
}
#endif
#endif
