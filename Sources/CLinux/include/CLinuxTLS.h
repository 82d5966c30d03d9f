// TLS for probes that ask for it, by the host's libssl, which is loaded then and not before.
#ifndef CLINUX_TLS_H
#define CLINUX_TLS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SWL_TLS_FAILED (-1)
#define SWL_TLS_WANTS_READ (-2)
#define SWL_TLS_WANTS_WRITE (-3)

/// 0, or a negated errno where the host has no libssl.so.3. To be called before the others.
int swl_tls_load(void);
/// A client's session over a connected, non-blocking socket; nothing is verified. NULL: no memory.
void *swl_tls_open(int fd);
void swl_tls_close(void *session);
/// Positive when done; else one of the values above, or 0 where the other side has closed.
int swl_tls_connect(void *session);
int swl_tls_read(void *session, void *bytes, int length);
int swl_tls_write(void *session, const void *bytes, int length);
/// What has failed, in words.
void swl_tls_error(char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
