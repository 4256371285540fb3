"""How a scenario fills itself in: what is known comes before what is assumed, and each input says which it was."""

from __future__ import annotations

from carbontui import calibration
from carbontui import footprint as arithmetic
from carbontui.scenario import (
    OF_LIFETIME,
    OF_PLACE,
    RESULTS,
    Filled,
    Input,
    Result,
    Scenario,
    ScenarioError,
    short_hardware_name,
)
from carbontui_registry.catalogue import UNLIKELY_UTILISATION, Catalogue, Registered, UnknownName
from carbontui_registry.records import CarbonFactor, Figure, Hardware, Model, Region, Source, TrainingRun
from carbontui_registry.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from carbontui.footprint import Factors

UPTIME = Source(
    "Uptime Institute Global Data Center Survey 2024",
    "https://uptimeinstitute.com/resources/research-and-reports/uptime-institute-global-data-center-survey-results-2024",
    2024,
    None,
    "uptime-2024",
)
KAPLAN = Source(
    "Kaplan et al. 2020, Scaling Laws for Neural Language Models; Hoffmann et al. 2022 (arXiv:2203.15556)",
    "https://arxiv.org/abs/2001.08361",
    2020,
    None,
    "kaplan-2020",
)
OWN_ESTIMATE = Source("carbontui's estimate from published training runs", None, 2026, None, "carbontui-2026")

# Where nothing is known of the place: 90 % of sites lie between 1.1 and 1.9.
ASSUMED_PUE = Figure(1.56, "assumed", 0.17, UPTIME)


def fill(scenario: Scenario, catalogue: Catalogue, accounting: str = "as-published") -> Filled:
    """Fill a scenario in and compute its footprint.

    Raises `UnknownName` for an id that nothing has, `ScenarioError` for a period that the region lacks or a throughput
    above the hardware's peak.
    """
    return _Filling(scenario, catalogue, accounting).fill()


def _lookup(find: Callable[[str], Registered], name: str | None, carried: bool) -> Registered | None:
    """The record of a name; what a file carried needs no record any more."""
    if name is None:
        return None
    try:
        return find(name)
    except UnknownName:
        if carried:
            return None
        raise


