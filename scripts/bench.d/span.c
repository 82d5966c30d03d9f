// span COMMAND…
//
// Prints the microseconds from just before the fork of a command to its end. What it prints goes to /dev/null. The exit code is
// the command's.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), status;
    long long start = microseconds();
    pid_t child = vfork();
    if (child < 0) return 125;
    if (child == 0) {
        dup2(null, 0);
        dup2(null, 1);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (waitpid(child, &status, 0) != child) return 125;
    printf("%lld\n", microseconds() - start);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
