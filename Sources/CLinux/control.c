#define _GNU_SOURCE
#include "CLinuxControl.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// A socket's address has room for 107 bytes; the directory's descriptor stands for what comes before the name.
static int address_of(int directory, const char *name, struct sockaddr_un *address) {
    address->sun_family = AF_UNIX;
    int length = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", directory, name);
    return length < (int)sizeof address->sun_path ? 0 : -ENAMETOOLONG;
}

int swl_control_listen(int directory, const char *name) {
    struct sockaddr_un address;
    int result = address_of(directory, name, &address);
    if (result < 0) return result;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    unlinkat(directory, name, 0);
    // The file gets the socket's mode, whatever the umask lets through.
    if (fchmod(fd, 0600) < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 128) < 0) {
        result = -errno;
        close(fd);
        return result;
    }
    return fd;
}

int swl_control_connect(int directory, const char *name) {
    struct sockaddr_un address;
    int result = address_of(directory, name, &address);
    if (result < 0) return result;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        result = -errno;
        close(fd);
        return result;
    }
    return fd;
}

int swl_control_accept(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int swl_peer_user(int socket, uint32_t *uid) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) return -errno;
    *uid = peer.uid;
    return 0;
}
