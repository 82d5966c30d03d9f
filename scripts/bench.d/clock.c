// clock FIFO COUNT COMMAND…
//
// Starts the command and reads COUNT bytes from the FIFO, one of each container that runs. Then stops the command with
// SIGINT, and waits for its end. Prints the microseconds from just before fork to the last byte, and those from SIGINT to the
// end. Leaves with 1 if the bytes did not come within 60 seconds, or the command failed before they came.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: clock FIFO COUNT COMMAND...\n");
        return 2;
    }
    // Opened for reading and writing, the FIFO never reports end-of-file between two writers.
    int fifo = open(argv[1], O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (fifo < 0) {
        fprintf(stderr, "clock: open %s: %s\n", argv[1], strerror(errno));
        return 2;
    }
    int count = atoi(argv[2]);

    long long start = microseconds();
    pid_t child = fork();
    if (child == 0) {
        signal(SIGINT, SIG_DFL);
        execvp(argv[3], argv + 3);
        fprintf(stderr, "clock: exec %s: %s\n", argv[3], strerror(errno));
        _exit(127);
    }
    int process = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd events[2] = {{.fd = fifo, .events = POLLIN}, {.fd = process, .events = POLLIN}};
    long long end = 0;
    int ended = 0, status = 0;
    while (count > 0) {
        // A command that only starts the containers and leaves (podman) is no failure as long as it leaves with 0.
        int ready = poll(events, ended ? 1 : 2, 60000);
        if (ready == 0) fprintf(stderr, "clock: the containers did not run within 60 seconds\n");
        if (ready <= 0) break;
        char bytes[16];
        ssize_t got = read(fifo, bytes, sizeof bytes);
        if (got > 0) {
            end = microseconds();
            count -= (int)got;
        } else if (!ended && events[1].revents) {
            waitpid(child, &status, 0);
            ended = 1;
            if (status != 0) {
                fprintf(stderr, "clock: the command failed before the containers ran\n");
                break;
            }
        }
    }
    long long stop = microseconds();
    if (!ended) {
        // podman has to get through with its own start, and swiftlet has to be asked to stop: both are left a moment.
        kill(child, SIGINT);
        struct pollfd last = {.fd = process, .events = POLLIN};
        if (poll(&last, 1, 30000) == 0) {
            fprintf(stderr, "clock: the command did not stop within 30 seconds after SIGINT\n");
            kill(child, SIGKILL);
        }
        waitpid(child, &status, 0);
    }
    if (count > 0) return 1;
    printf("%lld %lld\n", end - start, microseconds() - stop);
    return 0;
}
