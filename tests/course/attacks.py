"""The corpus of attacks: each a mechanism of its own, written as a student's cell.

A cell sets ``loot`` when it has got what it should not have. ``off`` names the belts that must be off
for it to succeed on the zygote engine, where that is safe to show; everything is bounded.
Words in braces are filled in by the test: SECRET files and ports of this very test, and nothing else.
"""

# ruff: noqa: E501 - cells and tables of tests are easier to read in one line

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ATTACKS", "DOORS", "INTEGRITY", "PERSISTENCE", "STOPPED", "Attack"]


@dataclass(frozen=True)
class Attack:
    """One mechanism."""

    name: str
    code: str
    off: frozenset[str] = frozenset()


def _a(name: str, code: str, *off: str) -> Attack:
    return Attack(name, code.strip("\n"), frozenset(off))


LIBC = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
SYSCALL = (
    LIBC
    + "def call(n, *a):\n    r = libc.syscall(n, *a)\n    if r < 0:\n        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))\n    return r\n"
)

# What must not succeed: reading, reaching out, new processes, privileges, writing.
ATTACKS = [
    _a("gradebook by absolute path", "loot = open('{secret_file}').read()"),
    _a("gradebook by climbing", "loot = open('../' * 12 + '{secret_file}'.lstrip('/')).read()"),
    _a("gradebook by the C library", LIBC + "fd = libc.open(b'{secret_file}', 0)\nloot = os.read(fd, 99) if fd >= 0 else None"),
    _a("gradebook through a symbolic link", "import os\nos.symlink('{secret_file}', '/tmp/l')\nloot = open('/tmp/l').read()"),
    _a("gradebook through a hard link", "import os\nos.link('{secret_file}', '/tmp/h')\nloot = open('/tmp/h').read()"),
    _a("gradebook by file handle", SYSCALL + "h = ctypes.create_string_buffer(b'\\x08\\0\\0\\0\\1\\0\\0\\0' + bytes(8))\nfd = call(304, -100, h, 0)\nloot = os.listdir(fd)"),
    _a("gradebook through the root of process 1", "loot = open('/proc/1/root{secret_file}').read()"),
    _a("gradebook through its own root", "loot = open('/proc/self/root{secret_file}').read()"),
    _a("gradebook through its working folder", "import os\nloot = open('/proc/self/cwd/../../../..{secret_file}').read()"),
    _a("environment of this process", "import os\nloot = os.environ.get('GRADER_SECRET')", "environment"),
    _a("environment by the C library", LIBC + "libc.getenv.restype = ctypes.c_char_p\nloot = libc.getenv(b'GRADER_SECRET')", "environment"),
    _a("environment of process 1", "loot = 'GRADER_SECRET' in open('/proc/1/environ').read() or None"),
    _a("files of accounts", "loot = open('/etc/shadow').read() or open('/etc/passwd').read()"),
    _a("home of root", "import os\nloot = [f for f in os.listdir('/root') if f not in ('.pyenv', '.local')] or None"),
    _a("the sources of the exercises", "import os\nloot = [os.path.join(d, f) for top in ('/hw', '/home', '/work', '/tmp') for d, _, fs in os.walk(top) for f in fs if f == 'exercise.md'] or None"),
    _a("kernel memory", "loot = open('/dev/mem', 'rb').read(1)"),
    _a("disks", "import os\nloot = [d for d in os.listdir('/dev') if d.startswith(('sd', 'vd', 'nvme', 'loop'))] or None"),
    _a("a terminal to type into", "loot = open('/dev/tty')"),
    _a("a pseudo terminal", "loot = open('/dev/ptmx', 'rb+', buffering=0)"),
    _a("kernel messages", SYSCALL + "b = ctypes.create_string_buffer(1000)\nloot = call(103, 3, b, 1000)"),
    _a("descriptors of the grader", "import os, stat\nloot = []\nfor fd in [*range(3, 190), *range(200, 1024)]:\n    try:\n        if not stat.S_ISDIR(os.fstat(fd).st_mode):\n            loot.append(fd)\n    except OSError:\n        pass\nloot = loot or None", "descriptors"),
    _a("expected value in objects", "import gc\nloot = [1 for o in gc.get_objects() if type(o) is dict and any(type(v) is float and v == {expected} for v in list(o.values()))] or None"),
    _a("expected value in frames", "import sys\nf, loot = sys._getframe(), None\nwhile f:\n    if any(repr({expected}) in repr(v)[:100000] for k, v in f.f_locals.items() if k != 'f'):\n        loot = [k for k, v in f.f_locals.items() if k in ('solved', 'expected', 'reference')] or None\n    f = f.f_back"),
    _a("hidden inputs before the cells have run", "import sys\nf, loot = sys._getframe(), None\nwhile f:\n    loot = loot or f.f_locals.get('inputs')\n    f = f.f_back"),
    _a("loopback by TCP", "import socket\ns = socket.create_connection(('127.0.0.1', {port}), 1)\nloot = s.recv(9)", "seccomp", "net"),
    _a("loopback by UDP", "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ns.sendto(b'x', ('127.0.0.1', {port}))\nloot = True", "seccomp", "net"),
    _a("loopback by IPv6", "import socket\ns = socket.socket(socket.AF_INET6)\ns.settimeout(1)\ns.connect(('::1', {port}))\nloot = True"),
    _a("an abstract socket of the host", "import socket\ns = socket.socket(socket.AF_UNIX)\ns.settimeout(1)\ns.connect('\\0{abstract}')\nloot = s.recv(9)", "net"),
    _a("a socket file of the host", "import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('{socket_file}')\nloot = s.recv(9)"),
    _a("packets", "import socket\nloot = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
    _a("netlink", "import socket\nloot = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)", "seccomp"),
    _a("virtual machine sockets", "import socket\nloot = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)"),
    _a("fork", "import os\npid = os.fork()\nif pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)\nloot = pid", "seccomp"),
    _a("another program", "import subprocess, sys\nloot = subprocess.run([sys.executable, '-S', '-c', 'print(1)'], capture_output=True).stdout or None", "seccomp"),
    _a("a shell", "import subprocess\nloot = subprocess.run(['/bin/sh', '-c', 'echo hi'], capture_output=True).stdout or None"),
    _a("posix_spawn", "import os, sys\npid = os.posix_spawn(sys.executable, ['python', '-S', '-c', ''], {{}})\nos.waitpid(pid, 0)\nloot = pid", "seccomp"),
    _a("vfork by the C library", SYSCALL + "loot = call(57)\nif loot == 0:\n    os._exit(0)\nos.waitpid(loot, 0)", "seccomp"),
    _a("clone3", SYSCALL + "a = ctypes.create_string_buffer(88)\na[32:40] = (17).to_bytes(8, 'little')\nloot = call(435, a, 88)\nif loot == 0:\n    os._exit(0)\nos.waitpid(loot, 0)", "seccomp"),
    _a("replace the program", "import os\nos.execv('/bin/sh', ['sh', '-c', 'printf x >&199'])"),
    _a("multiprocessing", "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(1) as p:\n    loot = p.map(abs, [-1])", "seccomp"),
    _a("the parent process", "import os\nparent = os.getppid()\nos.kill(parent, 0)\nloot = parent or None", "pid", "seccomp"),
    _a("signals to everybody", "import os, signal\nos.kill(-1, signal.SIGCONT)\nloot = True", "pid", "seccomp"),
    _a("trace another process", SYSCALL + "loot = call(101, 16, 1, 0, 0) == 0 or None"),
    _a("read another process's memory", SYSCALL + "b = ctypes.create_string_buffer(64)\nloot = call(310, 1, b, 1, b, 1, 0)"),
    _a("memory of process 1 as a file", "loot = open('/proc/1/mem', 'rb')"),
    _a("a new user namespace", SYSCALL + "loot = call(272, 0x10000000) == 0 or None", "seccomp"),
    _a("another namespace by its file", SYSCALL + "fd = os.open('/proc/1/ns/net', os.O_RDONLY)\nloot = call(308, fd, 0) == 0 or None"),
    _a("mount", LIBC + "loot = libc.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None) == 0 or None", "seccomp", "capabilities"),
    _a("mount by the new calls", SYSCALL + "loot = call(430, b'tmpfs', 0)", "seccomp", "capabilities"),
    _a("uncover /proc", LIBC + "loot = libc.umount2(b'/proc', 2) == 0 or None", "seccomp", "capabilities"),
    _a("chroot", "import os\nos.chroot('/tmp')\nloot = True", "seccomp", "capabilities"),
    _a("become root", "import os\nos.setuid(0)\nloot = True"),
    _a("a device file", "import os, stat\nos.mknod('/tmp/d', 0o600 | stat.S_IFCHR, os.makedev(1, 1))\nloot = True"),
    _a("raise a limit", "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (100000, 100000))\nloot = True"),
    _a("a higher priority", "import os\nloot = os.nice(-5)"),
    _a("keys of the kernel", SYSCALL + "loot = call(248, b'user', b'x', b'y', 1, -3)", "seccomp"),
    _a("programs in the kernel", SYSCALL + "b = ctypes.create_string_buffer(64)\nloot = call(321, 0, b, 64)"),
    _a("performance counters", SYSCALL + "b = ctypes.create_string_buffer(128)\nloot = call(298, b, 0, -1, -1, 0)"),
    _a("io_uring", SYSCALL + "b = ctypes.create_string_buffer(120)\nloot = call(425, 4, b)", "seccomp", "memory"),
    _a("user faults", SYSCALL + "loot = call(323, 1)", "seccomp"),
    _a("a file in memory to run", "import os\nloot = os.memfd_create('x')", "seccomp"),
    _a("shared memory of the host", SYSCALL + "loot = call(29, 0, 4096, 0o1600)", "seccomp"),
    _a("message queues", SYSCALL + "loot = call(68, 0, 0o1600)", "seccomp"),
    _a("another personality", SYSCALL + "loot = call(135, 0x0040000) == 0 or None"),
    _a("the clock", "import time\ntime.clock_settime(time.CLOCK_REALTIME, 0)\nloot = True"),
    _a("the host's name", "import socket\nsocket.sethostname('x')\nloot = True"),
    _a("write into the packages", "import numpy, os\nopen(os.path.join(os.path.dirname(numpy.__file__), 'x.py'), 'w').write('x')\nloot = True"),
    _a("write into the grader", "import hardwired, os\np = os.path.join(os.path.dirname(hardwired.__file__), 'course/engines/runner.py')\nopen(p, 'a').write('x')\nloot = True"),
    _a("write into the system", "open('/usr/lib/x', 'w').write('x')\nloot = True"),
    _a("write into the root", "open('/x', 'w').write('x')\nloot = True", "read-only"),
    _a("write beside the gradebook", "import os\nos.makedirs(os.path.dirname('{canary}'), exist_ok=True)\nopen('{canary}', 'w').write('x')\nloot = os.path.exists('{secret_file}') or None"),
    _a("fill /tmp", "for i in range(3):\n    open(f'/tmp/{{i}}', 'wb').write(bytes(20 << 20))\nloot = True", "tmpfs-size"),
    _a("fill the home", "import os\nfor i in range(3):\n    open(os.path.join(os.path.expanduser('~'), str(i)), 'wb').write(bytes(20 << 20))\nloot = True", "tmpfs-size"),
    _a("fill shared memory", "for i in range(3):\n    open(f'/dev/shm/{{i}}', 'wb').write(bytes(20 << 20))\nloot = True", "tmpfs-size"),
    _a("one huge file", "f = open('/tmp/big', 'wb')\nf.seek(40 << 20)\nf.write(b'x')\nf.flush()\nloot = True", "file-size", "tmpfs-size"),
    _a("socket pairs of another family", LIBC + "import errno\nb = (ctypes.c_int * 2)()\nout = []\nfor family in (2, 10, 16, 40, 38, 17):\n    libc.socketpair(family, 1, 0, b)\n    out.append(ctypes.get_errno())\nloot = [n for n in out if n != errno.EPERM] or None", "seccomp"),
    _a("the host's mounts", SYSCALL + "q = (ctypes.c_uint64 * 4)(24, 0xffffffffffffffff, 0, 0)\nb = (ctypes.c_uint64 * 64)()\nloot = call(458, q, b, 64, 0)"),
    _a("a call that is newer than this program", SYSCALL + "loot = call(467, -100, b'/', 1, 0, 0)"),
    _a("a listener for its own calls", SYSCALL + "f = (ctypes.c_ubyte * 8)(6, 0, 0, 0, 0, 0, 0xff, 0x7f)\np = (ctypes.c_uint64 * 2)(1, ctypes.addressof(f))\nloot = call(317, 1, 8, p)", "seccomp"),
    _a("the host's memory and load", SYSCALL + "b = (ctypes.c_uint64 * 16)()\nloot = call(99, b) == 0 or None", "seccomp"),
    _a("a lock on a file of the host", "import fcntl, numpy\nf = open(numpy.__file__)\nfcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)\nloot = True", "seccomp"),
    _a("a record lock on a file of the host", "import fcntl, numpy\nf = open(numpy.__file__)\nfcntl.lockf(f, fcntl.LOCK_SH | fcntl.LOCK_NB)\nloot = True", "seccomp"),
    _a("larger buffers of sockets", "import socket\na, b = socket.socketpair()\na.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)\nloot = True", "seccomp"),
    _a("larger pipes", "import fcntl, os\nr, w = os.pipe()\nloot = fcntl.fcntl(w, 1031, 1 << 20)", "seccomp"),
    _a("watches on files", SYSCALL + "loot = call(294, 0)", "seccomp"),
    _a("timers of the kernel", SYSCALL + "t = ctypes.c_int()\nloot = call(222, 1, None, ctypes.byref(t)) == 0 or None", "seccomp"),
    _a("outlive the grader", LIBC + "x = ctypes.c_int()\nlibc.prctl(1, 0, 0, 0, 0)\nlibc.prctl(2, ctypes.byref(x), 0, 0, 0)\nloot = None if x.value else True", "seccomp"),
    _a("limits of another process", SYSCALL + "b = (ctypes.c_uint64 * 2)()\nloot = call(302, os.getppid() or 2, 7, 0, b) == 0 or None"),
    _a("limits of the kernel", "open('/proc/sys/kernel/pid_max', 'w').write('9')\nloot = True"),
    _a("to be spared when memory is short", "open('/proc/self/oom_score_adj', 'w').write('-1000')\nloot = True"),
    _a("the maps of users", "open('/proc/self/uid_map', 'w').write('0 0 1')\nloot = True"),
    _a("groups of control", "import os\nloot = [p for p in ('/sys/fs/cgroup', '/sys/kernel', '/sys') if os.path.exists(p)] or None"),
    _a("another thread's memory", "open('/proc/thread-self/mem', 'r+b').write(b'x')\nloot = True"),
    _a("signals to process 1", "import os\nloot = None if os.getpid() == 1 else (os.kill(1, 0), 1)"),
    _a("a reaper of others' children", LIBC + "loot = libc.prctl(36, 1, 0, 0, 0) == 0 or None"),
    _a("a map of its own memory", LIBC + "loot = libc.prctl(35, 8, 4096, 0, 0) == 0 or None"),
    _a("a file with the rights of another", "import os\nopen('/tmp/s', 'w').close()\nos.chown('/tmp/s', 0, 0)\nloot = True"),
    _a("a device by its name", "import os\nloot = [n for n in os.listdir('/dev') if n not in ('null', 'zero', 'random', 'urandom', 'shm')] or None"),
    _a("what the engine was told", "import sys\nloot = [a for a in [*sys.argv, *sys.orig_argv] if 'belts' in a] or None"),
    _a("secrets beside the interpreter", "import os, sys\nloot = [n for n in os.listdir(sys.prefix) if n in ('pip.conf', 'share', 'etc') and (os.path.isfile(os.path.join(sys.prefix, n)) and os.path.getsize(os.path.join(sys.prefix, n)) or os.path.isdir(os.path.join(sys.prefix, n)) and os.listdir(os.path.join(sys.prefix, n)))] or None"),
    _a("programs of the system", "import os\nloot = [d for d in ('/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/src') if os.path.isdir(d) and os.listdir(d)] or None"),
    _a("many files", "for i in range(2500):\n    open(f'/tmp/{{i}}', 'w').close()\nloot = True", "tmpfs-size"),
    _a("many open files", "import os\nkeep = [os.open('/dev/null', os.O_RDONLY) for _ in range(300)]\nloot = len(keep)", "files"),
    _a("many threads", "import threading\nstop = threading.Event()\nn = 0\ntry:\n    for n in range(100):\n        threading.Thread(target=stop.wait, daemon=True).start()\nexcept RuntimeError:\n    pass\nstop.set()\nloot = n if n > 90 else None", "processes", "memory"),
    _a("much memory", "import mmap\nm = mmap.mmap(-1, 2500 << 20)\nloot = len(m)", "memory"),
    _a("a huge array", "import numpy as np\na = np.empty(3 << 30, dtype=np.int8)\nloot = True", "memory"),
]  # fmt: skip

# Further calls of the kernel, by number (x86-64), that are answered before any of its code runs:
# each by EPERM or ENOSYS, whatever the arguments. Another answer means that it was let through.
DOORS = {
    "semget": 64, "semtimedop": 220, "mq_open": 240, "fanotify_init": 300, "timerfd_create": 283,
    "signalfd4": 289, "inotify_init": 253, "pidfd_open": 434, "pidfd_getfd": 438,
    "process_madvise": 440, "process_mrelease": 448, "quotactl": 179, "quotactl_fd": 443,
    "swapon": 167, "swapoff": 168, "acct": 163, "iopl": 172, "ioperm": 173, "modify_ldt": 154,
    "kcmp": 312, "set_mempolicy": 238, "mbind": 237, "migrate_pages": 256, "move_pages": 279,
    "mlock": 149, "mlock2": 325, "vmsplice": 278, "splice": 275, "tee": 276, "memfd_secret": 447,
    "landlock_create_ruleset": 444, "pkey_alloc": 330, "chown": 92, "fchownat": 260,
    "mknod": 133, "mknodat": 259, "setxattr": 188, "removexattr": 197, "sched_setaffinity": 203,
    "sched_setattr": 314, "ioprio_set": 251, "setpriority": 141, "rt_sigqueueinfo": 129,
    "rt_tgsigqueueinfo": 297, "tkill": 200, "pidfd_send_signal": 424, "io_setup": 206,
    "io_uring_enter": 426, "io_uring_register": 427, "remap_file_pages": 216, "uselib": 134,
    "delete_module": 176, "finit_module": 313, "kexec_file_load": 320, "vhangup": 153,
    "sync": 162, "syncfs": 306, "setresuid": 117, "setgroups": 116, "capset": 126,
    "get_mempolicy": 239, "lsm_set_self_attr": 460, "statmount": 457, "cachestat": 451,
    "map_shadow_stack": 453, "futex_wait": 455, "adjtimex": 159, "clock_adjtime": 305,
}  # fmt: skip

# What leaves something for the next submission: (first cell, what the next one looks for).
PERSISTENCE = [
    (_a("a file in /tmp", "open('/tmp/left', 'w').write('x')", "tmpfs"), "import os\nloot = os.path.exists('/tmp/left') or None"),
    (_a("a file in shared memory", "open('/dev/shm/left', 'w').write('x')", "tmpfs"), "import os\nloot = os.path.exists('/dev/shm/left') or None"),
    (_a("a file in the home", "open('/home/student/left', 'w').write('x')", "tmpfs"), "import os\nloot = os.path.exists('/home/student/left') or None"),
    (_a("a patched module", "import math\nmath.left = 1\nimport numpy as np\nnp.allclose = lambda *a, **k: True"), "import math, numpy as np\nloot = getattr(math, 'left', None) or np.allclose(1, 2) or None"),
    (_a("a name in builtins", "import builtins\nbuiltins.left = 1"), "loot = globals().get('left') or getattr(__import__('builtins'), 'left', None)"),
    (_a("shared memory by key", SYSCALL + "call(29, 4711, 4096, 0o1600)", "seccomp", "ipc"), SYSCALL + "loot = call(29, 4711, 4096, 0)"),
    (_a("a variable of the environment", "import os\nos.environ['LEFT'] = '1'"), "import os\nloot = os.environ.get('LEFT')"),
    (_a("a thread that stays", "import threading, time\ndef late():\n    time.sleep(1)\n    open('/tmp/late', 'w').write('x')\nthreading.Thread(target=late).start()", "tmpfs"), "import os, time\ntime.sleep(1.2)\nloot = os.path.exists('/tmp/late') or None"),
]  # fmt: skip

# What must be stopped at a limit; another cell before and after must keep its answer where that is said.
STOPPED = [
    ("loop in Python", "while True: pass"),
    ("loop that swallows everything", "while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
    ("loop with alarms ignored", "import signal\nfor s in ('SIGALRM', 'SIGTERM', 'SIGXCPU'):\n    if hasattr(signal, s): signal.signal(getattr(signal, s), signal.SIG_IGN)\nwhile True: pass"),
    ("power in C", "x = 7 ** 10 ** 8"),
    ("regular expression", "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')"),
    ("sleep", "import time\ntime.sleep(60)"),
    ("endless recursion", "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(): return f()\nf()"),
    ("matrix product in C", "import numpy as np\na = np.ones((3000, 3000))\nwhile True: a = a @ a / 3000"),
    ("exit at once", "import os\nos._exit(0)"),
    ("segmentation fault", "import ctypes\nctypes.string_at(0)"),
    ("exit by exception", "raise SystemExit(0)"),
    ("endless exit handler", "import atexit, time\natexit.register(time.sleep, 60)"),
    ("a thread that never ends", "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()"),
    ("a trace function", "import sys\ndef t(*a): return t\nsys.settrace(t)"),
    ("a flood of warnings", "import os, sys\nfor _ in range(300): print('x' * 1000, file=sys.stderr)\ntry:\n    for _ in range(300): os.write(2, b'x' * 1000)\nexcept OSError: pass"),
    ("output without end", "import sys\nwhile True: sys.stdout.write('x' * 10 ** 6)"),
]  # fmt: skip

# What must not earn a point: `q` is asked for, 42.125 is right. The second text says whether a grader that
# tests inside the student's process would have been taken in.
INTEGRITY = [
    ("patched allclose", "import numpy as np\nnp.allclose = lambda *a, **k: True\nq = 1.0", "np.allclose(q, 42.125)"),
    ("patched isclose of math", "import math\nmath.isclose = lambda *a, **k: True\nq = 1.0", "math.isclose(q, 42.125)"),
    ("an object equal to everything", "class E:\n    def __eq__(self, o): return True\nq = E()", "q == 42.125"),
    ("a float that lies", "class F(float):\n    def __eq__(self, o): return True\n    def __sub__(self, o): return 0.0\n    __hash__ = None\nq = F(1)", "abs(q - 42.125) < 1e-6"),
    ("an array that lies", "import numpy as np\nclass A(np.ndarray):\n    def __array_ufunc__(self, *a, **k): return np.True_\nq = np.ones(1).view(A)", "bool(np.equal(q, 42.125))"),
    ("an object that is an array on demand", "import numpy as np\nclass A:\n    def __array__(self, *a, **k): return np.array([42.125, 42.125])\nq = A()", "np.allclose(np.asarray(q), 42.125)"),
    ("an object that reduces to the answer", "class R:\n    def __reduce__(self): return (float, (42.125,))\nq = R()", "__import__('pickle').loads(__import__('pickle').dumps(q)) == 42.125"),
    ("not a number", "q = float('nan')", "not (abs(q - 42.125) > 1e-6)"),
    ("infinity", "q = float('inf')", "q >= 42.125"),
    ("true for one", "q = True", "bool(q)"),
    ("a huge integer", "q = 10 ** 5000", "q > 42.125"),
    ("a text", "q = '42.125 or 41'", "'42.125' in q"),
    ("a list nested without end", "q = []\nq.append(q)", "q == q"),
    ("ten million items", "q = [42.125] * 10 ** 7", "q[0] == 42.125"),
    ("a patched assert", "import builtins\nbuiltins.AssertionError = type('E', (Exception,), {{}})\nq = 1.0\nbuiltins.abs = lambda x: 0", "abs(q - 42.125) < 1e-6"),
    ("a forged result on every descriptor", "import os\nq = 1.0\nline = b'{{\"answers\": {{\"q\": {{\"t\": \"float\", \"v\": 41.0}}}}, \"points\": 40, \"cells\": [], \"figures\": {{}}}}\\n'\nfor fd in range(3, 256):\n    try: os.write(fd, line)\n    except OSError: pass\nos._exit(0)", ""),
    ("garbage on every descriptor", "import os\nq = 42.0\nfor fd in range(3, 256):\n    try: os.write(fd, b'\\xff{{]}}garbage\\n')\n    except OSError: pass", ""),
    ("a flood on every descriptor", "import os\nq = 42.0\nfor fd in range(3, 256):\n    try:\n        for _ in range(100): os.write(fd, b'x' * 65536)\n    except OSError: pass", ""),
    ("a dishonest encoder", "import hardwired.course.codec as c\nc.encode = lambda v: {{'t': 'float', 'v': 'right'}}\nc.decode = lambda v: 0\nq = 1.0", ""),
    ("a dishonest json", "import json\njson.dumps = lambda *a, **k: '{{\"answers\": {{\"q\": NaN}}}}'\nq = 1.0", ""),
    ("a dishonest guest", "import sys\nr = sys.modules['hardwired.course.engines.runner']\nr._claim = lambda *a: {{'t': 'float', 'v': 1e999}}\nq = 1.0", ""),
    ("ready before its time", "import os\nq = 1.0\ntry: os.write(199, b'{{\"ready\": true}}\\n')\nexcept OSError: pass\ndef f(x): return x", ""),
]  # fmt: skip
