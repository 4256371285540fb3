"""Drift: what the registry now says, held against what a file carries, field by field.

A file keeps its figures whatever the registry says; here each scenario that it carries is filled in again, as it was
asked for, and what comes out otherwise is named with its effect on the result. Nothing changes unless it is picked.
"""

from __future__ import annotations

import re

from carbontui.engine.assumptions import KAPLAN, OWN_ESTIMATE, UPTIME
from carbontui.engine.comparison import Question, compare, settled
from carbontui.engine.lookup import DESCRIBED_BY
from carbontui.engine.scenario import Filled, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.engine.sources import source_id
from carbontui.quantities import JOB, LIFETIME, MACHINE, MODEL, PLACE, QUANTITIES, RESULTS, TEXTS
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.figures import Figure, Source, cited
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PARTS = ("model", "hardware", "region", "run")
# Which quantities and texts rest on a record: without it the registry has no counterpart of theirs, only that of some
# other record, such as the hardware of the model's run.
_RESTING_ON = {
    "model": (MODEL, MACHINE, JOB, LIFETIME),
    "hardware": (MACHINE, JOB, LIFETIME),
    "region": (PLACE,),
    "run": (MODEL, MACHINE, PLACE, JOB, LIFETIME),
}
# A price belongs to a place, and is that of the hardware there.
_ON_HARDWARE = ("price",)
# Why the registry has nothing for a name.
GONE, AMBIGUOUS, OFF = "gone", "ambiguous", "off"
# The inputs that a text says something of.
_ABOUT = {
    "boundary": ("power",),
    "coverage": ("gross", "net"),
    "mix": ("gross", "net"),
    "grid_losses": ("gross", "net"),
    "net_basis": ("net",),
    "pue_kind": ("pue",),
}
# The results on which an effect is shown.
EFFECTS = ("duration_h", "energy_kwh", "gross_kgco2e", "net_kgco2e")


class Drift(Value):
    """One field of one scenario that differs between the registry and the file.

    `number` counts scenarios from 0; `key` is one of `QUANTITIES`, `TEXTS` or `PARTS`. `was` and `now` are a Figure
    or a text, None where there is none. `effects` gives, for each of `EFFECTS` that this field alone would change,
    the key, what follows from the file, and what would follow (None: unknown). Of one of `PARTS` that the registry
    does not have, `reason` says why: `GONE`, `AMBIGUOUS` (several plugins claim the name) or `OFF`.
    """

    number: int
    scenario: str
    key: str
    was: Figure | str | None
    now: Figure | str | None
    effects: tuple[tuple[str, float | None, float | None], ...] = ()
    reason: str = ""

    @property
    def file_key(self) -> str:
        """The key under which the field stands in files, with its unit."""
        return QUANTITIES[self.key].file_key if self.key in QUANTITIES else self.key


def drift(question: Question, catalogue: Catalogue, sources: Sources | None = None) -> list[Drift]:
    """Every difference between what the question's scenarios carry and what the registry now says.

    Figures whose source the registry has never heard of, such as a measurement that was read from a log, are the
    file's own and cannot drift. Whoever asks more than once of a catalogue passes its `sources`, as they are read from
    the whole of it. Raises `ScenarioError` where a scenario cannot be filled in as the file has it.
    """
    found = []
    own = sources or Sources(catalogue)
    for number, scenario in enumerate(question.scenarios):
        if scenario.carried or scenario.sealed:
            before = fill(scenario, catalogue, question.accounting)
            for one in _of_scenario(number, scenario, before, catalogue, question.accounting, own):
                after = update(question.replace(scenarios=(scenario,)), [one.replace(number=0)], [0])
                found.append(one.replace(effects=_effects(before, after.scenarios[0], catalogue, question.accounting)))
    return found


