// Sockets with a path. As everywhere in CLinux, a negative result is a negated errno.
#ifndef CLINUX_CONTROL_H
#define CLINUX_CONTROL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A listening, non-blocking SOCK_SEQPACKET socket at `name` in the directory, for its owner alone. What is there goes. The
/// directory's own path may be of any length.
int swl_control_listen(int directory, const char *name);
/// A blocking connection to it. -ECONNREFUSED: nobody listens there.
int swl_control_connect(int directory, const char *name);
/// The next connection, non-blocking and close-on-exec.
int swl_control_accept(int listener);
/// Who is at the other end (SO_PEERCRED): 0, and their uid.
int swl_peer_user(int socket, uint32_t *uid);

#ifdef __cplusplus
}
#endif
#endif
