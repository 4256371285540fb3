"""A comparison, or a list of records, as a table of text that fits the terminal."""

from __future__ import annotations

from carbontui.engine.comparison import RATED_BY, Comparison, Ratio
from carbontui.engine.scenario import Filled
from carbontui.quantities import METRICS, QUANTITIES, RESULTS, SUMMED
from carbontui.text import display
from carbontui.text.notes import crossing_text, missing_text, notes_of
from carbontui_registry.text import count_of, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from carbontui.engine.totals import Total

# Code points from here on may take two cells of a terminal, or none.
_FIRST_WIDE = 0x300
# Signs of our own tables above it, each of one cell.
_NARROW = str.maketrans("", "", "–…◆█→")

BOLD, DIM, AMBER, RESET = "\x1b[1m", "\x1b[2m", "\x1b[33m", "\x1b[0m"
GAP = "  "
# What the parts of a sum of CO2e do not agree on.
MIXED = {
    "coverage": "from carbon factors with different coverage",
    "net_basis": "after purchases matched in different ways",
}
# A median this much above the sum of its parts is worth a line.
_SKEWED = 1.05
# Of a ratio between carbon factors of different coverage.
UNLIKE = "*"


def cells_of(text: str) -> int:
    """How many cells of a terminal a text takes: two for a Chinese, Japanese or Korean sign and for most emoji."""
    if text.isascii() or max(text.translate(_NARROW), default="") < chr(_FIRST_WIDE):
        return len(text)
    # As the app measures text; imported for such texts only.
    from rich.cells import cell_len

    return cell_len(text)


def clipped(text: str, width: int) -> str:
    """The text in at most `width` cells, with an ellipsis where it was cut."""
    if cells_of(text) <= width:
        return text
    while text and cells_of(text) > width - 1:
        text = text[:-1]
    return f"{text}…" if width > 0 else ""


class Column:
    """A column: its title, its cells, and whether it is left out (`keep` lowest first) or cut when room is short.

    It is cut to `least`, and to less than `whole` only where no other column of less than `over` can go instead.
    """

    def __init__(
        self, title: str, cells: Sequence[str], *, keep: int = 9, right: bool = True, least: int = 0, whole: int = 0,
        over: int = 9,
    ) -> None:  # fmt: skip
        self.title = title
        self.cells = list(cells)
        self.keep = keep
        self.right = right
        self.width = max((cells_of(cell) for cell in (title, *cells)), default=0)
        self.least = least or self.width
        self.whole = max(whole, self.least)
        self.over = over

    def rename(self, names: Mapping[str, str]) -> None:
        """Other words for some cells, and the width that they take."""
        if any(cell in names for cell in self.cells):
            self.cells = [names.get(cell, cell) for cell in self.cells]
            self.width = max(map(cells_of, (self.title, *self.cells)))

    def cell(self, text: str) -> str:
        """The text in the column's width."""
        text = clipped(text, self.width)
        room = " " * (self.width - cells_of(text))
        return room + text if self.right else text + room


def fit(columns: Sequence[Column], width: int | None, gap: int = len(GAP)) -> list[Column]:
    """The columns that fit, with a gap between them: first texts are cut, then the least needed columns go; units are
    never cut."""
    shown = [column for column in columns if any(cell for cell in column.cells)]
    if width is None:
        return shown

    def excess() -> int:
        return sum(column.width for column in shown) + gap * (len(shown) - 1) - width

    while excess() > 0:
        droppable = [column for column in shown if column.keep < 9]
        first = min((column.keep for column in droppable), default=9)
        spare = {one: one.width - (one.whole if first < one.over else one.least) for one in shown}
        soft = [column for column in shown if spare[column] > 0]
        if soft and excess() <= sum(spare[column] for column in soft):
            widest = max(soft, key=lambda column: column.width)
            widest.width -= 1
            continue
        if not droppable:
            for column in soft:
                column.width = column.least
            break
        shown.remove(min(droppable, key=lambda column: column.keep))
    return shown


def render(columns: Sequence[Column], width: int | None, style: Callable[[int, str], str] | None = None) -> list[str]:
    """The lines of a table with a header; `style` may colour the line of a row."""
    columns = fit(columns, width)
    lines = [GAP.join(column.cell(column.title) for column in columns).rstrip()]
    for row in range(len(columns[0].cells) if columns else 0):
        line = GAP.join(column.cell(column.cells[row]) for column in columns).rstrip()
        lines.append(style(row, line) if style else line)
    if style:
        lines[0] = f"{BOLD}{lines[0]}{RESET}"
    return lines


def comparison_table(comparison: Comparison, *, width: int | None, colour: bool) -> str:
    """One line a scenario; assumed figures carry `~`, and what one should know stands below."""
    if not comparison.scenarios:
        return "no scenarios\n"
    columns = comparison_columns(comparison)
    lines = render(columns, width, (lambda _, line: line.replace("~", f"{AMBER}~{RESET}")) if colour else None)
    notes = comparison_notes(comparison, marked=any("~" in line for line in lines))
    if notes:
        lines.append("")
        lines += [f"{DIM}{note}{RESET}" if colour else note for note in wrapped(notes, width)]
    return "\n".join(lines) + "\n"


