"""What `carbontui verify --estimates` prints: the report as a table, as Markdown and as JSON's own types."""

from __future__ import annotations

from math import inf

from carbontui.engine import calibration
from carbontui.engine.calibration import BySize
from carbontui.engine.uncertainty import interval90
from carbontui.text import display
from carbontui.text.table import Column
from carbontui.verification.estimates import BY_SOURCE, TOGETHER, Asked, Report, Summary
from carbontui.verification.random_effects import Interval
from carbontui_registry.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbontui.engine.calibration import Estimate


def as_text(report: Report, width: int | None) -> str:
    """The report as tables of text that fit into `width` columns, if there is a width."""
    from carbontui.text.table import render

    parts = ["\n".join([title, *render(columns, width)]) for title, columns in _tables(report)]
    return "\n\n".join([*parts, "\n".join(_left_out(report)), in_a_line(report)]) + "\n"


def as_markdown(report: Report) -> str:
    """The report as tables of Markdown."""
    from carbontui.text.markdown import escape, table

    parts = ["\n".join([f"## {escape(title)}\n", *table(columns)]) for title, columns in _tables(report)]
    parts.append("\n".join(f"- {escape(line)}" for line in _left_out(report)))
    return "\n\n".join([*parts, escape(in_a_line(report))]) + "\n"


def as_data(report: Report) -> dict[str, object]:
    """The report as JSON's own types; ratios in full."""
    return {
        "cases": [
            {
                "method": case.method,
                case.measured.record.kind: case.measured.record.id,
                "group": case.measured.group,
                "source": case.measured.source,
                "estimate": case.predicted.median,
                "interval90": [case.predicted.low, case.predicted.high],
                "truth": case.measured.ratio,
                "covered": case.covered,
                "score": case.score,
            }
            for case in report.cases
        ],
        "methods": [
            {
                "method": one.method,
                "cases": one.runs,
                **{key: getattr(one, key) for key in ("covered", "ratio", "score")},
                "truth_over_estimate": one.truth,
                "asked": _asked(one.asked),
                "holds": one.holds,
            }
            for one in report.summaries
        ],
        "calibration": [
            {"name": one.name, **_fields(one.taken), "fitted": _fields(one.fitted)} for one in report.constants
        ],
        "energy_over_published": [
            {
                "system": one.system,
                "from_tdp": one.from_tdp,
                "estimate": one.estimated.median,
                "interval90": [one.estimated.low, one.estimated.high],
            }
            for one in report.energies
        ],
        "left_out": [{"run": one.run, "reason": one.reason} for one in report.left_out],
    }


def _asked(asked: Asked) -> dict[str, object]:
    """What is asked, as JSON's own types."""
    given = {"covered": asked.covered, "ratio": asked.ratio, "score": asked.score}
    known: dict[str, object] = {key: value for key, value in given.items() if value not in (0, inf)}
    return known | ({"truth_over_estimate": list(asked.truth)} if asked.truth != Asked().truth else {})


def _fields(figure: Estimate | BySize) -> dict[str, float]:
    return {field: getattr(figure, field) for field in type(figure)._fields}


def problems(report: Report) -> list[str]:
    """What does not hold, a sentence each."""
    found = []
    for one in report.summaries:
        if not one.holds:
            parts = (f"{title} {value} {asked}" for title, value, asked in _figures(one) if asked)
            found.append(f"{one.method}: {', '.join(parts)}")
    return found + [
        f"{one.name}: {_figure(one.taken)} is in use, but the records give {_figure(one.fitted)}"
        for one in report.constants
        if one.differs
    ]


def in_a_line(report: Report) -> str:
    """Whether the methods do what is asked, and the figures are those of the records."""
    asked = [one for one in report.summaries if one.asked != Asked()]
    holding = sum(one.holds for one in asked)
    same = sum(not one.differs for one in report.constants)
    figures = len(report.constants)
    return f"{holding} of {len(asked)} methods hold; {same} of {figures} figures in use match the records"


