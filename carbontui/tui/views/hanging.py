"""Long lines in a narrow window: what follows hangs below what it belongs to, and an address is not broken in two."""

from __future__ import annotations

import re
import textwrap

_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_NARROWEST = 8
# A line that begins further in than this is itself below something, and so is what follows it.
_SHALLOW = 8


def hanging(text: str, width: int) -> list[str]:
    """A line in lines of at most `width` characters, the later ones indented.

    They stand below the last column that begins in the left half, else a little further in than the line itself; a
    sentence at the margin stays there.
    """
    if len(text) <= width or width < _NARROWEST:
        return [text]
    lead = len(text) - len(text.lstrip())
    columns = [gap.end() for gap in _GAP.finditer(text) if gap.end() <= width // 2]
    more = 4 if text.lstrip().startswith("[") else 2 if 0 < lead <= _SHALLOW else 0
    indent = columns[-1] if columns else lead + more
    made: list[str] = []
    first, later = " " * lead, " " * indent
    for line in textwrap.wrap(
        text.lstrip(),
        width,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
        break_long_words=False,
    ):
        made += [line] if len(line) <= width else _too_long(line.strip(), width)
    return made or [""]


def broken(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` characters."""
    return [part for line in text.splitlines() for part in hanging(line, width)]


def to_fit(text: str, width: int, height: int, rest: str) -> list[str]:
    """A text in at most `height` lines; where it has more, the last one says that there is a `rest`."""
    lines = broken(text, width)
    return lines if len(lines) <= height else [*lines[: max(0, height - 1)], rest]


def _too_long(word: str, width: int) -> list[str]:
    """A word that no indent leaves room for: as far in as it can be, or broken behind a slash."""
    if len(word) <= width:
        return [word.rjust(width)]
    made = [""]
    for piece in re.findall(r"[^/]*/|[^/]+", word):
        if made[-1] and len(made[-1]) + len(piece) > width:
            made.append("")
        made[-1] += piece
    return [part[at : at + width] for part in made for at in range(0, len(part), width)]
