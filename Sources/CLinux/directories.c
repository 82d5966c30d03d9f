#define _GNU_SOURCE
#include "CLinux.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { buffer_size = 32 * 1024, deepest = 16 };

struct search {
    void (*found)(void *, const char *);
    void *context;
    char path[PATH_MAX];
};

static int is_closed(const struct stat *status) {
    if (S_ISDIR(status->st_mode)) return (status->st_mode & 05) != 05;
    return S_ISREG(status->st_mode) && !(status->st_mode & 04) && status->st_size > 0;
}

static void search(struct search *this, int directory, size_t length, int depth) {
    char *buffer = malloc(buffer_size);
    long count;
    while (buffer && (count = syscall(SYS_getdents64, directory, buffer, buffer_size)) > 0) {
        for (long offset = 0; offset < count;) {
            struct dirent64 *entry = (struct dirent64 *)(buffer + offset);
            offset += entry->d_reclen;
            const char *name = entry->d_name;
            if (entry->d_type != DT_REG && entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) continue;
            if (name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]))) continue;
            size_t end = length + strlen(name);
            struct stat status;
            if (end + 2 > sizeof this->path || fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0) continue;
            strcpy(this->path + length, name);
            if (is_closed(&status)) {
                this->found(this->context, this->path);
            } else if (S_ISDIR(status.st_mode) && depth < deepest) {
                struct open_how how = {
                    .flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, .resolve = RESOLVE_NO_XDEV};
                int below = (int)syscall(SYS_openat2, directory, name, &how, sizeof how);
                if (below < 0) continue;
                strcpy(this->path + end, "/");
                search(this, below, end + 1, depth + 1);
                close(below);
            }
        }
    }
    free(buffer);
}

void swl_find_closed(int directory, void (*found)(void *context, const char *path), void *context) {
    struct search this = {.found = found, .context = context};
    search(&this, directory, 0, 0);
}