def _figures(one: Summary) -> list[tuple[str, str, str]]:
    """How a method stands: each figure's title, the figure, and what is asked of it, "" where nothing is."""
    asked = one.asked
    low, high = asked.truth
    return [
        ("covered", f"{one.covered} of {one.runs}", f"(>= {asked.covered})" if asked.covered else ""),
        ("high/low", f"{one.ratio:.2f}", f"(<= {asked.ratio:g})" if asked.ratio < inf else ""),
        ("score", f"{one.score:.2f}", f"(<= {asked.score:g})" if asked.score < inf else ""),
        ("truth/estimate", f"{one.truth:.2f}", f"({low:g} to {high:g})" if high < inf else ""),
    ]


def _tables(report: Report) -> Iterator[tuple[str, list[Column]]]:
    """Title and columns of each table."""
    for method, cases in report.methods.items():
        # Those are in other tables.
        if method in (TOGETHER, BY_SOURCE):
            continue
        yield (
            method,
            [
                Column(cases[0].measured.record.kind, [c.measured.record.id for c in cases], right=False, least=16),
                Column("of", [case.measured.group for case in cases], right=False, keep=1),
                Column("estimate", [_ratio(case.predicted.median) for case in cases], keep=2),
                Column("90 % range", [_ends(case.predicted) for case in cases]),
                Column("truth", [_ratio(case.measured.ratio) for case in cases]),
                Column("", [_covered(case.covered) for case in cases], right=False),
            ],
        )
    energies, constants, methods = report.energies, report.constants, report.summaries
    yield (
        "energy relative to what was published: from TDP, and estimated with the hardware left out",
        [
            Column("run", [one.system for one in energies], right=False),
            Column("from TDP", [_ratio(one.from_tdp) for one in energies]),
            Column("estimate", [_ratio(one.estimated.median) for one in energies]),
            Column("90 % range", [_ends(one.estimated) for one in energies]),
            Column("", [_covered(one.estimated.covers(1)) for one in energies], right=False),
        ],
    )
    yield (
        "figures in use",
        [
            Column("figure", [one.name for one in constants], right=False, least=16),
            Column("median", [f"{one.taken.median:.2f}" for one in constants]),
            Column("90 % range", [_interval_of(one.taken) for one in constants]),
            Column("", [f"the records give {_figure(one.fitted)}" if one.differs else "" for one in constants]),
        ],
    )
    figures = [_figures(one) for one in methods]
    titles = [title for title, _, _ in figures[0]]
    columns = [
        Column(title, [f"{value} {asked}".rstrip() for _, value, asked in column], right=False)
        for title, column in zip(titles, zip(*figures, strict=True), strict=True)
    ]
    held = ["" if one.asked == Asked() else "holds" if one.holds else "does not hold" for one in methods]
    names = Column("method", [one.method for one in methods], right=False, least=12)
    yield "accuracy of each method, and what is required", [names, *columns, Column("", held, right=False)]


def _left_out(report: Report) -> list[str]:
    """A line for each reason."""
    runs: dict[str, list[str]] = {}
    for one in report.left_out:
        runs.setdefault(one.reason, []).append(one.run)
    return [f"left out of throughput, {reason}: {listed(names)}" for reason, names in runs.items()]


def _ratio(value: float) -> str:
    return display.significant(value)


def _ends(interval: Interval) -> str:
    return display.between(interval.low, interval.high)


def _covered(covered: bool) -> str:
    return "covered" if covered else "missed"


def _interval_of(figure: Estimate | BySize) -> str:
    if isinstance(figure, BySize):
        return _ends(Interval(figure.median, *calibration.by_size(figure, calibration.LARGE.median, 1e8)))
    return _ends(Interval(figure.median, *interval90(figure.median, figure.spread)))


def _figure(figure: Estimate | BySize) -> str:
    if isinstance(figure, BySize):
        return f"{figure.median:g} with {figure.slope:g} for e times the size, half an interval {figure.half:g}"
    return f"{figure.median:g} ± {display.shown(figure.spread, 'share')}"
