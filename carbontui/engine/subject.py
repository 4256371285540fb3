"""What a scenario is about: its records, the run that it is of, and whose job it is."""

from __future__ import annotations

from carbontui.engine import work
from carbontui.engine.claims import BELONGS_TO
from carbontui.engine.lookup import find
from carbontui.engine.run_choice import (
    AS_IT_WAS,
    CHANGED,
    OF_ONES_OWN,
    OWN,
    SAME,
    Parts,
    chosen_run,
    in_region,
    named_run,
    on_hardware,
    usable_runs,
)
from carbontui.engine.scenario import Note, Scenario, short_hardware_name
from carbontui.quantities import OF_LIFETIME, coverage_of, is_strict
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.figures import Figure
from carbontui_registry.records import TrainingRun
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Subject(Value):
    """What a scenario is about: its records, the run it is of or takes figures of a pair from, and whose job it is."""

    asked: Scenario
    catalogue: Catalogue
    accounting: str
    parts: Parts
    run: Registered | None
    first: Registered | None
    status: str
    entered: dict[str, Figure]
    carried: dict[str, Figure]
    sealed: bool
    # All that follows from what the run's authors published.
    run_values: dict[str, float] = {}

    @property
    def run_here(self) -> TrainingRun | None:
        """The run's record, where the scenario is on the run's hardware."""
        if self.run is None or self.parts.hardware is None:
            return None
        here = on_hardware(self.run, self.parts.hardware, self.catalogue)
        record: TrainingRun = self.run.record
        return record if here else None

    def edited(self, keys: Iterable[str], carried: Mapping[str, float]) -> bool:
        """Whether what was entered for one of these differs from the file, there or since it was opened."""
        edited = [key for key in keys if key in self.entered and (key in self.asked.edited or key in carried)]
        return self.otherwise(edited, carried)

    def otherwise(self, keys: Iterable[str], than: Mapping[str, float]) -> bool:
        """Whether one of these is entered and is not the same as it is there."""
        return any(not same(self.entered[key].value, than.get(key)) for key in keys if key in self.entered)


def subject_of(asked: Scenario, catalogue: Catalogue, accounting: str, notes: list[Note]) -> Subject:
    given = dict(asked.given)
    entered = {key: figure for key, figure in given.items() if key not in OF_LIFETIME}
    from_file = bool(asked.sealed or asked.carried)
    model = find(catalogue, "model", asked.model, given, carried=from_file)
    hardware = find(catalogue, "hardware", asked.hardware, given, carried=from_file)
    region = find(catalogue, "region", asked.region, given, carried=from_file)
    parts = Parts(model, hardware, region)
    carried = _carried(asked, accounting, parts, catalogue)
    coverage = coverage_of(accounting)
    if "gross" in carried and asked.sealed != accounting and coverage and "coverage" not in dict(asked.texts):
        notes.append(Note("gross", "coverage-unknown", ("the file", coverage)))
    sealed = asked.sealed == accounting and _says_all(asked, entered, carried)
    runs = [] if sealed else usable_runs(parts, catalogue)
    run = None
    if asked.run is not None and not sealed:
        run = named_run(asked, model, catalogue)
        if model is None:
            parts = parts._replace(model=catalogue.model(run.record.model))
    elif not sealed:
        run = chosen_run(asked, parts, runs, catalogue)
    first = runs[0] if runs else run
    subject = Subject(asked, catalogue, accounting, parts, run, first, OWN, entered, carried, sealed)
    if sealed and asked.run is not None:
        return subject.replace(status=AS_IT_WAS if asked.published else CHANGED)
    if run is None:
        return subject
    known = work.run_known(run, parts.model)
    subject = subject.replace(run_values=known)
    if _is_own(entered, known, parts.model):
        return _of_ones_own(subject, notes)
    return _of_the_run(subject, known, notes)


def _carried(asked: Scenario, accounting: str, parts: Parts, catalogue: Catalogue) -> dict[str, Figure]:
    """What the file carried; under another accounting than the file's, or of another coverage than is asked for,
    without the factors of its place, but for a gross factor of unknown coverage that a log or a person stated: unless
    only published ones of a coverage are asked for, that is used as it is."""
    carried = dict(asked.carried)
    if asked.sealed and asked.sealed != accounting:
        carried.pop("net", None)
        gross = carried.get("gross")
        if gross is not None and (
            "coverage" in dict(asked.texts)
            or is_strict(accounting)
            or asked.run is not None
            or any(gross.source == run.record.source for run in usable_runs(parts, catalogue))
        ):
            del carried["gross"]
    elif not asked.sealed and "gross" in carried and (wanted := coverage_of(accounting)):
        # Changed since it was opened, or never complete: the accounting of its file is not known, but this may be.
        said = dict(asked.texts).get("coverage")
        if said != wanted and (said or is_strict(accounting)):
            carried = {key: figure for key, figure in carried.items() if key not in ("gross", "net")}
    return carried


