"""Comparisons in files: read whole with errors for people, written whole or not at all."""

from __future__ import annotations

import os
import re
import stat

from carbontui.errors import AlreadyExists, FileError
from carbontui.files import line_of, parse, read_text
from carbontui.formats.reader import BadDocument, load
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, BinaryIO

    from carbontui.engine.comparison import Question


def read(path: str) -> tuple[Question, dict[str, Any]]:
    """The comparison in a TOML or JSON file, or on standard input for `-`, and the document as it stood.

    Raises `FileError`.
    """
    text = read_text(path)
    document = parse(path, text)
    try:
        return load(document), document
    except BadDocument as error:
        line = f", line {n}" if (n := line_of(text, error.where)) else ""
        raise FileError(f"{clean(path)}{line}: {error}") from None


def write(path: str, content: str | Iterable[str] | Callable[[BinaryIO], None], *, force: bool = False) -> None:
    """Write a text so that the old file or the new one stands there at any moment, never half of one.

    The content may come in parts, or be written by a function into a file open for bytes.
    Keeps owner and permissions of an existing file and follows a symbolic link to its target. What writers that were
    killed left beside the file is cleared away. Raises `FileError`, also where a file stands there already and `force`
    is not set.
    """
    try:
        target = os.path.realpath(path)
        if os.path.lexists(path) and not force:
            raise AlreadyExists(path)
        before = os.stat(target) if os.path.exists(target) else None
        if before is not None and not stat.S_ISREG(before.st_mode) and not stat.S_ISDIR(before.st_mode):
            raise FileError(f"{clean(path)}: is no file that could be replaced, but a device or a pipe")
        _clear_left(target)
        temporary, descriptor = _new_beside(target)
        try:
            # Locked until it has its name: an unlocked one was left by a writer that is no more.
            with os.fdopen(descriptor, "wb") as file:
                if before is not None:
                    _keep_owner(descriptor, before)
                    os.fchmod(descriptor, before.st_mode & 0o7777)
                if callable(content):
                    content(file)
                else:
                    for part in [content] if isinstance(content, str) else content:
                        file.write(part.encode("utf-8"))
                file.flush()
                os.fsync(descriptor)
                _put(temporary, target, path, force=force)
        except BaseException:
            _unlink(temporary)
            raise
        _sync_folder(os.path.dirname(target))
    except FileError:
        raise
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise FileError(f"{clean(path)}: cannot be written: {why}") from None


def _stem(target: str) -> str:
    """What the temporary files beside a file begin with; short, as a file's name may be as long as names can be."""
    return f"{os.path.basename(target)[:50]}."


def _new_beside(target: str) -> tuple[str, int]:
    """A new file beside the target, open and locked."""
    while True:
        temporary = os.path.join(os.path.dirname(target), f"{_stem(target)}{os.urandom(8).hex()}.new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        _lock(descriptor, wait=True)
        # Between the two lines above, a writer that clears away may have taken it for left.
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


def _put(temporary: str, target: str, path: str, *, force: bool) -> None:
    """Give the file its name; without `force` only if nobody else has taken that meanwhile."""
    if not force:
        try:
            os.link(temporary, target)
        except FileExistsError:
            raise AlreadyExists(path) from None
        except OSError:
            # A file system without hard links.
            pass
        else:
            os.unlink(temporary)
            return
    os.replace(temporary, target)


def _clear_left(target: str) -> None:
    """Remove what killed writers left beside the target; a file of a writer that lives is locked and stays."""
    left = re.compile(rf"{re.escape(_stem(target))}[0-9a-f]{{16}}\.new")
    try:
        names = [name for name in os.listdir(os.path.dirname(target)) if left.fullmatch(name)]
    except OSError:
        return
    for name in names:
        path = os.path.join(os.path.dirname(target), name)
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
        descriptor = os.open(folder or ".", os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
