#ifndef CFILTERPROBE_H
#define CFILTERPROBE_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/// A system call to be judged.
struct filter_probe {
    /// Its number in the table of the entry it takes.
    long number;
    unsigned long arguments[6];
    /// Entered by the 32-bit gate (`int $0x80`) instead of the native one.
    int compat;
    /// What the filter said: 0 allowed, else the errno.
    int verdict;
};

/// Has the kernel judge each call under the filter, in a child process. No call is carried out: a second filter below the
/// first turns "allowed" into an errno of its own.
/// Returns 0, or the errno of what went wrong.
int filter_probe_run(const void *program, size_t length, struct filter_probe *probes, size_t count);

/// Runs a program under the filter, with no_new_privs, in a session of its own, and waits for it.
/// Returns its wait status, or -1 with errno.
int filter_probe_exec(const void *program, size_t length, char *_Nullable const *_Nonnull argv);

/// Nanoseconds per call of getppid(2) in a child process, under the filter (none: length 0).
double filter_probe_cost(const void *program, size_t length);

#pragma clang assume_nonnull end

#endif
