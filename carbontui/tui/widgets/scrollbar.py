"""The scrollbar of every list and text: drawn in characters, so that it is seen in any theme, and without colours."""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

_THUMB, _TRACK = "┃", "│"
# Textual gives those of the theme.
_BACK, _BAR = Color.parse("black"), Color.parse("white")


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
        back_color: Color = _BACK,
        bar_color: Color = _BAR,
    ) -> Segments:
        """The bar in whole cells; a line across is as Textual draws it."""
        if not vertical or not window_size or not size or virtual_size <= window_size:
            return super().render_bar(
                size, virtual_size, window_size, position, thickness, vertical, back_color, bar_color
            )
        # There is always some track to be seen, and at either end where there is anything beyond it.
        thumb = max(1, min(size - 1, round(size * window_size / virtual_size)))
        room, left = size - thumb, virtual_size - window_size
        first = round(room * position / left)
        if 0 < position < left:
            first = max(0, min(max(1, first), room - 1))

        look = Style(color=bar_color, bgcolor=back_color)

        def cell(row: int) -> Segment:
            on_thumb = first <= row < first + thumb
            does = "grab" if on_thumb else "scroll_up" if row < first else "scroll_down"
            return Segment((_THUMB if on_thumb else _TRACK) * thickness, look + Style(meta={"@mouse.down": does}))

        return Segments([cell(row) for row in range(size)], new_lines=True)
