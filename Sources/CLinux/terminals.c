#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

int swl_open_terminal(int devpts, int *slave) {
    int master = openat(devpts, "ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (master < 0) return -errno;
    int locked = 0;
    int peer = -1;
    if (ioctl(master, TIOCSPTLCK, &locked) == 0) peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (peer < 0) {
        int code = errno;
        close(master);
        return -code;
    }
    *slave = peer;
    return master;
}

int swl_take_terminal(int fd) { return ioctl(fd, TIOCSCTTY, 0) < 0 ? -errno : 0; }

_Noreturn void swl_feed(int from, int to, void *buffer, unsigned long size) {
    // The reading end of the pipe as well: with it open, the end of the reader would go unnoticed.
    if (dup2(to, 3) < 0 || close_range(4, ~0U, 0) < 0) _exit(1);
    dup2(3, 1);
    dup2(3, 2);
    close(3);
    for (;;) {
        ssize_t count = read(from, buffer, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) _exit(0);
        for (ssize_t done = 0; done < count;) {
            ssize_t written = write(1, (char *)buffer + done, (size_t)(count - done));
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) _exit(0);
            done += written;
        }
    }
}
