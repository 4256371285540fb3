"""The app's state as one immutable value, and every action as a pure function from it to the next.

Nothing here knows of Textual. Undo, the star of unsaved changes and the saved work follow from this.
"""

from __future__ import annotations

from math import inf

from carbontui.engine.comparison import Comparison, Question
from carbontui.engine.equivalents import EQUIVALENTS
from carbontui.engine.scenario import Scenario
from carbontui.quantities import ACCOUNTINGS, METERED, METRICS
from carbontui.spec import PAPER_RUNS, PAPER_TITLE, parse_spec
from carbontui_registry.figures import Figure
from carbontui_registry.values import Value

DEEPEST_UNDO = 500
UNITS = ("auto", "tonnes", "kilograms", *EQUIVALENTS)


class Step(Value):
    """A change that can be undone or redone: what it was, and the question, the planned job and the limits that it
    leads back to.

    `at` is the scenario that Compare's cursor was on then, where that is known. `file` is path, saved question and
    stamp, where the change was to another file.
    """

    what: str
    question: Question
    job: Scenario
    limits: str
    file: tuple[str | None, Question | None, str] | None = None
    at: int | None = None


class Logs(Value):
    """What the ledger is of: paths of logs, of the cluster file for those of Slurm ("" for that beside each), and of
    the budgets that it is checked against; whether runs that overlap on one machine count once; and the kinds of those
    logs, by their paths, whose first lines do not say."""

    paths: tuple[str, ...] = ()
    cluster: str = ""
    budgets: str = ""
    as_one: bool = False
    kinds: tuple[tuple[str, str], ...] = ()


NO_LOGS = Logs()


def beside(open_now: Logs, more: Logs) -> Logs:
    """More logs beside those that are open; their cluster file and budgets in place of those."""
    new = tuple(dict.fromkeys(path for path in more.paths if path not in open_now.paths))
    return open_now.replace(
        paths=(*open_now.paths, *new),
        cluster=more.cluster or open_now.cluster,
        budgets=more.budgets or open_now.budgets,
    )


# The fields of a workspace that say how it is looked at, as they are at first.
LOOKED_AT = {"log_scale": False, "unit": UNITS[0], "rows": False}


class Workspace(Value):
    """What is compared and what is planned, where it is kept, and how it is looked at."""

    question: Question
    # The job on Plan, and the limits of advice and sweeps as they were typed.
    job: Scenario = Scenario()
    limits: str = ""
    # The screen that was looked at last.
    tab: str = "compare"
    path: str | None = None
    saved: Question | None = None
    # How Compare is looked at: its bars, the unit of CO2e, and scenarios as rows or as columns.
    log_scale: bool = False
    unit: str = "auto"
    rows: bool = False
    # Time and size of the file when it was read or written: another one means that someone else wrote it.
    stamp: str = ""
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()
    logs: Logs = NO_LOGS

    @property
    def looks(self) -> dict[str, str | bool]:
        """How Compare is looked at, where that is not as at first."""
        return {name: now for name, first in LOOKED_AT.items() if (now := getattr(self, name)) != first}

    @property
    def changed(self) -> bool:
        """Whether there is something that no file holds."""
        return self.question != self.saved

    @property
    def title(self) -> str:
        """What exports call it: the name of its file, else its title."""
        from os.path import basename

        return basename(self.path) if self.path else self.question.title or "untitled"

    @property
    def heading(self) -> tuple[str, str]:
        """The title of the comparison and the name of its file; no second name where that says all."""
        from os.path import splitext

        title = self.question.title
        if not self.path or title in ("", self.title, splitext(self.title)[0]):
            return self.title, ""
        return title, self.title


def first_start() -> Workspace:
    """The paper's six runs, so that the first thing a person sees is a finished comparison."""
    question = Question(tuple(parse_spec(run) for run in PAPER_RUNS), title=PAPER_TITLE)
    return Workspace(question, saved=question)


def opened(question: Question, path: str | None, stamp: str = "") -> Workspace:
    """A comparison that was read from a file."""
    return Workspace(question, path=path, saved=question, stamp=stamp)


# Changes of how the same scenarios are looked at.
LOOKS = ("metric", "accounting")


