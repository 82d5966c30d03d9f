#define _GNU_SOURCE
#include "CLinuxNamespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/securebits.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int swl_mount_map(int mount, int recursive, int user_namespace) {
    // struct mount_attr, which some C libraries do not define
    struct { uint64_t set, clear, propagation, userns; } attributes = {
        .set = 0x00100000 /* MOUNT_ATTR_IDMAP */, .userns = (uint64_t)user_namespace};
    unsigned flags = AT_EMPTY_PATH | (recursive ? 0x8000 /* AT_RECURSIVE */ : 0);
    return syscall(SYS_mount_setattr, mount, "", flags, &attributes, sizeof attributes) < 0 ? -errno : 0;
}

int swl_set_file_ids(uint32_t uid, uint32_t gid) {
    if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) < 0) return -errno;
    setfsgid(gid);
    setfsuid(uid);
    // They do not tell of failure; a call that cannot succeed returns what is set.
    return (uint32_t)setfsgid((gid_t)-1) == gid && (uint32_t)setfsuid((uid_t)-1) == uid ? 0 : -EPERM;
}

int swl_lock_byte(int fd, int64_t offset) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};
    return fcntl(fd, F_OFD_SETLK, &lock) < 0 ? -errno : 0;
}

int swl_execute(int program, const char *const *argv, const char *const *envp) {
    syscall(SYS_execveat, program, "", argv, envp, AT_EMPTY_PATH);
    return -errno;
}

void swl_reap_for_ever(void) {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    for (;;) {
        while (waitpid(-1, NULL, WNOHANG | __WALL) > 0) {}
        sigwaitinfo(&child, NULL);
    }
}
