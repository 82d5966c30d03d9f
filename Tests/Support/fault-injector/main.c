/// Runs a command, and lets one system call of it, or of what it starts, go wrong.
///
///     fault-injector REPORT ROLE FAULT N PROGRAM [ARGUMENT…]
///
/// ROLE    command, supervisor, keeper, container, sweeper, or any: whose calls are counted. By their names as the kernel has
///         them; a container is a child of a keeper that has not executed its program yet, a sweeper is a supervisor that was
///         started to sweep.
/// FAULT   none   counts calls and changes nothing
///         kill   SIGKILL for the process before the call does anything
///         cut    SIGKILL for all of them at once, as when the power is cut
///         ENOSPC, ENOMEM, EMFILE, EIO, EINTR, EROFS, EAGAIN: the call does nothing and fails with this
/// N       the number of the call, from 1. Only calls that have an effect outside of the process count for kill and cut,
///         only those that can fail that way count for an error.
///
/// Like `strace -f --inject`, with two differences: calls are counted over all processes of a role, so that every N means one
/// call of one process, and only calls that count stop their process, so that it takes a tenth of the time. REPORT gets a line
/// `tracer PID` first, `hit CALL PATH` at the fault, `ended` when the command has, and `end COUNT` when the last process has ended. The exit code is that of the command.
///
/// This process waits for the command; a child of it traces, and stays until all traced processes have ended: when it has gone,
/// nothing that the command started is left. SIGINT and SIGTERM are not for either.
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    effect = 1,      // changes something outside of the process
    space = 2,       // can find a disk full, broken or read-only
    descriptor = 4,  // makes a descriptor
    memory = 8,      // can find the kernel short of memory
    interrupt = 16,  // can be interrupted by a signal
    process = 32,    // makes a process
    file = 64,       // counts where its first argument is a descriptor above 2 of a file
    create = 128,    // the effect only with O_CREAT in the flags
};

static const struct {
    const char *name;
    long number;
    /// Which argument is a path; -1: none.
    int path;
    unsigned kinds;
} calls[] = {
#define CALL(name, path, kinds) {#name, SYS_##name, path, kinds},
    CALL(mount, 1, effect | memory | space)
    CALL(umount2, 0, effect)
    CALL(move_mount, 1, effect | memory)
    CALL(open_tree, 1, effect | memory | descriptor)
    CALL(fsopen, -1, memory | descriptor)
    CALL(fsconfig, -1, effect | memory)
    CALL(fsmount, -1, effect | memory | descriptor)
    CALL(mount_setattr, 1, effect | memory)
    CALL(pivot_root, 0, effect | memory)
    CALL(mkdirat, 1, effect | space | memory)
    CALL(unlinkat, 1, effect | space)
    CALL(renameat, 1, effect | space)
    CALL(renameat2, 1, effect | space)
    CALL(symlinkat, 2, effect | space)
    CALL(linkat, 1, effect | space)
    CALL(fchmodat, 1, effect)
    CALL(fchownat, 1, effect)
    CALL(fchmod, -1, effect | space)
    CALL(fchown, -1, effect | space)
    CALL(mknodat, 1, effect | space)
    CALL(ftruncate, -1, effect | space)
    CALL(fallocate, -1, effect | space)
    CALL(fsync, -1, effect | space)
    CALL(fdatasync, -1, effect | space)
    CALL(write, -1, effect | space | interrupt | file)
    CALL(pwrite64, -1, effect | space | interrupt | file)
    CALL(read, -1, interrupt | file)
    CALL(openat, 1, effect | space | descriptor | memory | interrupt | create)
    CALL(openat2, 1, descriptor | memory | interrupt)
    CALL(clone, -1, effect | memory | process)
    CALL(clone3, -1, effect | memory | process)
    CALL(execve, 0, effect | memory)
    CALL(execveat, 1, effect | memory)
    CALL(setns, -1, effect | memory)
    CALL(unshare, -1, effect | memory)
    CALL(flock, -1, effect | interrupt)
    CALL(sendmsg, -1, effect | memory | interrupt)
    CALL(recvmsg, -1, interrupt)
    CALL(splice, -1, effect | memory)
    CALL(tee, -1, memory)
    CALL(pidfd_send_signal, -1, effect)
    CALL(kill, -1, effect)
    CALL(bind, -1, effect | space)
    CALL(listen, -1, effect)
    CALL(connect, -1, effect | interrupt)
    CALL(accept4, -1, effect | descriptor | memory | interrupt)
    CALL(socket, -1, descriptor | memory)
    CALL(socketpair, -1, descriptor | memory)
    CALL(pipe2, -1, descriptor | memory)
    CALL(epoll_create1, -1, descriptor | memory)
    CALL(epoll_ctl, -1, memory)
    CALL(memfd_create, -1, descriptor | memory)
    CALL(pidfd_open, -1, descriptor | memory)
    CALL(signalfd4, -1, descriptor | memory)
    CALL(timerfd_create, -1, descriptor | memory)
    CALL(eventfd2, -1, descriptor | memory)
    CALL(dup, -1, descriptor)
    CALL(dup3, -1, descriptor)
    CALL(waitid, -1, interrupt)
    CALL(ppoll, -1, interrupt)
#ifdef SYS_mkdir
    CALL(mkdir, 0, effect | space | memory)
    CALL(rmdir, 0, effect | space)
    CALL(unlink, 0, effect | space)
    CALL(rename, 0, effect | space)
    CALL(symlink, 1, effect | space)
    CALL(link, 0, effect | space)
    CALL(chmod, 0, effect | space)
    CALL(chown, 0, effect | space)
    CALL(lchown, 0, effect | space)
    CALL(mknod, 0, effect | space)
    CALL(truncate, 0, effect | space)
    CALL(fork, -1, effect | memory | process)
    CALL(vfork, -1, effect | memory | process)
    CALL(pipe, -1, descriptor | memory)
    CALL(dup2, -1, descriptor)
    CALL(epoll_wait, -1, interrupt)
    CALL(poll, -1, interrupt)
#endif
#undef CALL
};
enum { call_count = sizeof calls / sizeof *calls };

