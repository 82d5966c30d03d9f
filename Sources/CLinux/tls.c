#include "CLinuxTLS.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

// What is used of OpenSSL 3, by its documented signatures; its headers are not needed to build this.
static struct {
    void *library, *context;
    const void *(*client_method)(void);
    void *(*context_new)(const void *);
    void *(*session_new)(void *);
    void (*session_free)(void *);
    int (*set_fd)(void *, int);
    int (*connect)(void *);
    int (*read)(void *, void *, int);
    int (*write)(void *, const void *, int);
    int (*get_error)(const void *, int);
    unsigned long (*last_error)(void);
    void (*error_string)(unsigned long, char *, size_t);
} tls;

enum { WANT_READ = 2, WANT_WRITE = 3, SYSCALL = 5, ZERO_RETURN = 6 };

int swl_tls_load(void) {
    if (tls.context) return 0;
    void *library = tls.library ? tls.library : dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL);
    if (!library) return -ENOENT;
    tls.library = library;
    const struct {
        void **place;
        const char *name;
    } symbols[] = {
        {(void **)&tls.client_method, "TLS_client_method"}, {(void **)&tls.context_new, "SSL_CTX_new"},
        {(void **)&tls.session_new, "SSL_new"}, {(void **)&tls.session_free, "SSL_free"},
        {(void **)&tls.set_fd, "SSL_set_fd"}, {(void **)&tls.connect, "SSL_connect"},
        {(void **)&tls.read, "SSL_read"}, {(void **)&tls.write, "SSL_write"},
        {(void **)&tls.get_error, "SSL_get_error"}, {(void **)&tls.last_error, "ERR_get_error"},
        {(void **)&tls.error_string, "ERR_error_string_n"},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        // libssl brings libcrypto, where the two about errors are.
        *symbols[i].place = dlsym(library, symbols[i].name);
        if (!*symbols[i].place) return -ENOENT;
    }
    // The certificate is not verified: a client's default.
    tls.context = tls.context_new(tls.client_method());
    return tls.context ? 0 : -ENOMEM;
}

void *swl_tls_open(int fd) {
    void *session = tls.session_new(tls.context);
    if (session && tls.set_fd(session, fd) != 1) {
        tls.session_free(session);
        return NULL;
    }
    return session;
}

void swl_tls_close(void *session) { tls.session_free(session); }

static int result(void *session, int value) {
    if (value > 0) return value;
    switch (tls.get_error(session, value)) {
    case WANT_READ: return SWL_TLS_WANTS_READ;
    case WANT_WRITE: return SWL_TLS_WANTS_WRITE;
    case ZERO_RETURN: return 0;
    case SYSCALL: return value == 0 || errno == 0 ? 0 : SWL_TLS_FAILED;
    default: return SWL_TLS_FAILED;
    }
}

static void forget_errors(void) {
    while (tls.last_error()) {}
    errno = 0;
}

int swl_tls_connect(void *session) {
    forget_errors();
    return result(session, tls.connect(session));
}

int swl_tls_read(void *session, void *bytes, int length) {
    forget_errors();
    return result(session, tls.read(session, bytes, length));
}

int swl_tls_write(void *session, const void *bytes, int length) {
    forget_errors();
    return result(session, tls.write(session, bytes, length));
}

void swl_tls_error(char *text, size_t length) {
    unsigned long error = tls.last_error();
    if (error) tls.error_string(error, text, length);
    else snprintf(text, length, "the connection was closed");
}
