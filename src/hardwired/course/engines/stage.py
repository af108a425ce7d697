"""What must be done before bubblewrap: drop root, and make bounded folders.

Root would keep every capability inside bubblewrap and no process limit would bind it, so the user
id is dropped first. An ordinary user may not walk through root's folders, where an interpreter may
lie; so the folders to be bound are first bound, in a mount namespace of their own, where anybody
may walk. Folders that a submission may write to are made here too, since bubblewrap cannot limit
the number of files in a tmpfs; an ordinary grader makes them in a user namespace of its own.
Called as ``python -I stage.py SPEC COMMAND...`` with SPEC a JSON object (see `bubblewrap.launch`).
"""

from __future__ import annotations

import ctypes
import json
import os
import sys

__all__ = ["main"]

MS_BIND, MS_REC, MS_PRIVATE, MS_NOSUID, MS_NODEV = 4096, 16384, 1 << 18, 2, 4
NEWNS, NEWUSER = 0x00020000, 0x10000000


def _map_user(uid: int, gid: int) -> None:
    """Be oneself in the new user namespace."""
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{file}", "w") as handle:
            handle.write(text)


def main(arguments: list[str]) -> None:
    """Bind, drop, and become the command."""
    spec, command = json.loads(arguments[0]), arguments[1:]
    libc = ctypes.CDLL(None, use_errno=True)

    def check(result: int, what: str) -> None:
        if result != 0:
            code = ctypes.get_errno()
            sys.exit(f"stage: {what}: {os.strerror(code)}")

    def mount(
        source: str | None, target: str, kind: str | None, flags: int, options: str = ""
    ) -> None:
        coded = [s.encode() if s else None for s in (source, target, kind)]
        check(
            libc.mount(*coded, ctypes.c_ulong(flags), options.encode() or None), f"mount {target}"
        )

    root = os.geteuid() == 0
    uid, gid = os.geteuid(), os.getegid()
    check(libc.unshare(NEWNS | (0 if root else NEWUSER)), "unshare")
    if not root:
        _map_user(uid, gid)
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
        mount(source, target, None, MS_BIND | MS_REC)
    for name in spec["scratch"]:
        target = os.path.join(spec["folder"], name)
        os.mkdir(target, 0o700)
        owner = (
            f"uid={spec['uid']},gid={spec['gid']}"
            if root and spec["uid"] is not None
            else f"uid={uid},gid={gid}"
        )
        mount(
            "tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, f"{spec['options']},mode=0700,{owner}"
        )
    if root and spec["uid"] is not None:
        os.setgroups([])
        os.setresgid(spec["gid"], spec["gid"], spec["gid"])
        os.setresuid(spec["uid"], spec["uid"], spec["uid"])
    os.chdir("/")
    os.execve(command[0], command, dict(os.environ))


if __name__ == "__main__":
    main(sys.argv[1:])
