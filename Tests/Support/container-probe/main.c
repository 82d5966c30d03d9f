// Runs in a container, tries what must not work there, and prints what came of it: one line a try, `NAME RESULT`, where
// RESULT is `ok` or the name of the errno.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/keyctl.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server.h"

static void say(const char *name, long result) {
    printf("%s %s\n", name, result >= 0 ? "ok" : strerrorname_np(errno));
    fflush(stdout);
}

#define TRY(name, call)       \
    do {                      \
        errno = 0;            \
        say(name, (long)(call)); \
    } while (0)

static long clone_user(void) {
    long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return child;
}

/// Has the kernel asked whether the call is allowed, and does nothing where it is.
static void calls(void) {
    char handle[128] = {8, 0, 0, 0, 1, 0, 0, 0, 2};
    union bpf_attr attributes = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
    TRY("bpf", syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
    TRY("io_uring_setup", syscall(SYS_io_uring_setup, 1, &(char[256]){0}));
    TRY("userfaultfd", syscall(SYS_userfaultfd, 1));
    TRY("keyctl", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0));
    TRY("add_key", syscall(SYS_add_key, "user", "probe", "x", 1, KEY_SPEC_PROCESS_KEYRING));
    // Shocker: inode 2 of the file system of the root.
    TRY("open_by_handle_at", syscall(SYS_open_by_handle_at, open("/", O_RDONLY), handle, O_RDONLY));
    TRY("perf_event_open", syscall(SYS_perf_event_open, &(char[128]){0}, 0, -1, -1, 0));
    TRY("mount", mount("none", "/mnt", "tmpfs", 0, NULL));
    TRY("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
    TRY("open_tree", syscall(SYS_open_tree, AT_FDCWD, "/", 1));
    TRY("umount2", umount2("/proc", MNT_DETACH));
    TRY("pivot_root", syscall(SYS_pivot_root, ".", "."));
    TRY("setns", setns(open("/proc/self/ns/net", O_RDONLY), 0));
    TRY("unshare_user", unshare(CLONE_NEWUSER));
    TRY("unshare_mount", unshare(CLONE_NEWNS));
    TRY("unshare_net", unshare(CLONE_NEWNET));
    TRY("clone_user", clone_user());
    TRY("clone3", syscall(SYS_clone3, &(char[88]){0}, 88));
    TRY("init_module", syscall(SYS_init_module, NULL, 0, ""));
    TRY("kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0));
    TRY("reboot", syscall(SYS_reboot, 0, 0, 0, 0));
    TRY("swapon", syscall(SYS_swapon, "/none", 0));
    TRY("syslog", syscall(SYS_syslog, 3, &(char[16]){0}, 16));
    TRY("settimeofday", settimeofday(NULL, &(struct timezone){0}));
    TRY("quotactl", syscall(SYS_quotactl, 0, NULL, 0, NULL));
    TRY("acct", syscall(SYS_acct, NULL));
    TRY("socket_alg", socket(38, SOCK_SEQPACKET, 0));
    TRY("socket_vsock", socket(40, SOCK_STREAM, 0));
    TRY("socket_packet", socket(AF_PACKET, SOCK_RAW, 0));
    TRY("socket_raw", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
    TRY("socket_raw6", socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
    TRY("getpid", syscall(SYS_getpid));
    TRY("socket_stream", socket(AF_INET, SOCK_STREAM, 0));
}

static void ping(void) {
    struct icmphdr request = {.type = ICMP_ECHO}, reply = {0};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
    say("socket", fd);
    if (fd < 0) return;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 2}, sizeof(struct timeval));
    TRY("send", sendto(fd, &request, sizeof request, 0, (struct sockaddr *)&address, sizeof address));
    TRY("receive", recv(fd, &reply, sizeof reply, 0));
    printf("reply %d\n", reply.type);
}

/// Makes device nodes in each directory given, and opens them.
static void devices(char **directories) {
    struct { const char *name; mode_t type; dev_t number; } nodes[] = {
        {"fuse", S_IFCHR, makedev(10, 229)}, {"disk", S_IFBLK, makedev(8, 0)}, {"memory", S_IFCHR, makedev(1, 1)},
        {"loop", S_IFBLK, makedev(7, 0)}, {"null", S_IFCHR, makedev(1, 3)},
    };
    for (; *directories; directories++)
        for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
            char path[4096], label[4200];
            snprintf(path, sizeof path, "%s/probe-%s", *directories, nodes[i].name);
            snprintf(label, sizeof label, "mknod %s", path);
            TRY(label, mknod(path, nodes[i].type | 0666, nodes[i].number));
            snprintf(label, sizeof label, "open %s", path);
            TRY(label, open(path, O_RDONLY | O_NONBLOCK));
        }
}

/// Tries to get at each of the processes given.
static void trace(char **pids) {
    for (; *pids; pids++) {
        pid_t pid = atoi(*pids);
        char path[64], byte;
        struct iovec vector = {&byte, 1};
        TRY("kill", kill(pid, 0));
        TRY("attach", ptrace(PTRACE_ATTACH, pid, 0, 0));
        TRY("seize", ptrace(PTRACE_SEIZE, pid, 0, 0));
        TRY("process_vm_readv", process_vm_readv(pid, &vector, 1, &vector, 1, 0));
        TRY("pidfd_open", syscall(SYS_pidfd_open, pid, 0));
        snprintf(path, sizeof path, "/proc/%d/root/", pid);
        TRY("root", open(path, O_RDONLY));
        snprintf(path, sizeof path, "/proc/%d/environ", pid);
        TRY("environ", open(path, O_RDONLY));
    }
}

static void terminal(void) {
    TRY("tty", open("/dev/tty", O_RDWR));
    TRY("console", open("/dev/console", O_RDWR));
    for (int fd = 0; fd < 3; fd++) {
        TRY("isatty", isatty(fd) ? 0 : -1);
        TRY("TIOCSCTTY", ioctl(fd, TIOCSCTTY, 1));
        for (const char *text = "id\n"; *text; text++) TRY("TIOCSTI", ioctl(fd, TIOCSTI, text));
    }
}

static long search(void) {
    return syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", "swiftlet-probe", 0);
}

int main(int count, char **arguments) {
    const char *what = count > 1 ? arguments[1] : "";
    int status = serve_or_ask(count, arguments);
    if (status >= 0) return status;
    if (strcmp(what, "calls") == 0) calls();
    else if (strcmp(what, "ping") == 0) ping();
    else if (strcmp(what, "devices") == 0) devices(arguments + 2);
    else if (strcmp(what, "trace") == 0) trace(arguments + 2);
    else if (strcmp(what, "terminal") == 0) terminal();
    else if (strcmp(what, "crash") == 0) abort();
    else if (strcmp(what, "ids") == 0) printf("%d %d\n", getuid(), geteuid());
    else if (strcmp(what, "huge-pages") == 0 && count > 2) {
        // Of 2 MiB each.
        void *pages = mmap(NULL, strtoul(arguments[2], NULL, 10) << 21, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 21 << MAP_HUGE_SHIFT, -1, 0);
        say(arguments[2], pages == MAP_FAILED ? -1 : 0);
    } else if (strcmp(what, "key") == 0) TRY("key", search());
    else if (strcmp(what, "with-key") == 0 && count > 2) {
        // A session keyring with a key in it, and in it the command.
        syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
        long key = syscall(SYS_add_key, "user", "swiftlet-probe", "x", 1, KEY_SPEC_SESSION_KEYRING);
        // For root without possession too, as a container's would be.
        syscall(SYS_keyctl, KEYCTL_SETPERM, key, 0x3f3f0000);
        if (key < 0 || search() < 0) return 3;
        execv(arguments[2], arguments + 2);
        return 127;
    } else return 2;
    return 0;
}
