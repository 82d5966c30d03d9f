// Sockets of the hostPort forwarder. As everywhere in CLinux, a negative result is a negated errno.
#ifndef CLINUX_PORTS_H
#define CLINUX_PORTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The two ends of a datagram that arrived: who sent it, and to which address of this host.
struct swl_endpoints {
    /// AF_INET or AF_INET6; an IPv4 address fills the first four bytes.
    int family;
    uint16_t remote_port;
    /// The interface of a link-local address, else 0.
    uint32_t remote_scope;
    uint64_t remote[2];
    uint64_t local[2];
};

/// A non-blocking, close-on-exec socket of SOCK_STREAM (listening) or SOCK_DGRAM, bound to an IPv4 or IPv6 address in text
/// form. -EINVAL: not an address.
int swl_port_listen(int type, const char *address, uint16_t port);
/// The next connection, non-blocking and close-on-exec, without delay of small segments and with keep-alive.
int swl_port_accept(int listener);
/// A non-blocking socket for the loopback address of a family.
int swl_loopback_socket(int type, int family);
/// Connects it: 0 when connected, -EINPROGRESS or -EALREADY while that is under way. To be called again when the socket
/// has become writable.
int swl_loopback_connect(int socket, int family, uint16_t port);
/// A non-blocking socket that is being connected to an IPv4 or IPv6 address in text form: writable when that has come to an
/// end, with `swl_socket_error` for the outcome. -EINVAL: not an address.
int swl_tcp_connect(const char *address, uint16_t port);
/// The pending error of a socket as a positive number, 0 for none; clears it.
int swl_socket_error(int socket);
/// Makes close(2) send a reset.
int swl_reset_on_close(int socket);
int swl_shutdown_write(int socket);
/// One datagram with its ends. A datagram longer than the buffer is cut.
ssize_t swl_datagram_receive(int socket, void *bytes, size_t length, struct swl_endpoints *endpoints);
/// One datagram back to `remote`, sent from `local`.
ssize_t swl_datagram_reply(int socket, const void *bytes, size_t length, const struct swl_endpoints *endpoints);
/// On a connected socket.
ssize_t swl_datagram_send(int socket, const void *bytes, size_t length);

#ifdef __cplusplus
}
#endif
#endif
