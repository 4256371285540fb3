"""The scrollbar of every list and text: drawn in characters, so that it is seen in any theme and without colours too."""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

_THUMB, _TRACK = "┃", "│"


class Rail(ScrollBarRender):
    """A thick line for what is in sight, on a thin one for all that there is."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = Color.parse("#555555"),
        bar_color: Color = Color.parse("bright_magenta"),
    ) -> Segments:
        """The bar in whole cells; a line across is as Textual draws it."""
        if not vertical or not window_size or not size or virtual_size <= window_size:
            return super().render_bar(
                size, virtual_size, window_size, position, thickness, vertical, back_color, bar_color
            )
        thumb = max(1, round(size * window_size / virtual_size))
        # At an end only where there is nothing beyond it.
        room, left = size - thumb, virtual_size - window_size
        first = 0 if position <= 0 else room if position >= left else min(max(1, round(room * position / left)), room - 1)
        look = Style(color=bar_color, bgcolor=back_color)

        def cell(row: int) -> Segment:
            on_thumb = first <= row < first + thumb
            does = "grab" if on_thumb else "scroll_up" if row < first else "scroll_down"
            return Segment((_THUMB if on_thumb else _TRACK) * thickness, look + Style(meta={"@mouse.down": does}))

        return Segments([cell(row) for row in range(size)], new_lines=True)
