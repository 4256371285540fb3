"""Files: read whole with errors for people, written whole or not at all."""

from __future__ import annotations

import os
import re
import stat
import sys

from carbontui.errors import AlreadyExists, FileError
from carbontui.formats.document import BadDocument, load
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, BinaryIO

    from carbontui.engine.comparison import Question

LARGEST_FILE = 64 * 2**20


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


def read_text(path: str) -> str:
    """The text of a file in UTF-8, with or without a byte-order mark. Raises `FileError`."""
    try:
        if path == "-":
            raw = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with open(path, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                raw = b"" if size > LARGEST_FILE else file.read(LARGEST_FILE + 1)
            if size > LARGEST_FILE:
                raise FileError(
                    f"{clean(path)}: has {size / 2**20:,.0f} MiB; at most {LARGEST_FILE >> 20} MiB are read"
                )
    except FileError:
        raise
    except (OSError, ValueError) as error:
        raise FileError(f"{clean(path)}: {getattr(error, 'strerror', None) or error}") from None
    if len(raw) > LARGEST_FILE:
        raise FileError(f"{clean(path)}: has more than {LARGEST_FILE >> 20} MiB, which is all that is read")
    return decoded(path, raw)


def decoded(path: str, raw: bytes, line: int = 1) -> str:
    """Bytes from a line of a file on as text. Raises `FileError`, which says what they look like instead."""
    if line == 1 and (found := _other_encoding(raw)):
        raise FileError(f"{clean(path)}, line 1: is in {found}; save it as UTF-8 text")
    try:
        return raw.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        line += raw.count(b"\n", 0, error.start)
        byte = f"the byte 0x{raw[error.start]:02X} is not UTF-8"
        raise FileError(f"{clean(path)}, line {line}: {byte}; save it as UTF-8 text") from None


def _other_encoding(raw: bytes) -> str:
    """UTF-32 or UTF-16, where the text begins as in one of them; else ""."""
    if raw.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    return "UTF-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:2] else ""


def parse(path: str, text: str) -> dict[str, Any]:
    """The document in the text, JSON where it begins with a brace or the file is called so, else TOML.

    Raises `FileError`.
    """
    is_json = text.lstrip()[:1] == "{" or path.endswith(".json")
    try:
        if is_json:
            import json

            document = json.loads(text)
        else:
            import tomllib

            document = tomllib.loads(text)
    except RecursionError:
        raise FileError(f"{clean(path)}{_at_line(_deepest(text))}: is nested too deeply; four levels are all") from None
    except ValueError as error:
        raise _no_syntax(path, text, "JSON" if is_json else "TOML", error) from None
    if not isinstance(document, dict):
        raise FileError(f"{clean(path)}, line 1: is no comparison, which in JSON is a table in braces")
    return document


def _no_syntax(path: str, text: str, language: str, error: ValueError) -> FileError:
    """The error that says in which line the text is no JSON or TOML, what stands there, and what would be right."""
    if "integer string conversion" in str(error):
        digits = re.search(r"[0-9_]{4301}", text)
        line = text.count("\n", 0, digits.start()) + 1 if digits else 0
        return FileError(f"{clean(path)}{_at_line(line)}: a number has more than 4,300 digits; write one like 1.5e9")
    found = re.search(
        r"\((?:at )?line ([0-9]+), column [0-9]+\)|: line ([0-9]+) column [0-9]+|at end of document", str(error)
    )
    lines = text.splitlines() or [""]
    line = int(found[1] or found[2] or len(lines)) if found else 0
    why = str(error)[: found.start()].rstrip(" (:") if found else str(error)
    stands = f": {clean(lines[line - 1])[:60]!r}" if 0 < line <= len(lines) and lines[line - 1].strip() else ""
    return FileError(f"{clean(path)}{_at_line(line)}: is not {language}{stands}: {clean(why)[:200]}")


def _at_line(line: int | None) -> str:
    return f", line {line}" if line else ""


def _deepest(text: str) -> int:
    """The line in which brackets are nested deeper than any file needs; 0 where it is not theirs."""
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        for character in line:
            depth += (character in "[{") - (character in "]}")
            if depth > 50:
                return number
    return 0


def line_of(text: str, where: str) -> int | None:
    """The line of a key such as `scenarios[2].inputs.power_w`, as far as it can be found."""
    parts = [part for part in re.split(r"\.|(?=\[)", where) if part]
    if text.lstrip()[:1] == "{":
        return _line_in_json(text, [int(p[1:-1]) - 1 if re.fullmatch(r"\[[0-9]+\]", p) else p for p in parts])
    return _line_in_toml(text, parts)


def _line_in_json(text: str, path: list[str | int]) -> int | None:
    """The line of the value at a path, or of the nearest table around it that there is."""
    at: list[str | int] = []
    found, deepest, key, wants_key = 0, -1, False, False
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+', text):
        first = token[0][0]
        if first in "]}":
            del at[-1:]
            wants_key = False
            continue
        if first == ",":
            wants_key = bool(at) and not isinstance(at[-1], int)
            if at and isinstance(at[-1], int):
                at[-1] += 1
            continue
        if first == ":":
            wants_key = False
            continue
        key = wants_key and first == '"'
        if key:
            at[-1] = _unquoted(token[0])
            wants_key = False
        if at == path[: len(at)] and len(at) > deepest:
            found, deepest = token.start(), len(at)
            if len(at) == len(path):
                break
        if not key and first in "[{":
            at.append(0 if first == "[" else "")
            wants_key = first == "{"
    return text.count("\n", 0, found) + 1 if deepest > 0 else None


def _unquoted(token: str) -> str:
    import json

    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token


def _line_in_toml(text: str, parts: list[str]) -> int | None:
    lines = text.splitlines()
    line, end = 0, len(lines)
    found = None
    for name, following in zip(parts, [*parts, ""][1:], strict=True):
        if name.startswith("["):
            continue
        number = int(following[1:-1]) if re.fullmatch(r"\[[0-9]+\]", following) else 0
        heads = [i for i in range(line, end) if re.match(rf"\s*\[\[\s*{re.escape(name)}\s*\]\]", lines[i])]
        if 0 < number <= len(heads):
            line = found = heads[number - 1]
            end = heads[number] if number < len(heads) else end
            continue
        quoted = rf"(?:{re.escape(name)}|\"{re.escape(name)}\"|'{re.escape(name)}')"
        key = re.compile(rf"(?:^|[\s.\[{{,]){quoted}\s*(?:[.=\]]|$)")
        line = next((i for i in range(line, end) if key.search(lines[i])), -1)
        if line < 0:
            break
        found = line
    return None if found is None else found + 1


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