static const struct {
    const char *name;
    int error;
    unsigned kinds;
} faults[] = {
    {"none", 0, effect},
    {"kill", 0, effect},
    {"cut", 0, effect},
    {"ENOSPC", ENOSPC, space},
    {"EIO", EIO, space},
    {"EROFS", EROFS, space},
    {"ENOMEM", ENOMEM, memory},
    {"EMFILE", EMFILE, descriptor},
    {"EINTR", EINTR, interrupt},
    {"EAGAIN", EAGAIN, process},
};

static const char *role, *fault;
static int fault_error;
static unsigned wanted;
static long target, count;
static int report;
static pid_t processes[65536];
static int process_count;

static void fail(const char *what) {
    dprintf(report > 0 ? report : 2, "error %s: %s\n", what, strerror(errno));
    exit(125);
}

static void note(const char *format, const char *a, const char *b) {
    char line[8192];
    int length = snprintf(line, sizeof line, format, a, b);
    if (write(report, line, length > (int)sizeof line ? (int)sizeof line : length) < 0) exit(125);
}

// MARK: What a process is

static void content(pid_t pid, const char *name, char *buffer, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, buffer, size - 1);
    if (fd >= 0) close(fd);
    buffer[length < 0 ? 0 : length] = 0;
}

static void name_of(pid_t pid, char *buffer, size_t size) {
    content(pid, "comm", buffer, size);
    buffer[strcspn(buffer, "\n")] = 0;
}

static pid_t parent_of(pid_t pid) {
    char line[512];
    content(pid, "stat", line, sizeof line);
    char *end = strrchr(line, ')');
    int parent = 0;
    if (end) sscanf(end + 1, " %*c %d", &parent);
    return parent;
}