def stored(question: Question, results: Sequence[Mapping[str, float]], catalogue: Catalogue) -> list[Drift]:
    """Results that a file stores and that its own inputs do not give, as a change of the file by hand leaves them.

    `results` are those that the file has of each scenario, by their keys.
    """
    comparison = compare(settled(question, catalogue), catalogue)
    return [
        Drift(number, one.name, key, Figure(was, "derived"), None if now is None else Figure(now, "derived"))
        for number, (one, file) in enumerate(zip(comparison.scenarios, results, strict=False))
        for key in RESULTS
        if (was := file.get(key)) is not None and was != (now := one.result(key))
    ]


def update(question: Question, drifts: Iterable[Drift], chosen: Iterable[int]) -> Question:
    """The question with what was picked taken over from the registry; `chosen` are numbers in `drifts`, from 0.

    All else stays as the file has it. A part that the registry lacks cannot be taken over: picking it changes nothing.
    """
    every = list(drifts)
    scenarios = list(question.scenarios)
    by_scenario: dict[int, list[Drift]] = {}
    for n in dict.fromkeys(chosen):
        if every[n].key not in PARTS:
            by_scenario.setdefault(every[n].number, []).append(every[n])
    for number, picked in by_scenario.items():
        scenarios[number] = _updated(scenarios[number], picked)
    return question.replace(scenarios=tuple(scenarios))


def _updated(scenario: Scenario, picked: list[Drift]) -> Scenario:
    carried, texts = dict(scenario.carried), dict(scenario.texts)
    sealed = scenario.sealed
    keys = {one.key for one in picked}
    for one in picked:
        if isinstance(one.now, Figure):
            carried[one.key] = one.now
        elif isinstance(one.now, str):
            texts[one.key] = one.now
        else:
            carried.pop(one.key, None)
            texts.pop(one.key, None)
    # A run's duration holds for the run's chips, throughput and compute only.
    if keys & {"chips", "throughput", "compute"} and "duration" in carried and "duration" not in keys:
        del carried["duration"]
        given = {key for key, _ in scenario.given}
        sealed = sealed if "throughput" in {*carried, *given} else ""
    return scenario.replace(
        carried=tuple(carried.items()), texts=tuple(texts.items()), published=(), sealed=sealed, period=scenario.period
    )


def _of_scenario(
    number: int, scenario: Scenario, before: Filled, catalogue: Catalogue, accounting: str, own: Sources
) -> list[Drift]:
    """The differences of one scenario, without their effects."""
    gone = dict(_gone(scenario, catalogue))
    parts = [
        Drift(number, before.name, part, getattr(scenario, part), None, reason=reason) for part, reason in gone.items()
    ]
    # A run is of its model: without it there is nothing to hold the run's figures against.
    lost = {*gone, *(("run",) if "model" in gone and scenario.run is not None else ())}
    kept = {part for one in lost for part in _RESTING_ON[one]}
    if kept >= {MODEL, MACHINE, PLACE}:
        return parts
    asked = scenario.replace(
        sealed="",
        carried=(),
        texts=(),
        published=(),
        behind=(),
        **dict.fromkeys(lost),
        period=before.texts.get("period"),
    )
    best: list[Drift] | None = None
    errors: list[Exception] = []
    for asking in _askings(asked):
        try:
            now_filled = fill(asking, catalogue, accounting)
        except (ScenarioError, UnknownName) as error:
            errors.append(error)
            continue
        if any(_differs(part, before, now_filled) for part in PARTS[:3] if part not in lost):
            continue
        found = [
            one
            for one in _differences(number, before, now_filled, scenario, own, complete=not gone)
            if (QUANTITIES.get(one.key) or TEXTS[one.key]).part not in kept
            and not ("hardware" in lost and one.key in _ON_HARDWARE)
            # Files have the figures of the place of serving, not its name.
            and not (one.key.startswith("serving_") and scenario.serving is None)
        ]
        if best is None or len(found) < len(best):
            best = found
        if not best:
            break
    if best is None and errors:
        raise errors[0]
    return parts + (best or [])


