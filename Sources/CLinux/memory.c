#define _GNU_SOURCE
#include "CLinuxMemory.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct range {
    uintptr_t start, end;
};

// A mapping of a file of which no page was ever written to, as the lines of smaps have it that follow its first.
struct mapping {
    struct range range;
    int is_file, is_clean;
};

static unsigned long number_after(const char *line, const char *name) {
    size_t length = strlen(name);
    return strncmp(line, name, length) == 0 ? strtoul(line + length, NULL, 10) : 0;
}

// Returns how many ranges there are that may be dropped; the caller's list has room for `room`.
static int find_clean(struct range *ranges, int room) {
    int file = open("/proc/self/smaps", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    char buffer[4096];
    size_t filled = 0;
    int count = 0;
    struct mapping mapping = {0};
    for (;;) {
        ssize_t got = read(file, buffer + filled, sizeof buffer - 1 - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        filled += (size_t)got;
        buffer[filled] = 0;
        char *line = buffer, *end;
        while ((end = strchr(line, '\n'))) {
            *end = 0;
            unsigned long start, stop, inode;
            char permissions[5];
            if (sscanf(line, "%lx-%lx %4s %*x %*x:%*x %lu", &start, &stop, permissions, &inode) == 4) {
                mapping.range = (struct range){start, stop};
                mapping.is_file = inode != 0 && permissions[1] != 'w' && permissions[3] == 'p';
                mapping.is_clean = 1;
            } else if (number_after(line, "Private_Dirty:") || number_after(line, "Shared_Dirty:") ||
                       number_after(line, "Anonymous:") || number_after(line, "Locked:")) {
                mapping.is_clean = 0;
            } else if (strncmp(line, "VmFlags:", 8) == 0 && mapping.is_file && mapping.is_clean && count < room) {
                ranges[count++] = mapping.range;
            }
            line = end + 1;
        }
        filled = (size_t)(buffer + filled - line);
        memmove(buffer, line, filled);
        // No line of the kernel's is as long as that.
        if (filled == sizeof buffer - 1) filled = 0;
    }
    close(file);
    return count;
}

// What deeper calls have left there. A red zone and this function's own callees stay.
static void drop_stack(void) {
    char here;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t end = ((uintptr_t)&here & ~(page - 1)) - 4 * page;
    // Beyond what was ever used of it there is no mapping, and nothing happens.
    uintptr_t step = 16 * page;
    for (int i = 0; i < 16; i++) {
        if (madvise((void *)(end - step), step, MADV_DONTNEED) < 0) break;
        end -= step;
    }
}

void swl_release_memory(void) {
    malloc_trim(0);
    struct range ranges[96];
    int count = find_clean(ranges, 96);
    for (int i = 0; i < count; i++) {
        madvise((void *)ranges[i].start, ranges[i].end - ranges[i].start, MADV_DONTNEED);
    }
    drop_stack();
}
