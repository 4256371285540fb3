"""What a picker offers: every record of a kind as a line with the figures that one chooses by."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from carbontui.engine.lookup import PROVIDERS_ALSO
from carbontui.engine.scenario import Filled, Scenario
from carbontui.text import display
from carbontui.text.filters import Rows, WrongFilter, country_names, fields_of, has_condition
from carbontui.text.records import list_row
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName
from carbontui_registry.lines import Brief
from carbontui_registry.plugin import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Title and width of each column beside the name, and the keys that may fill it, first known first.
COLUMNS: dict[str, tuple[tuple[str, int, tuple[str, ...]], ...]] = {
    "hardware": (
        ("power", 8, ("mean_w", "tdp_w")),
        ("peak", 18, ("peak_flop_per_s",)),
        ("memory", 9, ("memory_gib",)),
        ("year", 5, ("year",)),
    ),
    "region": (
        ("gross", 17, ("gross_gco2e_per_kwh",)),
        ("net", 16, ("net_gco2e_per_kwh",)),
        ("PUE", 6, ("pue",)),
        ("period", 8, ("period",)),
    ),
    "model": (("parameters", 11, ("params",)), ("compute", 14, ("compute_flop",)), ("tokens", 9, ("tokens",))),
    "offer": (("chips", 6, ("accelerators",)), ("price", 13, ("price_usd_per_h",)), ("period", 8, ("period",))),
    "run": (("period", 8, ("period",)), ("energy", 11, ("energy_kwh",)), ("gross CO2e", 11, ("gross_kgco2e",))),
    "measurement": (("power", 8, ("power_w",)), ("boundary", 11, ("boundary",)), ("work", 8, ("work",))),
}


class Choice(NamedTuple):
    """One line of a picker: what is chosen (`id`), and its `group`."""

    id: str
    name: str
    group: str
    search: str
    brief: Brief | None = None


class Cell(NamedTuple):
    """A figure beside a name as it is shown, with `~` if it is assumed, and what it is sorted by, None if unknown."""

    text: str = ""
    value: float | str | None = None


class ChoiceColumn(NamedTuple):
    """A column beside the name: its title, its width, and the cell of a choice."""

    title: str
    width: int
    cell: Callable[[Choice], Cell]


def listed_columns(kind: str) -> list[ChoiceColumn]:
    """The columns of what the registry lists of a kind."""
    return [ChoiceColumn(title, width, _listed(keys)) for title, width, keys in COLUMNS.get(kind, ())]


def short_columns(kind: str) -> list[ChoiceColumn]:
    """The same where other columns stand beside them: the unit of a peak that is not of 16 bits shorter, no year."""
    return [
        one._replace(width=15, cell=_listed(("peak_flop_per_s",), peak="{} {:.4g} TF/s"))
        if one.title == "peak"
        else one
        for one in listed_columns(kind)
        if one.title != "year"
    ]


def _listed(keys: tuple[str, ...], *, peak: str = "") -> Callable[[Choice], Cell]:
    """The cells of a column; `peak` is how one is written that is not of 16 bits, from its format and its TFLOP/s."""

    def cell(choice: Choice) -> Cell:
        figures = json.loads(choice.brief.figures) if choice.brief is not None else {}
        key = next((key for key in keys if key in figures), "")
        value, assumed = figures.get(key, (None, False))
        # A peak is of 16 bits unless it says of what.
        of = figures["peak_of"][0] if key == "peak_flop_per_s" and "peak_of" in figures else ""
        text = peak.format(of, value / 1e12) if of and peak else f"{of} {figure_cell(key, value)}".lstrip()
        return Cell(text + ("~" if assumed else ""), value)

    return cell


def figure_cell(key: str, value: float | str | None) -> str:
    """A brief figure as a cell; empty where it is unknown."""
    if value is None or isinstance(value, str):
        return value or ""
    if key in ("params", "tokens", "accelerators"):
        return display.count(value)
    return display.shown(value, "pue" if key == "pue" else display.kind_of(key))


def choices(kind: str, catalogue: Catalogue, *, model: Registered | None = None) -> list[Choice]:
    """Every record of a kind by name: hardware known with the model first, grids of countries and states last."""
    known = {}
    countries = country_names(catalogue) if kind == "region" else {}
    if kind == "hardware" and model is not None:
        for run in catalogue.runs(model):
            known[run.record.hardware] = f"known with {model.record.name}"
    first: list[Choice] = []
    rest: list[Choice] = []
    for brief in catalogue.briefs(kind):
        country = countries.get(brief.country, "") if brief.country else ""
        # People say Google for what its ids call gcp.
        maker = f"{brief.maker} {PROVIDERS_ALSO.get(brief.maker, '')}"
        search = f"{brief.name} {brief.id} {brief.aliases} {maker} {country} {brief.location}".lower()
        names = (brief.id, brief.id.rpartition("/")[2])
        group = next((known[name] for name in names if name in known), "") if known else ""
        choice = Choice(brief.id, brief.name, group or brief.maker, search, brief)
        (first if group else rest).append(choice)
    rest.sort(key=_by_name)
    if kind == "region":
        rest.sort(key=is_grid)
    return [*sorted(first, key=_by_name), *rest]


def is_grid(choice: Choice) -> bool:
    """Whether a region is a country, a state or a zone, in which nothing can be rented as such."""
    return choice.id.startswith("grid:")


def _by_name(choice: Choice) -> list[str]:
    """The name in the order in which people read names: A10 comes before A100, small letters among the large, and what
    is made by one vendor together, whether its name begins with that or not."""
    name = choice.name.lower()
    if choice.brief is not None and choice.brief.kind == "hardware":
        name = name.removeprefix(f"{choice.brief.maker.lower()} ")
    return [part.zfill(12) if part.isdigit() else part for part in _NUMBERS.split(name)]


_NUMBERS = re.compile(r"(\d+)")


def run_on(catalogue: Catalogue, model: Registered | None, hardware: str) -> str | None:
    """A third party's run of the model on the hardware: it is used because the hardware was chosen."""
    runs = catalogue.runs(model) if model is not None else []
    on_it = [run for run in runs if run.record.hardware in (hardware, hardware.rpartition("/")[2])]
    return on_it[0].id if on_it and not any(run.first_party for run in on_it) else None


