// The program that runs in the benchmark's containers: writes one byte into the FIFO named by its argument, then waits
// for SIGTERM. Without an argument it leaves at once: the init container. Linked statically, so that it runs
// in any root file system, and so that what is measured is the runtime and not the dynamic linker.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 2) return 0;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int fd = open(argv[1], O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, "r", 1) != 1) return 1;
    int number;
    sigwait(&set, &number);
    return 0;
}
