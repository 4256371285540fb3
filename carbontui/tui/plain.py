"""What no text, wherever it comes from, brings to the terminal: the last gate before it."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from carbontui_registry.text import drawable


class OnlyText(LineFilter):
    """Leaves controls and halves of pairs out of every line that any widget draws."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same segments, where nothing is to be left out."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [Segment(drawable(text), style, control) for text, style, control in segments]


ONLY_TEXT = OnlyText()
