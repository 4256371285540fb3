"""Tables as data: columns, and rows with a mark that says how they are meant."""

from __future__ import annotations

from collections.abc import Sequence

from carbontui_registry.values import Value


class TableRow(Value):
    """A line of a table: its cells, and how it is meant: "", "off" or "alert". A single cell has the whole line."""

    cells: tuple[str, ...]
    mark: str = ""


class Column(Value):
    """Title and width of a column; of width 0 takes what the others leave."""

    title: str
    width: int
    right: bool = False


def told_apart(names: Sequence[str], width: int) -> list[str]:
    """The names for heads of at most `width` characters: where several would be cut to the same, what they begin with
    in common goes, word by word, so that what differs is in sight."""
    cut: dict[str, set[str]] = {}
    for name in names:
        if len(name) > width:
            cut.setdefault(name[: max(0, width - 1)], set()).add(name)
    shorter: dict[str, str] = {}
    for alike in cut.values():
        words = [name.split(" ") for name in alike]
        # A name that the others begin with keeps its last word.
        most = min(map(len, words)) - 1
        common = next((n for n, same in enumerate(zip(*words, strict=False)) if len(set(same)) > 1), most)
        common = min(common, most)
        if len(alike) > 1 and common:
            shorter |= {name: f"…{' '.join(name.split(' ')[common:])}" for name in alike}
    heads = [shorter.get(name, name) for name in names]
    heads = [
        f"…{head[len(head) - width + 1 :]}" if len(head) > width > 1 and _like_another(n, heads, names, width) else head
        for n, head in enumerate(heads)
    ]
    shown: dict[str, set[str]] = {}
    for name, head in zip(names, heads, strict=True):
        shown.setdefault(head[:width], set()).add(name)
    return [
        _ends(name, width) if len(shown[head[:width]]) > 1 and len(name) > width > _SHORTEST_ENDS else head
        for name, head in zip(names, heads, strict=True)
    ]


# What has room for a beginning and an end that say something.
_SHORTEST_ENDS = 8


def _ends(name: str, width: int) -> str:
    """How a name begins and ends."""
    end = (width - 1) // 2
    return f"{name[: width - 1 - end]}…{name[-end:]}"


def _like_another(number: int, heads: Sequence[str], names: Sequence[str], width: int) -> bool:
    """Whether a head, once it is cut, is what another one begins with: it is told by its end then."""
    begin = heads[number][: width - 1].rstrip()
    return any(head.startswith(begin) for n, head in enumerate(heads) if n != number and names[n] != names[number])