def _askings(asked: Scenario) -> Iterator[Scenario]:
    """Ways in which the scenario may have been asked for; files do not say whether period and place were.

    The one that the registry still answers as the file does is right: in none of them has anything drifted then.
    """
    yield asked
    free = asked.replace(period=None)
    yield free
    for parts in (("region",), ("hardware",), ("hardware", "region")):
        yield free.replace(**dict.fromkeys(parts))


def _differs(part: str, before: Filled, now_filled: Filled) -> bool:
    """Whether another record was found than the file has."""
    found, was = getattr(now_filled, part), getattr(before, part)
    return (found.id if found else None) != (was.id if was else None)


def _gone(scenario: Scenario, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """The parts that the file names and the registry does not have for sure any more, each with the reason; a name of
    one's own, of something that the file describes by what was entered, never was there."""
    given = {key for key, _ in scenario.given}
    for part in PARTS:
        name = getattr(scenario, part)
        if name is not None and not given & set(DESCRIBED_BY.get(part, ())):
            try:
                catalogue.find(part, name)
            except UnknownName as error:
                yield part, AMBIGUOUS if error.ambiguous else OFF if error.switched_off else GONE


def _differences(
    number: int, before: Filled, now_filled: Filled, scenario: Scenario, own: Sources, *, complete: bool
) -> Iterator[Drift]:
    given = {key for key, _ in scenario.given}
    carried = dict(scenario.carried)

    def is_own(key: str) -> bool:
        return key in given or (key in before.inputs and not own.known(before.inputs[key].source))

    for key in QUANTITIES:
        was, now = carried.get(key) or _figure(before, key), _figure(now_filled, key)
        # What follows from others drifts with them.
        if key not in before.inputs and key not in carried and (was is not None or key not in now_filled.inputs):
            continue
        if _same(was, now) or is_own(key):
            continue
        # Where a part is unknown the registry has nothing to say; and a file without results does not say all.
        if (now is None and not complete) or (was is None and not scenario.sealed):
            continue
        yield Drift(number, before.name, key, was, now)
    for key in TEXTS:
        text, newer = before.texts.get(key), now_filled.texts.get(key)
        unsaid = (newer is None and not complete) or (text is None and not scenario.sealed)
        if text != newer and not unsaid and not any(is_own(about) for about in _ABOUT.get(key, ())):
            yield Drift(number, before.name, key, text, newer)


def _same(was: Figure | None, now: Figure | None) -> bool:
    if was is None or now is None:
        return was is now
    return (was.value, was.basis, was.spread or None) == (now.value, now.basis, now.spread or None)


def _figure(one: Filled, key: str) -> Figure | None:
    """An input, or what followed for it."""
    if key in one.inputs:
        return one.inputs[key].figure
    followed = one.results.get(QUANTITIES[key].file_key) if key not in ("energy", "it_energy") else None
    return None if followed is None else Figure(followed.value, followed.basis, followed.spread)  # type: ignore[arg-type]


def _effects(
    before: Filled, scenario: Scenario, catalogue: Catalogue, accounting: str
) -> tuple[tuple[str, float | None, float | None], ...]:
    after = fill(scenario, catalogue, accounting)
    pairs = ((key, before.result(key), after.result(key)) for key in EFFECTS)
    return tuple(pair for pair in pairs if pair[1] != pair[2])


class Sources:
    """Whom the registry cites: the ids of its sources without the year, as an edition of next year has the same."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.authors: set[str] = set()

    def known(self, source: Source | None) -> bool:
        """Whether the registry has something of the same author; a figure without a source is the file's own."""
        if source is None:
            return False
        if not self.authors:
            self.authors = {_author(source) for source in (UPTIME, KAPLAN, OWN_ESTIMATE)}
            for kind in ("hardware", "region", "model", "run"):
                for registered in self.catalogue.all(kind):
                    self.authors |= {_author(found) for found in cited(registered.record)}
        return _author(source) in self.authors


def _author(source: Source) -> str:
    # A file tells sources of one id apart by a number behind the year.
    return re.sub(r"-(19|20)[0-9]{2}(-[0-9]+)?$", "", source_id(source))
