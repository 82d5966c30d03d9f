#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/memfd.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RETURN(call)                     \
    do {                                 \
        __typeof__(call) result = (call); \
        return result < 0 ? -errno : result; \
    } while (0)

// Processes

long swl_clone3(uint64_t flags, int cgroup, int *pidfd) {
    struct clone_args args = {
        .flags = flags | CLONE_PIDFD | (cgroup >= 0 ? CLONE_INTO_CGROUP : 0),
        .pidfd = (uint64_t)(uintptr_t)pidfd,
        .exit_signal = SIGCHLD,
        .cgroup = cgroup >= 0 ? (uint64_t)cgroup : 0,
    };
    RETURN(syscall(SYS_clone3, &args, sizeof args));
}

int swl_fork(void) { RETURN(fork()); }

int swl_pidfd_open(pid_t pid) { RETURN((int)syscall(SYS_pidfd_open, pid, 0)); }

int swl_pidfd_send_signal(int pidfd, int signal) {
    RETURN((int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int swl_pidfd_reap(int pidfd, int *code, int *signal) {
    siginfo_t info = {0};
    if (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG) < 0) return -errno;
    if (info.si_pid == 0) return 0;
    *code = info.si_code == CLD_EXITED ? info.si_status : 0;
    *signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
    return 1;
}

int swl_spawn(int exe, const char *const *argv, const char *const *envp, const int *fds, int count, int stdio, int *pidfd) {
    // posix_spawn shares the address space until exec (CLONE_VM | CLONE_VFORK): no page table is copied.
    if (count > 16) return -EINVAL;
    int high[18], opened = 0, result = 0;
    pid_t pid = 0;
    for (int i = 0; i < count + 1; i++) {
        int fd = fcntl(i < count ? fds[i] : exe, F_DUPFD_CLOEXEC, 3 + count);
        // EINVAL means that the limit of open files is not above the wanted number.
        if (fd < 0) result = errno == EINVAL ? EMFILE : errno;
        else high[opened++] = fd;
    }
    if (result == 0) {
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
        // Of the signals, only SIGPIPE is ever ignored here.
        sigset_t none, ignored;
        sigemptyset(&none);
        sigemptyset(&ignored);
        sigaddset(&ignored, SIGPIPE);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &ignored);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        for (int i = 0; stdio >= 0 && i < 3; i++) posix_spawn_file_actions_adddup2(&actions, stdio, i);
        for (int i = 0; i < count; i++) posix_spawn_file_actions_adddup2(&actions, high[i], 3 + i);
        char path[32];
        snprintf(path, sizeof path, "/proc/self/fd/%d", high[count]);
        swl_close_range_cloexec(3);
        result = posix_spawn(&pid, path, &actions, &attributes, (char *const *)argv, (char *const *)envp);
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    for (int i = 0; i < opened; i++) close(high[i]);
    if (result != 0) return -result;
    *pidfd = swl_pidfd_open(pid);
    return *pidfd < 0 ? *pidfd : pid;
}

int swl_clone_readonly(const char *path) {
    int fd = (int)syscall(SYS_open_tree, AT_FDCWD, path, 1 /* OPEN_TREE_CLONE */ | O_CLOEXEC);
    if (fd < 0) return -errno;
    // struct mount_attr, which some C libraries do not define
    struct { uint64_t set, clear, propagation, userns; } attributes = {.set = 1 /* MOUNT_ATTR_RDONLY */};
    if (syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attributes, sizeof attributes) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int swl_close_range_cloexec(unsigned first) { RETURN((int)syscall(SYS_close_range, first, ~0U, 4 /* CLOEXEC */)); }

int swl_close_range(unsigned first) { RETURN((int)syscall(SYS_close_range, first, ~0U, 0)); }

int swl_set_process_name(const char *name) { RETURN(prctl(PR_SET_NAME, name)); }

int swl_set_parent_death_signal(int signal) { RETURN(prctl(PR_SET_PDEATHSIG, signal)); }

int swl_set_dumpable(int dumpable) { RETURN(prctl(PR_SET_DUMPABLE, dumpable)); }

void swl_change_processor(void) {
    cpu_set_t all, others;
    if (sched_getaffinity(0, sizeof all, &all) < 0) return;
    others = all;
    int here = sched_getcpu();
    if (here >= 0 && here < CPU_SETSIZE) CPU_CLR(here, &others);
    if (CPU_COUNT(&others) == 0 || sched_setaffinity(0, sizeof others, &others) < 0) return;
    sched_setaffinity(0, sizeof all, &all);
}

void swl_reset_signals(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
    swl_reset_pipe_signal();
}

void swl_reset_pipe_signal(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(SIGPIPE, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void swl_exit(int code) { _exit(code); }

// Namespaces and identity

int swl_unshare(int flags) { RETURN(unshare(flags)); }

int swl_setns(int fd, int type) { RETURN(setns(fd, type)); }

int swl_make_mounts_slave(void) { RETURN(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL)); }

int swl_sethostname(const char *name) { RETURN(sethostname(name, strlen(name))); }

int swl_loopback_up(void) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int result = ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
    close(fd);
    return result;
}

int swl_set_groups(const uint32_t *groups, size_t count) { RETURN(setgroups(count, groups)); }

int swl_set_gid(uint32_t gid) { RETURN(setresgid(gid, gid, gid)); }

int swl_set_uid(uint32_t uid) { RETURN(setresuid(uid, uid, uid)); }

int swl_bound_capabilities(uint64_t mask) {
    for (int number = 0; number < 64; number++) {
        if (mask >> number & 1 || prctl(PR_CAPBSET_DROP, number) == 0) continue;
        // EINVAL: the kernel has no such capability, nor any higher one.
        if (errno == EINVAL) break;
        return -errno;
    }
    return 0;
}

int swl_set_capabilities(uint64_t mask) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {.effective = (uint32_t)mask, .permitted = (uint32_t)mask},
        {.effective = (uint32_t)(mask >> 32), .permitted = (uint32_t)(mask >> 32)},
    };
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    RETURN((int)syscall(SYS_capset, &header, data));
}

int swl_get_capabilities(uint64_t *effective) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) < 0) return -errno;
    *effective = data[0].effective | (uint64_t)data[1].effective << 32;
    return 0;
}

