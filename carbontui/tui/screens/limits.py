"""Asking for limits in one line, on Plan and on Sweep alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbontui.engine.scenario import ScenarioError
from carbontui.tui.host import host_of
from carbontui.tui.views.typed_limits import EXAMPLE, read_limits
from carbontui.tui.widgets.editor import Editor

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.geometry import Region
    from textual.screen import Screen


def ask_limits(screen: Screen[None], now: str, at: Region, taken: Callable[[str], None]) -> None:
    """Let somebody type limits over `at`; `taken` gets those that can be read, as they were typed."""

    def read(text: str) -> tuple[bool, str]:
        try:
            read_limits(text, host_of(screen).catalogue)
        except ScenarioError as error:
            return False, str(error)
        return True, "" if text.strip() else f"such as {EXAMPLE}"

    def typed(text: str | None) -> None:
        if text is not None and text.strip() != now:
            taken(text.strip())

    screen.app.push_screen(Editor("Limits of the job", now, read, at), typed)
