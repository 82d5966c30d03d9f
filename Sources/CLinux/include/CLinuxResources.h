// What a host has, and what a container may have of it. Functions return 0 or more, or -errno.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// The number of processors that this process may run on (sched_getaffinity(2)).
int swl_processors(void);