class _Filling:
    def __init__(self, scenario: Scenario, catalogue: Catalogue, accounting: str) -> None:
        self.asked = scenario
        self.catalogue = catalogue
        self.accounting = accounting
        self.given = dict(scenario.given)
        self.carried = dict(scenario.carried)
        self.sealed = scenario.sealed == accounting
        changed = {"chips", "throughput", "utilisation", "compute"} & set(self.given)
        if changed and "duration" in self.carried:
            del self.carried["duration"]
            # Where nothing in the file gives another, the registry fills in again.
            self.sealed = self.sealed and "throughput" in {**self.given, **self.carried}
        self.asked_texts = dict(scenario.texts)
        if scenario.sealed and scenario.sealed != accounting:
            for key in ("gross", "net", "period", "coverage", "net_basis"):
                self.carried.pop(key, None)
                self.asked_texts.pop(key, None)
        self.inputs: dict[str, Input] = {}
        self.texts: dict[str, str] = {}
        self.notes: list[str] = []

    def fill(self) -> Filled:
        asked, find = self.asked, self.catalogue
        came_with_file = bool(asked.sealed or asked.carried)
        self.model = _lookup(find.model, asked.model, came_with_file)
        self.hardware = _lookup(find.hardware, asked.hardware, came_with_file)
        self.region = _lookup(find.region, asked.region, came_with_file)
        self.runs = [] if self.sealed else self.usable_runs()
        self.run = None if self.sealed else self.choose_run()
        first = self.runs[0] if self.runs else None
        for run in (self.run, first):
            if run is not None and self.hardware is None and asked.hardware is None:
                self.hardware = self.catalogue.named_by(run, "hardware", run.record.hardware)
            if run is not None and self.region is None and asked.region is None:
                self.region = self.catalogue.named_by(run, "region", run.record.region)
        self.first = first
        self.fill_machine()
        self.fill_place()
        self.fill_lifetime()
        results = self.compute()
        published = self.published()
        return Filled(
            asked,
            asked.name or self.default_name(),
            self.model,
            self.hardware,
            self.region,
            self.run,
            self.inputs,
            self.texts,
            results,
            published,
            self.missing(results),
            tuple(self.notes),
        )

    # The run

    def usable_runs(self) -> list[Registered]:
        """The model's runs that may come to bear unasked: first-party ones, and third parties' about their own things.

        So installing a plugin never changes a figure that was there before: a run on its maker's hardware comes to
        bear only where this hardware is asked for.
        """
        if self.model is None:
            return []
        usable = []
        for run in self.catalogue.runs(self.model):
            owners = {self.model.distribution}
            if self.hardware is not None and self.is_hardware(run):
                owners.add(self.hardware.distribution)
            if run.first_party or run.distribution in owners:
                usable.append(run)
        return usable

    def choose_run(self) -> Registered | None:
        asked = self.asked
        if asked.run is not None:
            run = self.catalogue.find("run", asked.run)
            if self.model is None:
                self.model = self.catalogue.model(run.record.model)
            elif all(known.id != run.id for known in self.catalogue.runs(self.model)):
                raise ScenarioError(f"the run {run.id} is of {run.record.model}, not of {self.model.id}")
            return run
        same_hardware = [r for r in self.runs if self.is_hardware(r)] if asked.hardware else self.runs
        for run in same_hardware:
            same_region = asked.region is None or self.is_region(run)
            if same_region and (asked.period is None or run.record.period == asked.period):
                return run
        return same_hardware[0] if same_hardware else None

    def is_hardware(self, run: Registered) -> bool:
        found = self.catalogue.named_by(run, "hardware", run.record.hardware)
        return found is not None and self.hardware is not None and found.id == self.hardware.id

    def is_region(self, run: Registered) -> bool:
        found = self.catalogue.named_by(run, "region", run.record.region)
        return found is not None and self.region is not None and found.id == self.region.id

    def is_place(self, run: Registered) -> bool:
        """Whether the scenario is where the run was: in its region, or in no known one as the run."""
        nowhere = run.record.region is None and self.region is None and self.asked.region is None
        return nowhere or self.is_region(run)

    @property
    def on_runs_machine(self) -> TrainingRun | None:
        """The run's record, where the scenario is on the run's hardware."""
        if self.run is not None and self.is_hardware(self.run):
            run: TrainingRun = self.run.record
            return run
        return None

    # Inputs

    def put(self, key: str, figure: Figure, origin: str, how: str, identity: object) -> Input:
        factors: Factors = {}
        if figure.spread:
            factors = {identity: (1.0, arithmetic.log_variance(figure.spread))}
        made = Input(figure.value, figure.basis, figure.spread, figure.source, origin, how, factors)
        self.inputs[key] = made
        return made

    def put_product(
        self, key: str, formula: str, terms: Iterable[tuple[str, str, Figure, str, object]], how: str
    ) -> Input:
        """An input computed from others; it is assumed if any of them is, else derived."""
        terms = tuple(terms)
        value = terms[0][2].value
        for term in terms[1:]:
            value *= term[2].value
        factors: Factors = {}
        for *_, figure, _origin, identity in terms:
            if figure.spread:
                factors[identity] = (1.0, arithmetic.log_variance(figure.spread))
        basis = "assumed" if any(t[2].basis == "assumed" for t in terms) else "derived"
        spreads = [t[2].spread for t in terms if t[2].spread]
        made = Input(
            value,
            basis,
            spreads[0] if len(spreads) == 1 else arithmetic.product_spread(spreads) if spreads else None,
            terms[-1][2].source,
            terms[-1][3],
            how,
            factors,
            formula,
            tuple((label, kind, figure, origin) for label, kind, figure, origin, _ in terms),
        )
        self.inputs[key] = made
        return made

    def put_known(self, key: str) -> bool:
        """Take what was entered, else what the file carried."""
        if key in self.given:
            self.put(key, self.given[key], "", "entered", ("entered", key, self.given[key].value))
            return True
        if key in self.carried:
            figure = self.carried[key]
            # Scenarios of one place share its figures, those on one hardware its power; the rest is of the pair.
            if key in ("pue", "gross", "net"):
                # The PUE of a place that has none is the same in all periods.
                timeless = figure.source is not None and figure.source.title == UPTIME.title
                period = None if timeless else dict(self.asked.texts).get("period")
                of: tuple[str | None, ...] = (self.asked.region, period)
            else:
                of = (self.asked.hardware, self.asked.model if key != "power" else None)
            self.put(key, figure, "", "as carried by the file", ("file", key, *of, figure.value))
            return True
        return False

    def fill_machine(self) -> None:
        run = self.on_runs_machine
        origin = self.run.origin if self.run else ""
        of_run = f"run {self.run.id}" if self.run else ""
        self.fill_chips()
        self.fill_compute(run)
        self.fill_power(run, origin, of_run)
        duration_entered = "duration" in self.given
        self.fill_throughput(run, origin, of_run, needed=not duration_entered)
        self.put_known("chip_hours")
        self.put_known("energy")
        if not self.put_known("duration") and run is not None and run.duration is not None:
            # The run's days hold for the run's chips, throughput and compute only.
            own = all(key not in self.given for key in ("chips", "throughput", "utilisation", "compute", "chip_hours"))
            if own:
                self.put("duration", run.duration, origin, of_run, ("run", self.run and self.run.id, "duration"))
        known = self.inputs
        if {"chip_hours", "duration", "chips"} <= set(self.given):
            hours, product = known["chip_hours"].value, known["duration"].value * known["chips"].value
            if abs(hours - product) > 1e-9 * hours:
                raise ScenarioError(
                    f"chip_hours of {hours:g} h are not duration x chips, which is {product:g} h; give two of the three"
                )
        if "chip_hours" not in known and "duration" not in known and run is not None and run.chip_hours is not None:
            own = all(key not in self.given for key in ("throughput", "utilisation", "compute"))
            if own:
                self.put("chip_hours", run.chip_hours, origin, of_run, ("run", self.run and self.run.id, "chip_hours"))

    def fill_chips(self) -> None:
        if self.put_known("chips") or self.sealed:
            return
        for run in (self.run, self.first):
            if run is not None and run.record.chips is not None:
                self.put("chips", run.record.chips, run.origin, f"run {run.id}", ("run", run.id, "chips"))
                return

    def fill_compute(self, run: TrainingRun | None) -> None:
        if self.put_known("compute") or self.sealed:
            return
        if self.run is not None and self.run.record.compute is not None:
            identity = ("compute", self.model and self.model.id)
            self.put("compute", self.run.record.compute, self.run.origin, f"run {self.run.id}", identity)
            return
        if self.model is None:
            return
        model: Model = self.model.record
        origin = self.model.origin
        if model.compute is not None:
            self.put("compute", model.compute, origin, f"model {self.model.id}", ("compute", self.model.id))
        elif (active := model.active_params or model.params) is not None and model.tokens is not None:
            terms = (
                ("FLOP per parameter and token", "number", Figure(6.0, "derived", None, KAPLAN), "carbontui"),
                ("active parameters", "number", active, origin),
                ("tokens", "number", model.tokens, origin),
            )
            self.put_product(
                "compute",
                "6 x active parameters x tokens",
                [(*t, ("model", self.model.id, t[0])) for t in terms],
                "6 FLOP per active parameter and token",
            )
        elif run is not None and run.chip_hours is not None and run.throughput is not None and self.run is not None:
            made = self.put_product(
                "compute",
                "chip-hours x throughput",
                [
                    ("chip-hours", "duration", run.chip_hours, self.run.origin, ("run", self.run.id, "chip_hours")),
                    ("throughput", "throughput", run.throughput, self.run.origin, ("run", self.run.id, "throughput")),
                ],
                f"run {self.run.id}",
            )
            self.inputs["compute"] = made.replace(value=made.value * arithmetic.SECONDS_PER_HOUR)

    def fill_power(self, run: TrainingRun | None, origin: str, of_run: str) -> None:
        boundary: str | None = None
        if self.put_known("power"):
            boundary = self.asked.boundary or (self.asked_texts.get("boundary") if "power" in self.carried else None)
        elif self.sealed:
            pass
        elif run is not None and run.power is not None:
            self.put("power", run.power, origin, of_run, ("run", self.run and self.run.id, "power"))
            boundary = run.boundary
        elif self.hardware is not None:
            hardware: Hardware = self.hardware.record
            profile, of_hardware = hardware.power, self.hardware.origin
            if profile.mean is not None:
                how = f"mean of {self.hardware.id}"
                self.put("power", profile.mean, of_hardware, how, ("mean", self.hardware.id))
                boundary = profile.boundary
            elif profile.tdp is not None:
                chips = self.inputs["chips"].value if "chips" in self.inputs else None
                estimate, boundary = calibration.power_over_tdp(self.asked.boundary, chips)
                ratio = Figure(estimate.median, "assumed", estimate.spread, OWN_ESTIMATE)
                identity = ("power over TDP", self.hardware.id, boundary)
                self.put_product(
                    "power",
                    "TDP x power over TDP",
                    [
                        ("TDP", "power", profile.tdp, of_hardware, ("tdp", self.hardware.id)),
                        ("power over TDP", "number", ratio, "carbontui", identity),
                    ],
                    f"{ratio.value:g} x TDP of {self.hardware.id}",
                )
                if self.asked.boundary not in (None, boundary):
                    several = "so many accelerators" if self.asked.boundary == "accelerator" else "a node"
                    self.notes.append(f"power: of the {boundary}; no published run says what {several} drew")
        if boundary is not None:
            self.texts["boundary"] = boundary

    def fill_throughput(self, run: TrainingRun | None, origin: str, of_run: str, *, needed: bool) -> None:
        peak = self.hardware.record.matrix_peak if self.hardware else None
        if self.put_known("throughput"):
            pass
        elif "utilisation" in self.given and peak is not None:
            self.put_utilised(self.given["utilisation"], peak, "entered")
        elif run is not None and run.throughput is not None:
            if needed:
                self.put("throughput", run.throughput, origin, of_run, ("run", self.run and self.run.id, "throughput"))
        elif needed and "compute" in self.inputs and not self.sealed:
            timed = run is not None and (run.duration is not None or run.chip_hours is not None)
            known = timed and not {"chips", "compute"} & set(self.given)
            if run is not None and self.run is not None and timed and not known:
                known = self.put_from_hours(run, self.run) or ("compute" not in self.given and bool(run.chip_hours))
            if not known and peak is not None and self.hardware is not None:
                estimate = calibration.utilisation(self.hardware.id)
                utilisation = Figure(estimate.median, "assumed", estimate.spread, OWN_ESTIMATE)
                self.put_utilised(utilisation, peak, "carbontui")
        if "utilisation" in self.given:
            self.put_known("utilisation")
        if peak is not None and self.hardware is not None and "throughput" in self.inputs:
            utilisation = self.inputs["throughput"].value / peak.value
            of_peak = f"{utilisation:.0%} of the 16-bit peak of {self.hardware.id} ({peak.value / 1e12:g} TFLOP/s)"
            if utilisation > 1 and {"throughput", "utilisation"} & set(self.given):
                raise ScenarioError(f"a throughput of {of_peak} is more than the hardware can do")
            if utilisation > UNLIKELY_UTILISATION:
                self.notes.append(f"the throughput is {of_peak}, which is unlikely")

    def put_utilised(self, utilisation: Figure, peak: Figure, origin: str) -> None:
        assert self.hardware is not None
        pair = (self.model and self.model.id, self.hardware.id)
        self.put_product(
            "throughput",
            "peak x utilisation",
            [
                ("peak", "throughput", peak, self.hardware.origin, ("peak", self.hardware.id)),
                ("utilisation", "share", utilisation, origin, ("utilisation", *pair)),
            ],
            f"{utilisation.value:.0%} of the peak of {self.hardware.id}",
        )

    def put_from_hours(self, run: TrainingRun, registered: Registered) -> bool:
        """The run's throughput where it gives hours instead: its compute over its chip-hours, where both are known."""
        hours = run.chip_hours.value if run.chip_hours else None
        if hours is None and run.duration and run.chips:
            hours = run.duration.value * run.chips.value
        compute = run.compute.value if run.compute else self.compute_of_model()
        if not hours or not compute:
            return False
        figure = Figure(compute / hours / arithmetic.SECONDS_PER_HOUR, "derived", None, run.source)
        how = f"compute over chip-hours of run {registered.id}"
        self.put("throughput", figure, registered.origin, how, ("run", registered.id, "throughput"))
        return True

    def compute_of_model(self) -> float | None:
        """The model's own compute, or 6ND, whatever was given instead."""
        if self.model is None:
            return None
        model: Model = self.model.record
        if model.compute is not None:
            return model.compute.value
        active = model.active_params or model.params
        return 6.0 * active.value * model.tokens.value if active is not None and model.tokens is not None else None

    # The place

    def fill_place(self) -> None:
        run = self.run.record if self.run is not None and self.is_place(self.run) else None
        factor: CarbonFactor | None = None
        owner = self.region
        if self.sealed or {"gross", "net"} & set(self.carried):
            self.texts.update({k: v for k, v in self.asked_texts.items() if k in OF_PLACE})
        else:
            if self.region is not None:
                factor, owner = self.choose_factor()
            period = factor.period if factor else self.asked.period or (run.period if run is not None else None)
            if period is not None:
                self.texts["period"] = period
        # In its own region and period a run's own figures hold.
        if run is not None and (run.period is None or run.period != self.texts.get("period", run.period)):
            run = None
        self.fill_pue(run, factor)
        self.fill_factors(run, factor, owner)

    def admitted(self, region: Region) -> list[CarbonFactor]:
        if self.accounting == "as-published":
            return list(region.factors)
        return [factor for factor in region.factors if factor.coverage == self.accounting]

    def choose_factor(self) -> tuple[CarbonFactor | None, Registered | None]:
        """The factor of the period asked for, of the run's, or of the region's latest; and whose factor it is."""
        assert self.region is not None
        region: Region = self.region.record
        asked = self.asked.period
        owner, factors = self.owner_of_factors(self.region)
        if asked is not None and all(factor.period != asked for factor in (*region.factors, *factors)):
            run_here = self.run is not None and self.is_region(self.run) and self.run.record.period == asked
            if not run_here:
                known = sorted({factor.period for factor in (*region.factors, *factors)})
                has = f"has {listed(known)}" if known else "has no carbon factors"
                raise ScenarioError(f"{self.region.id} has no period {asked}; it {has}")
        return (self.of_period(factors, asked), owner) if owner is not None else (None, None)

    def owner_of_factors(self, region: Registered) -> tuple[Registered | None, list[CarbonFactor]]:
        """The region itself or the grid that it lies in, whichever first has factors that the accounting admits."""
        owner: Registered | None = region
        seen: set[str] = set()
        while owner is not None and owner.id not in seen:
            seen.add(owner.id)
            if factors := self.admitted(owner.record):
                return owner, factors
            if self.accounting == "as-published":
                break
            owner = self.catalogue.named_by(owner, "region", owner.record.grid)
        return None, []

    def of_period(self, factors: list[CarbonFactor], asked: str | None) -> CarbonFactor | None:
        """The factor among those admitted; a note says where it is not of the period that one would expect."""
        factor, note = self.pick(factors, asked, self.run.record.period if self.run is not None else None)
        if asked is not None and factor.period != asked:
            if self.accounting == "as-published":
                return None
            note = f"carbon factors of {factor.period}: there is no {self.accounting} one of {asked}"
        if note:
            self.notes.append(note)
        return factor

    def pick(self, factors: list[CarbonFactor], asked: str | None, run_period: str | None) -> tuple[CarbonFactor, str]:
        """The first factor of the period asked for, else of the run's or the nearest to it, else the latest."""
        first_of = {f.period: f for f in reversed(factors)}
        for period in (asked, run_period):
            if period in first_of:
                return first_of[period], ""
        if run_period is not None:
            year = int(run_period[:4])
            near = min(first_of, key=lambda p: (abs(int(p[:4]) - year), p))
            if abs(int(near[:4]) - year) <= 2:
                return first_of[near], f"carbon factors of {near}, the nearest to the run's {run_period}"
        latest = max(first_of)
        from time import gmtime

        if gmtime().tm_year - int(latest[:4]) > 3:
            return first_of[latest], f"carbon factors of {latest}, the latest known, older than three years"
        return first_of[latest], ""

    def fill_pue(self, run: TrainingRun | None, factor: CarbonFactor | None) -> None:
        if self.put_known("pue"):
            return
        where = self.region.id if self.region else None
        if run is not None and run.pue is not None and self.run is not None:
            self.put("pue", run.pue, self.run.origin, f"run {self.run.id}", ("pue", where, self.texts.get("period")))
            return
        region: Region | None = self.region.record if self.region else None
        if region is not None and region.factors and (factor is None or factor not in region.factors):
            # The accounting may have taken a factor of the grid, or none; the PUE is the place's own all the same.
            period = self.texts.get("period")
            factor, _ = self.pick(list(region.factors), period, period)
        figure = factor.pue if factor else None
        if figure is None and region is not None:
            figure = region.pue
        if figure is not None and self.region is not None:
            self.put("pue", figure, self.region.origin, f"region {where}", ("pue", where, self.texts.get("period")))
            if factor is not None and factor.pue_kind is not None:
                self.texts["pue_kind"] = factor.pue_kind
        elif not self.sealed and "energy" not in self.inputs:
            self.put("pue", ASSUMED_PUE, "carbontui", "no PUE is known here", ("pue", where, None))

    def fill_factors(self, run: TrainingRun | None, factor: CarbonFactor | None, owner: Registered | None) -> None:
        own: dict[str, Figure | None] = {}
        if run is not None and self.accounting == "as-published":
            own = {"gross": run.gross_factor, "net": run.net_factor}
        for key in ("gross", "net"):
            figure = own.get(key)
            if self.put_known(key):
                continue
            period = self.texts.get("period")
            if figure is not None and self.run is not None:
                where = self.region.id if self.region else None
                self.put(key, figure, self.run.origin, f"run {self.run.id}", (key, where, period))
            elif factor is not None and owner is not None:
                figure = factor.gross if key == "gross" else factor.net
                if figure is not None:
                    how = f"{owner.id} in {factor.period}"
                    self.put(key, figure, owner.origin, how, (key, owner.id, factor.period, factor.coverage))
        # What was entered says nothing about its kind.
        looked_up = {"gross", "net"} & set(self.inputs) - set(self.given) - set(self.carried)
        if factor is not None and factor.coverage is not None and looked_up:
            self.texts["coverage"] = factor.coverage
        if factor is not None and factor.net_basis is not None and "net" in looked_up:
            self.texts["net_basis"] = factor.net_basis

    def fill_lifetime(self) -> None:
        """What was entered of serving, making, development and idleness; of the place of serving, its figures."""
        if self.asked.serving is not None:
            there = fill(Scenario(region=self.asked.serving), self.catalogue, self.accounting)
            for key in ("pue", "gross", "net"):
                if (found := there.inputs.get(key)) is not None:
                    self.inputs[f"serving_{key}"] = found
        known = [key for key in OF_LIFETIME if self.put_known(key)]
        if known:
            self.notes.append(f"{listed(known)}: beside the training, in no result here but the lifetime")

    # The footprint

    def compute(self) -> dict[str, Result]:
        made = arithmetic.footprint({key: one.value for key, one in self.inputs.items()})
        results = {key: self.result(*made[key]) for key in RESULTS if key in made}
        if "duration" in self.inputs:
            results["duration_h"] = results["duration_h"].replace(formula=self.inputs["duration"].how)
        return results

    def result(self, value: float, exponents: Mapping[str, int], formula: str) -> Result:
        if not value < float("inf"):
            raise ScenarioError(f"{self.asked.name or self.default_name()}: its figures are too large to be multiplied")
        inputs = [self.inputs[key] for key in exponents]
        factors = arithmetic.combined(*((float(exponents[key]), self.inputs[key].factors) for key in exponents))
        basis = "assumed" if any(i.basis == "assumed" for i in inputs) else "derived"
        spread = arithmetic.factors_spread(factors)
        return Result(value, basis, spread, factors, dict(exponents), formula)

    def published(self) -> dict[str, Figure]:
        if self.asked.published:
            return dict(self.asked.published)
        run = self.on_runs_machine
        asked = self.asked
        changed = any(key not in OF_LIFETIME for key, _ in asked.given)
        if run is None or changed or asked.carried or asked.boundary or self.accounting != "as-published":
            return {}
        if self.run is None or not self.is_place(self.run):
            return {}
        if run.period is not None and self.texts.get("period", run.period) != run.period:
            return {}
        figures = {"energy_kwh": run.energy, "gross_kgco2e": run.gross_co2e, "net_kgco2e": run.net_co2e}
        return {key: figure for key, figure in figures.items() if figure is not None}

    def missing(self, results: dict[str, Result]) -> tuple[str, ...]:
        """What would have to be given for the energy and the place to be known."""
        gone = []
        if "energy_kwh" not in results:
            if self.hardware is None and "power" not in self.inputs:
                gone.append("hardware")
            elif "power" not in self.inputs:
                gone.append("power")
            # Hardware brings a power, and a throughput to the compute that is known.
            known = {key: one.value for key, one in self.inputs.items()}
            if arithmetic.chip_time(known) is None and not (gone == ["hardware"] and "compute" in self.inputs):
                if "chips" not in self.inputs:
                    gone.append("chips")
                if "duration" not in self.inputs and not {"compute", "throughput"} <= set(self.inputs):
                    gone.append("duration")
        no_place = self.region is None and self.asked.region is None
        if no_place and not {"gross", "net"} & set(self.inputs):
            gone.append("region")
        return tuple(gone)

    def default_name(self) -> str:
        """The model's name, with the hardware and the region where they are not those of the model's first run."""
        parts = [self.model.record.name if self.model else self.asked.model or "scenario"]
        first = self.first
        if self.asked.hardware and self.hardware and not (first and self.is_hardware(first)):
            parts.append(short_hardware_name(self.hardware.record))
        if self.asked.region and self.region and not (first and self.is_region(first)):
            parts.append(self.region.record.name)
        return " ".join(parts)
