"""Files: read whole with errors for people, written whole or not at all."""

from __future__ import annotations

import os
import sys

from carbontui.exchange.document import BadDocument, load
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.comparison import Question

LARGEST_FILE = 64 * 2**20


class FileError(ValueError):
    """A file cannot be read or written; the message names the file, the place in it, and what would be right."""


def read(path: str) -> tuple[Question, dict[str, Any]]:
    """The comparison in a TOML or JSON file, or on standard input for `-`, and the document as it stood.

    Raises `FileError`.
    """
    text = read_text(path)
    document = parse(path, text)
    try:
        return load(document), document
    except BadDocument as error:
        line = f", line {n}" if (n := _line_of(text, error.where)) else ""
        raise FileError(f"{path}{line}: {error}") from None


def read_text(path: str) -> str:
    """The text of a file in UTF-8, with or without a byte-order mark. Raises `FileError`."""
    try:
        if path == "-":
            raw = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with open(path, "rb") as file:
                raw = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise FileError(f"{clean(path)}: {getattr(error, 'strerror', None) or error}") from None
    if len(raw) > LARGEST_FILE:
        raise FileError(f"{path}: is larger than {LARGEST_FILE >> 20} MiB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileError(f"{path}, line {line}: is not UTF-8; save it as UTF-8 text") from None


def parse(path: str, text: str) -> dict[str, Any]:
    """The document in the text, JSON where it begins with a brace, else TOML. Raises `FileError`."""
    try:
        if text.lstrip()[:1] == "{":
            import json

            def refuse(constant: str) -> float:
                raise ValueError(f"{constant} is no figure; leave an unknown one out")

            document = json.loads(text, parse_constant=refuse)
        else:
            import tomllib

            document = tomllib.loads(text)
    except RecursionError:
        raise FileError(f"{path}: is nested too deeply") from None
    except ValueError as error:
        format_name = "JSON" if text.lstrip()[:1] == "{" else "TOML"
        raise FileError(f"{path}: is not {format_name}: {clean(str(error))[:200]}") from None
    if not isinstance(document, dict):
        raise FileError(f"{path}: is not a comparison")
    return document


def _line_of(text: str, where: str) -> int | None:
    """The line of a key such as `scenarios[2].inputs.power_w`, as far as it can be found."""
    import re

    lines = text.splitlines()
    line = 0
    for part in where.replace("]", "").split("."):
        name, _, number = part.partition("[")
        pattern = re.compile(rf"[\"'\[.{{,\s]?{re.escape(name)}\b")
        hits = [n for n in range(line, len(lines)) if pattern.search(lines[n])]
        if number.isdigit():
            heads = [n for n in hits if re.match(rf"\s*\[\[\s*{re.escape(name)}\s*\]\]", lines[n])]
            hits = heads[int(number) - 1 :] or hits
        if not hits:
            return line + 1 if line else None
        line = hits[0]
    return line + 1


def write(path: str, text: str, *, force: bool = False) -> None:
    """Write the text so that the old file or the new one stands there at any moment, never half of one.

    Keeps the permissions of an existing file and follows a symbolic link to its target. Raises `FileError`, also where
    a file stands there already and `force` is not set.
    """
    try:
        target = os.path.realpath(path)
        if os.path.lexists(path) and not force:
            raise FileError(f"{path}: is there already; --force replaces it")
        temporary = f"{target}.{os.getpid()}.new"
        mode = os.stat(target).st_mode & 0o7777 if os.path.exists(target) else None
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                if mode is not None:
                    os.chmod(temporary, mode)
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
        _sync_folder(os.path.dirname(target))
    except FileError:
        raise
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise FileError(f"{clean(path)}: cannot be written: {why}") from None


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
