"""Screens of a terminal one after the other in one SVG, by CSS alone, so that a README can show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

WIDE, HIGH, SIZE = 8.4, 18, 14
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"
BACKGROUND, FOREGROUND = "#0f1419", "#dfe6ec"


class Frame(NamedTuple):
    """The lines of a screen, a sentence below it, and how long it is shown."""

    lines: Iterable[Iterable[Segment]]
    said: str
    seconds: float


def _hex(colour: Color | None, instead: str) -> str:
    return instead if colour is None or colour.is_default else colour.get_truecolor().hex


def _looks(style: Style | None) -> tuple[str, str, bool]:
    """Colour of the text and of what is behind it, and whether it is bold."""
    if style is None:
        return FOREGROUND, BACKGROUND, False
    text, behind = _hex(style.color, FOREGROUND), _hex(style.bgcolor, BACKGROUND)
    return (behind, text, bool(style.bold)) if style.reverse else (text, behind, bool(style.bold))


def _runs(line: Iterable[Segment]) -> list[tuple[int, str, tuple[str, str, bool]]]:
    """Where each run of one look begins, its text, and the look."""
    runs: list[tuple[int, str, tuple[str, str, bool]]] = []
    at = 0
    for segment in line:
        looks = _looks(segment.style)
        if runs and runs[-1][2] == looks:
            runs[-1] = (runs[-1][0], runs[-1][1] + segment.text, looks)
        else:
            runs.append((at, segment.text, looks))
        at += cell_len(segment.text)
    return runs


def _line(line: Iterable[Segment]) -> str:
    """A line of a screen as shapes at the top of the picture."""
    behind, front = [], []
    for at, text, (colour, ground, bold) in _runs(line):
        if ground != BACKGROUND:
            length = cell_len(text) * WIDE
            behind.append(f'<path d="M{at * WIDE:g} 0h{length:g}v{HIGH}h-{length:g}" fill="{ground}"/>')
        more = ' font-weight="700"' if bold else ""
        # Two spaces part what is put into its column, whatever the width of a letter in the reader's font.
        for word in re.finditer(r"\S+(?: \S+)*", text):
            x, length = (at + cell_len(text[: word.start()])) * WIDE, cell_len(word[0]) * WIDE
            front.append(
                f'<text x="{x:g}" y="13" textLength="{length:g}" fill="{colour}"{more}>{escape(word[0])}</text>'
            )
    return "".join([*behind, *front])


def moving_svg(frames: Sequence[Frame], columns: int, rows: int) -> str:
    """The frames for as long as each is shown, again and again; a line that several frames have is in the file once."""
    whole = sum(frame.seconds for frame in frames)
    names: dict[str, str] = {}
    groups, rules, begun = [], [], 0.0
    for number, frame in enumerate(frames):
        shapes = []
        for row, line in enumerate(frame.lines):
            name = names.setdefault(_line(line), f"l{len(names)}")
            shapes.append(f'<use href="#{name}" y="{row * HIGH}"/>')
        caption = f'<text x="12" y="{rows * HIGH + 24}" fill="#7dd6a8">{escape(frame.said)}</text>'
        groups.append(f'<g class="f" style="animation-name:f{number}">{"".join(shapes)}{caption}</g>')
        start, end = 100 * begun / whole, 100 * (begun + frame.seconds) / whole
        rules.append(
            f"@keyframes f{number}{{0%{{opacity:0}}{start:.3f}%{{opacity:1}}{end:.3f}%{{opacity:0}}100%{{opacity:0}}}}"
        )
        begun += frame.seconds
    width, height = columns * WIDE, rows * HIGH + 36
    lines = "".join(f'<g id="{name}">{shapes}</g>' for shapes, name in names.items())
    shown = (
        f"opacity:0;animation-duration:{whole:g}s;animation-iteration-count:infinite;animation-timing-function:step-end"
    )
    still = "@media (prefers-reduced-motion:reduce){.f{animation:none}.f:nth-of-type(1){opacity:1}}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" font-size="{SIZE}" '
        f'font-family="{FONTS}"><style>.f{{{shown}}}{"".join(rules)}{still}</style><defs>{lines}</defs>'
        f'<rect width="{width:g}" height="{height}" rx="8" fill="{BACKGROUND}"/>{"".join(groups)}</svg>\n'
    )
