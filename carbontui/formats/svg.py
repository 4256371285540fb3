"""The chart of a comparison as SVG: bars with their values, ranges as whiskers, readable on light and dark ground."""

from __future__ import annotations

import re
from math import floor, log10

from carbontui.engine.comparison import Comparison
from carbontui.formats.citation import tool
from carbontui.formats.letters import lines_of, width_of
from carbontui.quantities import RESULTS, SUMMED
from carbontui.text import display
from carbontui.text.prose import within
from carbontui.text.table import result_text, total_name, total_notes
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.engine.totals import Total
    from carbontui_registry.catalogue import Catalogue


# The colours of the app's light and dark themes: blue for the baseline, green for the others.
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1b242c; }
.title { font-size: 16px; font-weight: 600; }
.small { font-size: 11px; fill: #5c6873; }
.value { font-variant-numeric: tabular-nums; }
.bar { fill: #12764a; }
.baseline { fill: #2a5fa8; }
.assumed { fill-opacity: .55; }
.range { stroke: #5c6873; stroke-width: 1.5; fill: none; }
.axis { stroke: #5c6873; stroke-width: 1; fill: none; }
.grid { stroke: #5c6873; stroke-opacity: .25; stroke-width: 1; fill: none; }
@media (prefers-color-scheme: dark) {
  text { fill: #dfe6ec; }
  .small { fill: #7e8b97; }
  .bar { fill: #7dd6a8; }
  .baseline { fill: #7aa6e0; }
  .range, .axis, .grid { stroke: #7e8b97; }
}
""".strip()
# Pixels: of bars and of what stands behind them, of a line of text, of the size of its letters.
BARS, VALUES, LINE, SIZE, EDGE = 400, 180, 18, 13, 16
# Pixels of a line of a name, and of the title and what stands below the axis; longer ones go on below.
NAME, WHOLE = 320, 728
# The size of the title's letters, with a sixth more as they are bold.
HEAD = 16 * 7 / 6
_TITLES = {
    "gross": "Gross CO2e (location-based)",
    "net": "Net CO2e (after carbon-free purchases)",
    "energy": "Energy, PUE included",
    "duration": "Duration",
    "water": "Water used on site",
    "cost": "Cost at list price",
}
# Neither of these may stand in XML, not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape(text: str) -> str:
    """The text for XML, in an element or in an attribute."""
    text = _NO_XML.sub("", clean(text)).replace("&", "&amp;").replace("<", "&lt;")
    return text.replace(">", "&gt;").replace('"', "&quot;")


def to_svg(comparison: Comparison) -> str:
    """The metric of every scenario as a bar over an axis, in plain SVG without scripts or links."""
    metric, key = comparison.question.metric, comparison.metric_key
    rows = comparison.scenarios
    kind = RESULTS[key].kind
    unit = display.unit_for((one.result(key) for one in rows), kind)
    ends = [one.results[key].interval if key in one.results else None for one in rows]
    highest = max([one.result(key) or 0.0 for one in rows] + [end[1] for end in ends if end], default=0.0)
    # A chart of nothing but zeros has bars without length. A range that no screen shows is cut at the edge.
    scale = BARS / highest if 0 < highest < float("inf") else 0.0
    names = [
        lines_of(("◆ " if n == comparison.baseline else "") + clean(one.name).strip(), NAME / SIZE)
        for n, one in enumerate(rows)
    ]
    left = round(2 * EDGE + SIZE * max((width_of(line) for name in names for line in name), default=0))

    def x(value: float) -> str:
        return f"{left + min(value * scale, BARS):.1f}"

    head = _TITLES[metric]
    if title := clean(comparison.question.title).strip():
        head = f"{head}: {title}"
    label = escape(head)
    made: list[str] = []
    for n, line in enumerate(lines_of(head, WHOLE / HEAD)):
        made.append(f'<text class="title" x="{EDGE}" y="{30 + n * 22}">{escape(line)}</text>')
    top = first = 36 + 22 * len(made)
    bars: list[str] = []
    for n, one in enumerate(rows):
        for m, line in enumerate(names[n]):
            bars.append(f'<text x="{left - 10}" y="{top + 13 + m * LINE}" text-anchor="end">{escape(line)}</text>')
        result = one.results.get(key)
        right = float(left)
        if result is not None:
            right = float(x(result.value))
            classes = "baseline" if n == comparison.baseline else "bar"
            classes += " assumed" if result.basis == "assumed" else ""
            bars.append(
                f'<rect class="{classes}" x="{left}" y="{top}" width="{right - left:.1f}" height="16"><title>'
                f"{escape(f'{clean(one.name)}: {result_text(one, key, unit)}')}</title></rect>"
            )
        if end := ends[n]:
            low, high = x(end[0]), x(end[1])
            bars.append(f'<path class="range" d="M{low} {top + 4}v8m0 -4H{high}m0 -4v8"/>')
            right = max(right, float(high))
        bars.append(
            f'<text class="value" x="{right + 8:.1f}" y="{top + 13}">{escape(result_text(one, key, unit))}</text>'
        )
        top += LINE * len(names[n]) + 8
    if not rows:
        bars.append(f'<text x="{left + 10}" y="{top + 13}">no scenarios</text>')
        top += LINE
    made += _axis(left, first - 8, top, highest, scale, unit, kind) + bars
    foot = top + 46
    said = [_total(total, key, unit) for total in comparison.totals if key in SUMMED] + total_notes(comparison)
    for line in (line for text in said for line in lines_of(clean(text), WHOLE / SIZE)):
        made.append(f'<text class="value" x="{EDGE}" y="{foot}">{escape(line)}</text>')
        foot += LINE
    made.append(f'<text class="small" x="{EDGE}" y="{foot}">{escape("  ·  ".join(_legend(comparison)))}</text>')
    made.append(f'<text class="small" x="{EDGE}" y="{foot + 20}">{escape(tool().title)}</text>')
    width, height = max(760, left + BARS + VALUES), foot + 36
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
            f' role="img" aria-label="{label}">',
            f"<title>{label}</title>",
            f"<desc>{escape(tool().title)}</desc>",
            f"<style>\n{STYLE}\n</style>",
            *made,
            "</svg>\n",
        ]
    )


def _total(total: Total, key: str, unit: tuple[str, float]) -> str:
    """A total in words: a bar of it would leave the others no room."""
    found, kind = total.results.get(key), RESULTS[key].kind
    if found is None:
        return f"{clean(total_name(total))}: unknown"
    return f"{clean(total_name(total))}: {display.marked(found, kind, unit)}{within(total, key, unit)}"


def _axis(
    left: int, top: int, bottom: int, highest: float, scale: float, unit: tuple[str, float], kind: str
) -> list[str]:
    """The line at zero, and below the bars an axis with some round numbers in the unit."""
    made = [f'<path class="axis" d="M{left} {top}V{bottom}H{left + BARS}"/>']
    if not scale:
        return made
    most = highest / unit[1]
    step = 10.0 ** floor(log10(most / 3))
    step *= next(times for times in (5, 2, 1) if most / (step * times) >= 3)
    name = f"{unit[0]}{'CO2e' if kind == 'co2e' else ''}"
    for n in range(floor(most / step) + 1):
        at = f"{left + n * step * unit[1] * scale:.1f}"
        if n:
            made.append(f'<path class="grid" d="M{at} {top}V{bottom}"/>')
        made.append(f'<path class="axis" d="M{at} {bottom}v4"/>')
        said = f"{display.plain(n * step)} {name}" if n == floor(most / step) else display.plain(n * step)
        made.append(f'<text class="small" x="{at}" y="{bottom + 17}" text-anchor="middle">{escape(said)}</text>')
    return made


def _legend(comparison: Comparison) -> list[str]:
    rows, key = comparison.scenarios, comparison.metric_key
    legend = ["◆ baseline"] if rows else []
    if any(key in one.results and one.results[key].basis == "assumed" for one in rows):
        legend.append("~ pale: rests on an assumption")
    if any(key in one.results and one.results[key].interval for one in rows):
        legend.append("├─┤ 90 % range")
    if any(key not in one.results for one in rows):
        legend.append("– unknown")
    return legend


def write(comparison: Comparison, _catalogue: Catalogue, **_: Any) -> str:
    """The comparison in this format."""
    return to_svg(comparison)