static const char *role_of(pid_t pid) {
    char name[64], text[4096];
    name_of(pid, name, sizeof name);
    if (!strcmp(name, "swiftlet")) return "command";
    if (!strcmp(name, "swiftlet-wait")) return "container";
    if (!strcmp(name, "swiftlet-keeper")) {
        // Between its birth and its name.
        name_of(parent_of(pid), text, sizeof text);
        return strcmp(text, "swiftlet-keeper") ? "keeper" : "container";
    }
    if (strncmp(name, "swiftlet-superv", 15)) return "other";
    memset(text, 0, sizeof text);
    content(pid, "cmdline", text, sizeof text);
    const char *mode = text + strlen(text) + 1;
    return strcmp(mode, "sweep") ? "supervisor" : "sweeper";
}

// MARK: One call

#if defined(__x86_64__)
enum { machine = AUDIT_ARCH_X86_64 };
static unsigned long long argument(const struct user_regs_struct *registers, int index) {
    switch (index) {
    case 0: return registers->rdi;
    case 1: return registers->rsi;
    case 2: return registers->rdx;
    default: return registers->r10;
    }
}
static long number(const struct user_regs_struct *registers) { return registers->orig_rax; }
static void skip_call(pid_t pid, struct user_regs_struct *registers, int error) {
    registers->orig_rax = -1;
    registers->rax = -error;
    struct iovec part = {registers, sizeof *registers};
    ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &part);
}
#elif defined(__aarch64__)
enum { machine = AUDIT_ARCH_AARCH64 };
static unsigned long long argument(const struct user_regs_struct *registers, int index) { return registers->regs[index]; }
static long number(const struct user_regs_struct *registers) { return registers->regs[8]; }
static void skip_call(pid_t pid, struct user_regs_struct *registers, int error) {
    int none = -1;
    struct iovec part = {&none, sizeof none};
    ptrace(PTRACE_SETREGSET, pid, 0x404 /* NT_ARM_SYSTEM_CALL */, &part);
    registers->regs[0] = -error;
    part = (struct iovec){registers, sizeof *registers};
    ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &part);
}
#else
#error "registers of this machine are not known"
#endif

/// The path of a descriptor, or `pipe:[…]` and the like.
static void target_of(pid_t pid, int fd, char *buffer, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
    ssize_t length = readlink(path, buffer, size - 1);
    buffer[length < 0 ? 0 : length] = 0;
}

static int is_counted(pid_t pid, int index, const struct user_regs_struct *registers, char *path, size_t size) {
    unsigned kinds = calls[index].kinds;
    path[0] = 0;
    if (!(kinds & wanted)) return 0;
    if (calls[index].path >= 0) {
        struct iovec local = {path, size - 1};
        struct iovec remote = {(void *)argument(registers, calls[index].path), size - 1};
        // What follows the path may not be there: up to the end of the page, then.
        ssize_t length = process_vm_readv(pid, &local, 1, &remote, 1, 0);
        if (length < 0) {
            remote.iov_len = 4096 - ((unsigned long)remote.iov_base & 4095);
            if (remote.iov_len > size - 1) remote.iov_len = size - 1;
            length = process_vm_readv(pid, &local, 1, &remote, 1, 0);
        }
        path[length < 0 ? 0 : length] = 0;
    }
    if (kinds & create) {
        int creates = (argument(registers, 2) & O_CREAT) != 0;
        if (!creates && wanted & (effect | space)) return 0;
    }
    if (kinds & file) {
        int fd = (int)argument(registers, 0);
        if (fd < 3) return 0;
        target_of(pid, fd, path, size);
        if (path[0] != '/' || !strncmp(path, "/dev/", 5) || !strncmp(path, "/memfd:", 7)) return 0;
    }
    if (!path[0] && !(kinds & (process | descriptor))) target_of(pid, (int)argument(registers, 0), path, size);
    if (!strcmp(role, "any")) return strcmp(role_of(pid), "other") != 0;
    return !strcmp(role_of(pid), role);
}

