"""The one way that a file is written: the old one or the new one is there at any moment, never half of one.

Also how the system has the path of a file, which readers need too.
"""

from __future__ import annotations

import errno
import os
import re
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import BinaryIO

    Content = str | bytes | Iterable[str] | Callable[[BinaryIO], None]


def native(path: str) -> str:
    """The path as this system has it: in UTF-8 where the locale's encoding lacks its letters."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return os.fsdecode(path.encode("utf-8", "surrogateescape"))
    return path


def write(path: str, content: Content, *, replace: bool = True, private: bool = False) -> None:
    """Write a file whole, or leave everything as it was.

    The content may come in parts, or be written by a function into a file open for bytes. Keeps owner and permissions
    of an existing file and follows a symbolic link to its target. Files that killed writers left in the folder are
    removed. With `private`, a missing folder is made, and what is made is for its owner alone.

    Raises `FileExistsError` where the path is taken and `replace` is not set, another `OSError`, whose `strerror` says
    why, where the file cannot be written, and `ValueError` for a path or a text that cannot be encoded.
    """
    path = native(path)
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    # Of the path itself: the target of /dev/stdout is no path where that is a pipe.
    before = os.stat(path) if os.path.exists(path) else None
    if before is not None and not stat.S_ISREG(before.st_mode) and not stat.S_ISDIR(before.st_mode):
        raise OSError(errno.EINVAL, "it is a device or a pipe, not a file", path)
    if os.path.lexists(path) and not replace:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
    if private:
        _make_private(folder)
    _clear_left(target)
    temporary, descriptor = _new_beside(target, 0o600 if private else 0o666)
    try:
        # Locked until it has its name: an unlocked one was left by a writer that was killed.
        with os.fdopen(descriptor, "wb") as file:
            if before is not None:
                _keep_owner(descriptor, before)
                os.fchmod(descriptor, before.st_mode & 0o7777)
            if callable(content):
                content(file)
            elif isinstance(content, bytes):
                file.write(content)
            else:
                for part in [content] if isinstance(content, str) else content:
                    file.write(part.encode("utf-8"))
            file.flush()
            os.fsync(descriptor)
            _put(temporary, target, replace)
    except BaseException:
        _unlink(temporary)
        raise
    _sync_folder(folder)


def _make_private(folder: str) -> None:
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except FileExistsError:
        # `FileExistsError` would say that the file itself is there.
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), folder) from None


def _stem(target: str) -> str:
    """What the names of the temporary files of a file begin with; short, as its own name may be as long as allowed."""
    return f"{os.path.basename(target)[:50]}."


def _new_beside(target: str, mode: int) -> tuple[str, int]:
    """A new file in the target's folder, open and locked."""
    while True:
        temporary = os.path.join(os.path.dirname(target), f"{_stem(target)}{os.urandom(8).hex()}.new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        _lock(descriptor, wait=True)
        # Before it was locked, another writer may have removed it as left by a killed one.
        if os.fstat(descriptor).st_nlink:
            return temporary, descriptor
        os.close(descriptor)


def _lock(descriptor: int, *, wait: bool = False) -> bool:
    """Lock the file; False where somebody else has it locked, or the file system has no locks."""
    from fcntl import LOCK_EX, LOCK_NB, flock

    try:
        flock(descriptor, LOCK_EX if wait else LOCK_EX | LOCK_NB)
    except OSError:
        return False
    return True


def _keep_owner(descriptor: int, before: os.stat_result) -> None:
    now = os.fstat(descriptor)
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        try:
            os.fchown(descriptor, before.st_uid, before.st_gid)
        except OSError:
            pass


def _put(temporary: str, target: str, replace: bool) -> None:
    """Give the file its name; without `replace` only if nobody else has taken that meanwhile."""
    if not replace:
        try:
            os.link(temporary, target)
        except FileExistsError:
            raise
        except OSError:
            # A file system without hard links.
            pass
        else:
            os.unlink(temporary)
            return
    os.replace(temporary, target)


def _clear_left(target: str) -> None:
    """Remove what killed writers left; the file of a writer that lives is locked and stays."""
    left = re.compile(rf"{re.escape(_stem(target))}[0-9a-f]{{16}}\.new")
    folder = os.path.dirname(target)
    try:
        names = [name for name in os.listdir(folder) if left.fullmatch(name)]
    except OSError:
        return
    for name in names:
        path = os.path.join(folder, name)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            if _lock(descriptor):
                _unlink(path)
        finally:
            os.close(descriptor)


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass


def _sync_folder(folder: str) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