def comparison_columns(comparison: Comparison) -> list[Column]:
    """The columns in which every format for people shows a comparison: a row a scenario, then one a total.

    The baseline is marked with a diamond.
    """
    rows, sums = comparison.scenarios, comparison.totals
    question = comparison.question
    empty = [""] * len(sums)
    metric_key = METRICS[question.metric]

    def results(key: str) -> list[str]:
        known = [*(one.results.get(key) for one in rows), *(one.results.get(key) for one in sums)]
        kind = RESULTS[key].kind
        unit = display.unit_for([one.value for one in known if one is not None], kind)
        cells = [
            display.UNKNOWN if one is None else display.marked(one, kind, display.suited(one.value, kind, unit))
            for one in known
        ]
        return aligned(cells if key in SUMMED else [*cells[: len(rows)], *empty])

    def inputs(key: str) -> list[str]:
        return aligned([*(input_text(one, key) for one in rows), *empty])

    found = [*(one.results.get(metric_key) for one in rows), *(one.results.get(metric_key) for one in sums)]
    kind = RESULTS[metric_key].kind
    unit = display.unit_for([one.value for one in found if one is not None], kind)
    intervals = [
        display.interval(*ends, kind, display.suited(one.value, kind, unit)) if one and (ends := one.interval) else ""
        for one in found
    ]
    names = [("◆ " if n == question.baseline else "  ") + one.name for n, one in enumerate(rows)]
    sum_names = [f"  {total_name(one)}" for one in sums]
    return [
        # A name says what hardware and region would.
        Column("  scenario", names + sum_names, right=False, least=16, whole=26, over=5),
        Column("hardware", [*(part_name(one, "hardware") for one in rows), *empty], keep=3, right=False, least=8),
        Column("region", [*(part_name(one, "region") for one in rows), *empty], keep=4, right=False, least=10),
        Column("chips", inputs("chips"), keep=6),
        Column("duration", results("duration_h"), keep=7),
        *(Column("count", inputs("count"), keep=5) for _ in range(any("count" in one.inputs for one in rows))),
        Column("power", inputs("power"), keep=2),
        Column("PUE", inputs("pue"), keep=1),
        Column("energy", results("energy_kwh")),
        Column("gross CO2e", results("gross_kgco2e")),
        Column("net CO2e", results("net_kgco2e")),
        *(Column(question.metric, results(metric_key), keep=9) for _ in range(question.metric in ("water", "cost"))),
        Column(
            f"x {question.metric}",
            aligned([*(ratio_text(r.get(question.metric)) for r in comparison.ratios), *empty], UNLIKE),
        ),
        Column("90 % range", intervals, keep=8),
    ]


def total_lines(comparison: Comparison, width: int | None) -> list[str]:
    """The totals alone as a table with a header, in the units of the comparison."""
    count = len(comparison.scenarios)
    shown = [column for column in comparison_columns(comparison) if any(cell.strip() for cell in column.cells[count:])]
    first, *rest = [Column(c.title, c.cells[count:], keep=c.keep, right=c.right, least=c.least) for c in shown]
    first.title = ""
    return render([first, *rest], width)


def total_name(total: Total) -> str:
    """What a total is called in a table."""
    return "total" if total.group is None else f"total {total.group}"


def comparison_notes(comparison: Comparison, *, marked: bool, remedy: bool = True) -> list[str]:
    """What stands below the columns; `marked` says whether a figure among them carries the mark of an assumption, and
    `remedy` leaves out for a paper what to add to a SPEC."""
    notes = published_lines(comparison) + _estimate_lines(comparison)
    if marked:
        notes.append("~ rests on an assumption")
    notes += _missing_lines(comparison, remedy=remedy)
    notes += total_notes(comparison)
    unlike = any(r.unlike for one in comparison.ratios if (r := one.get(comparison.question.metric)) is not None)
    notes += [
        f"{UNLIKE} {said}" if unlike and one.key == "coverage" else said
        for one in comparison.crossings
        for said in [crossing_text(one, *([] if remedy else [""]))]
    ]
    notes += shared_notes(comparison)
    if comparison.question.metric == "cost":
        notes += _price_lines(comparison)
    if comparison.question.accounting != "as-published":
        notes.append(f"accounting: {display.factors_of(comparison.question.accounting)}")
    return notes


def _price_lines(comparison: Comparison) -> list[str]:
    """Of what the prices are that were looked up."""
    prices = (one.inputs.get("price") for one in comparison.scenarios)
    dates = {str(price.way.more) for price in prices if price is not None and price.way.kind == "offer"} - {""}
    return [f"cost: on-demand list prices of {listed(sorted(dates))}"] if dates else []


