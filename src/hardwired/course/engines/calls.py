"""Which system calls a notebook may make: a list of what is allowed, for x86-64, as BPF.

Everything else answers ENOSYS, as an older kernel would, so that libraries fall back; what is
known to be dangerous answers EPERM. A call that a future kernel adds is not allowed either. Calls
that take memory or locks of the kernel which no limit counts (sockets' buffers, pipes made larger,
timers, watches, locks) are left out or held to harmless arguments.
"""

from __future__ import annotations

import struct

__all__ = ["ALLOWED", "DENIED", "HELD", "filter_program"]

# Files and folders, memory, time, threads, signals to oneself, sockets between one's own threads.
ALLOWED = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7,
    "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13,
    "rt_sigprocmask": 14, "rt_sigreturn": 15, "pread64": 17, "pwrite64": 18, "readv": 19,
    "writev": 20, "access": 21, "pipe": 22, "select": 23, "sched_yield": 24, "mremap": 25,
    "msync": 26, "mincore": 27, "madvise": 28, "dup": 32, "dup2": 33, "pause": 34,
    "nanosleep": 35, "getitimer": 36, "alarm": 37, "setitimer": 38, "getpid": 39, "sendfile": 40,
    "connect": 42, "accept": 43, "sendto": 44, "recvfrom": 45, "sendmsg": 46, "recvmsg": 47,
    "shutdown": 48, "bind": 49, "listen": 50, "getsockname": 51, "getpeername": 52,
    "getsockopt": 55, "exit": 60, "wait4": 61, "uname": 63, "fsync": 74, "fdatasync": 75,
    "truncate": 76, "ftruncate": 77, "getdents": 78, "getcwd": 79, "chdir": 80, "fchdir": 81,
    "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85, "link": 86, "unlink": 87, "symlink": 88,
    "readlink": 89, "chmod": 90, "fchmod": 91, "umask": 95, "gettimeofday": 96, "getrlimit": 97,
    "getrusage": 98, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108,
    "getppid": 110, "getpgrp": 111, "getgroups": 115, "getresuid": 118, "getresgid": 120,
    "getpgid": 121, "getsid": 124, "capget": 125, "rt_sigpending": 127, "rt_sigtimedwait": 128,
    "rt_sigsuspend": 130, "sigaltstack": 131, "utime": 132, "statfs": 137, "fstatfs": 138,
    "getpriority": 140, "sched_getparam": 143, "sched_getscheduler": 145, "arch_prctl": 158,
    "setrlimit": 160, "gettid": 186, "getxattr": 191, "lgetxattr": 192, "fgetxattr": 193,
    "listxattr": 194, "llistxattr": 195, "flistxattr": 196, "time": 201, "futex": 202,
    "sched_getaffinity": 204, "epoll_create": 213, "getdents64": 217, "set_tid_address": 218,
    "restart_syscall": 219, "fadvise64": 221, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "epoll_wait": 232, "epoll_ctl": 233, "utimes": 235,
    "waitid": 247, "openat": 257, "mkdirat": 258, "futimesat": 261, "newfstatat": 262,
    "unlinkat": 263, "renameat": 264, "linkat": 265, "symlinkat": 266, "readlinkat": 267,
    "fchmodat": 268, "faccessat": 269, "pselect6": 270, "ppoll": 271, "set_robust_list": 273,
    "get_robust_list": 274, "utimensat": 280, "epoll_pwait": 281, "eventfd": 284,
    "fallocate": 285, "accept4": 288, "eventfd2": 290, "epoll_create1": 291, "dup3": 292,
    "pipe2": 293, "preadv": 295, "pwritev": 296, "getcpu": 309, "renameat2": 316,
    "getrandom": 318, "membarrier": 324, "copy_file_range": 326, "preadv2": 327, "pwritev2": 328,
    "statx": 332, "rseq": 334, "close_range": 436, "faccessat2": 439, "epoll_pwait2": 441,
    "fchmodat2": 452,
}  # fmt: skip
# Allowed with some values of one argument: name -> (number, which argument, the values).
HELD = {
    "ioctl": (16, 1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),  # terminal? no; blocking
    "socket": (41, 0, (1,)),  # AF_UNIX: asyncio wakes itself so
    "socketpair": (53, 0, (1,)),
    "fcntl": (72, 1, (0, 1, 2, 3, 4, 5, 1030, 1032)),  # no locks, owners, leases, larger pipes
    "prctl": (157, 0, (2, 3, 15, 16, 0x53564D41)),  # what is asked, and names
}
# These answer EPERM, which the libraries know from other sandboxes.
DENIED = {
    "fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "ptrace": 101, "setsockopt": 54,
    "process_vm_readv": 310, "process_vm_writev": 311, "unshare": 272, "setns": 308, "mount": 165,
    "umount2": 166, "pivot_root": 155, "chroot": 161, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442,
    "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup": 425,
    "keyctl": 250, "add_key": 248, "request_key": 249, "memfd_create": 319, "flock": 73,
    "open_by_handle_at": 304, "name_to_handle_at": 303, "pidfd_open": 434, "sysinfo": 99,
    "init_module": 175, "kexec_load": 246, "reboot": 169, "syslog": 103, "settimeofday": 164,
    "clock_settime": 227, "sethostname": 170, "setdomainname": 171, "personality": 135,
    "shmget": 29, "shmat": 30, "semget": 64, "msgget": 68, "mq_open": 240, "setuid": 105,
    "setgid": 106, "setresuid": 117, "setresgid": 119, "setgroups": 116, "capset": 126,
    "mknod": 133, "mknodat": 259, "chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260,
    "setpriority": 141, "sched_setscheduler": 144, "setxattr": 188, "lsetxattr": 189,
    "fsetxattr": 190, "mlock": 149, "mlockall": 151, "sync": 162, "syncfs": 306,
    "inotify_init": 253, "inotify_init1": 294, "timer_create": 222, "seccomp": 317,
}  # fmt: skip
KILL, TGKILL, PRLIMIT, CLONE = 62, 234, 302, 56
CLONE_THREAD = 0x00010000
AUDIT_ARCH_X86_64 = 0xC000003E
RET_ALLOW, RET_ERRNO, RET_KILL = 0x7FFF0000, 0x00050000, 0x80000000
LD, JEQ, JGE, JSET, RET = 0x20, 0x15, 0x35, 0x45, 0x06
EPERM, ENOSYS = 1, 38


