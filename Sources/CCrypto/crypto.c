#include "CCrypto.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

// Nothing of libcrypto's headers is needed: all of its types are opaque here.
typedef struct evp_pkey_st EVP_PKEY;
typedef struct bio_st BIO;

static struct {
    void *handle;
    EVP_PKEY *(*keygen)(void *, const char *, const char *, ...);
    void (*pkey_free)(EVP_PKEY *);
    int (*octets)(const EVP_PKEY *, const char *, unsigned char *, size_t, size_t *);
    BIO *(*bio_new)(const void *);
    const void *(*bio_s_mem)(void);
    BIO *(*bio_new_mem_buf)(const void *, int);
    int (*bio_read)(BIO *, void *, int);
    int (*bio_free)(BIO *);
    int (*write_key)(BIO *, const EVP_PKEY *, const void *, const unsigned char *, int, void *, void *);
    EVP_PKEY *(*read_key)(BIO *, EVP_PKEY **, void *, void *);
    int (*i2d_public)(const EVP_PKEY *, unsigned char **);
    void (*release)(void *, const char *, int);
    unsigned char *(*sha256)(const unsigned char *, size_t, unsigned char *);
    void *(*context_new)(void);
    void (*context_free)(void *);
    const void *(*evp_sha256)(void);
    int (*sign_init)(void *, void **, const void *, void *, EVP_PKEY *);
    int (*sign)(void *, unsigned char *, size_t *, const unsigned char *, size_t);
} crypto;

static int load(void) {
    if (crypto.handle) return 0;
    void *handle = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (!handle) return -ELIBACC;
    const struct {
        const char *name;
        void **function;
    } symbols[] = {
        {"EVP_PKEY_Q_keygen", (void **)&crypto.keygen},
        {"EVP_PKEY_free", (void **)&crypto.pkey_free},
        {"EVP_PKEY_get_octet_string_param", (void **)&crypto.octets},
        {"BIO_new", (void **)&crypto.bio_new},
        {"BIO_s_mem", (void **)&crypto.bio_s_mem},
        {"BIO_new_mem_buf", (void **)&crypto.bio_new_mem_buf},
        {"BIO_read", (void **)&crypto.bio_read},
        {"BIO_free", (void **)&crypto.bio_free},
        {"PEM_write_bio_PrivateKey", (void **)&crypto.write_key},
        {"PEM_read_bio_PrivateKey", (void **)&crypto.read_key},
        {"i2d_PUBKEY", (void **)&crypto.i2d_public},
        {"CRYPTO_free", (void **)&crypto.release},
        {"SHA256", (void **)&crypto.sha256},
        {"EVP_MD_CTX_new", (void **)&crypto.context_new},
        {"EVP_MD_CTX_free", (void **)&crypto.context_free},
        {"EVP_sha256", (void **)&crypto.evp_sha256},
        {"EVP_DigestSignInit", (void **)&crypto.sign_init},
        {"EVP_DigestSign", (void **)&crypto.sign},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        *symbols[i].function = dlsym(handle, symbols[i].name);
        if (!*symbols[i].function) return -ELIBACC;
    }
    crypto.handle = handle;
    return 0;
}

static EVP_PKEY *read_key(const char *pem) {
    BIO *bio = crypto.bio_new_mem_buf(pem, -1);
    if (!bio) return NULL;
    EVP_PKEY *key = crypto.read_key(bio, NULL, NULL, NULL);
    crypto.bio_free(bio);
    return key;
}

int ccr_make_key(char *pem, size_t capacity) {
    int result = load();
    if (result < 0) return result;
    result = -EIO;
    EVP_PKEY *key = crypto.keygen(NULL, NULL, "EC", "P-256");
    BIO *bio = crypto.bio_new(crypto.bio_s_mem());
    if (key && bio && crypto.write_key(bio, key, NULL, NULL, 0, NULL, NULL) == 1) {
        int count = crypto.bio_read(bio, pem, (int)capacity - 1);
        if (count > 0) {
            pem[count] = 0;
            result = 0;
        }
    }
    if (bio) crypto.bio_free(bio);
    if (key) crypto.pkey_free(key);
    return result;
}

int ccr_public_key(const char *pem, unsigned char point[65], unsigned char digest[32]) {
    int result = load();
    if (result < 0) return result;
    EVP_PKEY *key = read_key(pem);
    if (!key) return -EIO;
    result = -EIO;
    size_t length = 0;
    unsigned char *info = NULL;
    int size = crypto.i2d_public(key, &info);
    if (size > 0 && crypto.octets(key, "encoded-pub-key", point, 65, &length) == 1 && length == 65 && point[0] == 4) {
        crypto.sha256(info, (size_t)size, digest);
        result = 0;
    }
    if (info) crypto.release(info, __FILE__, __LINE__);
    crypto.pkey_free(key);
    return result;
}

// An INTEGER of DER, without the zero that keeps it positive, to 32 bytes with leading zeros.
static const unsigned char *take_integer(const unsigned char *at, const unsigned char *end, unsigned char out[32]) {
    if (end - at < 2 || at[0] != 0x02 || at[1] > 33 || end - at - 2 < at[1]) return NULL;
    size_t count = at[1];
    at += 2;
    const unsigned char *next = at + count;
    while (count > 0 && *at == 0) {
        at++;
        count--;
    }
    if (count > 32) return NULL;
    memset(out, 0, 32);
    memcpy(out + 32 - count, at, count);
    return next;
}

int ccr_sign(const char *pem, const void *data, size_t size, unsigned char signature[64]) {
    int result = load();
    if (result < 0) return result;
    EVP_PKEY *key = read_key(pem);
    void *context = crypto.context_new();
    unsigned char der[128];
    size_t length = sizeof der;
    result = -EIO;
    if (key && context && crypto.sign_init(context, NULL, crypto.evp_sha256(), NULL, key) == 1
        && crypto.sign(context, der, &length, data, size) == 1 && length > 2 && der[0] == 0x30 && der[1] < 0x80) {
        const unsigned char *end = der + length;
        const unsigned char *at = take_integer(der + 2, end, signature);
        if (at) at = take_integer(at, end, signature + 32);
        if (at == end) result = 0;
    }
    if (context) crypto.context_free(context);
    if (key) crypto.pkey_free(key);
    return result;
}