def _estimate_lines(comparison: Comparison) -> list[str]:
    """What the energy would have been estimated at where one was entered."""
    lines = []
    for one in comparison.scenarios:
        if (found := one.estimate.get("energy_kwh")) is not None:
            ends = f", 90 % range {display.interval(*found.interval, 'energy')}" if found.interval else ""
            lines.append(f"estimate, {one.name}: energy {display.shown(found.value, 'energy')}{ends}")
    return lines


def total_notes(comparison: Comparison) -> list[str]:
    """Caveats on the totals: parts that are unknown, mixed kinds of carbon factors, and where the
    median of a sum is well above the sum of the medians."""
    key, metric = comparison.metric_key, comparison.question.metric
    kind, lines = RESULTS[key].kind, []
    for one in comparison.totals:
        name = total_name(one)
        if one.unknown and key in SUMMED:
            rest = f"; the others sum to {display.shown(one.known[key].value, kind)}" if key in one.known else ""
            lines.append(
                f"{name}: {metric} of {one.unknown} of {count_of(len(one.scenarios), 'scenario')} is unknown{rest}"
            )
        if mixed := [MIXED[text] for text in one.mixed if text in RATED_BY.get(metric, ())]:
            lines.append(f"{name}: adds up CO2e {listed(mixed)}")
        found = one.results.get(key)
        if found is not None and found.median is not None and found.median > _SKEWED * found.value:
            median = display.shown(found.median, kind)
            lines.append(
                f"{name}: the middle of its range is {median}, above the sum: each scenario may turn out far above its"
                " figure, but not as far below it"
            )
    return lines


def _missing_lines(comparison: Comparison, *, remedy: bool) -> list[str]:
    """Of each scenario whose metric is unknown, what it lacks, and the least to add."""
    metric = comparison.question.metric
    lacking = ((one.name, missing_text(one, metric, remedy=remedy)) for one in comparison.scenarios)
    return [f"{name}: {text}" for name, text in lacking if text]


def shared_notes(comparison: Comparison) -> list[str]:
    """The notes of the scenarios, each with the names of those that it is about."""
    about: dict[str, list[str]] = {}
    for one in comparison.scenarios:
        for note in notes_of(one):
            about.setdefault(note, []).append(one.name)
    return [
        f"{', '.join(names) if len(names) < 3 else f'{len(names)} scenarios'}: {note}" for note, names in about.items()
    ]


def published_lines(comparison: Comparison) -> list[str]:
    """What the authors of the runs published, for comparison with what follows from the inputs."""
    lines = []
    for one in comparison.scenarios:
        if one.published:
            figures = [
                f"{label} {as_printed(one.published[key].value, RESULTS[key].kind)}"
                for key, label in (("energy_kwh", "energy"), ("gross_kgco2e", "gross"), ("net_kgco2e", "net"))
                if key in one.published
            ]
            if figures:
                lines.append(f"published, {one.name}: {', '.join(figures)}")
    return lines


def as_printed(value: float, kind: str) -> str:
    """A published figure with the digits that it was published with, in the unit that fits."""
    unit, size = display.unit_for([value], kind)
    return f"{display.plain(value / size)} {unit}"


def wrapped(notes: Sequence[str], width: int | None) -> list[str]:
    """The notes in lines that fit."""
    if width is None:
        return list(notes)
    from textwrap import wrap

    return [
        line for note in notes for line in wrap(note, width, subsequent_indent="  ", break_on_hyphens=False) or [""]
    ]


def result_text(one: Filled, key: str, unit: tuple[str, float] | None = None) -> str:
    """A result as a cell: rounded, with its unit and the mark of an assumption."""
    result = one.results.get(key)
    return display.UNKNOWN if result is None else display.marked(result, RESULTS[key].kind, unit)


def input_text(one: Filled, key: str) -> str:
    """An input, or what followed for it, as a cell."""
    quantity = QUANTITIES[key]
    found = one.inputs.get(key) or one.results.get(quantity.file_key)
    return display.UNKNOWN if found is None else display.marked(found, quantity.kind)


def ratio_text(ratio: Ratio | None) -> str:
    """A ratio as a cell, with a mark where it is of carbon factors of different coverage."""
    if ratio is None:
        return display.UNKNOWN
    return display.times(ratio.value) + (f" {UNLIKE}" if ratio.unlike else "")


def aligned(cells: list[str], mark: str = display.ASSUMED) -> list[str]:
    """The cells with room for the mark, so that the figures of a column line up."""
    if not any(cell.endswith(" " + mark) for cell in cells):
        return cells
    return [cell if cell.endswith(" " + mark) else cell + "  " for cell in cells]


def part_name(one: Filled, part: str) -> str:
    """The name of a scenario's hardware or region, or its id where no record has it."""
    found = getattr(one, part)
    if found is not None:
        return str(found.record.name)
    return getattr(one.scenario, part) or display.UNKNOWN
