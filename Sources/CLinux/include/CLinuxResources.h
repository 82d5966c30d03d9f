// What a host has, and what a container may have of it. Functions return 0 or more, or -errno.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// The number of processors that this process may run on (sched_getaffinity(2)).
int swl_processors(void);

/// A device that a cgroup's processes may use.
struct swl_device_rule {
    /// `b` or `c`.
    char kind;
    /// -1: every one.
    int32_t major;
    int32_t minor;
    /// SWL_DEVICE_*
    uint32_t access;
};

enum { SWL_DEVICE_MAKE = 1, SWL_DEVICE_READ = 2, SWL_DEVICE_WRITE = 4 };

/// Lets the processes of a cgroup v2 directory use these devices alone, by a BPF program (BPF_PROG_TYPE_CGROUP_DEVICE) that
/// goes with the cgroup.
int swl_restrict_devices(int cgroup, const struct swl_device_rule *rules, size_t count);

uint32_t swl_device_major(uint64_t device);
uint32_t swl_device_minor(uint64_t device);

/// An eventfd that counts the times that a cgroup of v1 has run out of memory; `directory` is the cgroup's.
int swl_out_of_memory_events(const char *directory);

/// Closes the descriptors from this one on.
int swl_close_from(unsigned first);

/// Bytes on disk of the files below a directory, and of no other file system; a file with several names counts once. Changes
/// the working directory of the process.
int64_t swl_disk_usage(const char *directory);
