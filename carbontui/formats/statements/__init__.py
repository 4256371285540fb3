"""What the texts of others ask for, item by item, each with where it is asked and the line that answers it.

One module a preset, with its `ITEMS`. What carbontui cannot know is asked and answered all the same: by "not known".
"""

from __future__ import annotations

from carbontui.formats import PRESETS
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from carbontui.engine.scenario import Filled


class Unknown(NamedTuple):
    """That something is not known, and why, or what would make it known."""

    why: str = ""

    def __str__(self) -> str:
        return f"not known: {self.why}" if self.why else "not known"


Answer = str | Unknown


class Item(NamedTuple):
    """One thing asked for: what in short, where in its text, and what answers it for a scenario."""

    asked: str
    where: str
    answer: Callable[[Filled], Answer]


def items_of(preset: str) -> tuple[Item, ...]:
    """What a preset's text asks for. Raises `KeyError`."""
    from importlib import import_module

    items: tuple[Item, ...] = import_module(f"carbontui.formats.statements.{PRESETS[preset].module}").ITEMS
    return items


def lines_of(one: Filled, preset: str) -> list[str]:
    """A line for each item, or a sentence where the preset is prose; nothing for what has nothing to say.

    Raises `KeyError`.
    """
    answered = [(item, str(item.answer(one))) for item in items_of(preset)]
    if PRESETS[preset].is_prose:
        return [said for _, said in answered if said]
    return [f"{item.asked} ({item.where}): {said}." for item, said in answered if said]
