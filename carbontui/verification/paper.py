"""The tables and claims of Patterson et al. 2021 (arXiv:2104.10350), recomputed from what is registered.

"Reproduced" is a theorem, not a tolerance: a printed figure stands for the interval of values that round to it, and a
registered one for itself with the half-width of its printed text. A result *follows* when the interval from its inputs
meets that of its printed text. What the rounding of other inputs can hide, such as GPT-3 at 331 W, cannot be found.
"""

from __future__ import annotations

from decimal import Context, localcontext

from carbontui.engine.scenario import Scenario
from carbontui.engine.solver import fill
from carbontui.verification.claims import claims
from carbontui.verification.printed_intervals import (
    FOLLOWS,
    FOLLOWS_NOT,
    IN_PART,
    NOT_KNOWN,
    SAME,
    printed,
    rounded,
)
from carbontui.verification.tables import (
    CLAIMS,
    COMPUTE,
    ENERGY,
    ENERGY_COLUMNS,
    GROSS,
    GROSS_OF_PRINTED,
    JET,
    NAS_ESTIMATE,
    NET,
    NET_OF_PRINTED,
    OF_GOOGLE,
    OF_JET,
    OF_NAS,
    SYSTEMS,
    TABLE_1,
    TABLE_4,
    Check,
    Row,
    percent_of_google,
)
from carbontui_registry.catalogue import Catalogue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def verify(catalogue: Catalogue) -> list[Check]:
    """Every cell of Tables 1 and 4 that follows from others, and every claim of the text on them.

    Raises `UnknownName` where a model, hardware or region of theirs is not registered.
    """
    # Without traps what is unknown stays unknown through all arithmetic.
    with localcontext(Context(prec=28, traps=[])):
        rows = {row.system: row for row in (*_rows(TABLE_4, catalogue), *_rows(TABLE_1, catalogue))}
        checks = [check for row in rows.values() for check in _cells(row)]
        return [*checks, *claims(rows, catalogue)]


def _rows(table: str, catalogue: Catalogue) -> Iterator[Row]:
    from csv import DictReader
    from importlib.resources import files

    name = f"{table.replace(' ', '').lower()}.csv"
    for texts in DictReader(files("carbontui_paper").joinpath(name).read_text("utf-8").splitlines()):
        system = texts["model" if table == TABLE_4 else "case"]
        model, hardware, region = SYSTEMS[system]
        filled = fill(Scenario(model=model, hardware=hardware, region=region), catalogue)
        # Without this very run the scenario is filled in from others, and from assumptions.
        yield Row(table, system, texts, filled if filled.published else None)


def _cells(row: Row) -> Iterator[Check]:
    column, unit, name = ENERGY_COLUMNS[row.table]
    yield row.check(ENERGY, name, column, row.energy / unit, _with_unrounded_days(row))
    yield row.check(COMPUTE, "FLOP", "total_flops", row.compute)
    energy = row.printed(column) * unit
    yield row.check(GROSS, "t", "gross_t", row.co2e("gross") / 1000)
    if row.table == TABLE_4:
        yield row.check(GROSS_OF_PRINTED, "t", "gross_t", energy * row.figure("gross") / 10**6)
    yield row.check(NET, "t", "net_t", row.co2e("net") / 1000)
    if row.table == TABLE_1:
        return
    net = row.printed("net_t")
    yield row.check(NET_OF_PRINTED, "t", "net_t", energy * row.figure("net") / 10**6)
    yield row.check(OF_NAS, "", "frac_nas284", net / printed(NAS_ESTIMATE))
    divisor = net / row.printed("frac_jet180")
    reason = f"the table divides by {divisor.low:.2f} to {divisor.high:.2f} t, not by the documented {JET} t"
    reason = "" if divisor.meets(printed(JET)) else reason
    yield row.check(OF_JET, "", "frac_jet180", net / printed(JET), reason)
    yield row.check(OF_GOOGLE, "%", "pct_google2019", percent_of_google(energy))


def _with_unrounded_days(row: Row) -> str:
    days = row.derived_days
    if row.has_duration or days.unknown:
        return ""
    column, unit, name = ENERGY_COLUMNS[row.table]
    energy = row.energy.mid * days.mid * 24 / row.duration.mid / unit
    return (
        f"the days are derived from compute and printed as {row.texts['days']};"
        f" unrounded, {days.mid:.5g}, they give {rounded(energy, row.texts[column])} {name}"
    )


def summary(checks: list[Check]) -> str:
    """All verdicts in one line, and whether any differs from its record."""
    cells = [check for check in checks if check.table != CLAIMS]
    on_text = [check for check in checks if check.table == CLAIMS]
    distinct = len({(check.table, check.system, check.cell.partition(" from ")[0]) for check in cells})
    differing = sum(not check.as_recorded for check in checks)
    on_claims = f"{len(on_text)} on {len({check.system for check in on_text})} claims: {_counted(on_text)}"
    said = "differs from its record" if differing == 1 else "differ from their record"
    end = f"{differing} {said}" if differing else "nothing differs"
    return f"{len(cells)} checks on {distinct} cells: {_counted(cells)}; {on_claims}; {end}"


def _counted(checks: list[Check]) -> str:
    """How many checks have each verdict, in the words for several."""
    several = {FOLLOWS: "follow", IN_PART: "follow in part", FOLLOWS_NOT: "do not follow"}
    counts = {
        several.get(known, known): sum(check.verdict == known for check in checks)
        for known in (SAME, FOLLOWS, IN_PART, FOLLOWS_NOT, NOT_KNOWN)
    }
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number)
