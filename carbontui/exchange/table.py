"""A comparison, or a list of records, as a table of text that fits the terminal."""

from __future__ import annotations

from carbontui import display
from carbontui.comparison import METRICS, Comparison
from carbontui.scenario import Filled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BOLD, DIM, AMBER, RESET = "\x1b[1m", "\x1b[2m", "\x1b[33m", "\x1b[0m"
GAP = "  "


class Column:
    """A column: its title, its cells, and whether it is left out (`keep` lowest first) or cut when room is short."""

    def __init__(self, title: str, cells: Sequence[str], *, keep: int = 9, right: bool = True, least: int = 0) -> None:
        self.title = title
        self.cells = list(cells)
        self.keep = keep
        self.right = right
        self.width = max((len(cell) for cell in (title, *cells)), default=0)
        self.least = least or self.width

    def cell(self, text: str) -> str:
        """The text in the column's width."""
        text = display.clipped(text, self.width)
        return text.rjust(self.width) if self.right else text.ljust(self.width)


def fit(columns: Sequence[Column], width: int | None) -> list[Column]:
    """The columns that fit: first texts are cut, then the least needed columns go; units are never cut."""
    shown = [column for column in columns if any(cell for cell in column.cells)]
    if width is None:
        return shown

    def excess() -> int:
        return sum(column.width for column in shown) + len(GAP) * (len(shown) - 1) - width

    while excess() > 0:
        soft = [column for column in shown if column.width > column.least]
        if soft and excess() <= sum(column.width - column.least for column in soft):
            widest = max(soft, key=lambda column: column.width)
            widest.width -= 1
            continue
        droppable = [column for column in shown if column.keep < 9]
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
    """The columns in which every format for people shows a comparison; the baseline is marked with a diamond."""
    rows = comparison.scenarios
    question = comparison.question
    ratios = [r[question.metric].value if question.metric in r else None for r in comparison.ratios]

    def results(key: str) -> list[str]:
        unit = display.unit_for((one.result(key) for one in rows), display.kind_of(key))
        return aligned([result_text(one, key, unit) for one in rows])

    def inputs(key: str, kind: str) -> list[str]:
        return aligned([input_text(one, key, kind) for one in rows])

    intervals = []
    metric_key = METRICS[question.metric]
    kind = display.kind_of(metric_key)
    unit = display.unit_for((one.result(metric_key) for one in rows), kind)
    for one in rows:
        found = one.results[metric_key].interval if metric_key in one.results else None
        intervals.append(display.interval(*found, kind, unit) if found else "")
    names = [("◆ " if n == question.baseline else "  ") + one.name for n, one in enumerate(rows)]
    return [
        Column("  scenario", names, right=False, least=16),
        Column("hardware", [part_name(one, "hardware") for one in rows], keep=3, right=False, least=8),
        Column("region", [part_name(one, "region") for one in rows], keep=4, right=False, least=10),
        Column("chips", inputs("chips", "number"), keep=6),
        Column("duration", results("duration_h"), keep=7),
        Column("power", inputs("power", "power"), keep=2),
        Column("PUE", inputs("pue", "pue"), keep=1),
        Column("energy", results("energy_kwh")),
        Column("gross CO2e", results("gross_kgco2e")),
        Column("net CO2e", results("net_kgco2e")),
        Column(f"x {question.metric}", [display.times(r) for r in ratios]),
        Column("90 % interval", intervals, keep=5),
    ]


def comparison_notes(comparison: Comparison, *, marked: bool) -> list[str]:
    """What stands below the columns; `marked` says whether a figure among them carries the mark of an assumption."""
    notes = published_lines(comparison)
    if marked:
        notes.append("~ rests on an assumption")
    notes += comparison.crossings
    notes += [f"{one.name}: {note}" for one in comparison.scenarios for note in one.notes]
    if comparison.question.accounting != "as-published":
        notes.append(f"accounting: {comparison.question.accounting} carbon factors only")
    return notes


def published_lines(comparison: Comparison) -> list[str]:
    """What the authors of the runs published, for comparison with what follows from the inputs."""
    lines = []
    for one in comparison.scenarios:
        if one.published:
            figures = [
                f"{label} {as_printed(one.published[key].value, display.kind_of(key))}"
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

    return [line for note in notes for line in wrap(note, width, subsequent_indent="  ") or [""]]


def result_text(one: Filled, key: str, unit: tuple[str, float] | None = None) -> str:
    """A result as a cell: rounded, with its unit and the mark of an assumption."""
    result = one.results.get(key)
    if result is None:
        return display.UNKNOWN
    mark = f" {display.ASSUMED}" if result.basis == "assumed" else ""
    return display.shown(result.value, display.kind_of(key), unit) + mark


def input_text(one: Filled, key: str, kind: str) -> str:
    """An input as a cell."""
    found = one.inputs.get(key)
    if found is None:
        return display.UNKNOWN
    return display.shown(found.value, kind) + (f" {display.ASSUMED}" if found.basis == "assumed" else "")


def aligned(cells: list[str]) -> list[str]:
    """The cells with room for the mark, so that the figures of a column line up."""
    if not any(cell.endswith(" " + display.ASSUMED) for cell in cells):
        return cells
    return [cell if cell.endswith(" " + display.ASSUMED) else cell + "  " for cell in cells]


def part_name(one: Filled, part: str) -> str:
    """The name of a scenario's hardware or region, or its id where no record has it."""
    found = getattr(one, part)
    if found is not None:
        return str(found.record.name)
    return getattr(one.scenario, part) or display.UNKNOWN
