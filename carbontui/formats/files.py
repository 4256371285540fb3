"""Comparisons in files: read whole with errors for people, written whole or not at all."""

from __future__ import annotations

from errno import EINVAL, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR

from carbontui.errors import AlreadyExists, CannotWrite, FileError
from carbontui.files import line_of, parse, read_text
from carbontui_registry import durable
from carbontui_registry.text import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.engine.comparison import Question
    from carbontui_registry.durable import Content


def read(path: str) -> tuple[Question, dict[str, Any]]:
    """The comparison in a TOML or JSON file, or on standard input for `-`, and the document as it stood.

    Raises `FileError`.
    """
    from carbontui.formats.reader import BadDocument, load

    text = read_text(path)
    document = parse(path, text)
    try:
        return load(document), document
    except BadDocument as error:
        line = f", line {n}" if (n := line_of(text, error.where)) else ""
        raise FileError(f"{visible(path)}{line}: {error}") from None


def write(path: str, content: Content, *, force: bool = False, private: bool = False) -> None:
    """Write a file as `durable.write` does, over an old one only with `force`.

    Raises `FileError`, of which `AlreadyExists` where that is not set, and `CannotWrite` where all was typed right.
    """
    try:
        durable.write(path, content, replace=force, private=private)
    except FileExistsError:
        raise AlreadyExists(path) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        # A folder that is not there, or a name too long, is what was asked for.
        wrong = getattr(error, "errno", None) in (None, ENOENT, ENOTDIR, EISDIR, ENAMETOOLONG, ELOOP, EINVAL)
        kind = FileError if wrong else CannotWrite
        raise kind(f"{visible(path)}: cannot be written: {why}") from None
