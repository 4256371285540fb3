"""Reading files of others, with errors for people: what is wrong, in which line, and what would be right."""

from __future__ import annotations

import os
import re
import stat
import sys

from carbontui.errors import FileError
from carbontui_registry.durable import native
from carbontui_registry.text import clean, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any, BinaryIO

LARGEST_FILE = 64 * 2**20


def read_text(path: str) -> str:
    """The text of a file in UTF-8, with or without a byte-order mark. Raises `FileError`."""
    try:
        if path == "-":
            raw = standard_input().read(LARGEST_FILE + 1)
        else:
            with open(native(path), "rb") as file:
                size = os.fstat(file.fileno()).st_size
                raw = b"" if size > LARGEST_FILE else file.read(LARGEST_FILE + 1)
            if size > LARGEST_FILE:
                raise FileError(
                    f"{visible(path)}: is {size / 2**20:,.0f} MiB; at most {LARGEST_FILE >> 20} MiB can be read"
                )
    except FileError:
        raise
    except (OSError, ValueError) as error:
        raise FileError(f"{visible(path)}: {getattr(error, 'strerror', None) or error}") from None
    if len(raw) > LARGEST_FILE:
        raise FileError(f"{visible(path)}: is more than {LARGEST_FILE >> 20} MiB, the most that can be read")
    return decoded(path, raw)


def is_pipe(path: str) -> bool:
    """Whether this is a pipe or a device: read once, and opening it may wait for somebody to write into it."""
    try:
        mode = os.stat(native(path)).st_mode
    except (OSError, ValueError):
        # What cannot be read is said when it is read.
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def is_named_pipe(path: str) -> bool:
    """Whether this is a pipe with a name of its own, which may have no writer yet; what a shell's `<(...)` gives has
    one from the start."""
    return is_pipe(path) and stat.S_ISFIFO(os.stat(native(path)).st_mode) and os.path.exists(os.path.realpath(path))


def refuse_pipe(path: str) -> None:
    """Raises `FileError` for what is a pipe or a device, before it is opened."""
    if is_pipe(path):
        raise FileError(f"{visible(path)}: cannot be read: it is a pipe or a device, not a file")


def standard_input() -> BinaryIO:
    """What `-` is read from. Raises `FileError` where it was closed before Python started."""
    if sys.stdin is None:
        raise FileError("standard input is closed; give a file, or pipe one in", where="-")
    return sys.stdin.buffer


def decoded(path: str, raw: bytes, line: int = 1) -> str:
    """Bytes from a line of a file on as text. Raises `FileError`, which says what they look like instead."""
    if line == 1 and (found := _other_encoding(raw)):
        raise FileError(f"{visible(path)}, line 1: is in {found}; save it as UTF-8 text")
    try:
        return raw.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        line += raw.count(b"\n", 0, error.start)
        byte = f"the byte 0x{raw[error.start]:02X} is not UTF-8"
        raise FileError(f"{visible(path)}, line {line}: {byte}; save it as UTF-8 text") from None


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
        at = f"{visible(path)}{_at_line(_deepest(text))}"
        raise FileError(f"{at}: is nested too deeply; at most four levels are allowed") from None
    except ValueError as error:
        raise _no_syntax(path, text, "JSON" if is_json else "TOML", error) from None
    if not isinstance(document, dict):
        raise FileError(f"{visible(path)}, line 1: is not a comparison: expected a JSON object in braces")
    return document


def is_of(path: str, keys: Collection[str]) -> bool:
    """Whether a file can be read and most of its keys, but for a name that anything may have, are among these."""
    try:
        found = parse(path, read_text(path)).keys() - {"name"}
    except FileError:
        return False
    return len(found & set(keys)) * 2 > len(found)


def _no_syntax(path: str, text: str, language: str, error: ValueError) -> FileError:
    """The error that says in which line the text is no JSON or TOML, what stands there, and what would be right."""
    # A syntax error has a class of its own in both languages; what is left is Python's limit of digits.
    if type(error) is ValueError:
        digits = re.search(r"[0-9_]{4301}", text)
        line = text.count("\n", 0, digits.start()) + 1 if digits else 0
        return FileError(f"{visible(path)}{_at_line(line)}: a number has more than 4,300 digits; write one like 1.5e9")
    found = re.search(
        r"\((?:at )?line ([0-9]+), column [0-9]+\)|: line ([0-9]+) column [0-9]+|at end of document", str(error)
    )
    lines = text.splitlines() or [""]
    line = int(found[1] or found[2] or len(lines)) if found else 0
    why = str(error)[: found.start()].rstrip(" (:") if found else str(error)
    stands = f": {clean(lines[line - 1])[:60]!r}" if 0 < line <= len(lines) and lines[line - 1].strip() else ""
    return FileError(f"{visible(path)}{_at_line(line)}: is not {language}{stands}: {clean(why)[:200]}")


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
    """The line of a key such as `scenarios[2].inputs.power_w`, where it can be found."""
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


def said(value: object) -> str:
    """A value of a file for a message: what stands there, where that is short."""
    if isinstance(value, str):
        return repr(clean(value)[:60])
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int) and abs(value) >= 10**60:
        return f"a number of {len(str(abs(value)))} digits"
    return "a list" if isinstance(value, list) else "a table" if isinstance(value, dict) else str(value)[:60]