def model_of(catalogue: Catalogue, run: Registered) -> str:
    """The name of the model that a run is of: a name that is contested means one's own."""
    name: str = run.record.model
    try:
        return catalogue.model(name).id
    except UnknownName:
        own = f"{run.distribution}/{name}"
        return own if catalogue.claimants("model", own) else name


def recent_first(offered: Sequence[Choice], recent: Sequence[str]) -> list[Choice]:
    """The choices with the recent ones before all but those that are known with the model."""
    rank = {name: n for n, name in enumerate(recent)}
    known = [choice for choice in offered if choice.group.startswith("known")]
    again = sorted((c for c in offered if c.id in rank and c not in known), key=lambda c: rank[c.id])
    moved = {choice.id for choice in (*known, *again)}
    return [*known, *(c._replace(group="recent") for c in again), *(c for c in offered if c.id not in moved)]


# Beyond this many matches nobody reads to the end: the best come first, the rest keep their order.
MOST_RANKED = 1000


def scenario_with(catalogue: Catalogue, kind: str, name: str, like: Filled | None) -> Scenario:
    """A scenario of a model or a run; or all that is asked for in `like`, on other hardware or elsewhere."""
    if kind == "model":
        return Scenario(model=name)
    if kind == "run":
        found = next((run for run in catalogue.claimants("run", name) if run.id == name), None)
        return Scenario(model=model_of(catalogue, found) if found else None, run=name)
    new = like.scenario.replace(name="") if like is not None else Scenario()
    if kind == "offer":
        of = catalogue.find("offer", name).record
        return new.choose("hardware", of.hardware).choose("region", of.region)
    if kind == "measurement":
        kind, name = "hardware", catalogue.find("measurement", name).record.hardware
    new = new.choose(kind, name)
    if kind == "hardware" and like is not None:
        new = new.replace(run=run_on(catalogue, like.model, name))
    return new


def matching(all_choices: Sequence[Choice], query: str) -> list[Choice]:
    """The choices that the query means, best first: all its words somewhere, else its letters in order.

    A datacenter comes before the grids that are called like it; places are in the order of their names, which one sees.
    """
    words = query.lower().split()
    found = list(all_choices)
    for word in words:
        found = [choice for choice in found if word in choice.search]
    if not words:
        return found
    if not found:
        return _in_order(all_choices, "".join(words))
    first, exact = words[0], " ".join(words)
    starts = re.compile(rf"(?:^|[^a-z0-9]){re.escape(first)}").search
    buckets: tuple[list[Choice], ...] = ([], [], [], [])
    for choice in found:
        search = choice.search
        aliases = choice.brief.aliases if choice.brief else ""
        if exact == choice.id or (exact in aliases and exact in aliases.split()):
            buckets[0].append(choice)
        elif search.startswith(first):
            buckets[1].append(choice)
        else:
            buckets[2 if starts(search) else 3].append(choice)
    if len(found) <= MOST_RANKED:
        few = len(found) <= _SEEN_AT_ONCE
        for bucket in buckets:
            bucket.sort(key=lambda choice: _closeness(choice, few=few))
    ranked = [choice for bucket in buckets[1:] for choice in bucket]
    return [*buckets[0], *sorted(ranked, key=lambda choice: not _named_so(choice, words))]


