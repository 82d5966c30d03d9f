// The system calls and macros that Swift's Glibc module does not offer. Every function returns what the call returns, or
// a negated errno: no caller has to read `errno` before something else overwrites it.
#ifndef CLINUX_H
#define CLINUX_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>

#include "CLinuxControl.h"
#include "CLinuxCopy.h"
#include "CLinuxMounts.h"
#include "CLinuxNamespaces.h"
#include "CLinuxPorts.h"
#include "CLinuxTLS.h"
#include "CLinuxTerminals.h"
#include "CLinuxResources.h"
#include "CLinuxMemory.h"

#ifdef __cplusplus
extern "C" {
#endif

// Processes

#define SWL_CLONE_NEWNS 0x00020000
#define SWL_CLONE_NEWCGROUP 0x02000000
#define SWL_CLONE_NEWUTS 0x04000000
#define SWL_CLONE_NEWIPC 0x08000000
#define SWL_CLONE_NEWPID 0x20000000
#define SWL_CLONE_NEWNET 0x40000000

/// clone3(2) in the manner of fork: 0 in the child, the pid in the parent. `flags` are namespace flags; CLONE_PIDFD is
/// added, and CLONE_INTO_CGROUP where `cgroup` is not negative. Bypasses libc's fork bookkeeping, so a process with
/// more than one thread may call only async-signal-safe functions in the child.
long swl_clone3(uint64_t flags, int cgroup, int *pidfd);
int swl_fork(void);
int swl_pidfd_open(pid_t pid);
int swl_pidfd_send_signal(int pidfd, int signal);
/// waitid(2) for a pidfd that is a child: 1 with *code (exit code, or 0) and *signal (or 0), 0 if it still runs.
int swl_pidfd_reap(int pidfd, int *code, int *signal);
/// Starts the program behind the descriptor `exe` with the descriptors `fds[i]` as 3 + i, and nothing else open but
/// 0, 1, 2. `stdio` is put on 0, 1 and 2 unless it is negative. Returns the pid; *pidfd is close-on-exec.
int swl_spawn(int exe, const char *const *argv, const char *const *envp, const int *fds, int count, int stdio, int *pidfd);
/// A detached, read-only clone of the mount that `path` is on, opened at `path`: what is executed from it cannot be written
/// through /proc/self/exe.
int swl_clone_readonly(const char *path);
int swl_close_range_cloexec(unsigned first);
int swl_close_range(unsigned first);
int swl_set_process_name(const char *name);
int swl_set_parent_death_signal(int signal);
int swl_set_dumpable(int dumpable);
/// Goes on on another processor, where there is one. A process that has just been spawned begins on its parent's, and the
/// two would take turns for milliseconds before the scheduler looks again.
void swl_change_processor(void);
/// All signals to their default action, none blocked.
void swl_reset_signals(void);
/// The same for a process of which it is known that it ignores SIGPIPE and blocks signals, and no more.
void swl_reset_pipe_signal(void);
void swl_exit(int code) __attribute__((noreturn));

// Directories

/// Calls `found` with the path, relative to `directory`, of each regular file that is not empty and each directory below it
/// that others than owner and group may not read (and enter). Follows no link, and crosses no mount.
void swl_find_closed(int directory, void (*found)(void *context, const char *path), void *context);

// Namespaces and identity

int swl_unshare(int flags);
int swl_setns(int fd, int type);
/// Makes every mount of the calling process's namespace a slave: what the host mounts later arrives, nothing goes back.
int swl_make_mounts_slave(void);
int swl_sethostname(const char *name);
int swl_loopback_up(void);
int swl_set_groups(const uint32_t *groups, size_t count);
int swl_set_gid(uint32_t gid);
int swl_set_uid(uint32_t uid);
/// Drops every capability that is not in `mask` from the bounding set.
int swl_bound_capabilities(uint64_t mask);
/// Effective and permitted become `mask`; inheritable and ambient become empty.
int swl_set_capabilities(uint64_t mask);
int swl_get_capabilities(uint64_t *effective);
int swl_no_new_privileges(void);
/// The permitted set outlives the next swl_set_uid, until exec.
int swl_keep_capabilities(void);
/// seccomp(2) SET_MODE_FILTER; `program` is `count` times struct sock_filter, `flags` are SECCOMP_FILTER_FLAG_ values.
int swl_set_filter(const void *program, size_t count, unsigned flags);
int swl_join_session_keyring(void);
int swl_lower_limit(int resource, uint64_t soft, uint64_t hard);
int swl_get_limit(int resource, uint64_t *soft, uint64_t *hard);

// Descriptors

int swl_pipe(int fds[2], int flags);
int swl_socketpair(int type, int fds[2]);
int swl_memfd(const char *name);
int swl_dup_above(int fd, int minimum);
int swl_set_nonblocking(int fd, int nonblocking);
int swl_bytes_readable(int fd);
ssize_t swl_splice(int from, int to, size_t length);
ssize_t swl_tee(int from, int to, size_t length);
/// One packet with up to 16 descriptors.
ssize_t swl_send(int socket, const void *bytes, size_t length, const int *fds, int count);
/// One packet; *count is the room in `fds` on entry, the number received on return. Received ones are close-on-exec.
ssize_t swl_receive(int socket, void *bytes, size_t length, int *fds, int *count);
int swl_flock(int fd, int operation);
int swl_open(const char *path, int flags, uint32_t mode);
int swl_openat(int directory, const char *path, int flags, uint32_t mode);
int swl_epoll_create(void);
int swl_epoll_set(int epoll, int operation, int fd, uint32_t events);
int swl_timer_create(void);
/// Absolute CLOCK_BOOTTIME nanoseconds; 0 disarms.
int swl_timer_set(int timer, int64_t at);
int swl_signalfd(const int *signals, int count);
int64_t swl_clock_boot(void);
int64_t swl_clock_wall(void);
void *swl_map_shared(int fd, size_t length);
/// A store that the compiler does not move: what a crash leaves in shared memory is then in program order.
void swl_store(uint64_t *address, uint64_t value);
uint64_t swl_load(const uint64_t *address);

#ifdef __cplusplus
}
#endif
#endif
