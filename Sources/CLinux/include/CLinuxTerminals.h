#ifndef CLINUX_TERMINALS_H
#define CLINUX_TERMINALS_H

#include <stdint.h>

// Pseudoterminals, by descriptor alone: no name of a terminal is looked up (ioctl_tty(2)). All return -errno.

/// A new terminal of the devpts file system whose root is `devpts`: returns the master, non-blocking; `*slave` is the other
/// end. Both are close-on-exec, and neither becomes anybody's controlling terminal.
int swl_open_terminal(int devpts, int *slave);

/// The same of the devpts at a path in a tree that is not the caller's: no link is followed, and nothing is opened that is not
/// a terminal multiplexer (-ENODEV: the path is no devpts; -EXDEV: something is mounted on it).
int swl_open_terminal_at(const char *devpts, int *slave);

int swl_set_window_size(int terminal, uint16_t rows, uint16_t columns);
int swl_window_size(int terminal, uint16_t *rows, uint16_t *columns);

/// Makes the caller's terminal raw. It is as it was before after `swl_terminal_restore`, when the process exits, and when it
/// crashes; signals that end it are the caller's to handle. One at a time.
int swl_terminal_raw(int terminal);
/// The same, but what is printed there is still treated as lines, so that others may print too.
int swl_terminal_raw_input(int terminal);
/// Does nothing where none is raw.
void swl_terminal_restore(void);

/// Makes `fd` the controlling terminal of the calling process, which leads a session without one.
int swl_take_terminal(int fd);

/// Copies from one descriptor to the other until the end of either, with all others closed, and leaves the process.
_Noreturn void swl_feed(int from, int to, void *buffer, unsigned long size);

/// How much a pipe holds, bytes; the most that the kernel gives.
int swl_set_pipe_size(int pipe, int size);

#endif