def _op(code: int, k: int, jt: int = 0, jf: int = 0) -> bytes:
    return struct.pack("=HBBI", code, jt, jf, k)


def _if_equal(number: int, then: list[bytes]) -> list[bytes]:
    """Do something, and end there, for one call; the number is still loaded for all others."""
    return [_op(JEQ, number, 0, len(then)), *then]


def _held(number: int, argument: int, values: tuple[int, ...]) -> list[bytes]:
    """Allow a call if the low word of one argument is one of some values."""
    checks = [_op(JEQ, value, len(values) - n, 0) for n, value in enumerate(values)]
    then = [_op(LD, 16 + 8 * argument), *checks]
    return _if_equal(number, [*then, _op(RET, RET_ERRNO | EPERM), _op(RET, RET_ALLOW)])


def filter_program(pid: int) -> bytes:
    """Give the filter as BPF.

    Parameters
    ----------
    pid : int
        The process's own number: it may signal, and ask for the limits of, itself alone.
    """
    out = [_op(LD, 4), _op(JEQ, AUDIT_ARCH_X86_64, 1, 0), _op(RET, RET_KILL)]
    out += [_op(LD, 0), _op(JGE, 0x40000000, 0, 1), _op(RET, RET_ERRNO | ENOSYS)]
    for number in ALLOWED.values():
        out += _if_equal(number, [_op(RET, RET_ALLOW)])
    for number, argument, values in HELD.values():
        out += _held(number, argument, values)
    out += _held(KILL, 0, (pid,)) + _held(TGKILL, 0, (pid,)) + _held(PRLIMIT, 0, (0,))
    only_threads = [_op(LD, 16), _op(JSET, CLONE_THREAD, 1, 0), _op(RET, RET_ERRNO | EPERM)]
    out += _if_equal(CLONE, [*only_threads, _op(RET, RET_ALLOW)])
    for number in DENIED.values():
        out += _if_equal(number, [_op(RET, RET_ERRNO | EPERM)])
    out.append(_op(RET, RET_ERRNO | ENOSYS))
    return b"".join(out)
