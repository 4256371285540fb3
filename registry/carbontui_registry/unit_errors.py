"""What is wrong with a text that should be a number with a unit, and what would be right."""

from __future__ import annotations

import re

from carbontui_registry.errors import CarbontuiError
from carbontui_registry.unit_kinds import KIND_OF, KINDS, Kind, usual

LONGEST = 64
_BY_LOWER = {name.lower(): name for name in KIND_OF}
_NUMBERS = "write 1287, 1_287, 12.87, 0.5 or 1.287e3"


class UnitError(CarbontuiError):
    """A figure that cannot be read; `readings` are what it could mean, where it could mean two things.

    `of_other_kind` says that its number can be read and its unit is of another kind, or nothing like one of this kind.
    """

    def __init__(
        self,
        what: str,
        *,
        given: str | None = None,
        expected: str = "",
        readings: tuple[str, ...] = (),
        of_other_kind: bool = False,
    ):
        self.readings = readings
        self.of_other_kind = of_other_kind
        super().__init__(what, given=given, expected=expected)

    @property
    def clause(self) -> str:
        """What is wrong with what was given, without what would be right."""
        return self.what if self.given is None else f"{self.given!r} {self.what}"


def shortened(text: str) -> str:
    """The text as it is quoted in an error."""
    return text if len(text) <= 40 else text[:39] + "…"


def written(goal: Kind) -> str:
    """How a figure of this kind is written."""
    return f"{goal.noun} is written like '{goal.example}'"


def other_kind(given: str, other: Kind, goal: Kind) -> UnitError:
    """A figure of another kind."""
    return UnitError(f"is {other.noun}", given=given, expected=written(goal), of_other_kind=True)


def no_unit_known(given: str, goal: Kind, spelling: str = "") -> UnitError:
    """A figure with a unit outside the list; the unit of the kind that is most like it is named."""
    near = _nearest_unit(spelling, goal)
    right = f"did you mean {near}?" if near else _with_units(goal)
    return UnitError("has an unknown unit", given=given, expected=right, of_other_kind=not near)


def _with_units(goal: Kind) -> str:
    """How a figure of a kind is written, with its single units; of several names of one unit the shortest."""
    names = goal.units if goal.name != "duration" else ("s", "min", "h", "d", "week", "yr")
    if len(names) < 2:
        return written(goal)
    return f"{goal.noun} is written in {', '.join(names[:-1])} or {names[-1]}, like '{goal.example}'"


def _nearest_unit(spelling: str, goal: Kind) -> str:
    """The unit of a kind that is a slip away from a spelling that is unknown, or "": `days` for `dayz`."""
    from difflib import get_close_matches

    from carbontui_registry.unit_words import WORDS

    known = {unit.lower(): unit for unit, kind in usual() if kind == goal.name}
    known |= {word: unit for word, unit in WORDS.items() if unit in known.values()}
    # Of two numbers of a word the plural is named.
    words = [word for word in known if word[:1] == spelling[:1].lower() and f"{word}s" not in known]
    found = get_close_matches(spelling.lower(), words, n=1, cutoff=0.75)
    return known[found[0]] if found else ""


def negative(given: str, goal: Kind) -> UnitError:
    """A figure below zero."""
    return UnitError("is negative", given=given, expected=f"{goal.noun} cannot be below zero")


def not_finite(given: str) -> UnitError:
    """A figure that is infinite, or none."""
    return UnitError("is not a finite number", given=given, expected="leave out what is unknown")


def below_one(given: str) -> UnitError:
    """A PUE that cannot be."""
    right = "PUE is facility energy / IT energy and at least 1, like '1.1'"
    return UnitError("is below 1", given=given, expected=right)


def unreadable(text: str, goal: Kind) -> UnitError:
    """Why `text` is not a number with a unit at all."""
    why = _why_unreadable(text, goal)
    if why is None:
        return no_unit_known(shortened(text), goal)
    what, right = why
    return UnitError(what, given=shortened(text) if text.strip() else None, expected=right)


def _why_unreadable(text: str, goal: Kind) -> tuple[str, str] | None:
    """What is wrong and what would be right; None where the number can be read."""
    if len(text) > LONGEST:
        return f"has {len(text)} characters, at most {LONGEST} can be read", written(goal)
    text = text.strip()
    if not text:
        return "nothing is given", written(goal)
    if any(sign.isdecimal() and not sign.isascii() for sign in text):
        return "has digits other than 0 to 9", written(goal)
    if re.match(r"[+-]?(nan|inf(inity)?)\b", text, re.IGNORECASE):
        return "is not a finite number", "leave out what is unknown"
    if re.match(r"[-\u2212] ?[0-9.]", text):
        return "is negative", f"{goal.noun} cannot be below zero"
    if re.match(r"[+.][0-9]", text):
        return "has no number that can be read", _NUMBERS
    number = re.match(r"[0-9][0-9_]*(?:\.[0-9_]+)?", text)
    if number is None:
        return "does not start with a number", written(goal)
    rest = text[number.end() :]
    if rest.startswith(","):
        return "has a comma", "write the decimal point '.', and thousands as 1287 or 1_287"
    if re.match(r"[\s'\u2019]+[0-9]", rest):
        return "has a space in its number", "write thousands as 1287 or 1_287"
    if re.match(r"[eE][+-]?[0-9]{3}", rest):
        return "has too large an exponent", "at most two digits can be read"
    if any(len(part.replace("_", "")) > 18 for part in number[0].split(".")):
        return "has more than 18 digits before or after the point", "write long numbers like 8.4e22"
    if re.match(r"[._]", rest) or "__" in number[0] or re.search(r"_(\.|$)|\._", number[0]):
        return "has no number that can be read", _NUMBERS
    return None


