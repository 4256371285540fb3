"""Logs of the ledger: opened beside those that are open, closed, and opened again at the next start."""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING

from textual.worker import get_current_worker

from carbontui.errors import FileError, UnknownKind
from carbontui.files import is_of, refuse_pipe
from carbontui.text.record import Shown
from carbontui.tui.screens.ledger.base import LedgerPart
from carbontui.tui.workspace import NO_LOGS, Logs, beside
from carbontui_registry.errors import CarbontuiError
from carbontui_registry.text import clean
from carbontui_registry.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from carbontui.engine.ledger.limit import Limit
    from carbontui.engine.ledger.report import Report
    from carbontui.tui.views.choices import Choice

_ENDS = (".csv", ".log", ".txt", ".json", ".prom")
_ALL = "*"


class Read(NamedTuple):
    """What a thread made of logs: the report, which logs are open now, what was said of them, what the line above the
    keys says, and the budgets."""

    report: Report
    logs: Logs
    said: list[Shown]
    note: str
    limits: tuple[Limit, ...]


class Counted(NamedTuple):
    """The report of all runs and of those that are shown, and what the filter looks for words in."""

    report: Report
    shown: Report
    texts: list[str] | None


class LogActions(LedgerPart):
    """Reads in a thread; nothing has changed until it is done, and esc stops it."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        # What one should know of the logs as they were read.
        self.said: list[Shown] = []
        self._restored = False

    def restore(self) -> bool:
        """Open what was open last time, and what was named at the start; False where nothing was."""
        logs, self.carbon.named_logs = beside(self.logs, self.carbon.named_logs), NO_LOGS
        if self._restored or self.report is not None or not logs.paths:
            return False
        self._restored = True
        self._read(logs, lenient=True, greeting=self.carbon.greeting)
        return True

    def _free(self) -> bool:
        if (worker := self.works("reading")) is not None:
            self.say(f"still reading {worker.name} ([{self.pressed('ledger.back')}] stops)")
        return worker is None

    def action_open(self) -> None:
        """Logs of this folder, or what is typed, beside those that are open."""
        from carbontui.tui.views.paths import file_choice, files_in
        from carbontui.tui.widgets.file_picker import FilePicker

        if not self._free():
            return
        offered = [file_choice(name, self._stands(name)) for name in files_in("", _ENDS)]
        more = "more logs" if self.logs.paths else "logs"
        self.app.push_screen(FilePicker(f"Open {more}, or several as logs/*.csv", offered, several=True), self._open)

    def _stands(self, name: str) -> str:
        return "open" if os.path.abspath(name) in self.logs.paths else "here"

    def _open(self, path: str | None) -> None:
        if path is None:
            return
        full = os.path.abspath(os.path.expanduser(path))
        paths = [full] if os.path.exists(full) else sorted(glob.glob(full)) or [full]
        self.open_logs(paths)

    def open_logs(self, paths: Sequence[str], kinds: tuple[tuple[str, str], ...] = ()) -> None:
        """Open logs beside those that are open; one that is open is read again. `kinds` are of those that do not say
        what they are."""
        new = tuple(dict.fromkeys(path for path in paths if path not in self.logs.paths))
        logs = self.logs.replace(paths=(*self.logs.paths, *new), kinds=(*self.logs.kinds, *kinds))
        self._read(logs, new, ask=lambda path: self._ask_kind(path, new, kinds))

    def _ask_kind(self, path: str, new: tuple[str, ...], kinds: tuple[tuple[str, str], ...]) -> None:
        """Ask which tool wrote a log, and open the logs then."""
        from carbontui.tui.screens.file_kinds import kinds_picker

        def chosen(kind: str | None) -> None:
            if kind is not None:
                self.open_logs(new, (*kinds, (path, kind)))
            else:
                self.show()

        self.app.push_screen(kinds_picker(path), chosen)

    def action_close(self) -> None:
        """Close one log, or all."""
        from carbontui.tui.views.choices import Choice
        from carbontui.tui.views.paths import file_choice
        from carbontui.tui.widgets.picker import Picker

        if not self.logs.paths:
            self.say("no log is open")
            return
        if not self._free():
            return
        offered = [Choice(_ALL, "all logs", "", "all logs")]
        offered += [file_choice(path, "" if os.path.exists(path) else "no longer exists") for path in self.logs.paths]
        self.app.push_screen(Picker("file", "Close a log", offered), self._close)

    def _close(self, path: str | None) -> None:
        if path is None:
            return
        rest = () if path == _ALL else tuple(one for one in self.logs.paths if one != path)
        logs = self.logs.replace(paths=rest)
        if rest:
            self._read(logs, lenient=True, note=f"closed {clean(os.path.basename(path))}; the file itself is kept")
            return
        self.report = self.shown = None
        self.said = []
        self.carbon.set_workspace(self.carbon.workspace.replace(logs=logs))
        self.show()
        self.say(
            f"closed {'all logs' if path == _ALL else clean(os.path.basename(path))}; the files themselves are kept"
        )

    def action_budget(self) -> None:
        """Hold the runs against the budgets of a file."""
        from carbontui.formats.budget import KEYS

        self._pick_toml("Budget file", KEYS, self._budget)

    def _budget(self, path: str | None) -> None:
        if path is None:
            return
        from carbontui.formats.budget import read_budget

        full = os.path.abspath(os.path.expanduser(path))
        try:
            refuse_pipe(full)
            self.limits = read_budget(full)
        except FileError as error:
            self.say(clean(str(error)), error=True)
            return
        self.carbon.set_workspace(self.carbon.workspace.replace(logs=self.logs.replace(budgets=full)))
        self.count()

    def _pick_toml(
        self, title: str, keys: Collection[str], done: Callable[[str | None], None], first: Sequence[Choice] = (),
        last: Sequence[Choice] = (),
    ) -> None:  # fmt: skip
        """One of the TOML files near the logs or here that have such keys, between what else is offered."""
        from carbontui.tui.views.paths import file_choice, files_in
        from carbontui.tui.widgets.file_picker import FilePicker

        folders = [folder for folder in dict.fromkeys(map(os.path.dirname, self.logs.paths)) if folder != os.getcwd()]
        places = [*((folder, "near the logs") for folder in folders), ("", "here")]
        found = ((path, where) for folder, where in places for path in files_in(folder, ".toml"))
        offered = [file_choice(path, where) for path, where in found if is_of(path, keys)]
        self.app.push_screen(FilePicker(title, [*first, *offered, *last], otherwise=[*first, *last]), done)

    def action_overlap(self) -> None:
        """Runs that overlap are one, or each its own."""
        if self.report is not None:
            logs = self.logs.replace(as_one=not self.logs.as_one)
            self.carbon.set_workspace(self.carbon.workspace.replace(logs=logs))
            self.count()

    def action_stop(self) -> None:
        """Stop what is read; else one step back: without the filter, from the runs to the groups, to Compare."""
        worker = self.works("reading")
        if worker is not None:
            worker.cancel()
            del self._workers["reading"]
            self.say("stopped; nothing was changed")
        elif self.query_text:
            self.clear_filter()
        elif self.each:
            self.action_runs()
        else:
            self.app.call_later(self.carbon.action_go, "compare")

    # In a thread

    def count(self, note: str = "") -> None:
        """Another account of the same runs, worked out beside what is drawn; `note` is said once it is there."""
        if self.report is None:
            return
        ledger, by, metric, limits, as_one = self.report.ledger, self.by, self.metric, self.limits, self.logs.as_one
        catalogue, priced_by, width = self.carbon.catalogue, self.catalogue, self.room
        before, texts, each, words = self.report, self.words, self.each, self.query_text.lower().split()

        def make() -> Counted:
            from carbontui.engine.ledger.account import Ledger
            from carbontui.engine.ledger.report import report
            from carbontui.tui.log_reader import draw, unforeseen
            from carbontui.tui.views import ledger_filter

            try:
                same = ledger.as_one == as_one and catalogue is priced_by
                found = ledger if same else Ledger(ledger.runs, catalogue, as_one=as_one)
                asked = ((by,), metric, limits)
                made = before if same and asked == (before.account.by, before.account.metric, _limits(before)) else None
                made = made or report(found, catalogue, (by,), metric, limits=limits)
                if not words:
                    draw(made, width)
                    return Counted(made, made, texts)
                searched = (texts or ledger_filter.texts_of(found)) if each else texts
                if each and searched is not None:
                    rows = ledger_filter.runs_with(searched, words)
                else:
                    rows = ledger_filter.runs_of_groups(made, words)
                shown = ledger_filter.of_runs(made, rows)
                draw(shown, width)
            except Exception as error:
                raise CarbontuiError(unforeseen("the account", error, "made")) from error
            return Counted(made, shown, searched)

        def done(made: Counted) -> None:
            self.report, self.shown, self.words = made
            self.catalogue = catalogue
            self.show()
            if note:
                self.say(note, whole=True)

        self.work("counting", make, done)

    def _read(
        self, logs: Logs, new: tuple[str, ...] = (), *, lenient: bool = False, note: str = "", greeting: str = "",
        ask: Callable[[str], None] | None = None,
    ) -> None:  # fmt: skip
        """Read logs: those that are new beside the runs that are there, or all of them. `ask` asks for the kind of a
        log that does not say it."""
        before = self.report.ledger.runs if new and self.report is not None else None
        paths = logs.paths if before is None else new
        name = clean(os.path.basename(paths[0])) + (f" and {len(paths) - 1} more" if len(paths) > 1 else "")
        catalogue, stops, closes = self.carbon.catalogue, self.pressed("ledger.back"), self.pressed("ledger.close")
        said, by, metric, width = self.said if before is not None else [], self.by, self.metric, self.room
        open_before = self.logs.paths
        self.say(f"reading {name} ...")

        def make() -> Read | str:
            from carbontui.tui.log_reader import LogReader

            worker = get_current_worker()

            def progress(far: str) -> None:
                self.app.call_from_thread(self.say, f"reading {name}: {far} ... {stops} stops")

            reader = LogReader(catalogue, logs, progress, lambda: worker.is_cancelled, lenient=lenient)
            limits = reader.limits()
            try:
                made = reader.account(before, paths, by, metric, limits, width)
            except UnknownKind:
                if ask is None:
                    raise
                return reader.unknown
            # A copy of a log that is open is not open beside it; what was open and is gone may come back.
            out = {one.path for one in reader.added if one.copy_of} | reader.faulty.keys()
            out |= reader.missing.keys() - set(open_before)
            kept = logs.replace(paths=tuple(path for path in logs.paths if path not in out))
            told = note or reader.note(made.ledger.runs, beside=before is not None)
            told += f" ([{closes}] closes it)" if reader.missing.keys() - out else ""
            wrong = [*reader.faulty.values(), *reader.missing.values()]
            what = [*said, *(Shown(text, "warning") for text in wrong), *reader.said]
            return Read(made, kept, what, told, limits)

        def done(read: Read | str) -> None:
            if isinstance(read, str):
                assert ask is not None
                ask(read)
                return
            self.report, self.said, self.limits = read.report if read.logs.paths else None, read.said, read.limits
            self.shown = self.report
            self.catalogue, self.words = catalogue, None
            self.table.cursor = 0
            # Drawn before it is kept: what cannot be drawn would end the app at every start.
            self.show()
            self.carbon.set_workspace(self.carbon.workspace.replace(logs=read.logs))
            self.say("; ".join(filter(None, (greeting, self.placeless(), read.note))), whole=True)
            if (by, metric) != (self.by, self.metric) or self.query_text.strip():
                self.count()

        self.work("reading", make, done, name)


def _limits(report: Report) -> tuple[Limit, ...]:
    return tuple(one.limit for one in report.budgets)
