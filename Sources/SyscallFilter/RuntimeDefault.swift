import Glibc

/// The profile that Kubernetes calls `RuntimeDefault`, as a table.
///
/// A call is judged in two steps. First by its arguments: the first step of `argumentRules` that has something to say
/// decides. Then by its name: `allowed` and what the container's capabilities add run, `refused` fails with EPERM, and any
/// other call, also one that is newer than this table, fails with ENOSYS, so that C libraries take their older way.
///
/// What is allowed is what the default profiles of Docker (moby/profiles) and Podman (containers/common) both allow to
/// a container without extra capabilities; where just one of them refuses, the call is refused here too. The arguments of a
/// call are compared in the width that the kernel reads (`int`: the lower 32 bits), since the upper half of the register is
/// the caller's to fill (CVE-2019-10063).
///
/// One gap remains, the same as Docker's: a 32-bit x86 program creates sockets by `socketcall`, whose arguments lie in
/// memory where a filter cannot look, so the families of `argumentRules` are not refused there.
enum RuntimeDefault {
    /// Calls that run whatever their arguments, unless `argumentRules` says otherwise. Names that an architecture lacks
    /// are skipped there.
    static let allowed: [StaticString] = [
        // Files: opening, reading, writing, seeking.
        """
        open openat openat2 creat close close_range read readv pread64 preadv preadv2 write writev pwrite64
        pwritev pwritev2 lseek _llseek dup dup2 dup3 fcntl fcntl64 ioctl flock sendfile sendfile64
        copy_file_range splice tee readahead fadvise64 fadvise64_64 fallocate truncate truncate64 ftruncate
        ftruncate64 fsync fdatasync sync syncfs sync_file_range pipe pipe2 memfd_create memfd_secret
        name_to_handle_at
        """,
        // Files: names, links, directories.
        """
        access faccessat faccessat2 chdir fchdir getcwd mkdir mkdirat rmdir link linkat symlink symlinkat
        unlink unlinkat rename renameat renameat2 readlink readlinkat getdents getdents64 mknod mknodat umask
        """,
        // Files: attributes.
        """
        stat stat64 lstat lstat64 fstat fstat64 newfstatat fstatat64 statx statfs statfs64 fstatfs fstatfs64
        chmod fchmod fchmodat fchmodat2 chown chown32 fchown fchown32 fchownat lchown lchown32 utime utimes
        futimesat utimensat utimensat_time64 getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
        setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
        """,
        // Waiting for files and events.
        """
        poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64 epoll_create epoll_create1
        epoll_ctl epoll_ctl_old epoll_wait epoll_wait_old epoll_pwait epoll_pwait2 eventfd eventfd2 signalfd
        signalfd4 inotify_init inotify_init1 inotify_add_watch inotify_rm_watch fanotify_mark io_setup
        io_submit io_cancel io_getevents io_destroy
        """,
        // Sockets. Families are narrowed by `argumentRules`.
        """
        socket socketpair socketcall bind listen accept accept4 connect shutdown getsockname getpeername
        getsockopt setsockopt send sendto sendmsg sendmmsg recv recvfrom recvmsg recvmmsg recvmmsg_time64
        """,
        // Memory.
        """
        brk mmap mmap2 munmap mremap mprotect madvise mincore msync mlock mlock2 mlockall munlock munlockall
        remap_file_pages membarrier pkey_alloc pkey_free pkey_mprotect shmget shmat shmdt shmctl
        """,
        // System V and POSIX inter-process communication.
        """
        ipc msgget msgsnd msgrcv msgctl semget semop semtimedop semtimedop_time64 semctl mq_open mq_unlink
        mq_notify mq_getsetattr mq_timedsend mq_timedsend_time64 mq_timedreceive mq_timedreceive_time64
        """,
        // Processes and threads. `clone` is narrowed by `argumentRules`; `clone3` cannot be, since its flags lie in memory.
        """
        fork vfork clone execve execveat exit exit_group wait4 waitid waitpid pidfd_open pidfd_send_signal
        process_mrelease gettid getpid getppid set_tid_address futex futex_time64 get_robust_list
        set_robust_list rseq getcpu prctl arch_prctl get_thread_area set_thread_area modify_ldt seccomp
        landlock_create_ruleset landlock_add_rule landlock_restrict_self ptrace process_vm_readv
        process_vm_writev
        """,
        // Signals.
        """
        kill tkill tgkill pause alarm sigaltstack rt_sigaction rt_sigpending rt_sigprocmask
        rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo
        sigprocmask sigreturn restart_syscall
        """,
        // Who one is.
        """
        getuid getuid32 geteuid geteuid32 getgid getgid32 getegid getegid32 getresuid getresuid32 getresgid
        getresgid32 getgroups getgroups32 setuid setuid32 setgid setgid32 setreuid setreuid32 setregid
        setregid32 setresuid setresuid32 setresgid setresgid32 setfsuid setfsuid32 setfsgid setfsgid32
        setgroups setgroups32 getpgid getpgrp setpgid getsid setsid capget capset
        """,
        // Scheduling, limits, accounting.
        """
        sched_yield sched_getaffinity sched_setaffinity sched_getattr sched_setattr sched_getparam
        sched_setparam sched_getscheduler sched_setscheduler sched_get_priority_max sched_get_priority_min
        sched_rr_get_interval sched_rr_get_interval_time64 getpriority setpriority ioprio_get ioprio_set
        getrlimit ugetrlimit setrlimit prlimit64 getrusage times sysinfo uname getrandom
        """,
        // Clocks and timers. Setting the clock is left to the kernel's own check of CAP_SYS_TIME where reading shares the call.
        """
        time gettimeofday nanosleep clock_gettime clock_gettime64 clock_getres clock_getres_time64
        clock_nanosleep clock_nanosleep_time64 adjtimex clock_adjtime clock_adjtime64 getitimer setitimer
        timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64
        timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64
        """,
        // 32-bit ARM.
        """
        sync_file_range2 arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls
        """,
    ]

