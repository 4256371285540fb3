"""Errors as values: what was wrong, where, what was given, and what would be right.

One base class for everything that a person can put right. Each kind adds its own fields; whoever has to decide reads
fields, and the sentence is made here, once.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbontui_registry.said import Said


class CarbontuiError(ValueError):
    """Something that a person asked for or gave cannot be used as it is.

    `what` says what is wrong with it, `where` names the place (file, line, key, plugin), `given` is what stands there,
    `expected` what would be right, and `nearest` the known names that are most like what was given.
    """

    def __init__(
        self, what: str = "", *, where: str = "", given: object = None, expected: str = "", nearest: Sequence[str] = ()
    ) -> None:
        self.what = what
        self.where = where
        self.given = given
        self.expected = expected
        self.nearest = tuple(nearest)
        super().__init__(what)

    def __str__(self) -> str:
        given = "" if self.given is None else f"{self.given!r} "
        place = f"{self.where}: " if self.where else ""
        right = f"; {self.expected}" if self.expected else ""
        hint = f"; did you mean {' or '.join(self.nearest)}?" if self.nearest else ""
        return f"{place}{given}{self.what}{right}{hint}"

    def at(self, where: str) -> CarbontuiError:
        """The same error with a place in front of the one that it names."""
        self.where = f"{where}: {self.where}" if self.where else where
        return self


class UnknownName(CarbontuiError):
    """No record of this `kind` has the name `given`, or it means nothing for sure.

    `ambiguous` are the names, as `distribution/id`, among which it does not decide, `by` whose they are; `switched_off`
    is the plugin that it belongs to. With neither, nothing is called so, and `nearest` has the names most like it.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        *,
        ambiguous: Sequence[str] = (),
        by: Sequence[str] = (),
        switched_off: str = "",
        expected: str = "",
        nearest: Sequence[str] = (),
    ) -> None:
        self.kind = kind
        self.ambiguous = tuple(ambiguous)
        self.switched_off = switched_off
        if switched_off:
            what = f"{name} belongs to the plugin {switched_off}, which is switched off"
        elif ambiguous:
            several = (
                f"{len(by)} plugins" if len(by) > 1 else f"{len(ambiguous)} records of {by[0] if by else 'a plugin'}"
            )
            what = f"{name} is claimed by {several}"
        else:
            what = f"no {kind} is called {name!r}" if kind else f"nothing is called {name!r}"
        super().__init__(what, expected=expected, nearest=nearest)
        self.name = name


class InvalidRecord(CarbontuiError):
    """A record that cannot be taken: `problems` names each thing that is wrong, and what would be right."""

    def __init__(self, subject: str, problems: Sequence[Said]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems), where=subject)


class InvalidPack(InvalidRecord):
    """A pack that cannot be taken; `problems` names file, line, record and key of each thing that is wrong."""


class BadConfig(CarbontuiError):
    """The configuration cannot be read or changed; `where` names its file."""
