#define _GNU_SOURCE
#include "CLinuxCopy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int swl_file_times(int fd, int64_t *modified, int64_t *blocks) {
    struct stat status;
    if (fstatat(fd, "", &status, AT_EMPTY_PATH) < 0) return -errno;
    *modified = status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec;
    *blocks = status.st_blocks;
    return 0;
}

int swl_set_file_times(int directory, const char *name, int64_t modified) {
    struct timespec time = {.tv_sec = modified / 1000000000, .tv_nsec = modified % 1000000000};
    if (time.tv_nsec < 0) {
        time.tv_nsec += 1000000000;
        time.tv_sec--;
    }
    struct timespec times[2] = {time, time};
    int result = *name ? utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW) : futimens(directory, times);
    return result < 0 ? -errno : 0;
}

int swl_reopen(int fd, int flags) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int result = open(path, flags | O_CLOEXEC | O_NOCTTY);
    return result < 0 ? -errno : result;
}

int swl_next_data(int fd, int64_t offset, int64_t size, int64_t *start, int64_t *end) {
    off_t data = lseek(fd, offset, SEEK_DATA);
    if (data < 0 && errno == ENXIO) return -ENXIO;
    if (data < 0) {
        *start = offset;
        *end = size;
        return offset < size ? 0 : -ENXIO;
    }
    off_t hole = lseek(fd, data, SEEK_HOLE);
    *start = data;
    *end = hole < 0 || hole > size ? size : hole;
    return *start < *end ? 0 : -ENXIO;
}

int swl_chownat(int directory, const char *name, uint32_t uid, uint32_t gid) {
    return fchownat(directory, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

int swl_unix_listen(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return -ENAMETOOLONG;
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    mode_t mask = umask(0177);
    int failed = bind(fd, (struct sockaddr *)&address, sizeof address);
    if (failed && errno == EADDRINUSE) {
        struct stat status;
        int other = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode) && other >= 0 &&
            connect(other, (struct sockaddr *)&address, sizeof address) < 0 && errno == ECONNREFUSED &&
            unlink(path) == 0)
            failed = bind(fd, (struct sockaddr *)&address, sizeof address);
        else
            errno = EADDRINUSE;
        if (other >= 0) {
            int code = errno;
            close(other);
            errno = code;
        }
    }
    int code = errno;
    umask(mask);
    errno = code;
    if (failed || listen(fd, SOMAXCONN) < 0) {
        code = errno;
        close(fd);
        return -code;
    }
    return fd;
}
