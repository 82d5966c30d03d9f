// Copying of trees by descriptor. As everywhere in CLinux, a negative result is a negated errno.
#ifndef CLINUX_COPY_H
#define CLINUX_COPY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// When a file was changed last, nanoseconds since 1970, and the blocks of 512 bytes that it takes on disk.
int swl_file_times(int fd, int64_t *modified, int64_t *blocks);
/// Sets both times. An empty `name` is the descriptor itself, which may not be O_PATH then; a link is not followed.
int swl_set_file_times(int directory, const char *name, int64_t modified);
/// The file behind a descriptor, which may be O_PATH, opened anew: the same file whatever its name refers to by now.
int swl_reopen(int fd, int flags);
/// The next data at or after `offset`, and its end; -ENXIO: there is none. The whole file where the file system cannot tell.
int swl_next_data(int fd, int64_t offset, int64_t size, int64_t *start, int64_t *end);
/// chown(2) of an entry, which may be a link that is not followed.
int swl_chownat(int directory, const char *name, uint32_t uid, uint32_t gid);
/// A listening, non-blocking SOCK_STREAM socket at a path, for its owner alone. A socket there that nobody listens on any more
/// gives way; all else is -EADDRINUSE.
int swl_unix_listen(const char *path);

#ifdef __cplusplus
}
#endif
#endif