def change(workspace: Workspace, what: str, question: Question) -> Workspace:
    """The workspace with another question, with a step back to the old one; `what` names the change."""
    if question == workspace.question:
        return workspace
    if question.title == workspace.question.title == PAPER_TITLE and not _of_paper(question):
        question = question.replace(title="")
    if what in LOOKS and workspace.past and workspace.past[-1].what == what:
        # Five presses to see each metric are one step back.
        return workspace.replace(question=question, future=())
    return _changed(workspace, what).replace(question=question)


# What else a job is known by, beside its model and hardware.
_OF_A_JOB = ("chips", "duration", "chip_hours", "params", "active_params", "trainable", "tokens", "compute")


def without_old_meter(before: Scenario, after: Scenario) -> Scenario:
    """The changed scenario without the reading of a meter that was entered for another job: for another model or
    hardware, or for other chips, time or work. One that is only described further, or moved, keeps it."""
    was, now = dict(before.given), dict(after.given)
    parts = any(getattr(before, part) not in (None, getattr(after, part)) for part in ("model", "hardware"))
    if parts or any(key in was and now.get(key) != was[key] for key in _OF_A_JOB):
        for key in METERED:
            if key in was and now.get(key) == was[key]:
                after = after.give(key, None)
    return after


def plan(workspace: Workspace, what: str, job: Scenario) -> Workspace:
    """The workspace with another job on Plan, with a step back to the old one; `what` names the change."""
    return workspace if job == workspace.job else _changed(workspace, what).replace(job=job)


def limit(workspace: Workspace, text: str) -> Workspace:
    """The workspace with other limits, with a step back to the old ones."""
    return workspace if text == workspace.limits else _changed(workspace, "limits").replace(limits=text)


def clear(workspace: Workspace) -> Workspace:
    """The workspace with no job on Plan and no limits, with one step back to both."""
    if workspace.job == Scenario() and not workspace.limits:
        return workspace
    return _changed(workspace, "new job").replace(job=Scenario(), limits="")


def _changed(workspace: Workspace, what: str) -> Workspace:
    """The workspace with a step back to how it is now, before something changes."""
    return workspace.replace(past=(*workspace.past, _here(workspace, what))[-DEEPEST_UNDO:], future=())


def _of_paper(question: Question) -> bool:
    """Whether any scenario is still one of the paper's."""
    return any(one.model in PAPER_RUNS for one in question.scenarios)


def open_other(workspace: Workspace, question: Question, path: str, stamp: str) -> Workspace:
    """The workspace with a comparison that was read from another file, with a step back to the old one and its file."""
    step = _here(workspace, "open").replace(file=(workspace.path, workspace.saved, workspace.stamp))
    past = (*workspace.past, step)[-DEEPEST_UNDO:]
    return workspace.replace(question=question, path=path, saved=question, stamp=stamp, past=past, future=())


def _back(workspace: Workspace, step: Step) -> tuple[Workspace, Step]:
    """The workspace where a step leads, and the step that leads to where it was."""
    before = workspace.replace(question=step.question, job=step.job, limits=step.limits)
    there = _here(workspace, step.what)
    if step.file is None:
        return before, there
    path, saved, stamp = step.file
    there = there.replace(file=(workspace.path, workspace.saved, workspace.stamp))
    return before.replace(path=path, saved=saved, stamp=stamp), there


def _here(workspace: Workspace, what: str) -> Step:
    """A step that leads back to how it is now."""
    return Step(what, workspace.question, workspace.job, workspace.limits)


def undo(workspace: Workspace) -> tuple[Workspace, str | None]:
    """The workspace before the last change, and what that was."""
    if not workspace.past:
        return workspace, None
    there, step = _back(workspace, workspace.past[-1])
    return there.replace(past=workspace.past[:-1], future=(step, *workspace.future)), step.what


def redo(workspace: Workspace) -> tuple[Workspace, str | None]:
    """The workspace after the change that was undone last, and what that was."""
    if not workspace.future:
        return workspace, None
    there, step = _back(workspace, workspace.future[0])
    return there.replace(past=(*workspace.past, step), future=workspace.future[1:]), step.what


def seen_from(before: Workspace, after: Workspace, at: int) -> Workspace:
    """The workspace `after` a change, an undo or a redo, whose step back, or forward again, has the scenario that
    Compare's cursor was on `before`."""
    if len(after.future) > len(before.future):
        return after.replace(future=(after.future[0].replace(at=at), *after.future[1:]))
    if after.past and after.past[-1:] != before.past[-1:] and len(after.past) >= len(before.past):
        return after.replace(past=(*after.past[:-1], after.past[-1].replace(at=at)))
    return after