static void check_call(pid_t pid) {
    struct user_regs_struct registers;
    struct iovec part = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &part) < 0) return;
    int index = 0;
    while (index < call_count && calls[index].number != number(&registers)) index++;
    char path[1024];
    if (index == call_count || !is_counted(pid, index, &registers, path, sizeof path)) return;
    count++;
    if (target == 0) note("call %s %s\n", calls[index].name, path);
    if (count != target) return;
    note("hit %s %s\n", calls[index].name, path);
    if (fault_error) {
        skip_call(pid, &registers, fault_error);
    } else if (!strcmp(fault, "kill")) {
        kill(pid, SIGKILL);
    } else if (!strcmp(fault, "cut")) {
        for (int i = 0; i < process_count; i++) kill(processes[i], SIGKILL);
    }
}

// MARK: All processes

static void add(pid_t pid) {
    for (int i = 0; i < process_count; i++)
        if (processes[i] == pid) return;
    if (process_count < (int)(sizeof processes / sizeof *processes)) processes[process_count++] = pid;
}

static void discard(pid_t pid) {
    for (int i = 0; i < process_count; i++)
        if (processes[i] == pid) processes[i--] = processes[--process_count];
}

/// Each call of the table stops its process; all others run as they would.
static void install_filter(void) {
    struct sock_filter filter[2 * call_count + 8];
    int length = 0;
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, machine, 1, 0);
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < call_count; i++) {
        if (!(calls[i].kinds & wanted)) continue;
        filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, 0, 1);
        filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    }
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = length, .filter = filter};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0) fail("seccomp");
}

static void trace(char **arguments, int outcome) {
    int go[2];
    if (pipe2(go, O_CLOEXEC) < 0) fail("pipe");
    pid_t command = fork();
    if (command < 0) fail("fork");
    if (command == 0) {
        char byte;
        signal(SIGINT, SIG_DFL);
        signal(SIGTERM, SIG_DFL);
        close(go[1]);
        if (read(go[0], &byte, 1) != 0) _exit(125);
        install_filter();
        execvp(arguments[0], arguments);
        _exit(127);
    }
    long options = PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACESECCOMP |
                   PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SEIZE, command, 0, options) < 0) fail("ptrace");
    add(command);
    dprintf(report, "tracer %d\n", getpid());
    close(go[0]);
    close(go[1]);
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
        if (pid <= 0) continue;
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            discard(pid);
            if (pid == command) {
                note("ended\n", "", "");
                int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
                if (write(outcome, &code, sizeof code) < 0) {}
                close(outcome);
            }
            continue;
        }
        add(pid);
        int event = status >> 16, stop = WSTOPSIG(status);
        if (event == PTRACE_EVENT_SECCOMP) {
            check_call(pid);
            ptrace(PTRACE_CONT, pid, 0, 0);
        } else if (event == PTRACE_EVENT_STOP && (stop == SIGSTOP || stop == SIGTSTP || stop == SIGTTIN || stop == SIGTTOU)) {
            ptrace(PTRACE_LISTEN, pid, 0, 0);
        } else {
            ptrace(PTRACE_CONT, pid, 0, event ? 0 : stop);
        }
    }
    dprintf(report, "end %ld\n", count);
}

int main(int argc, char **argv) {
    if (argc < 6) {
        fprintf(stderr, "usage: fault-injector REPORT ROLE FAULT N PROGRAM [ARGUMENT...]\n");
        return 125;
    }
    report = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (report < 0) fail(argv[1]);
    role = argv[2];
    fault = argv[3];
    target = atol(argv[4]);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        if (strcmp(faults[i].name, fault)) continue;
        fault_error = faults[i].error;
        wanted = faults[i].kinds;
    }
    if (!wanted) {
        fprintf(stderr, "fault-injector: no fault %s\n", fault);
        return 125;
    }
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    int outcome[2], code = 125;
    if (pipe2(outcome, O_CLOEXEC) < 0) fail("pipe");
    pid_t tracer = fork();
    if (tracer < 0) fail("fork");
    if (tracer == 0) {
        close(outcome[0]);
        trace(argv + 5, outcome[1]);
        _exit(0);
    }
    close(outcome[1]);
    while (read(outcome[0], &code, sizeof code) < 0 && errno == EINTR) {}
    return code;
}
