// What a process that waits for a long time need not have in memory.
#ifndef CLINUX_MEMORY_H
#define CLINUX_MEMORY_H

#ifdef __cplusplus
extern "C" {
#endif

/// Gives back freed heap, the stack below the caller, and the pages of the program and its libraries: what is needed of them
/// again comes back from the page cache, some at a time. Takes about a millisecond. For a process of one thread.
void swl_release_memory(void);

#ifdef __cplusplus
}
#endif
#endif
