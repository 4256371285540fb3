"""Runs of the ledger into Compare: a run or a group's mean, or what a group's energy comes to in another region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbontui.engine.comparison import ratio
from carbontui.engine.scenario import Scenario
from carbontui.quantities import LABELS, METRICS, RESULTS
from carbontui.text import display
from carbontui.tui.screens.ledger.base import LedgerPart
from carbontui_registry.errors import CarbontuiError
from carbontui_registry.text import clean
from carbontui_registry.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from carbontui.engine.ledger.account import Ledger
    from carbontui.importers.pair import Pair

# Of a group with more kinds of hardware and place than can stand side by side.
MOST_TAKEN = 12


class Some(NamedTuple):
    """The runs of a row, by their numbers, and what people call them."""

    rows: NDArray[np.intp]
    name: str


class TakeActions(LedgerPart):
    """What is in Compare already is not added again."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=name)
        # What was taken last by its name, which a later look at more logs brings up to date.
        self._taken: dict[str, Scenario] = {}

    def some(self) -> Some | None:
        """The runs of the row under the cursor; None where there is none."""
        from carbontui.text.ledger_names import runs_name

        ledger, account, at = self.ledger, self.account, self.table.cursor
        if ledger is None or account is None or not len(self.table.rows):
            return None
        if self.lists_runs:
            row = int(self.order[at])
            return Some(np.array([row], dtype=np.intp), clean(ledger.runs.names[row] or "unnamed"))
        group = account.groups[self.order[at]].group if at < len(self.order) else None
        rows = np.array(ledger.rows(account.by, group), dtype=np.intp)
        matching = ""
        if group is None and self.shown is not None and self.shown.rows is not None:
            rows, matching = self.shown.rows, f"runs with {clean(self.query_text.strip())}"
        months = (ledger.months.words[code] for code in np.unique(ledger.months.codes[rows]).tolist())
        word = ledger.names(account.by[0]).get(group[0], group[0]) if group else None
        return Some(rows, runs_name(account.by[0], word, months, matching))

    def action_take(self) -> None:
        """A run, or the mean of a group, beside the scenario under Compare's cursor."""
        some, ledger = self.some(), self.ledger
        if some is None or ledger is None or not len(some.rows):
            return

        def make() -> tuple[Scenario, ...]:
            from carbontui.importers.means import means_of

            return means_of(ledger, some.rows, some.name)

        async def done(made: tuple[Scenario, ...]) -> None:
            large = sorted(made, key=lambda one: -sum(figure.value for _, figure in one.given))[:MOST_TAKEN]
            left = (
                f"; only the {MOST_TAKEN} of {len(made):,} kinds with the most runs" if len(made) > MOST_TAKEN else ""
            )
            await self._take("add from the ledger", large, ledger, left)

        self.work("taking", make, done)

    def action_elsewhere(self) -> None:
        """What the energy of the row comes to in another region, beside the runs as they were."""
        some = self.some()
        if some is None or not len(some.rows):
            self.say(f"no runs to plan elsewhere ([{self.pressed('ledger.open')}] open logs)")
            return
        # Where runs are listed, one may think that all of them are meant.
        groups = self.pressed("ledger.runs")
        what = f"Only {some.name}, not all ([{groups}] groups)" if self.lists_runs else some.name
        self.app.push_screen(self.where(f"{what}: same IT energy in which region?"), self._elsewhere)

    def _elsewhere(self, region: str | None) -> None:
        from carbontui.tui import recent

        some, ledger, catalogue, metric = self.some(), self.ledger, self.carbon.catalogue, self.metric
        if region is None or some is None or ledger is None:
            return
        recent.remember("region", region)
        found = catalogue.region(region)

        def make() -> Pair:
            from carbontui.engine.ledger.elsewhere import elsewhere
            from carbontui.importers.pair import pair_of

            try:
                return pair_of(ledger, elsewhere(ledger, found, catalogue), some.rows, some.name, found, metric)
            except ValueError as error:
                raise CarbontuiError(f"{some.name}: {error}, so it is unknown elsewhere") from None

        async def done(pair: Pair) -> None:
            what = f"{found.record.name} for {some.name}"
            said = await self._take(what, (pair.was, pair.there), ledger, first_is_baseline=True)
            app = self.carbon
            question = app.workspace.question
            numbers = [question.scenarios.index(one) for one in (pair.was, pair.there)]
            was, there = (app.comparison.scenarios[number] for number in numbers)
            key, runs = METRICS[question.metric], len(some.rows)
            figures = " → ".join(display.shown(one.result(key), RESULTS[key].kind) for one in (was, there))
            found_ratio = ratio(there, was, key)
            of = [] if found_ratio is None else [display.times(found_ratio.value)]
            of += [f"{runs - pair.unknown:,} of {runs:,} runs"] if pair.unknown else []
            more = f" ({'; '.join(of)})" if of else ""
            baseline = "; the baseline is now the original runs" if question.baseline == numbers[0] else ""
            text = f"{some.name} in {found.record.name}: {figures} {LABELS[key]}{more}"
            app.home.say(f"{text}; {said[:1].lower()}{said[1:]}{baseline}", whole=True)

        self.say(f"{some.name} in {found.record.name} ...")
        self.work("taking", make, done)

    async def _take(
        self, what: str, new: Sequence[Scenario], ledger: Ledger, more: str = "", *, first_is_baseline: bool = False
    ) -> str:
        said = await self.into_compare(
            what, new, ledger.accounting, more, update=self._taken, first_is_baseline=first_is_baseline,
            metric=self.metric, alone=True,
        )  # fmt: skip
        self._taken |= {one.name: one for one in new}
        return said
