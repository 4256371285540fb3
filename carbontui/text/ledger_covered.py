"""Of which runs an account's figures are, what the others lack, and which PUE is in their energy: for people."""

from __future__ import annotations

from carbontui.engine.ledger.account import Account, Part
from carbontui.engine.ledger.lacking import ASSUMED, TOLD, Lacking
from carbontui.quantities import LABELS, METRICS
from carbontui.text import display
from carbontui.text.ledger_names import SLURM
from carbontui_registry.text import count_of, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui.engine.ledger.account import Covered
    from carbontui.engine.ledger.lacking import UsedPue


def covers(part: Part, key: str) -> str:
    """How much of a group's chip-hours, or else core-hours, the runs have that its sum is of."""
    covered = part.covered.get(key)
    if covered is None or covered.runs == part.runs:
        return "all runs" if covered is not None else ""
    return next((f"{share} of {name}" for share, name in _shares(part, covered)), "")


def _shares(part: Part, covered: Covered) -> list[tuple[str, str]]:
    """How much of which hours of some runs belongs to those that are covered."""
    found = []
    for name, some, whole in (
        ("chip-hours", covered.chip_hours, part.chip_hours),
        ("core-hours", covered.core_hours, part.core_hours),
    ):
        if whole:
            share = display.shown(some / whole, "share")
            # Nearly all is not all.
            found.append(("> 99 %" if some < whole and share == "100 %" else share, name))
    return found


def incomplete(account: Account) -> str:
    """Of how many runs and of how much of their time the total is, and what the others lack; "" where it is of all."""
    total = account.total
    if not total.unknown:
        return ""
    covered = total.covered.get(METRICS[account.metric])
    shares = [f"{share} of the {name}" for share, name in _shares(total, covered)[:1]] if covered is not None else []
    lines = f"the total covers {', '.join([of_runs(total.runs - total.unknown, total.runs), *shares])}"
    if missing(account):
        return lines
    lacks = LABELS["energy_kwh" if _energyless(total) == total.unknown else METRICS[account.metric]]
    return f"{lines}: {total.unknown:,} {'has' if total.unknown == 1 else 'have'} no known {lacks}"


def missing(account: Account) -> list[str]:
    """What a cluster file can say of runs of Slurm that lack it, each with how many do."""
    lacks, found = account.lacks, []
    if lacks.placeless and SLURM in lacks.placeless_tools and account.metric != "energy":
        found.append(f"region ({count_of(lacks.placeless, 'run')})")
    return found + _machines(lacks)


def _machines(lacks: Lacking) -> list[str]:
    if SLURM not in lacks.energyless_tools:
        return []
    parts = (("W per CPU core", lacks.powerless), ("type of GPU", lacks.nameless))
    return [f"{name} ({count_of(runs, 'run')})" for name, runs in parts if runs]


def lacking_notes(account: Account) -> list[str]:
    """What would make runs known that have no figure."""
    lacks, found = account.lacks, []
    if said := _machines(lacks):
        found.append(f"some energy is unknown because a cluster file does not say: {', '.join(said)}")
    if lacks.placeless and account.metric != "energy":
        runs, they = ("run has", "it") if lacks.placeless == 1 else ("runs have", "they")
        they = they if lacks.placeless_tools == (SLURM,) else "the Slurm jobs"
        hint = f"; add a cluster file that says where {they} ran" if SLURM in lacks.placeless_tools else ""
        found.append(f"{lacks.placeless:,} unknown {runs} no region{hint}")
    return found


def hourless_notes(account: Account) -> list[str]:
    """Of how many runs the hours are in no sum, and whether their energy is in one all the same."""
    found, runs = account.hourless, account.hourless.chips + account.hourless.cores
    if not runs:
        return []
    hours = listed([name for name, some in (("chip-hours", found.chips), ("core-hours", found.cores)) if some])
    whose = "its energy counts" if runs == 1 else "their energy counts"
    counts = f"the energy of {found.counted:,} of these counts" if found.counted < runs else whose
    counts = f"; {counts}" if found.counted else ""
    return [f"{hours} of {of_runs(runs, account.total.runs)} are unknown and left out of the hours{counts}"]


def pue_notes(account: Account) -> list[str]:
    """Which PUE is in the energy, and where it is from."""
    if account.metric == "cost" or not account.pues:
        return []
    several = len(account.pues) > 1 or account.pues[0].runs < account.total.runs
    parts = [_pue(one) + (f" for {count_of(one.runs, 'run')}" if several else "") for one in account.pues]
    assumed = next((one for one in account.pues if one.of == ASSUMED), None)
    hint = "; a cluster file can give that of the Slurm cluster" if assumed and SLURM in assumed.tools else ""
    return [f"energy includes a PUE of {listed(parts)}{hint}"]


def _pue(one: UsedPue) -> str:
    low, high = (display.shown(value, "pue") for value in (one.low, one.high))
    value = low if low == high else f"{low} to {high}"
    if one.of == ASSUMED:
        return f"{value} (assumed)"
    if one.of == TOLD:
        by = ["cluster file" if tool == SLURM else f"log of {tool}" if tool else "log" for tool in one.tools]
        return f"{value} ({listed(by)})"
    return f"{value} (region)"


def of_runs(some: int, runs: int) -> str:
    """How many of how many runs."""
    return f"{some:,} of {count_of(runs, 'run')}"


def not_in(total: Part, key: str, more: str) -> list[str]:
    """How many runs a total lacks, and how much of the hours and the energy belongs to those that it covers."""
    covered = total.covered.get(key)
    lacking = total.runs - (covered.runs if covered is not None else 0)
    said = []
    if lacking:
        line = f"{LABELS[key]} of {of_runs(lacking, total.runs)}{more} is unknown and left out of the sums"
        if covered is not None:
            parts = [f"{share} of the {name}" for share, name in _shares(total, covered)]
            if key != "energy_kwh" and covered.energy is not None:
                whole = total.sums["energy_kwh"].value
                of = "known energy" if _energyless(total) else "energy"
                share = f"{display.shown(covered.energy / whole, 'share')} of the {of}, " if whole else ""
                parts.append(f"{share}{display.shown(covered.energy, 'energy')}")
            runs = "run has" if covered.runs == 1 else f"{covered.runs:,} runs have"
            line += f"; the other {runs} {listed(parts)}" if parts else ""
        said.append(line)
    if covered is not None and key != "energy_kwh" and covered.without_energy:
        runs = "run" if covered.without_energy == 1 else "runs"
        said.append(f"{LABELS[key]} includes {covered.without_energy:,} {runs} whose energy is unknown")
    return said


def _energyless(part: Part) -> int:
    """How many runs have no energy."""
    return part.runs - (part.covered["energy_kwh"].runs if "energy_kwh" in part.covered else 0)
