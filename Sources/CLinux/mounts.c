#define _GNU_SOURCE
#include "CLinuxMounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

// <linux/mount.h> clashes with <sys/mount.h> in some C libraries; these are its values.
enum { open_tree_clone = 1, at_recursive = 0x8000, move_mount_from_empty_path = 4 };
enum { fsconfig_set_flag = 0, fsconfig_set_string = 1, fsconfig_cmd_create = 6 };
struct mount_attributes {
    uint64_t set, clear, propagation, user_namespace;
};

static int result_of(long result) { return result < 0 ? -errno : (int)result; }

// Paths

int swl_openat2(int directory, const char *path, int flags, uint32_t mode, uint64_t resolve) {
    struct open_how how = {
        .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
        .mode = flags & O_CREAT ? mode : 0,
        .resolve = resolve,
    };
    for (int attempt = 0;; attempt++) {
        int fd = (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
        if (fd >= 0) return fd;
        if ((errno != EAGAIN && errno != EINTR) || attempt == 1000) return -errno;
    }
}

int swl_statat(int directory, const char *path, struct swl_stat *result) {
    struct stat buffer;
    if (fstatat(directory, path, &buffer, AT_SYMLINK_NOFOLLOW | (*path ? 0 : AT_EMPTY_PATH)) < 0) return -errno;
    *result = (struct swl_stat){
        .device = buffer.st_dev,
        .inode = buffer.st_ino,
        .special_device = buffer.st_rdev,
        .size = (uint64_t)buffer.st_size,
        .mode = buffer.st_mode,
        .uid = buffer.st_uid,
        .gid = buffer.st_gid,
    };
    return 0;
}

int swl_mkdirat(int directory, const char *path, uint32_t mode) { return result_of(mkdirat(directory, path, mode)); }

int swl_mknodat(int directory, const char *path, uint32_t mode, uint64_t device) {
    return result_of(mknodat(directory, path, mode, device));
}

int swl_symlinkat(const char *target, int directory, const char *path) {
    return result_of(symlinkat(target, directory, path));
}

int swl_readlinkat(int directory, const char *path, char *buffer, size_t size) {
    ssize_t length = readlinkat(directory, path, buffer, size - 1);
    if (length < 0) return -errno;
    buffer[length] = 0;
    return 0;
}

int swl_renameat2(int from, const char *source, int to, const char *target, unsigned flags) {
    return result_of(renameat2(from, source, to, target, flags));
}

int swl_unlinkat(int directory, const char *path, int is_directory) {
    return result_of(unlinkat(directory, path, is_directory ? AT_REMOVEDIR : 0));
}

int swl_chmod_fd(int fd, uint32_t mode) {
    if (fchmod(fd, mode) == 0) return 0;
    if (errno != EBADF) return -errno;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return result_of(chmod(path, mode));
}

int swl_chown_fd(int fd, uint32_t uid, uint32_t gid) { return result_of(fchownat(fd, "", uid, gid, AT_EMPTY_PATH)); }

int swl_fchdir(int fd) { return result_of(fchdir(fd)); }

int swl_chdir(const char *path) { return result_of(chdir(path)); }

int swl_clear_immutable(int directory, const char *name) {
    struct stat status;
    int path = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (path < 0) return -errno;
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", path);
    int fd = -1, attributes = 0, error = EPERM;
    // Opening anything else (a FIFO, a device) could block or act.
    if (fstat(path, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)))
        fd = open(link, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && ioctl(fd, FS_IOC_GETFLAGS, &attributes) == 0 && attributes & (FS_IMMUTABLE_FL | FS_APPEND_FL)) {
        attributes &= ~(FS_IMMUTABLE_FL | FS_APPEND_FL);
        error = ioctl(fd, FS_IOC_SETFLAGS, &attributes) == 0 ? 0 : errno;
    }
    if (fd >= 0) close(fd);
    close(path);
    return -error;
}

int swl_set_opaque(int fd) { return result_of(fsetxattr(fd, "trusted.overlay.opaque", "y", 1, 0)); }

int64_t swl_file_system(int fd) {
    struct statfs status;
    return fstatfs(fd, &status) < 0 ? -errno : (int64_t)status.f_type;
}

// Mounts

int swl_mount_clone(int directory, const char *path, int recursive) {
    unsigned flags = open_tree_clone | O_CLOEXEC | AT_SYMLINK_NOFOLLOW;
    if (!*path) flags |= AT_EMPTY_PATH;
    if (recursive) flags |= at_recursive;
    return result_of(syscall(SYS_open_tree, directory, path, flags));
}

int swl_mount_attach(int mount, int directory, const char *path) {
    // Without MOVE_MOUNT_T_SYMLINKS a link at the end of `path` is not followed.
    unsigned flags = move_mount_from_empty_path | (*path ? 0 : 0x40 /* MOVE_MOUNT_T_EMPTY_PATH */);
    return result_of(syscall(SYS_move_mount, mount, "", directory, path, flags));
}

static int set_attributes(int mount, int recursive, struct mount_attributes attributes) {
    unsigned flags = AT_EMPTY_PATH | (recursive ? at_recursive : 0);
    return result_of(syscall(SYS_mount_setattr, mount, "", flags, &attributes, sizeof attributes));
}

int swl_mount_setattr(int mount, int recursive, uint64_t set, uint64_t clear) {
    return set_attributes(mount, recursive, (struct mount_attributes){.set = set, .clear = clear});
}

int swl_mount_propagation(int mount, int recursive, uint64_t propagation) {
    return set_attributes(mount, recursive, (struct mount_attributes){.propagation = propagation});
}

int swl_fsopen(const char *type) { return result_of(syscall(SYS_fsopen, type, 1 /* FSOPEN_CLOEXEC */)); }

int swl_fsconfig_string(int context, const char *key, const char *value) {
    return result_of(syscall(SYS_fsconfig, context, fsconfig_set_string, key, value, 0));
}

int swl_fsconfig_flag(int context, const char *key) {
    return result_of(syscall(SYS_fsconfig, context, fsconfig_set_flag, key, NULL, 0));
}

int swl_fsconfig_create(int context) {
    return result_of(syscall(SYS_fsconfig, context, fsconfig_cmd_create, NULL, NULL, 0));
}

int swl_fsmount(int context, uint64_t attributes) {
    return result_of(syscall(SYS_fsmount, context, 1 /* FSMOUNT_CLOEXEC */, attributes));
}

int swl_pivot_root(const char *new_root, const char *old_root) {
    return result_of(syscall(SYS_pivot_root, new_root, old_root));
}

int swl_unmount(const char *path, int lazily) {
    return result_of(umount2(path, UMOUNT_NOFOLLOW | (lazily ? MNT_DETACH : 0)));
}