def _says_all(asked: Scenario, entered: Mapping[str, Figure], carried: Mapping[str, Figure]) -> bool:
    """Whether a file that held all inputs still does: not where its time became void and nothing gives another."""
    known = {*entered, *carried}
    if {"compute", "throughput"} <= known:
        return True
    changed = {
        key
        for key in entered
        if key in asked.edited and not (key in carried and same(entered[key].value, carried[key].value))
    }
    return not any(key in carried and changed & set(BELONGS_TO[key]) for key in ("duration", "chip_hours"))


def _is_own(entered: Mapping[str, Figure], run: Mapping[str, float], model: Registered | None) -> bool:
    """Whether what was entered makes another training of it than the run's."""
    known = dict(run)
    if model is not None:
        for key in ("params", "active_params", "tokens"):
            if (figure := getattr(model.record, key)) is not None:
                known[key] = figure.value
    return any(not same(entered[key].value, known.get(key)) for key in OF_ONES_OWN if key in entered)


def _of_ones_own(subject: Subject, notes: list[Note]) -> Subject:
    """A job of the user's own takes hardware from a run where none was given, and its place where the run was named."""
    asked, parts, run, catalogue = subject.asked, subject.parts, subject.run, subject.catalogue
    assert run is not None
    if asked.hardware is None and parts.hardware is None:
        parts = parts._replace(hardware=catalogue.named_by(run, "hardware", run.record.hardware))
        if parts.hardware is not None:
            notes.append(Note("hardware", "hardware-of-run", (parts.hardware.record.name, run.id)))
    if asked.region is None and asked.run is not None:
        parts = parts._replace(region=catalogue.named_by(run, "region", run.record.region))
    return subject.replace(parts=parts)


def _of_the_run(subject: Subject, known: Mapping[str, float], notes: list[Note]) -> Subject:
    """The run's training: hardware and region are its own unless given; it is as it was unless something differs."""
    asked, parts, run, catalogue = subject.asked, subject.parts, subject.run, subject.catalogue
    assert run is not None
    if asked.hardware is None and parts.hardware is None:
        parts = parts._replace(hardware=catalogue.named_by(run, "hardware", run.record.hardware))
    if asked.region is None and parts.region is None:
        parts = parts._replace(region=catalogue.named_by(run, "region", run.record.region))
    subject = subject.replace(parts=parts, status=CHANGED)
    elsewhere = asked.region is not None and not in_region(run, parts.region, catalogue)
    if subject.run_here is None:
        defaults = [
            *(["region"] if asked.region is None and parts.region is not None else []),
            *(
                ["chips"]
                if run.record.chips is not None and not {"chips"} & {*subject.entered, *subject.carried}
                else []
            ),
        ]
        if defaults:
            notes.append(Note(defaults[0], "defaults-of-run", (tuple(defaults), run.id)))
        return subject
    own = {**known, **_run_figures(run.record)}
    elsewhen = asked.period not in (None, run.record.period)
    changed = elsewhere or elsewhen or subject.otherwise(subject.entered, own) or asked.carried or asked.boundary
    return subject if changed or subject.accounting != "as-published" else subject.replace(status=AS_IT_WAS)


def _run_figures(run: TrainingRun) -> dict[str, float]:
    figures = {"power": run.power, "pue": run.pue, "gross": run.gross_factor, "net": run.net_factor}
    return {"count": 1.0, **{key: figure.value for key, figure in figures.items() if figure is not None}}


def same(value: float, known: float | None) -> bool:
    return known is not None and abs(value - known) <= SAME * abs(known)


def at_the_place(subject: Subject) -> bool:
    """Whether the scenario is where the run was: in its region, or in no known one as the run."""
    run = subject.run
    if run is None:
        return False
    nowhere = run.record.region is None and subject.parts.region is None and subject.asked.region is None
    return nowhere or in_region(run, subject.parts.region, subject.catalogue)


def run_in_its_place(subject: Subject, texts: Mapping[str, str]) -> Registered | None:
    """The run, where its own figures of the place hold: in its region and period."""
    run = subject.run
    if run is None or (subject.status == OWN and subject.asked.run is None) or not at_the_place(subject):
        return None
    period = run.record.period
    return run if period is not None and period == texts.get("period", period) else None


def default_name(subject: Subject) -> str:
    """The model's name, with the hardware and the region where they are not those of the model's first run."""
    asked, parts, first, catalogue = subject.asked, subject.parts, subject.first, subject.catalogue
    model = parts.model.record.name if parts.model else asked.model
    names = [model] if model else []
    if asked.hardware and not (first and parts.hardware and on_hardware(first, parts.hardware, catalogue)):
        names.append(short_hardware_name(parts.hardware.record) if parts.hardware else asked.hardware)
    if asked.region and not (first and parts.region and in_region(first, parts.region, catalogue)):
        names.append(parts.region.record.name if parts.region else asked.region)
    return " ".join(names) or "job"
