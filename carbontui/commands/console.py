"""What comes from a console and what it can take: one that is not UTF-8, a stream that is closed."""

from __future__ import annotations

import errno
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What has no ASCII letter in it; one sign for one in tables, so that columns stay.
_ASCII = {
    **dict.fromkeys("–—─━", "-"),
    **dict.fromkeys("◆●•", "*"),
    **dict.fromkeys("█▉▊▋▌▍▎▏", "#"),
    **dict(zip("▁▂▃▄▅▆▇", "1234567", strict=True)),
    **dict.fromkeys("├┤│", "|"),
    **dict.fromkeys("’‘", "'"),
    **dict.fromkeys("“”", '"'),
    "…": ".",
    "→": ">",
    "·": "-",
    "×": "x",
    "÷": "/",
    "±": "+/-",
    "≠": "!",
    "≤": "<=",
    "≥": ">=",
    "µ": "u",
    "⚠": "!",
}
_HANDLER = "carbontui-ascii"
# Nothing was written, and nobody typed anything wrong.
FAILING = frozenset(
    (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG, errno.EBADF)
)

# The system has reached a limit: of open files, of memory or processes.
FILES = frozenset((errno.EMFILE, errno.ENFILE))
SHORT = FILES | {errno.ENOMEM, errno.EAGAIN}


class _Closed:
    """A stream to nowhere: whoever writes to it is told."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return False

    def flush(self) -> None:
        pass

    def write(self, text: str) -> int:
        if text:
            raise OSError(errno.EBADF, "standard output is closed")
        return 0


def arguments() -> list[str]:
    """What was typed after the name of the program: bytes that the locale has no letters for are read as UTF-8."""
    return [word.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape") for word in sys.argv[1:]]


def prepare() -> None:
    """Both streams such that text can be written: ASCII stands in for what the console lacks."""
    # Python has None for a stream that was closed before it started.
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    streams: tuple[Any, Any] = (sys.stdout, sys.stderr)
    for stream in streams:
        if not _is_utf8(stream):
            import codecs

            codecs.register_error(_HANDLER, _stand_in)
            stream.reconfigure(errors=_HANDLER)


def prepare_for_data() -> None:
    """What a program reads is UTF-8 whatever the console is."""
    stream: Any = sys.stdout
    if not _is_utf8(stream) and not stream.isatty():
        stream.reconfigure(encoding="utf-8", newline="\n")


def give_up() -> None:
    """What is still in the buffer of stdout would fail once more at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, AttributeError, ValueError):
        pass


def _is_utf8(stream: Any) -> bool:
    encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("_", "-")
    return encoding in ("utf-8", "utf8") or not hasattr(stream, "reconfigure")


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    """ASCII for the signs that an encoding lacks: one of ours, the letter without its accent, or a question mark.

    It takes as many cells of the terminal as what it stands for, so that columns stay.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    from unicodedata import normalize

    from carbontui.text.table import cells_of

    def of(sign: str) -> str:
        if sign in _ASCII:
            return _ASCII[sign]
        letters, cells = normalize("NFKD", sign).encode("ascii", "ignore").decode(), cells_of(sign)
        return letters.ljust(cells) if 0 < len(letters) <= cells else "?" * cells

    signs = error.object[error.start : error.end]
    found = "".join(map(of, signs))
    # An emoji of several signs takes the cells of one.
    joined = sum(map(cells_of, signs)) != cells_of(signs)
    return "?" * cells_of(signs) if joined else found, error.end
