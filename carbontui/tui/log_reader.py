"""Logs read for the app, beside what is drawn: which are there, what each brought, and what they come to."""

from __future__ import annotations

import os

from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.report import Report, report
from carbontui.engine.ledger.runs import Runs
from carbontui.errors import EmptyFile, FileError, UnknownKind
from carbontui.files import refuse_pipe
from carbontui.importers import kind_to_read
from carbontui.importers.beside import said_of_clusters
from carbontui.importers.cluster import read_cluster
from carbontui.importers.logs import Added, add_log, said_of
from carbontui.importers.reading import Reading
from carbontui.text.record import Shown
from carbontui.tui.views import ledger_rows
from carbontui.tui.workspace import Logs
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.text import clean, count_of, is_are, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbontui.engine.ledger.limit import Limit


class LogReader:
    """Reads logs one after the other until `stopped` says so; `progress` is told how far.

    With `lenient`, as at a start, a file that is gone or cannot be read is said, and the rest is read. What no reader
    foresaw is said in the same way, as a log that ends the app would end it at every start.
    """

    def __init__(
        self, catalogue: Catalogue, logs: Logs, progress: Callable[[str], object], stopped: Callable[[], bool],
        *, lenient: bool = False,
    ) -> None:  # fmt: skip
        self.catalogue = catalogue
        self.logs = logs
        self.lenient = lenient
        self.said: list[Shown] = []
        self.added: list[Added] = []
        # Why each log that could not be read was not: for something wrong in the file, or for what nobody foresaw.
        self.missing: dict[str, str] = {}
        self.faulty: dict[str, str] = {}
        # The log whose kind could not be detected.
        self.unknown = ""
        self._stopped, self._tell = stopped, progress

    def read(self, before: Runs | None, paths: Sequence[str]) -> Runs:
        """The runs that are there and those of some logs. Raises `FileError`."""
        runs = before.copy() if before is not None else Runs()
        known = [path for path in self.logs.paths if path not in paths]
        for path in paths:
            self._stop()
            trial = runs.copy() if self.lenient else runs
            try:
                self._add(trial, path, known)
            except FileError as error:
                self._stop()
                if not self.lenient and not isinstance(error, EmptyFile):
                    if isinstance(error, UnknownKind):
                        self.unknown = path
                    raise
                gone = f"{_name(path)} no longer exists"
                self.missing[path] = gone if not os.path.exists(path) else str(error)
                continue
            except Exception as error:
                self._stop()
                self.faulty[path] = unforeseen(_name(path), error)
                if not self.lenient:
                    raise FileError(self.faulty[path]) from error
                continue
            known.append(path)
            runs = trial
        self._stop()
        if not self.lenient and self.missing and not self.added:
            raise FileError(next(iter(self.missing.values())))
        return runs

    def _add(self, runs: Runs, path: str, known: Sequence[str]) -> None:
        near = _near(path)
        refuse_pipe(near)
        kind = dict(self.logs.kinds).get(path) or kind_to_read(near)
        cluster = None
        if kind == "slurm" and self.logs.cluster:
            refuse_pipe(self.logs.cluster)
            cluster = read_cluster(_near(self.logs.cluster), self.catalogue)
        reading = Reading(self.catalogue, progress=self._progress, cluster=cluster)
        # Messages name it as people see it, from the folder that they are in.
        added = add_log(runs, near, reading, [_near(one) for one in known], kind)
        self.added.append(added._replace(path=path))
        doubts = [said for said in (*reading.warnings, said_of(added)) if said is not None]
        self.said += [Shown(text, "warning") for text in doubts]
        self.said += [Shown(text, "dim") for text in said_of_clusters(reading)]

    def _progress(self, _path: str, done: int, total: int) -> None:
        self._stop()
        self._tell(f"{100 * done // total} %" if total else f"{done >> 20} MiB")

    def _stop(self) -> None:
        if self._stopped():
            raise FileError("stopped; nothing was changed")

    def limits(self) -> tuple[Limit, ...]:
        """The budgets of the file that was named, none where it cannot be read, which is said."""
        from carbontui.formats.budget import read_budget

        try:
            refuse_pipe(self.logs.budgets)
            return read_budget(self.logs.budgets) if self.logs.budgets else ()
        except FileError as error:
            self.said.append(Shown(str(error), "warning"))
            return ()

    def account(
        self, before: Runs | None, paths: Sequence[str], by: str, metric: str, limits: Sequence[Limit], width: int
    ) -> Report:
        """What the runs that are there and those of some logs come to, drawn once. Raises `FileError`."""
        said = list(self.said)
        runs = self.read(before, paths)
        try:
            return self._report(runs, by, metric, limits, width)
        except Exception as error:
            self._stop()
            read = [path for path in paths if path not in self.missing and path not in self.faulty]
            for path in read:
                self._try(path, by, metric, width)
            found = [self.faulty[path] for path in read if path in self.faulty]
            if not found or not self.lenient:
                raise FileError(found[0] if found else unforeseen("the account", error, "made")) from error
            self.said, self.added = said, []
            return self.account(before, [path for path in read if path not in self.faulty], by, metric, limits, width)

    def _try(self, path: str, by: str, metric: str, width: int) -> None:
        """Note a log of which no account can be made, even alone."""
        alone = LogReader(self.catalogue, self.logs, self._tell, self._stopped)
        try:
            alone._report(alone.read(None, [path]), by, metric, (), width)
        except FileError:
            self._stop()
        except Exception as error:  # noqa: BLE001 - whatever a log leads to
            self.faulty[path] = unforeseen(_name(path), error)

    def _report(self, runs: Runs, by: str, metric: str, limits: Sequence[Limit], width: int) -> Report:
        ledger = Ledger(runs, self.catalogue, as_one=self.logs.as_one)
        made = report(ledger, self.catalogue, (by,), metric, limits=limits)
        draw(made, width)
        return made

    def note(self, runs: Runs, *, beside: bool) -> str:
        """What was opened, in a line."""
        new, twice = sum(one.runs for one in self.added), sum(one.twice for one in self.added)
        copies = [_name(one.path) for one in self.added if one.copy_of]
        names = [_name(one.path) for one in self.added if not one.copy_of]
        opened = listed(names) if len(names) < 3 else f"{len(names):,} logs"
        parts = [f"{'added' if beside else 'opened'} {opened}: {count_of(new, 'run')}"] if names else []
        parts += [f"{twice:,} already open, counted once"] if twice else []
        parts += [f"left out {listed(copies)}: its content is already open"] if copies else []
        wrong = [*self.faulty.values(), *self.missing.values()]
        parts += wrong[:1]
        parts += [f"{len(wrong) - 1:,} more cannot be read"] if len(wrong) > 1 else []
        if beside:
            logs = len(self.logs.paths) - len(copies)
            parts.append(f"{count_of(logs, 'log')} with {count_of(len(runs), 'run')} {is_are(logs)} open")
        return "; ".join(parts)


def draw(made: Report, width: int) -> None:
    """Draw a report as the screen does, for what may go wrong there."""
    ledger_rows.group_rows(made, range(len(made.account.groups)), width)
    ledger_rows.details(made, width)


def unforeseen(what: str, error: Exception, done: str = "read") -> str:
    """The line on an error that no reader foresaw."""
    return f"{what} could not be {done}: {type(error).__name__}: {clean(str(error))[:200]}"


def _near(path: str) -> str:
    """The path from the current folder where the file is in it, else the whole path."""
    try:
        here = os.getcwd()
    except OSError:
        return path
    return os.path.relpath(path, here) if path.startswith(os.path.join(here, "")) else path


def _name(path: str) -> str:
    return clean(os.path.basename(path))
