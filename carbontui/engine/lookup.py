"""What a person means by the name of a model, hardware or region: a record, or something new that is described."""

from __future__ import annotations

import re

from carbontui.engine.scenario import ScenarioError
from carbontui_registry.catalogue import Catalogue, Registered
from carbontui_registry.errors import UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from carbontui_registry.lines import Brief

# What describes something new of each kind.
DESCRIBED_BY = {
    "model": ("params", "active_params", "compute", "tokens", "chip_hours", "duration"),
    "hardware": ("tdp", "power"),
    "region": ("gross", "net"),
}
# How countries are called where the registry's English short name (ISO 3166-1) is another, and their two letters.
OTHER_NAMES = {
    **dict.fromkeys(("uk", "great britain", "britain", "england", "scotland", "wales", "northern ireland"), "gb"),
    **dict.fromkeys(("usa", "us", "united states of america", "america"), "us"),
    **dict.fromkeys(("turkey", "turkiye"), "tr"),
    **dict.fromkeys(("uae", "emirates"), "ae"),
    **dict.fromkeys(("south korea", "republic of korea", "korea"), "kr"),
    **dict.fromkeys(("ivory coast", "cote d'ivoire"), "ci"),
    **dict.fromkeys(("holland", "the netherlands"), "nl"),
    **dict.fromkeys(("drc", "democratic republic of the congo"), "cd"),
    **{"czech republic": "cz", "russian federation": "ru", "vietnam": "vn", "burma": "mm", "swaziland": "sz"},
    **{"macedonia": "mk", "cape verde": "cv", "brunei": "bn", "timor leste": "tl", "macau": "mo", "eire": "ie"},
    **{"republic of ireland": "ie", "the philippines": "ph", "the gambia": "gm", "the bahamas": "bs"},
}
# How people call providers, beside the word that begins the ids of their regions.
PROVIDERS_ALSO = {"aws": "amazon web services", "azure": "microsoft", "gcp": "google cloud"}
# How many of several names that may be meant are listed.
MOST_NEAR = 3
# A place that is none of those registered; no id begins so.
NOWHERE = "*nowhere"
_STATE = r"grid:[a-z]{2}(-[a-z]{2})?\Z"


def find(
    catalogue: Catalogue, kind: str, name: str | None, given: Collection[str], *, carried: bool
) -> Registered | None:
    """The record of a name; None without a name, for something new that `given` describes, and for what a file carried.

    Raises `UnknownName`, and `ScenarioError` where a new name looks like a slip in a registered one.
    """
    if name is None or name == NOWHERE:
        return None
    try:
        return catalogue.find(kind, name)
    except UnknownName as error:
        if carried:
            # What several plugins claim, or whose plugin is off, is not what a tool prints for something else.
            if error.ambiguous or error.switched_off:
                return None
            try:
                return other_name(catalogue, kind, name)
            except ScenarioError:
                return None
        # A name that several plugins claim, or whose plugin is switched off, is no new one.
        if error.ambiguous or error.switched_off:
            raise
        if (found := other_name(catalogue, kind, name)) is not None:
            return found
        if not set(DESCRIBED_BY[kind]) & set(given):
            raise _hinted(catalogue, error) from None
        if near := one_slip_from(name.lower(), catalogue.names(kind)):
            article = "hardware" if kind == "hardware" else f"a {kind}"
            raise ScenarioError(
                f"{name} is not registered; did you mean {near}? If you mean {article} of your own, leave"
                f" {kind.upper()} out and write name={name}"
            ) from None
        return None


def named(catalogue: Catalogue, kind: str, name: str) -> Registered:
    """The record of a name, as a SPEC reads one. Raises `UnknownName`, and `ScenarioError` where several fit."""
    found = find(catalogue, kind, name, (), carried=False)
    assert found is not None
    return found


def other_name(catalogue: Catalogue, kind: str, name: str) -> Registered | None:
    """The record that is meant by a country's name or code, or by what a tool prints for hardware."""
    if kind == "hardware":
        return catalogue.hardware_by_tool_name(name)
    if kind == "region":
        return country(catalogue, name)
    return None


def country(catalogue: Catalogue, name: str) -> Registered | None:
    """The grid of a country by its two letters or its English name, or of a state by its name; spaces and hyphens are
    the same. Raises `ScenarioError` where a country and a state are called so."""
    wanted = _plain(name)
    if code := _letters(wanted):
        try:
            return catalogue.region(f"grid:{code}")
        except UnknownName:
            return None
    fits = [line for line in _places(catalogue) if _plain(line.name.partition(",")[0]) == wanted]
    if len(fits) > 1:
        raise ScenarioError(
            f"{name} could be {' or '.join(line.id for line in fits)}", expected="write the one you mean"
        )
    return catalogue.region(fits[0].id) if fits else None


def country_code(catalogue: Catalogue, name: str) -> str | None:
    """The two letters of a country by its letters or its English name; None where no country is called so."""
    wanted = _plain(name)
    if code := _letters(wanted):
        return code.upper()
    grids = (line for line in _places(catalogue) if len(line.id) == len("grid:xx"))
    fits = (line.id for line in grids if _plain(line.name.partition(",")[0]) == wanted)
    return next((grid.removeprefix("grid:").upper() for grid in fits), None)