    /// Calls that also run when the container has the capability that the kernel asks for.
    static let allowedByCapability: [(capability: UInt64, names: StaticString)] = [
        (Capability.dacReadSearch, "open_by_handle_at"),
        (Capability.sysModule, "init_module finit_module delete_module"),
        (Capability.sysRawIO, "iopl ioperm"),
        (Capability.sysChroot, "chroot"),
        (Capability.sysPtrace, "kcmp pidfd_getfd process_madvise"),
        (Capability.sysPacct, "acct"),
        (
            Capability.sysAdmin,
            """
            bpf clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr lsm_list_modules
            lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname
            sethostname setns syslog umount umount2 unshare
            """
        ),
        (Capability.sysBoot, "reboot"),
        (Capability.sysNice, "get_mempolicy set_mempolicy mbind set_mempolicy_home_node"),
        (Capability.sysTime, "settimeofday stime clock_settime clock_settime64"),
        (Capability.sysTTYConfig, "vhangup"),
        (Capability.syslog, "syslog"),
        (Capability.perfmon, "perf_event_open"),
        (Capability.bpf, "bpf"),
    ]

    /// Calls that fail with EPERM, as they do for a process without privileges. Those of `allowedByCapability` belong here
    /// too while their capability is missing. Not `clone3`: C libraries need ENOSYS to fall back to `clone`.
    static let refused: [StaticString] = [
        // The kernel's keyrings and asynchronous rings, which know no namespaces or step around other filters.
        "add_key request_key keyctl io_uring_setup io_uring_enter io_uring_register userfaultfd",
        // The machine as a whole.
        "kexec_load kexec_file_load swapon swapoff pivot_root vm86 vm86old",
        // Pages of other processes and of the page cache.
        "migrate_pages move_pages vmsplice",
        // What is left of `personality` after `argumentRules`.
        "personality",
    ]