def cursor_of(before: Workspace, after: Workspace) -> int | None:
    """The scenario that Compare's cursor goes back to with an undo or a redo; None where it stays."""
    if before.question == after.question:
        return None
    return (before.past[-1] if len(after.past) < len(before.past) else before.future[0]).at


def out_of_view(before: Workspace, after: Workspace, what: str, tab: str) -> str:
    """` on Plan` or ` in Compare`, where a step was between the two that is not to be seen on the screen `tab`."""
    same = before.question == after.question
    changed = "plan" if same and (before.job, before.limits) != (after.job, after.limits) else "compare"
    # Metric and accounting are those of every screen.
    if tab == changed or what in LOOKS:
        return ""
    return " on Plan" if changed == "plan" else " in Compare"


# Changes of a question. Numbers of scenarios count from 0.


def put(question: Question, at: int, scenario: Scenario) -> Question:
    """Another scenario in place of the one at `at`."""
    scenarios = list(question.scenarios)
    scenarios[at] = scenario
    return question.replace(scenarios=tuple(scenarios))


def add(question: Question, at: int, *new: Scenario) -> Question:
    """New scenarios before number `at`."""
    scenarios = (*question.scenarios[:at], *new, *question.scenarios[at:])
    moved = len(new) if question.scenarios and question.baseline >= at else 0
    return question.replace(scenarios=scenarios, baseline=question.baseline + moved)


def remove(question: Question, at: int) -> Question:
    """Without the scenario at `at`; the next one becomes the baseline if it was that."""
    scenarios = (*question.scenarios[:at], *question.scenarios[at + 1 :])
    baseline = question.baseline - (1 if at < question.baseline else 0)
    return question.replace(scenarios=scenarios, baseline=max(0, min(baseline, len(scenarios) - 1)))


def move(question: Question, at: int, to: int) -> Question:
    """The scenario at `at` moved to number `to`."""
    order = list(range(len(question.scenarios)))
    order.insert(to, order.pop(at))
    return reorder(question, order)


def reorder(question: Question, order: list[int]) -> Question:
    """The scenarios in another order; the baseline stays the same scenario."""
    scenarios = tuple(question.scenarios[n] for n in order)
    return question.replace(scenarios=scenarios, baseline=order.index(question.baseline))


def sort_by(comparison: Comparison, key: str, *, descending: bool = False) -> Question:
    """The scenarios by a result, smallest first unless `descending`, unknown ones last."""
    found = [one.results.get(key) for one in comparison.scenarios]
    sign = -1 if descending else 1
    values = [inf if one is None else sign * one.value for one in found]
    order = sorted(range(len(values)), key=values.__getitem__)
    return reorder(comparison.question, order)


def rename(question: Question, at: int, name: str) -> Question:
    """The scenario at `at` under another name; an empty one makes it follow from the scenario."""
    return put(question, at, question.scenarios[at].replace(name=name))


def group(question: Question, at: int, name: str) -> Question:
    """The scenario at `at` in a group, with totals, or in none where the name is empty."""
    grouped = put(question, at, question.scenarios[at].replace(group=name))
    return grouped.replace(total=question.total or bool(name))


def set_baseline(question: Question, at: int) -> Question:
    """The scenario at `at` as the baseline."""
    return question.replace(baseline=at)


def give(question: Question, at: int, key: str, figure: Figure | None) -> Question:
    """A quantity entered for the scenario at `at`, or None to look it up or derive it again."""
    return put(question, at, question.scenarios[at].give(key, figure))


def choose(question: Question, at: int, part: str, name: str | None) -> Question:
    """Another model, hardware, region, run or period for the scenario at `at`."""
    return put(question, at, question.scenarios[at].choose(part, name))


def next_metric(question: Question) -> Question:
    """The next of gross, net, energy, duration."""
    metrics = tuple(METRICS)
    return question.replace(metric=metrics[(metrics.index(question.metric) + 1) % len(metrics)])


def next_accounting(question: Question) -> Question:
    """The next of as published, direct, lifecycle."""
    # The strict ones are for files and the command line.
    following = (ACCOUNTINGS.index(question.accounting) + 1) % 3
    return question.replace(accounting=ACCOUNTINGS[following])
