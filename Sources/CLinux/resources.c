#define _GNU_SOURCE
#include "CLinuxResources.h"

#include <errno.h>
#include <sched.h>

int swl_processors(void) {
    // Room for 8192 processors, the most that the kernel can be built for.
    unsigned char set[1024] = {0};
    if (sched_getaffinity(0, sizeof set, (cpu_set_t *)set) < 0) return -errno;
    int count = 0;
    for (size_t i = 0; i < sizeof set; i++) count += __builtin_popcount(set[i]);
    return count;
}
