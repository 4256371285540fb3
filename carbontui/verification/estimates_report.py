"""What `carbontui verify --estimates` prints: the report as a table, as Markdown and as JSON's own types."""

from __future__ import annotations

from carbontui.engine.uncertainty import interval90
from carbontui.text import display
from carbontui.text.table import Column
from carbontui.verification.estimates import Report
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
        "runs": [
            {
                "method": case.method,
                "run": case.measured.run.id,
                "group": case.measured.group,
                "estimate": case.predicted.median,
                "interval90": [case.predicted.low, case.predicted.high],
                "truth": case.measured.ratio,
                "covered": case.covered,
            }
            for case in report.cases
        ],
        "methods": [
            {
                "method": one.method,
                "runs": one.runs,
                "covered": one.covered,
                "least_covered": one.least_covered,
                "ratio": one.ratio,
                "largest_ratio": one.largest_ratio,
                "holds": one.holds,
            }
            for one in report.summaries
        ],
        "calibration": [
            {
                "name": one.name,
                "median": one.taken.median,
                "spread": one.taken.spread,
                "fitted": {"median": one.fitted.median, "spread": one.fitted.spread},
            }
            for one in report.constants
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
        "left_out": [{"of": one.of, "run": one.run, "reason": one.reason} for one in report.left_out],
    }


def problems(report: Report) -> list[str]:
    """What does not hold, a sentence each."""
    found = [
        f"{one.method}: {one.covered} of {one.runs} runs are covered, asked are {one.least_covered};"
        f" upper over lower end is {one.ratio:.2f}, asked is at most {one.largest_ratio}"
        for one in report.summaries
        if not one.holds
    ]
    return found + [
        f"{one.name}: {_estimate(one.taken)} is taken, the runs give {_estimate(one.fitted)}"
        for one in report.constants
        if one.differs
    ]


def in_a_line(report: Report) -> str:
    """Whether the methods do what is asked, and the figures are those of the runs."""
    holding = sum(one.holds for one in report.summaries)
    same = sum(not one.differs for one in report.constants)
    methods, figures = len(report.summaries), len(report.constants)
    return f"{holding} of {methods} methods hold; {same} of {figures} figures taken are what the runs give"


def _tables(report: Report) -> Iterator[tuple[str, list[Column]]]:
    """Title and columns of each table."""
    for one in report.summaries:
        cases = [case for case in report.cases if case.method == one.method]
        yield (
            one.method,
            [
                Column("run", [case.measured.run.id for case in cases], right=False, least=16),
                Column("of", [case.measured.group for case in cases], right=False, keep=1),
                Column("estimate", [_ratio(case.predicted.median) for case in cases], keep=2),
                Column("90 % interval", [_ends(case.predicted) for case in cases]),
                Column("truth", [_ratio(case.measured.ratio) for case in cases]),
                Column("", [_covered(case.covered) for case in cases], right=False),
            ],
        )
    energies, constants, methods = report.energies, report.constants, report.summaries
    yield (
        "energy over what was published, from TDP and as estimated with the hardware left out",
        [
            Column("run", [one.system for one in energies], right=False),
            Column("from TDP", [_ratio(one.from_tdp) for one in energies]),
            Column("estimate", [_ratio(one.estimated.median) for one in energies]),
            Column("90 % interval", [_ends(one.estimated) for one in energies]),
            Column("", [_covered(one.estimated.covers(1)) for one in energies], right=False),
        ],
    )
    yield (
        "what is taken",
        [
            Column("figure", [one.name for one in constants], right=False, least=16),
            Column("median", [f"{one.taken.median:.2f}" for one in constants]),
            Column("90 % interval", [_interval_of(one.taken) for one in constants]),
            Column("", [f"the runs give {_estimate(one.fitted)}" if one.differs else "" for one in constants]),
        ],
    )
    yield (
        "what is asked",
        [
            Column("method", [one.method for one in methods], right=False, least=12),
            Column("covered", [f"{one.covered} of {one.runs}" for one in methods]),
            Column("asked", [f"{one.least_covered}" for one in methods]),
            Column("upper/lower end", [f"{one.ratio:.2f}" for one in methods]),
            Column("asked", [f"{one.largest_ratio}" for one in methods]),
            Column("", ["holds" if one.holds else "does not hold" for one in methods], right=False),
        ],
    )


def _left_out(report: Report) -> list[str]:
    """A line for each calibration and reason."""
    runs: dict[tuple[str, str], list[str]] = {}
    for one in report.left_out:
        runs.setdefault((one.of, one.reason), []).append(one.run)
    return [f"left out of {of}, {reason}: {listed(names)}" for (of, reason), names in runs.items()]


def _ratio(value: float) -> str:
    return display.significant(value)


def _ends(interval: Interval) -> str:
    return f"{display.significant(interval.low, 2)} to {display.significant(interval.high, 2)}"


def _covered(covered: bool) -> str:
    return "covered" if covered else "missed"


def _interval_of(estimate: Estimate) -> str:
    return _ends(Interval(estimate.median, *interval90(estimate.median, estimate.spread)))


def _estimate(estimate: Estimate) -> str:
    return f"{estimate.median:g} ± {display.shown(estimate.spread, 'share')}"
