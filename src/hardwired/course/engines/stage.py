"""Start bubblewrap as an ordinary user when the grader runs as root.

Root would keep every capability inside bubblewrap and no process limit would bind it, so the user id
is dropped first. An ordinary user may not walk through root's folders, where an interpreter may lie;
so the folders to be bound are first bound, in a mount namespace of their own, where anybody may walk.
Called as ``python -I stage.py SPEC COMMAND...`` with SPEC a JSON object (see `bubblewrap.command`).
"""

from __future__ import annotations

import ctypes
import json
import os
import sys

__all__ = ["main"]

MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
NEWNS = 0x00020000


def main(arguments: list[str]) -> None:
    """Bind, drop, and become the command."""
    spec, command = json.loads(arguments[0]), arguments[1:]
    libc = ctypes.CDLL(None, use_errno=True)

    def check(result: int, what: str) -> None:
        if result != 0:
            code = ctypes.get_errno()
            sys.exit(f"stage: {what}: {os.strerror(code)}")

    def mount(source: str | None, target: str, kind: str | None, flags: int) -> None:
        coded = [s.encode() if s else None for s in (source, target, kind)]
        check(libc.mount(*coded, ctypes.c_ulong(flags), None), f"mount {target}")

    check(libc.unshare(NEWNS), "unshare")
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    mount("tmpfs", spec["folder"], "tmpfs", 0)
    os.chmod(spec["folder"], 0o755)
    for source, name in spec["binds"]:
        target = os.path.join(spec["folder"], name)
        if os.path.isdir(source):
            os.mkdir(target, 0o755)
        else:
            with open(target, "w"):
                pass
        mount(source, target, None, MS_BIND)
    if spec["uid"] is not None:
        os.setgroups([])
        os.setresgid(spec["gid"], spec["gid"], spec["gid"])
        os.setresuid(spec["uid"], spec["uid"], spec["uid"])
    os.chdir("/")
    os.execve(command[0], command, dict(os.environ))


if __name__ == "__main__":
    main(sys.argv[1:])
