// ES256 (ECDSA on P-256 with SHA-256) by the system's libcrypto, which is loaded when it is first needed and not before.
// Functions return 0 or -errno; -ELIBACC: libcrypto.so.3 cannot be loaded; -EIO: it failed.
#pragma once

#include <stddef.h>

/// Makes a private key: PKCS #8 in PEM, with a NUL. `capacity` is in bytes.
int ccr_make_key(char *pem, size_t capacity);

/// The public key as an uncompressed point (4, X, Y), and the SHA-256 of its SubjectPublicKeyInfo.
int ccr_public_key(const char *pem, unsigned char point[65], unsigned char digest[32]);

/// The signature as r and s, 32 bytes each (RFC 7518, 3.4).
int ccr_sign(const char *pem, const void *data, size_t size, unsigned char signature[64]);
