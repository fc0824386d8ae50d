"""Become another program whose life is bound to that of its parent.

    python -I -S launch.py --parent PID [--signal N] [--namespace UID:GID | --user UID:GID] -- PROGRAM ...

The kernel sends the signal when the parent dies, however it dies, so that a killed
supervisor leaves nothing behind. With `--namespace` root becomes an ordinary user for
this program only, which PostgreSQL insists on; with `--user` it drops to that user.
It is a script of the standard library alone, so that it costs 15 ms and no fork hook.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
CANNOT_LAUNCH = 126


def main(arguments: list[str]) -> None:
    """Set up this process and exec the program; exits with 126 when that is impossible."""
    split = arguments.index("--")
    options = dict(zip(arguments[:split:2], arguments[1:split:2], strict=True))
    program = arguments[split + 1 :]
    # Found before a change of user, who may not be able to read Python's own files.
    places = [os.path.join(folder, program[0]) for folder in os.get_exec_path()]  # noqa: PTH118
    path = next((place for place in places if os.access(place, os.X_OK)), program[0])
    try:
        if "--namespace" in options:
            enter_namespace(*map(int, options["--namespace"].split(":")))
        if "--user" in options:
            drop_to(*map(int, options["--user"].split(":")))
        if "--parent" in options:
            # Set last: a change of user clears it.
            bind_to(int(options["--parent"]), int(options.get("--signal", signal.SIGTERM)))
        os.execv(path, program)  # noqa: S606  the program comes from our own supervisor
    except OSError as error:
        sys.stderr.write(f"cannot start {program[0]}: {error}\n")
        sys.exit(CANNOT_LAUNCH)


def enter_namespace(uid: int, gid: int) -> None:
    """Be `uid` in a user namespace of one user, who outside is whoever we are now."""
    outside = os.geteuid(), os.getegid()
    _call("unshare", CLONE_NEWUSER)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {outside[0]} 1"),
        ("gid_map", f"{gid} {outside[1]} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123  no pathlib here
            file.write(text)


def drop_to(uid: int, gid: int) -> None:
    """Give up root for good."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def bind_to(parent: int, number: int) -> None:
    """Have the kernel send this signal when the parent dies; leave at once if it already has."""
    _call("prctl", PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        sys.exit(0)


def _call(name: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    main(sys.argv[1:])
