#include <linux/filter.h>
#include <linux/memfd.h>
#include <seccomp.h>

// Swift's Glibc module is built without _GNU_SOURCE and lacks it.
int memfd_create(const char *name, unsigned int flags);
