// floor READY FIFO STATE
//
// The floor of the benchmark: the system calls that a pod with one init container, two app containers and one emptyDir
// takes, made in the plainest way, by one program that knows nothing of manifests. READY is the program that the
// containers run (ready.c), in the same directory as the FIFO, which is bound at /bench; STATE is a directory for the
// emptyDir. Runs until SIGINT, and leaves nothing behind.
//
// Pod: network, IPC, UTS and mount namespaces, loopback up, host name, a cgroup, the emptyDir.
// Container: its cgroup; clone3 with a mount and a PID namespace into that cgroup; a root on a tmpfs with overlays of
// /usr, /etc and /opt; proc, sysfs, a /dev of its own with six devices, devpts, shm and mqueue; the volumes; masked and
// read-only paths; pivot_root; groups, capabilities, no_new_privs, a seccomp filter; exec.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <grp.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    _exit(1);
}

#define TRY(call) do { if ((call) < 0) fail(#call); } while (0)

static char pod_cgroup[256];  // empty: no cgroup2 hierarchy
static char state[512], volume[520], bench[512];
static const char *ready_name, *fifo_name;
static struct sock_fprog filter;

static void touch(const char *path) {
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    if (fd < 0) fail(path);
    close(fd);
}

static void make_filter(void) {
    // As long as a compiled RuntimeDefault profile, and as cheap to load; it allows everything.
    enum { length = 300 };
    static struct sock_filter code[length];
    code[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0);
    for (int i = 1; i < length - 1; i++)
        code[i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)(100000 + i), 0, 0);
    code[length - 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter = (struct sock_fprog){.len = length, .filter = code};
}

static void overlay(const char *name) {
    char target[64], upper[64], work[64], options[256];
    snprintf(target, sizeof target, "root/%s", name);
    snprintf(upper, sizeof upper, "upper-%s", name);
    snprintf(work, sizeof work, "work-%s", name);
    TRY(mkdir(target, 0755));
    TRY(mkdir(upper, 0755));
    TRY(mkdir(work, 0755));
    snprintf(options, sizeof options, "lowerdir=/%s,upperdir=%s,workdir=%s", name, upper, work);
    TRY(mount("overlay", target, "overlay", 0, options));
}

static void make_root(void) {
    // Any directory will do to mount on: the mount is this process' own.
    TRY(mount("tmpfs", state, "tmpfs", MS_NOSUID, "mode=755"));
    TRY(chdir(state));
    TRY(mkdir("root", 0755));
    // pivot_root takes mount points only.
    TRY(mount("root", "root", NULL, MS_BIND, NULL));
    overlay("usr");
    overlay("etc");
    overlay("opt");
    static const char *const links[] = {"bin", "sbin", "lib", "lib64"};
    for (int i = 0; i < 4; i++) {
        char to[32], at[32];
        snprintf(to, sizeof to, "usr/%s", links[i]);
        snprintf(at, sizeof at, "root/%s", links[i]);
        TRY(symlink(to, at));
    }
    static const char *const directories[] = {"proc", "sys", "dev", "tmp", "run", "var", "root", "home", "bench", "scratch", "old"};
    for (int i = 0; i < 11; i++) {
        char at[32];
        snprintf(at, sizeof at, "root/%s", directories[i]);
        TRY(mkdir(at, 0755));
    }
}

