// User namespaces, mapped mounts, and the first process of a PID namespace. Functions return what the call returns, or a
// negated errno.
#ifndef CLINUX_NAMESPACES_H
#define CLINUX_NAMESPACES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SWL_CLONE_NEWUSER 0x10000000

/// Owners of files are seen through the user namespace from now on (MOUNT_ATTR_IDMAP): id 0 of the file system is its id 0.
/// The mount must not have been attached yet.
int swl_mount_map(int mount, int recursive, int user_namespace);
/// What the process makes belongs to these ids; its capabilities stay (setfsuid(2), SECBIT_NO_SETUID_FIXUP).
int swl_set_file_ids(uint32_t uid, uint32_t gid);
/// Takes a lock on one byte of the file for its open file description (F_OFD_SETLK): -EAGAIN where another has it. The kernel
/// releases it with the last descriptor.
int swl_lock_byte(int fd, int64_t offset);
/// execveat(2) of the program behind a descriptor, which may be close-on-exec; returns only where it fails.
int swl_execute(int program, const char *const *argv, const char *const *envp);
/// Collects children for ever, as the first process of a PID namespace has to.
void swl_reap_for_ever(void) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif
#endif