# Lines of a picker in a small window.
_SEEN_AT_ONCE = 10


def _is_place(choice: Choice) -> bool:
    return choice.brief is not None and choice.brief.kind == "region"


def _named_so(choice: Choice, typed: Sequence[str]) -> bool:
    """Whether a datacenter has all that was typed in its name, from the beginning of a word on."""
    words = choice.name.lower().split()
    return _is_place(choice) and not is_grid(choice) and all(any(w.startswith(one) for w in words) for one in typed)


def _closeness(choice: Choice, *, few: bool) -> tuple[int, list[str]]:
    """The less there is besides what was typed, the closer; of places the shorter name, or where there are more than a
    few that of the alphabet."""
    if _is_place(choice):
        return (len(choice.name.split()) if few else 0, _by_name(choice))
    return len(choice.search), []


# Letters further apart than this many times their number are no abbreviation of what they are found in.
_LOOSEST = 2


class Finder:
    """Finds what a typed line means among the choices of a kind: words, letters, conditions such as `power>500 W`."""

    def __init__(self, kind: str, catalogue: Catalogue) -> None:
        self.kind, self._catalogue = kind, catalogue
        self._rows: Rows | None = None
        self._other_fields: list[str] | None = None
        # What is wrong with the line, and what else there is to say of what it found.
        self.trouble = self.said = ""

    @staticmethod
    def conditions(offered: Sequence[Choice], query: str) -> bool:
        """Whether a line says more than words; an id such as `grid:de` is a word."""
        return has_condition(query) and not all(
            any(word in choice.search for choice in offered) for word in query.lower().split()
        )

    def find(self, offered: Sequence[Choice], query: str) -> list[Choice]:
        """The choices that are meant; none where a condition cannot be read, and `trouble` says why."""
        self.trouble = self.said = ""
        if not self.conditions(offered, query):
            return matching(offered, query)
        if self._rows is None:
            self._rows = Rows(self._catalogue.all(self.kind), self._catalogue, self._elsewhere)
        try:
            ids = {one.id for one in self._rows.typed(query)}
        except WrongFilter as error:
            self.trouble = str(error)
            return []
        passed = ", ".join(self._rows.passed)
        unknown = f"{self._rows.unknown:,} left out as unknown" if self._rows.unknown else ""
        self.said = " · ".join(filter(None, (f"no field here: {passed}" if passed else "", unknown)))
        return [choice for choice in offered if choice.id in ids]

    def _elsewhere(self) -> list[str]:
        """The fields that records of other kinds have."""
        if self._other_fields is None:
            others = (kind for kind in KINDS if kind != self.kind)
            self._other_fields = fields_of([list_row(one) for kind in others for one in self._catalogue.all(kind)])
        return self._other_fields


def _in_order(all_choices: Sequence[Choice], letters: str) -> list[Choice]:
    """The choices that hold the letters in this order and near one another, the closest first."""
    # Each class excludes the letter after it, so that the pattern never goes back.
    pattern = "".join(f"[^{re.escape(letter)}]*({re.escape(letter)})" for letter in letters[:90])
    match = re.compile(pattern).match
    spans = [(m.end() - m.start(1), n) for n, choice in enumerate(all_choices) if (m := match(choice.search))]
    return [all_choices[n] for span, n in sorted(spans) if span <= _LOOSEST * len(letters)]


def sorted_by(found: Sequence[Choice], cell: Callable[[Choice], Cell] | None, *, descending: bool) -> list[Choice]:
    """The choices by a column, by name without one; unknown values come last."""
    if cell is None:
        return sorted(found, key=_by_name, reverse=descending)
    known: list[tuple[float | str, int]] = []
    unknown: list[Choice] = []
    for n, choice in enumerate(found):
        value = cell(choice).value
        if value is None:
            unknown.append(choice)
        else:
            known.append((value, n))
    # Of equal ones the first stays first, whichever way.
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return [*(found[n] for _, n in known), *unknown]
