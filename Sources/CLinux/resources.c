#define _GNU_SOURCE
#include "CLinuxResources.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int swl_processors(void) {
    // Room for 8192 processors, the most that the kernel can be built for.
    unsigned char set[1024] = {0};
    if (sched_getaffinity(0, sizeof set, (cpu_set_t *)set) < 0) return -errno;
    int count = 0;
    for (size_t i = 0; i < sizeof set; i++) count += __builtin_popcount(set[i]);
    return count;
}

static int bpf(int command, union bpf_attr *attributes) {
    int result = (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
    return result < 0 ? -errno : result;
}

int swl_restrict_devices(int cgroup, const struct swl_device_rule *rules, size_t count) {
    // struct bpf_cgroup_dev_ctx: the access in the upper half of the first word, the kind of device in the lower one.
    struct bpf_insn program[8 + 6 * 64];
    size_t n = 0;
    if (count > 64) return -E2BIG;
#define LOAD(register, field) \
    (struct bpf_insn) { .code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = register, .src_reg = 1, .off = field }
#define JUMP(operation, register, number, distance) \
    (struct bpf_insn) { .code = BPF_JMP | operation | BPF_K, .dst_reg = register, .off = distance, .imm = number }
#define COMPUTE(operation, register, number) \
    (struct bpf_insn) { .code = BPF_ALU64 | operation | BPF_K, .dst_reg = register, .imm = number }
    const struct bpf_insn leave = {.code = BPF_JMP | BPF_EXIT};
    program[n++] = LOAD(2, 0);
    program[n++] = LOAD(3, 0);
    program[n++] = COMPUTE(BPF_RSH, 3, 16);
    program[n++] = COMPUTE(BPF_AND, 2, 0xffff);
    program[n++] = LOAD(4, 4);
    program[n++] = LOAD(5, 8);
    for (size_t i = 0; i < count; i++) {
        // Each test that fails goes on with the next rule.
        short rest = (short)(3 + (rules[i].major >= 0) + (rules[i].minor >= 0));
        program[n++] = JUMP(BPF_JNE, 2, rules[i].kind == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR, rest--);
        program[n++] = JUMP(BPF_JSET, 3, (int)~rules[i].access, rest--);
        if (rules[i].major >= 0) program[n++] = JUMP(BPF_JNE, 4, rules[i].major, rest--);
        if (rules[i].minor >= 0) program[n++] = JUMP(BPF_JNE, 5, rules[i].minor, rest--);
        program[n++] = COMPUTE(BPF_MOV, 0, 1);
        program[n++] = leave;
    }
    program[n++] = COMPUTE(BPF_MOV, 0, 0);
    program[n++] = leave;

    union bpf_attr load = {0};
    load.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    load.insns = (uint64_t)(uintptr_t)program;
    load.insn_cnt = (uint32_t)n;
    load.license = (uint64_t)(uintptr_t) "GPL";
    int loaded = bpf(BPF_PROG_LOAD, &load);
    if (loaded < 0) return loaded;
    union bpf_attr attach = {0};
    attach.target_fd = (uint32_t)cgroup;
    attach.attach_bpf_fd = (uint32_t)loaded;
    attach.attach_type = BPF_CGROUP_DEVICE;
    attach.attach_flags = BPF_F_ALLOW_MULTI;
    int result = bpf(BPF_PROG_ATTACH, &attach);
    close(loaded);
    return result;
}

uint32_t swl_device_major(uint64_t device) { return major(device); }

uint32_t swl_device_minor(uint64_t device) { return minor(device); }

int swl_out_of_memory_events(const char *directory) {
    // "Memory Thresholds" and "OOM Control" of Documentation/admin-guide/cgroup-v1/memory.rst
    char path[4200], text[32];
    snprintf(path, sizeof path, "%s/memory.oom_control", directory);
    int control = open(path, O_RDONLY | O_CLOEXEC);
    if (control < 0) return -errno;
    snprintf(path, sizeof path, "%s/cgroup.event_control", directory);
    int registry = open(path, O_WRONLY | O_CLOEXEC);
    int events = registry < 0 ? -errno : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (registry >= 0) {
        if (events < 0) events = -errno;
        int length = snprintf(text, sizeof text, "%d %d", events, control);
        if (events >= 0 && write(registry, text, (size_t)length) < 0) {
            int error = errno;
            close(events);
            events = -error;
        }
        close(registry);
    }
    close(control);
    return events;
}

/// The inodes that have been counted: a hash table with room for twice as many.
struct inodes {
    ino_t *table;
    size_t count, size;
};

/// Whether it is new. Without memory for the table every name counts, which is too much rather than too little.
static int add_inode(struct inodes *set, ino_t inode) {
    if (set->count * 2 >= set->size) {
        size_t size = set->size ? set->size * 2 : 1024;
        ino_t *table = calloc(size, sizeof *table);
        if (!table) return 1;
        for (size_t i = 0; i < set->size; i++) {
            if (!set->table[i]) continue;
            size_t at = set->table[i] % size;
            while (table[at]) at = (at + 1) % size;
            table[at] = set->table[i];
        }
        free(set->table);
        set->table = table;
        set->size = size;
    }
    size_t at = inode % set->size;
    for (; set->table[at]; at = (at + 1) % set->size)
        if (set->table[at] == inode) return 0;
    set->table[at] = inode;
    set->count++;
    return 1;
}

int64_t swl_disk_usage(const char *directory) {
    char *roots[] = {(char *)directory, NULL};
    // Physical: no link is followed. fts(3) changes into each directory and checks that it is the one that it had seen.
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_XDEV, NULL);
    if (!tree) return -errno;
    struct inodes seen = {0};
    int64_t bytes = 0;
    for (FTSENT *entry = fts_read(tree); entry; entry = fts_read(tree)) {
        // Directories come a second time after their content; what has just been removed has no status.
        if (entry->fts_info == FTS_DP || entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR) continue;
        const struct stat *status = entry->fts_statp;
        if (!S_ISDIR(status->st_mode) && status->st_nlink > 1 && !add_inode(&seen, status->st_ino)) continue;
        bytes += (int64_t)status->st_blocks * 512;
    }
    free(seen.table);
    fts_close(tree);
    return bytes;
}

int swl_close_from(unsigned first) {
    int result = (int)syscall(SYS_close_range, first, ~0U, 0);
    return result < 0 ? -errno : result;
}
