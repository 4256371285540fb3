"""The ramp as styles of the terminal that there is: of many colours, of 16, or of none."""

from __future__ import annotations

from typing import Any

from rich.style import Style
from textual.app import App

from carbontui.tui.views.ramp import MARKS, SHADES, ramp


def colours(app: App[Any]) -> int | None:
    """How many colours the terminal has, where they are few: 16, or 0 where none are wanted."""
    if app.no_color:
        return 0
    return 16 if app.console.color_system == "standard" else None


def shades(app: App[Any]) -> list[Style]:
    """A style a shade, from the least to the most."""
    known = colours(app)
    if known == 0:
        return [Style()] * SHADES
    return [Style(color=text, bgcolor=back) for back, text in ramp(app.theme, colours=known)]


def marks(app: App[Any]) -> str:
    """A character a shade where there are no colours, else blanks."""
    return MARKS if colours(app) == 0 else " " * SHADES
