"""What every line passes before it reaches the terminal: no controls, whatever its text is from, and no style twice."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from carbontui_registry.text import drawable


@lru_cache(maxsize=1024)
def _seen_in_blanks(style: Style) -> tuple[object, ...]:
    """What can be seen, or clicked, of a style where nothing is written."""
    lines = style.underline, style.underline2, style.overline, style.strike, style.reverse
    return style.bgcolor, style.link, style.meta and str(style.meta), *map(bool, lines)


def _stands_alone(sign: str) -> bool:
    """Whether a sign takes the same room whatever stands beside it; others may join it, and are left where they are."""
    return sign < "\u0300" or "\u2010" <= sign < "\u2028" or "\u2100" <= sign < "\u2900"


class OnlyText(LineFilter):
    """Leaves controls and halves of pairs out of every line that any widget draws, and joins pieces that look alike:
    each costs some 40 bytes of colours, which a terminal takes longer to read than the text."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The line in as few segments as show the same."""
        made: list[Segment] = []
        text, style = "", None
        for piece, look, control in segments:
            if control or look is None:
                return self._each(segments)
            if not piece.isprintable():
                piece = drawable(piece)
            if style is None:
                text, style = piece, look
            elif not (_stands_alone(text[-1:]) and _stands_alone(piece[:1])):
                made.append(Segment(text, style))
                text, style = piece, look
            elif look is style or look == style:
                text += piece
            elif (not text.strip(" ") or not piece.strip(" ")) and _seen_in_blanks(look) == _seen_in_blanks(style):
                if not text.strip(" "):
                    style = look
                text += piece
            else:
                made.append(Segment(text, style))
                text, style = piece, look
        if style is not None:
            made.append(Segment(text, style))
        return made

    @staticmethod
    def _each(segments: list[Segment]) -> list[Segment]:
        return [Segment(drawable(text), style, control) for text, style, control in segments]


ONLY_TEXT = OnlyText()
