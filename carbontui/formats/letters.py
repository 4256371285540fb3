"""How wide a text is where nobody knows the font: lines that have room for it, in a chart and in a paper."""

from __future__ import annotations

from carbontui.text.table import cells_of

# Widths of letters in sizes of the font, rounded up from DejaVu Sans, as nobody knows which font there will be and few
# are wider; of the others in ASCII, and of letters, signs and emoji beyond it.
_WIDTHS = {
    **dict.fromkeys(" !'(),-./:;I[]\\fijlrt|", 0.42),
    **dict.fromkeys("&ABCDGHKNOQRUVXZ", 0.79),
    **dict.fromkeys("#+<=>M^w~", 0.87),
    **dict.fromkeys("%@Wm", 1.0),
}
_ASCII, _BEYOND = 0.64, (0.0, 1.1, 1.25)


def width_of(text: str) -> float:
    """How wide a text is at most, in sizes of whatever font there is."""
    return sum(map(_width, text))


def _width(sign: str) -> float:
    from unicodedata import normalize

    # An accent makes no letter wider.
    letter = normalize("NFD", sign)[0]
    return _WIDTHS.get(letter, _ASCII) if letter.isascii() else _BEYOND[min(cells_of(sign), 2)]


def lines_of(text: str, room: float) -> list[str]:
    """The whole text in lines of at most this many sizes of the font; only a word longer than a line is broken."""
    lines = [""]
    for word in text.split():
        if lines[-1]:
            if width_of(f"{lines[-1]} {word}") <= room or width_of(word) > room:
                lines[-1] += " "
            else:
                lines.append("")
        for sign in word:
            if lines[-1] and width_of(lines[-1] + sign) > room:
                lines.append("")
            lines[-1] += sign
    return [line.rstrip() for line in lines]
