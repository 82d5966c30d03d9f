#define _GNU_SOURCE
#include "CLinuxPorts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int set(int socket, int level, int option, int value) {
    return setsockopt(socket, level, option, &value, sizeof value);
}

int swl_port_listen(int type, const char *address, uint16_t port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int is_v4 = inet_pton(AF_INET, address, &v4.sin_addr) == 1;
    if (!is_v4 && inet_pton(AF_INET6, address, &v6.sin6_addr) != 1) return -EINVAL;
    const struct sockaddr *name = is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
    socklen_t length = is_v4 ? sizeof v4 : sizeof v6;

    int fd = socket(is_v4 ? AF_INET : AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int failed = is_v4 ? 0 : set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    if (type == SOCK_STREAM) {
        // Connections of the last pod in TIME_WAIT must not keep the next one from the port. Not for datagrams, where it would
        // let two pods have the same port.
        failed |= set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    } else {
        failed |= is_v4 ? set(fd, IPPROTO_IP, IP_PKTINFO, 1) : set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    }
    if (failed || bind(fd, name, length) != 0 || (type == SOCK_STREAM && listen(fd, SOMAXCONN) != 0)) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int swl_port_accept(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return -errno;
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    // A client that vanished without a word would hold its connection for ever.
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    return fd;
}

int swl_loopback_socket(int type, int family) {
    int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    if (type == SOCK_STREAM) set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    return fd;
}

int swl_loopback_connect(int socket, int family, uint16_t port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int result = family == AF_INET ? connect(socket, (struct sockaddr *)&v4, sizeof v4)
                                   : connect(socket, (struct sockaddr *)&v6, sizeof v6);
    return result == 0 || errno == EISCONN ? 0 : -errno;
}

int swl_tcp_connect(const char *address, uint16_t port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int is_v4 = inet_pton(AF_INET, address, &v4.sin_addr) == 1;
    if (!is_v4 && inet_pton(AF_INET6, address, &v6.sin6_addr) != 1) return -EINVAL;
    int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int result = is_v4 ? connect(fd, (struct sockaddr *)&v4, sizeof v4) : connect(fd, (struct sockaddr *)&v6, sizeof v6);
    if (result < 0 && errno != EINPROGRESS) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int swl_socket_error(int socket) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

int swl_reset_on_close(int socket) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    return setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) == 0 ? 0 : -errno;
}

int swl_shutdown_write(int socket) { return shutdown(socket, SHUT_WR) == 0 ? 0 : -errno; }

ssize_t swl_datagram_receive(int socket, void *bytes, size_t length, struct swl_endpoints *endpoints) {
    union {
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        sa_family_t family;
    } name;
    char control[128] __attribute__((aligned(8)));
    struct iovec part = {.iov_base = bytes, .iov_len = length};
    struct msghdr message = {
        .msg_name = &name, .msg_namelen = sizeof name, .msg_iov = &part, .msg_iovlen = 1,
        .msg_control = control, .msg_controllen = sizeof control,
    };
    ssize_t count = recvmsg(socket, &message, 0);
    if (count < 0) return -errno;

    memset(endpoints, 0, sizeof *endpoints);
    endpoints->family = name.family;
    if (name.family == AF_INET) {
        memcpy(endpoints->remote, &name.v4.sin_addr, sizeof name.v4.sin_addr);
        endpoints->remote_port = ntohs(name.v4.sin_port);
    } else {
        memcpy(endpoints->remote, &name.v6.sin6_addr, sizeof name.v6.sin6_addr);
        endpoints->remote_port = ntohs(name.v6.sin6_port);
        endpoints->remote_scope = name.v6.sin6_scope_id;
    }
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(part), sizeof info);
            memcpy(endpoints->local, &info.ipi_spec_dst, sizeof info.ipi_spec_dst);
        } else if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(part), sizeof info);
            // A group is no address to answer from: the kernel chooses one.
            if (!IN6_IS_ADDR_MULTICAST(&info.ipi6_addr)) {
                memcpy(endpoints->local, &info.ipi6_addr, sizeof info.ipi6_addr);
            }
        }
    }
    return count;
}

ssize_t swl_datagram_reply(int socket, const void *bytes, size_t length, const struct swl_endpoints *endpoints) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(endpoints->remote_port)};
    struct sockaddr_in6 v6 = {
        .sin6_family = AF_INET6, .sin6_port = htons(endpoints->remote_port), .sin6_scope_id = endpoints->remote_scope,
    };
    char control[64] __attribute__((aligned(8))) = {0};
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control};
    struct cmsghdr *header = (struct cmsghdr *)control;
    if (endpoints->family == AF_INET) {
        struct in_pktinfo info = {0};
        memcpy(&v4.sin_addr, endpoints->remote, sizeof v4.sin_addr);
        memcpy(&info.ipi_spec_dst, endpoints->local, sizeof info.ipi_spec_dst);
        message.msg_name = &v4;
        message.msg_namelen = sizeof v4;
        message.msg_controllen = CMSG_SPACE(sizeof info);
        *header = (struct cmsghdr){.cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO, .cmsg_len = CMSG_LEN(sizeof info)};
        memcpy(CMSG_DATA(header), &info, sizeof info);
    } else {
        struct in6_pktinfo info = {.ipi6_ifindex = endpoints->remote_scope};
        memcpy(&v6.sin6_addr, endpoints->remote, sizeof v6.sin6_addr);
        memcpy(&info.ipi6_addr, endpoints->local, sizeof info.ipi6_addr);
        message.msg_name = &v6;
        message.msg_namelen = sizeof v6;
        message.msg_controllen = CMSG_SPACE(sizeof info);
        *header =
            (struct cmsghdr){.cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO, .cmsg_len = CMSG_LEN(sizeof info)};
        memcpy(CMSG_DATA(header), &info, sizeof info);
    }
    ssize_t count = sendmsg(socket, &message, MSG_NOSIGNAL);
    return count < 0 ? -errno : count;
}

ssize_t swl_datagram_send(int socket, const void *bytes, size_t length) {
    ssize_t count = send(socket, bytes, length, MSG_NOSIGNAL);
    return count < 0 ? -errno : count;
}