int swl_no_new_privileges(void) { RETURN(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); }

int swl_keep_capabilities(void) { RETURN(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)); }

int swl_set_filter(const void *program, size_t count, unsigned flags) {
    struct sock_fprog filter = {.len = (unsigned short)count, .filter = (struct sock_filter *)program};
    RETURN((int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter));
}

int swl_join_session_keyring(void) { RETURN((int)syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL)); }

int swl_lower_limit(int resource, uint64_t soft, uint64_t hard) {
    struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    RETURN(setrlimit((__rlimit_resource_t)resource, &limit));
}

int swl_get_limit(int resource, uint64_t *soft, uint64_t *hard) {
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) < 0) return -errno;
    *soft = limit.rlim_cur;
    *hard = limit.rlim_max;
    return 0;
}

// Descriptors

int swl_pipe(int fds[2], int flags) { RETURN(pipe2(fds, flags | O_CLOEXEC)); }

int swl_socketpair(int type, int fds[2]) { RETURN(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds)); }

int swl_memfd(const char *name) { RETURN(memfd_create(name, MFD_CLOEXEC)); }

int swl_dup_above(int fd, int minimum) { RETURN(fcntl(fd, F_DUPFD_CLOEXEC, minimum)); }

int swl_set_nonblocking(int fd, int nonblocking) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -errno;
    RETURN(fcntl(fd, F_SETFL, nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK));
}

int swl_bytes_readable(int fd) {
    int count = 0;
    return ioctl(fd, FIONREAD, &count) < 0 ? -errno : count;
}

ssize_t swl_splice(int from, int to, size_t length) {
    RETURN(splice(from, NULL, to, NULL, length, SPLICE_F_NONBLOCK | SPLICE_F_MOVE));
}

ssize_t swl_tee(int from, int to, size_t length) { RETURN(tee(from, to, length, SPLICE_F_NONBLOCK)); }

ssize_t swl_send(int socket, const void *bytes, size_t length, const int *fds, int count) {
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = length};
    char control[CMSG_SPACE(16 * sizeof(int))] = {0};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    if (count > 16) return -EINVAL;
    if (count > 0) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(header), fds, count * sizeof(int));
    }
    // A message that is lost because the kernel is short of memory for a moment would be lost for good.
    for (int attempt = 0;; attempt++) {
        ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
        if (sent >= 0) return sent;
        if (errno == EINTR) continue;
        if ((errno != ENOMEM && errno != ENOBUFS) || attempt == 100) return -errno;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

ssize_t swl_receive(int socket, void *bytes, size_t length, int *fds, int *count) {
    struct iovec vector = {.iov_base = bytes, .iov_len = length};
    char control[CMSG_SPACE(16 * sizeof(int))];
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t received;
    // The peer has closed without having read everything: told once, ahead of what it sent before (unix(7)).
    do received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (received < 0 && (errno == EINTR || errno == ECONNRESET));
    if (received < 0) return -errno;
    int room = *count;
    *count = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        int carried = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (int i = 0; i < carried; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof fd);
            if (*count < room) fds[(*count)++] = fd;
            else close(fd);
        }
    }
    return message.msg_flags & MSG_TRUNC ? -EMSGSIZE : received;
}

int swl_flock(int fd, int operation) { RETURN(flock(fd, operation)); }

int swl_open(const char *path, int flags, uint32_t mode) { RETURN(open(path, flags | O_CLOEXEC, mode)); }

int swl_openat(int directory, const char *path, int flags, uint32_t mode) {
    RETURN(openat(directory, path, flags | O_CLOEXEC, mode));
}

int swl_epoll_create(void) { RETURN(epoll_create1(EPOLL_CLOEXEC)); }

int swl_epoll_set(int epoll, int operation, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data = {.fd = fd}};
    RETURN(epoll_ctl(epoll, operation, fd, &event));
}

int swl_timer_create(void) { RETURN(timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK)); }

int swl_timer_set(int timer, int64_t at) {
    struct itimerspec spec = {.it_value = {.tv_sec = at / 1000000000, .tv_nsec = at % 1000000000}};
    RETURN(timerfd_settime(timer, TFD_TIMER_ABSTIME, &spec, NULL));
}

int swl_signalfd(const int *signals, int count) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) return -errno;
    RETURN(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

static int64_t clock_now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int64_t swl_clock_boot(void) { return clock_now(CLOCK_BOOTTIME); }

int64_t swl_clock_wall(void) { return clock_now(CLOCK_REALTIME); }

void *swl_map_shared(int fd, size_t length) {
    void *address = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return address == MAP_FAILED ? NULL : address;
}

void swl_store(uint64_t *address, uint64_t value) { __atomic_store_n(address, value, __ATOMIC_SEQ_CST); }

uint64_t swl_load(const uint64_t *address) { return __atomic_load_n(address, __ATOMIC_SEQ_CST); }