def _letters(plain: str) -> str:
    return OTHER_NAMES.get(plain, plain if len(plain) == 2 and plain.isalpha() else "")


def _places(catalogue: Catalogue) -> list[Brief]:
    """The first-party grids of countries and states."""
    return [line for line in catalogue.briefs("region") if line.first_party and re.match(_STATE, line.id)]


def _plain(name: str) -> str:
    """The name without case and accents, with spaces for hyphens."""
    plain = name.strip().lower().replace("-", " ")
    if plain.isascii():
        return plain
    import unicodedata

    letters = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _hinted(catalogue: Catalogue, error: UnknownName) -> UnknownName:
    """The error with what was most likely meant: other hardware by what is in its name, a region by its place, else a
    country or state where its name is nearer than any id."""
    if error.kind == "hardware":
        return _hinted_hardware(catalogue, error)
    if error.kind != "region":
        return error
    first, colon, place = error.name.partition(":")
    offered = [line for line in catalogue.briefs("region") if line.maker and line.id.startswith(f"{line.maker}:")]
    if provider := next((line.maker for line in offered if called_so(line.maker, first)), ""):
        own = [line for line in offered if line.maker == provider]
        see = f"see: carbontui list regions {provider}"
        if not place:
            some = ", ".join(line.id for line in own[:MOST_NEAR])
            right = f"{first} is a provider; write one of its regions, such as {some}; {see}"
            return UnknownName(error.kind, error.name, expected=right)
        near = _in_place(catalogue, own, place) or [one for one in error.nearest if one.startswith(f"{provider}:")]
        return UnknownName(error.kind, error.name, nearest=near, expected="" if near else see)
    # Of each provider the first.
    begun = {line.maker: line.id for line in offered[::-1] if line.id.partition(":")[2].startswith(error.name)}
    if not colon and (near := sorted(begun.values())[:MOST_NEAR] or _in_place(catalogue, offered, error.name)):
        return UnknownName(error.kind, error.name, nearest=near)
    from difflib import get_close_matches

    names = [*OTHER_NAMES, *(_plain(line.name.partition(",")[0]) for line in _places(catalogue))]
    near = get_close_matches(_plain(error.name), [name for name in names if len(name) > 3], 1, 0.8)
    return UnknownName(error.kind, error.name, nearest=near) if near else error


def called_so(provider: str, word: str) -> bool:
    """Whether a provider is called by a word: its own, or one of those that people use for it."""
    plain, also = _plain(word), PROVIDERS_ALSO.get(provider, "")
    return bool(plain) and plain in (provider, also, *also.split()[:1])


def _in_place(catalogue: Catalogue, lines: Iterable[Brief], place: str) -> list[str]:
    """The first few of the regions that are in a town or country, by its name."""
    words, country = set(_plain(place).split()), (country_code(catalogue, place) or "").lower()
    towns, others = [], []
    for line in lines:
        if words <= set(_plain(f"{line.name} {line.location}").replace(",", " ").split()):
            towns.append(line.id)
        elif country and line.country.partition("-")[0] == country:
            others.append(line.id)
    return (towns or others)[:MOST_NEAR]


def _hinted_hardware(catalogue: Catalogue, error: UnknownName) -> UnknownName:
    """The error with the known name that the unknown one holds, and how hardware that is not known is described."""

    def words(name: str) -> str:
        return f" {' '.join(re.findall('[a-z0-9]+', name))} "

    asked = words(error.name)
    held = (name for name in catalogue.names("hardware") if words(name) in asked and re.search("[0-9]", name))
    longest = max(held, key=len, default="")
    near = (longest,) if longest else error.nearest
    if near and (near[0].startswith(error.name) or one_slip(error.name, near[0])):
        return error
    see = "" if near else f"{error.expected}; "
    right = f"{see}to describe other hardware, give its TDP or power (tdp=, power=)"
    return UnknownName(error.kind, error.name, expected=right, nearest=near)


def one_slip_from(word: str, names: Iterable[str]) -> str | None:
    """The first of the names that is one slip away from the word, if there is one."""
    lengths = range(len(word) - 1, len(word) + 2)
    return next((name for name in names if len(name) in lengths and one_slip(word, name)), None)


def one_slip(word: str, known: str) -> bool:
    """Whether one letter more, less or other, or two letters swapped, make one word of the other."""
    if word == known or abs(len(word) - len(known)) > 1 or min(len(word), len(known)) < 3:
        return False
    start = 0
    while start < min(len(word), len(known)) and word[start] == known[start]:
        start += 1
    end = 0
    while end < min(len(word), len(known)) - start and word[-1 - end] == known[-1 - end]:
        end += 1
    a, b = word[start : len(word) - end], known[start : len(known) - end]
    return (len(a) <= 1 and len(b) <= 1) or (len(a) == 2 and a == b[::-1])
