"""The chart of a comparison as SVG: bars with their values, ranges as whiskers, readable on light and dark ground."""

from __future__ import annotations

import re

from carbontui.engine.comparison import Comparison
from carbontui.formats.citation import tool
from carbontui.quantities import RESULTS
from carbontui.text import display
from carbontui.text.table import result_text
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui_registry.catalogue import Catalogue


# Colours of text and bars that are told apart on white and on black, by people who see few colours too.
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; }
.small { font-size: 11px; fill: #59636e; }
.value { font-variant-numeric: tabular-nums; }
.bar { fill: #0969da; }
.baseline { fill: #1a7f37; }
.assumed { fill-opacity: .55; }
.range { stroke: #59636e; stroke-width: 1.5; fill: none; }
.axis { stroke: #8c959f; stroke-width: 1; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .small { fill: #9198a1; }
  .bar { fill: #4493f8; }
  .baseline { fill: #3fb950; }
  .range { stroke: #d1d7e0; }
}
""".strip()
WIDTH, NAMES, BARS, ROW, TOP = 760, 200, 400, 26, 58
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
    """The metric of every scenario as a bar, in plain SVG without scripts or links."""
    metric, key = comparison.question.metric, comparison.metric_key
    rows = comparison.scenarios
    kind = RESULTS[key].kind
    unit = display.unit_for((one.result(key) for one in rows), kind)
    ends = [one.results[key].interval if key in one.results else None for one in rows]
    highest = max([one.result(key) or 0.0 for one in rows] + [end[1] for end in ends if end], default=0.0)
    # A chart of nothing but zeros has bars without length. A range that no screen shows is cut at the edge.
    scale = BARS / highest if 0 < highest < float("inf") else 0.0

    def x(value: float) -> str:
        return f"{NAMES + min(value * scale, BARS):.1f}"

    height = TOP + ROW * len(rows) + 64
    head = _TITLES[metric]
    if title := clean(comparison.question.title).strip():
        head = f"{head}: {title}"
    label = escape(head)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        f' role="img" aria-label="{label}">',
        f"<title>{label}</title>",
        f"<desc>{escape(tool().title)}</desc>",
        f"<style>\n{STYLE}\n</style>",
        f'<text class="title" x="16" y="30">{escape(display.clipped(head, 80))}</text>',
        f'<path class="axis" d="M{NAMES} {TOP - 8}V{TOP + ROW * len(rows)}"/>',
    ]
    for n, one in enumerate(rows):
        top = TOP + ROW * n
        base = n == comparison.baseline
        name = display.clipped(clean(one.name).strip(), 24)
        lines.append(
            f'<text x="{NAMES - 10}" y="{top + 13}" text-anchor="end">{escape(("◆ " if base else "") + name)}</text>'
        )
        result = one.results.get(key)
        right = float(NAMES)
        if result is not None:
            right = float(x(result.value))
            classes = ("baseline" if base else "bar") + (" assumed" if result.basis == "assumed" else "")
            lines.append(
                f'<rect class="{classes}" x="{NAMES}" y="{top}" width="{right - NAMES:.1f}" height="16"><title>'
                f"{escape(f'{clean(one.name)}: {result_text(one, key, unit)}')}</title></rect>"
            )
        if end := ends[n]:
            low, high = x(end[0]), x(end[1])
            lines.append(f'<path class="range" d="M{low} {top + 4}v8m0 -4H{high}m0 -4v8"/>')
            right = max(right, float(high))
        lines.append(
            f'<text class="value" x="{right + 8:.1f}" y="{top + 13}">{escape(result_text(one, key, unit))}</text>'
        )
    if not rows:
        lines.append(f'<text x="{NAMES + 10}" y="{TOP + 6}">no scenarios</text>')
    legend = ["◆ baseline"] if rows else []
    if any(key in one.results and one.results[key].basis == "assumed" for one in rows):
        legend.append("~ pale: rests on an assumption")
    if any(ends):
        legend.append("├─┤ 90 % interval")
    if any(key not in one.results for one in rows):
        legend.append("– unknown")
    foot = TOP + ROW * len(rows) + 26
    lines.append(f'<text class="small" x="16" y="{foot}">{escape("   ".join(legend))}</text>')
    lines.append(f'<text class="small" x="16" y="{foot + 20}">{escape(tool().title)}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def write(comparison: Comparison, _catalogue: Catalogue, **_: Any) -> str:
    """The comparison in this format."""
    return to_svg(comparison)
