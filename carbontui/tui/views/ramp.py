"""The ramp of the heat map and the map: from dark, the least, to light, the most, with text that is legible on it.

Lightness rises throughout, so that a ramp is read in grey and by colour-blind eyes too; where there are few colours or
none, marks say the same.
"""

from __future__ import annotations

from math import log

# Ten of viridis (matplotlib, CC0); cividis (Nuñez, Anderton & Renslow 2018), which needs no hue, for the theme of
# those who see few; and in a terminal of 16 colours those of them whose lightness rises.
VIRIDIS = "#440154 #482878 #3e4989 #31688e #26828e #1f9e89 #35b779 #6ece58 #b5de2b #fde725"
CIVIDIS = "#00224e #123570 #3b496c #575d6d #707173 #8a8779 #a69d75 #c4b56c #e4cf5b #fee838"
OF_16 = "#0000aa #0000aa #5555ff #5555ff #00aaaa #00aaaa #55ff55 #55ff55 #ffff55 #ffff55"
MARKS = "▁▁▂▃▄▅▆▇██"
SHADES = 10

BLACK, WHITE = "#000000", "#ffffff"
# Both black and white are legible on this lightness: 4.58 to 1.
_BETWEEN = (1.05 * 0.05) ** 0.5 - 0.05


def ramp(theme: str, *, colours: int | None = None) -> list[tuple[str, str]]:
    """Background and text of each shade, from the least to the most, as `#rrggbb`.

    `colours` is how many the terminal has, where they are few.
    """
    backs = OF_16 if colours == 16 else CIVIDIS if theme == "carbon-colour-blind" else VIRIDIS
    return [(back, text_on(back)) for back in backs.split()]


def text_on(back: str) -> str:
    """Black or white, whichever is the more legible on a background."""
    return BLACK if luminance(back) > _BETWEEN else WHITE


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.1)."""
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.1)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def shade(value: float, low: float, high: float) -> int:
    """0 to `SHADES - 1` by the logarithm, of a value between the least and the most that are seen."""
    if value <= low or low <= 0 or high <= low:
        return 0
    return min(SHADES - 1, int(log(value / low) / log(high / low) * SHADES))