    /// Rules about arguments that hold for a container with these capabilities, in the order in which they are tried.
    static func argumentRules(capabilities: UInt64) -> [ArgumentRules] {
        var rules: [ArgumentRule] = [
            // Characters pushed into a terminal are read by the shell outside (CVE-2017-5226).
            ArgumentRule("ioctl", .fail(EPERM), [.equal(1, 0x5412)]),  // TIOCSTI
            ArgumentRule("ioctl", .fail(EPERM), [.equal(1, 0x541C)]),  // TIOCLINUX
        ]
        // PER_LINUX and PER_LINUX32, each also with UNAME26, and the question for the present value.
        for persona: UInt32 in [0x0000_0000, 0x0000_0008, 0x0002_0000, 0x0002_0008, 0xFFFF_FFFF] {
            rules.append(ArgumentRule("personality", .allow, [.equal(0, persona)]))
        }
        if capabilities & Capability.sysAdmin == 0 {
            // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
            for flag: UInt32 in [
                0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
            ] {
                rules.append(ArgumentRule("clone", .fail(EPERM), [ArgumentTest(argument: 0, mask: flag, value: flag)]))
            }
        }
        // As on a kernel that was built without these families.
        var sockets = [
            ArgumentRule("socket", .fail(EAFNOSUPPORT), [.equal(0, 38)]),  // AF_ALG
            ArgumentRule("socket", .fail(EAFNOSUPPORT), [.equal(0, 40)]),  // AF_VSOCK
        ]
        if capabilities & Capability.auditWrite == 0 {
            // AF_NETLINK with NETLINK_AUDIT: libaudit and PAM take this answer as "no audit in this kernel".
            sockets.append(ArgumentRule("socket", .fail(EPROTONOSUPPORT), [.equal(0, 16), .equal(2, 9)]))
        }
        return [
            ArgumentRules(rules: rules, architectures: .all),
            // libseccomp would turn a rule about `socket` into one about every `socketcall(SYS_SOCKET)`.
            ArgumentRules(rules: sockets, architectures: .withoutSocketcall),
        ]
    }

    /// The capabilities that make a difference to the profile; all others give the same program.
    static var relevantCapabilities: UInt64 {
        allowedByCapability.reduce(Capability.auditWrite) { $0 | $1.capability }
    }
}

/// Bits of a capability set (capabilities(7)), as far as the profile depends on them.
enum Capability {
    static let dacReadSearch: UInt64 = 1 << 2
    static let sysModule: UInt64 = 1 << 16
    static let sysRawIO: UInt64 = 1 << 17
    static let sysChroot: UInt64 = 1 << 18
    static let sysPtrace: UInt64 = 1 << 19
    static let sysPacct: UInt64 = 1 << 20
    static let sysAdmin: UInt64 = 1 << 21
    static let sysBoot: UInt64 = 1 << 22
    static let sysNice: UInt64 = 1 << 23
    static let sysTime: UInt64 = 1 << 25
    static let sysTTYConfig: UInt64 = 1 << 26
    static let auditWrite: UInt64 = 1 << 29
    static let syslog: UInt64 = 1 << 34
    static let perfmon: UInt64 = 1 << 38
    static let bpf: UInt64 = 1 << 39
}

/// What becomes of a call.
enum Verdict: Equatable {
    case allow
    /// The call is not made; the program sees this errno.
    case fail(Int32)
}

/// One argument of a call, its lower 32 bits masked, equals a value.
struct ArgumentTest {
    var argument: UInt32
    var mask: UInt32
    var value: UInt32

    static func equal(_ argument: UInt32, _ value: UInt32) -> ArgumentTest {
        ArgumentTest(argument: argument, mask: .max, value: value)
    }
}

/// A verdict on a call whose arguments pass all tests.
struct ArgumentRule {
    var name: StaticString
    var verdict: Verdict
    var tests: [ArgumentTest]

    init(_ name: StaticString, _ verdict: Verdict, _ tests: [ArgumentTest]) {
        self.name = name
        self.verdict = verdict
        self.tests = tests
    }
}

/// Rules that make up one step of the filter.
struct ArgumentRules {
    enum Architectures {
        case all
        /// Those whose `socket` is a call of its own alone.
        case withoutSocketcall
    }

    var rules: [ArgumentRule]
    var architectures: Architectures
}