static void make_dev(void) {
    static const char *const devices[] = {"null", "zero", "full", "random", "urandom", "tty"};
    TRY(mount("tmpfs", "root/dev", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k"));
    for (int i = 0; i < 6; i++) {
        char from[32], at[32];
        snprintf(from, sizeof from, "/dev/%s", devices[i]);
        snprintf(at, sizeof at, "root/dev/%s", devices[i]);
        touch(at);
        TRY(mount(from, at, NULL, MS_BIND, NULL));
    }
    TRY(mkdir("root/dev/pts", 0755));
    TRY(mount("devpts", "root/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5"));
    TRY(mkdir("root/dev/shm", 01777));
    TRY(mount("shm", "root/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777,size=65536k"));
    TRY(mkdir("root/dev/mqueue", 01777));
    TRY(mount("mqueue", "root/dev/mqueue", "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
    TRY(symlink("pts/ptmx", "root/dev/ptmx"));
    TRY(symlink("/proc/self/fd", "root/dev/fd"));
    TRY(symlink("/proc/self/fd/0", "root/dev/stdin"));
    TRY(symlink("/proc/self/fd/1", "root/dev/stdout"));
    TRY(symlink("/proc/self/fd/2", "root/dev/stderr"));
}

static void mask(void) {
    static const char *const masked[] = {"proc/kcore", "proc/keys", "proc/latency_stats", "proc/timer_list", "proc/sched_debug"};
    static const char *const hidden[] = {"proc/acpi", "proc/scsi", "sys/firmware"};
    static const char *const fixed[] = {"proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger"};
    char at[64];
    for (int i = 0; i < 5; i++) {
        snprintf(at, sizeof at, "root/%s", masked[i]);
        if (mount("root/dev/null", at, NULL, MS_BIND, NULL) < 0 && errno != ENOENT) fail(at);
    }
    for (int i = 0; i < 3; i++) {
        snprintf(at, sizeof at, "root/%s", hidden[i]);
        if (mount("tmpfs", at, "tmpfs", MS_RDONLY, NULL) < 0 && errno != ENOENT) fail(at);
    }
    for (int i = 0; i < 5; i++) {
        snprintf(at, sizeof at, "root/%s", fixed[i]);
        if (mount(at, at, NULL, MS_BIND | MS_REC, NULL) < 0) {
            if (errno == ENOENT) continue;
            fail(at);
        }
        TRY(mount(NULL, at, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
    }
}

static void restrict_self(void) {
    TRY(setgroups(0, NULL));
    // Docker's default set.
    const uint64_t kept = 0xa80425fb;
    for (int capability = 0; capability <= 40; capability++)
        if (!(kept >> capability & 1)) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{(uint32_t)kept, (uint32_t)kept, 0}, {0, 0, 0}};
    TRY(syscall(SYS_capset, &header, data));
    TRY(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    TRY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter));
}

static _Noreturn void run_container(int app) {
    TRY(setsid());
    TRY(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
    // The volume is reached through a descriptor, since the root covers the state directory.
    int source = open(volume, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (source < 0) fail(volume);
    make_root();
    TRY(mount("proc", "root/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
    TRY(mount("sysfs", "root/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, NULL));
    make_dev();
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", source);
    TRY(mount(path, "root/scratch", NULL, MS_BIND | MS_REC, NULL));
    TRY(mount(bench, "root/bench", NULL, MS_BIND | MS_REC, NULL));
    mask();
    TRY(chdir("root"));
    TRY(syscall(SYS_pivot_root, ".", "old"));
    TRY(umount2("old", MNT_DETACH));
    TRY(rmdir("old"));
    TRY(chdir("/"));
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    restrict_self();
    syscall(SYS_close_range, 3, ~0U, 0);
    char program[300], fifo[300];
    snprintf(program, sizeof program, "/bench/%s", ready_name);
    snprintf(fifo, sizeof fifo, "/bench/%s", fifo_name);
    char *arguments[] = {program, app ? fifo : NULL, NULL};
    char *environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL};
    execve(program, arguments, environment);
    fail(program);
    _exit(1);
}

static pid_t start_container(const char *name, int app, int *process) {
    int cgroup = -1;
    if (pod_cgroup[0]) {
        char path[300];
        snprintf(path, sizeof path, "%s/%s", pod_cgroup, name);
        TRY(mkdir(path, 0755));
        TRY(cgroup = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
    }
    struct clone_args arguments = {
        .flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_PIDFD | (cgroup >= 0 ? CLONE_INTO_CGROUP : 0),
        .pidfd = (uint64_t)(uintptr_t)process,
        .exit_signal = SIGCHLD,
        .cgroup = (uint64_t)(cgroup >= 0 ? cgroup : 0),
    };
    pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid < 0) fail("clone3");
    if (pid == 0) run_container(app);
    if (cgroup >= 0) close(cgroup);
    return pid;
}

static int is_cgroup2(const char *path) {
    char file[64];
    snprintf(file, sizeof file, "%s/cgroup.controllers", path);
    return access(file, F_OK) == 0;
}

static void clean_up(void) {
    rmdir(volume);
    rmdir(state);
    if (pod_cgroup[0]) {
        static const char *const names[] = {"/init", "/one", "/two", ""};
        for (int i = 0; i < 4; i++) {
            char path[300];
            snprintf(path, sizeof path, "%s%s", pod_cgroup, names[i]);
            rmdir(path);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: floor READY FIFO STATE\n");
        return 2;
    }
    if (argv[1][0] != '/' || argv[2][0] != '/' || argv[3][0] != '/') {
        fprintf(stderr, "floor: the paths have to be absolute\n");
        return 2;
    }
    ready_name = strrchr(argv[1], '/') + 1;
    fifo_name = strrchr(argv[2], '/') + 1;
    snprintf(bench, sizeof bench, "%.*s", (int)(ready_name - argv[1]), argv[1]);
    snprintf(state, sizeof state, "%s", argv[3]);
    snprintf(volume, sizeof volume, "%s.volume", state);
    make_filter();

    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);

    const char *hierarchy = is_cgroup2("/sys/fs/cgroup") ? "/sys/fs/cgroup"
                          : is_cgroup2("/sys/fs/cgroup/unified") ? "/sys/fs/cgroup/unified" : NULL;
    if (hierarchy) {
        snprintf(pod_cgroup, sizeof pod_cgroup, "%s/swiftlet-floor-%d", hierarchy, getpid());
        TRY(mkdir(pod_cgroup, 0755));
    }
    TRY(mkdir(state, 0755));
    TRY(mkdir(volume, 0777));
    TRY(chmod(volume, 0777));

    TRY(unshare(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS));
    TRY(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL));
    TRY(sethostname("floor", 5));
    int inet = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq request = {.ifr_name = "lo"};
    request.ifr_flags = IFF_UP;
    TRY(ioctl(inet, SIOCSIFFLAGS, &request));
    close(inet);

    int process, apps[2], status;
    pid_t init = start_container("init", 0, &process);
    TRY(waitpid(init, &status, 0));
    close(process);
    if (status != 0) {
        fprintf(stderr, "floor: the init container failed\n");
        clean_up();
        return 1;
    }
    pid_t first = start_container("one", 1, &apps[0]);
    pid_t second = start_container("two", 1, &apps[1]);

    int number;
    sigwait(&set, &number);
    for (int i = 0; i < 2; i++) syscall(SYS_pidfd_send_signal, apps[i], SIGTERM, NULL, 0);
    waitpid(first, NULL, 0);
    waitpid(second, NULL, 0);
    clean_up();
    return 0;
}
