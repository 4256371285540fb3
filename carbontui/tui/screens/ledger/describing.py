"""Describing the cluster of Slurm's logs: a file that says it, or the questions that its jobs leave open."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from carbontui.errors import FileError
from carbontui.importers.cluster_answers import Answers
from carbontui.text.ledger_names import SLURM
from carbontui.tui.screens.ledger.logs import LogActions
from carbontui_registry.text import clean, count_of, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbontui.tui.left_open import LeftOpen

_NEW, _REPLACE, _KEEP, _ADD = "*new", "*replace", "*keep", "*add"
_UNKNOWN = "*unknown"
_NOTHING = "nothing was written"


class ClusterActions(LogActions):
    """What is asked goes into the cluster file beside the first log of Slurm, or into the one that was chosen."""

    def action_cluster(self) -> None:
        """Say what the partitions of Slurm's logs are, by a cluster file."""
        from carbontui.importers.cluster import KEYS
        from carbontui.text.ledger_covered import missing
        from carbontui.tui.views.choices import Choice

        if not (logs := self._of_slurm()):
            self._pick_toml("Cluster file for Slurm logs", KEYS, self._cluster)
            return
        file, lacks = self._file(logs), missing(self.report.account) if self.report is not None else []
        there = os.path.lexists(file)
        does = "replaces" if there else "writes"
        new = Choice(_NEW, f"new: choose where the jobs ran ({does} cluster.toml beside the log)", "", "new")
        add = Choice(_ADD, f"add what is missing: {', '.join(lacks)}", "", "add")
        first = [add] if there and lacks else [] if there else [new]
        self._pick_toml("Cluster file for Slurm logs", KEYS, self._cluster, first, [new] if there else [])

    def _of_slurm(self) -> list[str]:
        from carbontui.importers import kind_of

        found = []
        for path in self.logs.paths:
            try:
                found += [path] if kind_of(path) == "slurm" else []
            except FileError:
                continue
        return found

    def _file(self, logs: list[str], *, beside: bool = False) -> str:
        """The cluster file of the first log of Slurm: the one that was chosen, else the one `beside` it."""
        from carbontui.tui.new_cluster import beside_log

        return (not beside and self.logs.cluster) or beside_log(logs[0])

    def _cluster(self, path: str | None) -> None:
        logs = self._of_slurm()
        if path == _NEW and os.path.lexists(there := self._file(logs, beside=True)):
            self._ask_to_replace(there)
        elif path in (_NEW, _REPLACE):
            self._ask(replace=True)
        elif path == _ADD:
            self._ask(replace=False)
        elif path is not None and self._free():
            kept = self.logs.replace(cluster=os.path.abspath(os.path.expanduser(path)))
            if kept.paths:
                self._read(kept)
            else:
                self.carbon.set_workspace(self.carbon.workspace.replace(logs=kept))

    def _ask_to_replace(self, there: str) -> None:
        """A file that somebody may have filled in is used, or replaced."""
        from carbontui.tui.views.choices import Choice
        from carbontui.tui.widgets.picker import Picker

        def chosen(answer: str | None) -> None:
            self._cluster(there if answer == _KEEP else answer)

        offered = [
            Choice(_KEEP, "keep it, and read the logs by it", "", "keep"),
            Choice(_REPLACE, "replace it: choose where the jobs ran (what was added to it is lost)", "", "replace"),
        ]
        self.app.push_screen(Picker("file", f"{clean(there)} already exists", offered), chosen)

    # Questions, one after the other; esc leaves them all

    def _ask(self, *, replace: bool) -> None:
        """What the file is to say: of one that is replaced, all that the logs leave open without it."""
        from carbontui.tui.left_open import LeftOpen, nameless, without_file

        assert self.report is not None
        logs, catalogue = self._of_slurm(), self.carbon.catalogue
        if replace and os.path.lexists(file := self._file(logs)):
            new = self._file(logs, beside=True)
            described = [log for log in logs if self._file([log], beside=True) == new]
            self.say("looking at what the logs leave open ...")
            self.work(
                "describing",
                lambda: without_file(described, file, catalogue),
                lambda found: self._ask_where(found, replace=replace),
            )
            return
        lacks = self.report.account.lacks
        powerless = lacks.powerless if SLURM in lacks.energyless_tools else 0
        self._ask_where(LeftOpen(nameless(self.report.ledger), powerless), replace=replace)

    def _ask_where(self, found: LeftOpen, *, replace: bool) -> None:
        """Where the jobs ran, unless the file says so; then what nothing says of their machines."""
        assert self.report is not None

        def there(region: str | None) -> None:
            if region is not None:
                self._ask_hardware(found, Answers(region), lambda answers: self._write(answers, replace=replace))

        if replace or SLURM in self.report.account.lacks.placeless_tools:
            self.app.push_screen(self.where("Where did these jobs run?", found.before.region), there)
        else:
            there("")

    def _ask_hardware(self, found: LeftOpen, answers: Answers, done: Callable[[Answers], None]) -> None:
        """What the accelerators of the next partition are; after the last, W of a core."""
        from carbontui.tui.views.choices import Choice
        from carbontui.tui.widgets.picker import Picker

        if not found.nameless:
            self._ask_watts(found, answers, done)
            return
        (partition, runs), *others = found.nameless

        def chosen(answer: str | None) -> None:
            if answer is None:
                self.say(_NOTHING)
                return
            more = {} if answer == _UNKNOWN else {partition: answer}
            named = answers._replace(hardware={**answers.hardware, **more})
            self._ask_hardware(found._replace(nameless=others), named, done)

        where = f"in partition {clean(partition)}" if partition else "of these jobs"
        title = f"Which accelerators are the GPUs {where}? ({count_of(runs, 'run')})"
        offered = [Choice(_UNKNOWN, "not known: leave it blank", "", "unknown"), *self.carbon.choices("hardware")]
        self.app.push_screen(Picker("hardware", title, offered, found.before.hardware.get(partition)), chosen)

    def _ask_watts(self, found: LeftOpen, answers: Answers, done: Callable[[Answers], None]) -> None:
        """The mean power of a core, where jobs have cores alone."""
        from carbontui.tui.widgets.editor import Editor
        from carbontui_registry import units

        if not found.powerless:
            done(answers)
            return

        def written(text: str) -> str:
            """With its unit."""
            typed = text.strip()
            return f"{typed} W" if typed and typed[-1] in "0123456789." else typed

        def read(text: str) -> tuple[bool, str]:
            if not text.strip():
                return True, "such as 4 W, the mean over the jobs; empty: not known"
            try:
                watts = units.parse(written(text), "power")
            except units.UnitError as error:
                return False, str(error)
            return True, f"= {watts:g} W for each core"

        def typed(text: str | None) -> None:
            if text is None:
                self.say(_NOTHING)
            else:
                done(answers._replace(watts=written(text)))

        title = f"W per CPU core of jobs without GPUs ({count_of(found.powerless, 'run')})"
        self.app.push_screen(Editor(title, found.before.watts, read, self.table.region), typed)

    def _write(self, answers: Answers, *, replace: bool) -> None:
        """Into the file, by which the logs are read again."""
        if not self._free():
            return
        of, catalogue = self._of_slurm(), self.carbon.catalogue
        logs = self.logs.replace(cluster="") if replace else self.logs
        files: dict[str, list[str]] = {}
        for log in of:
            # A file that was chosen is for all logs, one beside a log for those of its folder.
            files.setdefault(self._file([log], beside=replace), []).append(log)
        if replace:
            files = {(first := self._file(of, beside=True)): files[first]}

        def make() -> list[str]:
            from carbontui.tui.new_cluster import describe_clusters

            return describe_clusters(files, answers, catalogue, replace=replace)

        def done(written: list[str]) -> None:
            if written:
                wrote = f"wrote {listed([clean(path) for path in written])}"
                self._read(logs, note=f"{wrote}; a PUE and more can be added by hand")
            else:
                self.say(_NOTHING)

        self.work("describing", make, done)
