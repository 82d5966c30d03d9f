#define _GNU_SOURCE
#include "CFilterProbe.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ALLOWED = 3999, PASS = 0x5AFE5AFE };

static int load(const void *program, size_t length) {
    struct sock_fprog fprog = {.len = length / sizeof(struct sock_filter), .filter = (struct sock_filter *)program};
    // Six arguments, so that the filter of filter_probe_run lets it pass.
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &fprog, 0, 0, PASS) != 0) return errno;
    return 0;
}

static long compat_call(long number, const unsigned long *arguments) {
#if defined(__x86_64__)
    long result;
    unsigned long sixth = arguments[5];
    // ebp carries the sixth argument and may not be named as an operand.
    __asm__ volatile("push %%rbp\n\tmov %[sixth], %%rbp\n\tint $0x80\n\tpop %%rbp"
                     : "=a"(result)
                     : "a"(number), "b"(arguments[0]), "c"(arguments[1]), "d"(arguments[2]), "S"(arguments[3]),
                       "D"(arguments[4]), [sixth] "r"(sixth)
                     : "memory", "r8", "r9", "r10", "r11");
    return result;
#else
    (void)number, (void)arguments;
    return -ENOSYS;
#endif
}

int filter_probe_run(const void *program, size_t length, struct filter_probe *probes, size_t count) {
    size_t size = sizeof(int) + count * sizeof(struct filter_probe);
    struct shared { int error; struct filter_probe probes[]; } *shared =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return errno;
    for (size_t i = 0; i < count; i++) shared->probes[i] = probes[i];
    shared->error = ECHILD;

    pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) {
        // Of two filters that both refuse, the one that was loaded last gives the errno.
        struct sock_filter below[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5])),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PASS, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ALLOWED),
        };
        int error = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? load(below, sizeof below) : errno;
        if (error == 0) error = load(program, length);
        for (size_t i = 0; error == 0 && i < count; i++) {
            struct filter_probe *probe = &shared->probes[i];
            const unsigned long *a = probe->arguments;
            long result;
            if (probe->compat) {
                result = compat_call(probe->number, a);
            } else {
                result = syscall(probe->number, a[0], a[1], a[2], a[3], a[4], a[5]);
                if (result == -1) result = -errno;
            }
            probe->verdict = result == -ALLOWED ? 0 : (int)-result;
        }
        shared->error = error;
        syscall(SYS_exit_group, 0, 0, 0, 0, 0, PASS);
    }
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    int error = shared->error;
    for (size_t i = 0; i < count; i++) probes[i] = shared->probes[i];
    munmap(shared, size);
    return error;
}

int filter_probe_exec(const void *program, size_t length, char *const *argv) {
    pid_t child = fork();
    if (child < 0) return -1;
    if (child == 0) {
        // What the test process blocks or ignores is not the program's business.
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGTERM, SIG_DFL);
        signal(SIGPIPE, SIG_DFL);
        setsid();
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || load(program, length) != 0) _exit(125);
        execvp(argv[0], argv);
        _exit(127);
    }
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    kill(-child, SIGKILL);
    return status;
}

double filter_probe_cost(const void *program, size_t length) {
    double *cost = mmap(NULL, sizeof *cost, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (cost == MAP_FAILED) return -1;
    *cost = -1;
    pid_t child = fork();
    if (child == 0) {
        enum { CALLS = 200000 };
        if (length > 0 && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || load(program, length) != 0)) _exit(125);
        struct timespec start, end;
        clock_gettime(CLOCK_MONOTONIC, &start);
        for (int i = 0; i < CALLS; i++) syscall(SYS_getppid);
        clock_gettime(CLOCK_MONOTONIC, &end);
        *cost = ((end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec)) / CALLS;
        _exit(0);
    }
    while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    double result = *cost;
    munmap(cost, sizeof *cost);
    return result;
}
