"""Where factors of units stand that were resolved before: read when `units` first lacks one, which most starts never
do."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_kept: list[Callable[[], dict[tuple[str, str], str]]] = []


def keep(read: Callable[[], dict[tuple[str, str], str]]) -> None:
    """Remember how to read them, in place of what was kept before."""
    _kept[:] = [read]


def recalled() -> dict[tuple[str, str], str]:
    """What is kept, once; then nothing until something else is."""
    return _kept.pop()() if _kept else {}
