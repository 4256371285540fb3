"""What is found wrong and unlikely about a record while it is checked, and for which version of the contract."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar

from carbontui_registry.text import clean, did_you_mean, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextvars import Token
    from typing import Any

    Asked = Callable[[], int] | None

    from carbontui_registry.figures import Source

CONTRACT = 1


class LimitPassed(Exception):
    """A text or a table larger than any honest record: what the hook gave is set aside whole."""


class _Noting:
    """Whether records keep their problems instead of raising, here or in the whole process, threads of a plugin's own
    among it; the value tells the contract version that whoever makes records is written for."""

    def __init__(self) -> None:
        self._here: ContextVar[Asked] = ContextVar("noting", default=None)
        self._everywhere: Asked = None

    def get(self) -> Asked:
        return self._here.get() or self._everywhere

    def set(self, asked: Asked) -> Token[Asked]:
        return self._here.set(asked)

    def reset(self, token: Token[Asked]) -> None:
        self._here.reset(token)

    @contextmanager
    def everywhere(self, asked: Asked) -> Iterator[None]:
        """In every thread of this process meanwhile."""
        before, self._everywhere = self._everywhere, asked
        try:
            yield
        finally:
            self._everywhere = before


# While the registry calls a plugin, records keep their problems instead of raising: a constructor that raises inside a
# generator would end it and lose the records after it.
noting = _Noting()


def line_of_caller() -> str:
    """File and line of a plugin's code that makes a record just now, such as `acme.py, line 12`; "" for a pack, whose
    lines are known better."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__package__") == __package__:
        if frame.f_globals.get("__name__") == f"{__package__}.packs":
            return ""
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None or frame.f_globals.get("__name__") in ("__main__", None):
        return ""
    return f"{clean(os.path.basename(frame.f_code.co_filename))}, line {frame.f_lineno}"


def contract_asked() -> int:
    """The version of the contract that whoever makes records just now is written for."""
    asked = noting.get()
    return asked() if asked else CONTRACT


class Report:
    """Collects what is wrong (`problems`) and what is unlikely (`warnings`) about one record."""

    def __init__(self, source: Source | None = None) -> None:
        self.problems: list[str] = []
        self.warnings: list[str] = []
        self.source = source

    def problem(self, where: str, what: str) -> None:
        self.problems.append(f"{where}: {what}")

    def warning(self, where: str, what: str) -> None:
        self.warnings.append(f"{where}: {what}")

    def surplus(self, names: Iterable[str], known: Iterable[str], where: str) -> None:
        """Unknown keywords: a problem, or a warning where the plugin is written for a newer contract than ours."""
        names = [clean(name[:40]) for name in names]
        if not names:
            return
        known = tuple(known)
        newer = contract_asked() > CONTRACT
        for name in names:
            at = f"{where}.{name}" if where else name
            if newer:
                self.warning(at, "not known to this version of carbontui; ignored")
            else:
                self.problem(at, f"not known{did_you_mean(name, known) or f'; known are {listed(known)}'}")


def brief(raw: Any) -> str:
    """What was given, short enough to be read in a message, and never run."""
    if isinstance(raw, str):
        return repr(clean(raw[:60]) + ("..." if len(raw) > 60 else ""))
    if raw is None or isinstance(raw, (bool, int, float)):
        try:
            return repr(raw)[:60]
        except ValueError:
            return "a number of thousands of digits"
    return f"a {type(raw).__name__}"