def check_spelling(given: str, number: str, spelling: str, goal: Kind) -> None:
    """Raise UnitError unless `spelling` is one to four names of the list, and if one, of this kind."""
    parts = re.split("([/*])", spelling)
    names = parts[::2]
    if all(name in KIND_OF for name in names):
        kind = KINDS.get(KIND_OF[spelling]) if len(names) == 1 else goal
        if kind is None:
            raise UnitError(f"is not {goal.noun}", given=given, expected=written(goal), of_other_kind=True)
        if kind is not goal:
            raise other_kind(given, kind, goal)
        if len(names) > 1 and ("%" in names or goal.name == "share"):
            raise UnitError(f"is not {goal.noun}", given=given, expected=written(goal), of_other_kind=True)
        if len(names) > 4:
            raise UnitError("has more than four units", given=given, expected=written(goal))
        return
    for at, name in enumerate(names):
        if flops := re.fullmatch("([kmgtpe]?)flops", name, re.IGNORECASE):
            flop = flops[1].upper().replace("K", "k") + "FLOP"
            right = f"write '{flop}/s' (a rate) or '{flop}' (an amount)"
            said = f"is not clear: {name} can mean two things"
            raise UnitError(said, given=given, expected=right, readings=(f"{flop}/s", flop))
        mass = re.fullmatch("(k?g|t|lb)(co2|c)?", name, re.IGNORECASE)
        if mass and goal.name in ("co2e", "factor"):
            parts[2 * at] = mass[1].lower() + "CO2e"
            right = f"only if the source says CO2e, write '{number} {_in_case(parts)}'"
            what = "is CO2 alone, which differs from CO2e"
            if mass[2] is None:
                what = "does not say which gas is meant"
            elif mass[2] in "cC":
                what = "is a mass of carbon, not of CO2e"
            raise UnitError(what, given=given, expected=right)
    right = _in_case(parts)
    others = {KIND_OF.get(right)} if len(names) == 1 else {goal.name}
    of = dict(usual()).get(right, goal.name)
    if of != goal.name and of in KINDS:
        raise other_kind(given, KINDS[of], goal)
    if all(name in KIND_OF for name in re.split("[/*]", right)) and others == {goal.name}:
        if other := _other_reading(number, parts, right):
            readings = (f"{number} {right}", other)
            said = f"can be read as {readings[0]} or as {other}"
            raise UnitError(said, given=given, expected="write the one you mean", readings=readings)
        raise UnitError("has the wrong capital letters", given=given, expected=f"write '{number} {right}'")
    from carbontui_registry.unit_words import in_units

    if (words := in_units(spelling)) != spelling and _is_of(words, goal):
        raise UnitError("has its unit in words", given=given, expected=f"write '{number} {words}'")
    if " " in spelling and all(part in KIND_OF for name in names for part in name.split()):
        raise UnitError("has no / or * between two units", given=given, expected=written(goal), of_other_kind=True)
    raise no_unit_known(given, goal, "" if " " in spelling else spelling)


def _is_of(spelling: str, goal: Kind) -> bool:
    """Whether a spelling is one of the usual ones of a kind."""
    return dict(usual()).get(spelling) == goal.name


# What a small letter divides by: milli, pico. The large one multiplies: mega, peta.
_SMALL = {"m": 1e3, "p": 1e12}


def _other_reading(number: str, parts: list[str], right: str) -> str:
    """What was written if its letters are meant as they stand: milli for mega, pico for peta, bits for bytes."""
    amount = float(number.replace("_", "")) if number else 1.0
    for name, meant in zip(parts[::2], re.split("[/*]", right), strict=True):
        if name[0] in _SMALL and meant[0] == name[0].upper() and meant[1:] in (*KIND_OF, "B"):
            rest = right.replace(meant, meant[1:], 1)
            return f"{amount / _SMALL[name[0]]:g} {rest}"
        if name[-1] == "b" and meant[-1] == "B":
            return f"{amount / 8:g} {right} ({number} {meant[0]}bit)"
    return ""


def _in_case(parts: list[str]) -> str:
    return "".join(_BY_LOWER.get(part.lower(), part) for part in parts)
