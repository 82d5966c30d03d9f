#ifndef CLINUX_TERMINALS_H
#define CLINUX_TERMINALS_H

// Pseudoterminals, by descriptor alone: no name below /dev/pts is looked up (ioctl_tty(2)). Both return -errno.

/// A new terminal of the devpts file system whose root is `devpts`: returns the master, non-blocking; `*slave` is the other
/// end. Both are close-on-exec, and neither becomes anybody's controlling terminal.
int swl_open_terminal(int devpts, int *slave);

/// Makes `fd` the controlling terminal of the calling process, which leads a session without one.
int swl_take_terminal(int fd);

/// Copies from one descriptor to the other until the end of either, with all others closed, and leaves the process.
_Noreturn void swl_feed(int from, int to, void *buffer, unsigned long size);

#endif
