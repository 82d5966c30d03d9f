#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <termios.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

static int open_peer(int master, int *slave) {
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

int swl_open_terminal(int devpts, int *slave) {
    int master = openat(devpts, "ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    return master < 0 ? -errno : open_peer(master, slave);
}

int swl_open_terminal_at(const char *devpts, int *slave) {
    uint64_t straight = SWL_RESOLVE_NO_SYMLINKS | SWL_RESOLVE_NO_MAGICLINKS;
    int directory = swl_openat2(AT_FDCWD, devpts, O_PATH | O_DIRECTORY, 0, straight);
    if (directory < 0) return directory;
    struct statfs system;
    int master = fstatfs(directory, &system) < 0 ? -errno : -ENODEV;
    // Nobody can make a device or a link in such a file system, and what is mounted on one is not opened.
    if (master == -ENODEV && system.f_type == DEVPTS_SUPER_MAGIC)
        master = swl_openat2(
            directory, "ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK, 0, straight | SWL_RESOLVE_BENEATH | SWL_RESOLVE_NO_XDEV);
    close(directory);
    return master < 0 ? master : open_peer(master, slave);
}

int swl_set_window_size(int terminal, uint16_t rows, uint16_t columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(terminal, TIOCSWINSZ, &size) < 0 ? -errno : 0;
}

int swl_window_size(int terminal, uint16_t *rows, uint16_t *columns) {
    struct winsize size;
    if (ioctl(terminal, TIOCGWINSZ, &size) < 0) return -errno;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

// The caller's terminal, for as long as it is raw.
static volatile sig_atomic_t raw_terminal = -1;
static struct termios saved;

void swl_terminal_restore(void) {
    int terminal = raw_terminal;
    raw_terminal = -1;
    if (terminal < 0) return;
    // A process in the background would be stopped by the kernel; what it owes the terminal it pays nevertheless.
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTTOU);
    sigprocmask(SIG_BLOCK, &stop, &before);
    tcsetattr(terminal, TCSANOW, &saved);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static void crashed(int number) {
    swl_terminal_restore();
    signal(number, SIG_DFL);
    raise(number);
}

static int make_raw(int terminal, tcflag_t output) {
    if (raw_terminal >= 0) return 0;
    if (tcgetattr(terminal, &saved) < 0) return -errno;
    struct termios raw = saved;
    cfmakeraw(&raw);
    raw.c_oflag |= saved.c_oflag & output;
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
    for (unsigned i = 0; i < sizeof fatal / sizeof *fatal; i++) signal(fatal[i], crashed);
    static int registered;
    if (!registered) atexit(swl_terminal_restore);
    registered = 1;
    raw_terminal = terminal;
    if (tcsetattr(terminal, TCSANOW, &raw) == 0) return 0;
    int code = errno;
    raw_terminal = -1;
    return -code;
}

int swl_terminal_raw(int terminal) { return make_raw(terminal, 0); }

int swl_terminal_raw_input(int terminal) { return make_raw(terminal, OPOST | ONLCR); }

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

int swl_set_pipe_size(int pipe, int size) { return fcntl(pipe, F_SETPIPE_SZ, size) < 0 ? -errno : 0; }
