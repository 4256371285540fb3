"""One's own job in Compare: something new is described by its figures, kept as shown, and saved as a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbontui.engine.scenario import Filled, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.quantities import LABELS, QUANTITIES
from carbontui.text import display
from carbontui.tui.screens.budget import ask_budget
from carbontui.tui.screens.compare.base import ComparePart
from carbontui.typed import quantity
from carbontui_registry.errors import CarbontuiError, UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbontui.tui.widgets.picker import Picker


class OwnActions(ComparePart):
    """What describes something that nobody registered."""

    def picker(self, kind: str, title: str, current: str | None = None, filled: Filled | None = None) -> Picker:
        """A picker of a kind of record, with what a person may describe besides."""
        from carbontui.tui import recent
        from carbontui.tui.views import own
        from carbontui.tui.views.choices import recent_first
        from carbontui.tui.views.offered import OFFERED, offered
        from carbontui.tui.widgets.picker import Picker

        app = self.carbon
        listed = recent_first(app.choices(kind, filled.model if filled else None), recent.latest(kind))
        cell = offered(kind, filled, app.catalogue) if filled else None
        return Picker(
            kind,
            title,
            listed,
            current,
            search=lambda query: own.found(kind, listed, query, app.catalogue),
            beside=(*OFFERED, cell) if cell else None,
        )

    def describe(self, scenario: Scenario, kind: str, name: str, done: Callable[[Scenario], None]) -> None:
        """Ask for the figures of something new, one after the other, and hand over the scenario that has them."""
        from carbontui.tui.views import own

        keys = own.ASKED[kind]

        def given(scenario: Scenario) -> None:
            if own.says_enough(kind, dict(scenario.given)):
                done(scenario)
            elif kind == "model":
                # Without any figure it is a name and no more.
                done(scenario.replace(model=None, name=name))
            else:
                self.say(
                    f"{name}: not added; enter its {'TDP' if kind == 'hardware' else 'carbon factor'} to describe it"
                )

        self._ask_each(own.described(scenario, kind, name), name, keys, given)

    def _ask_each(self, scenario: Scenario, name: str, keys: tuple[str, ...], done: Callable[[Scenario], None]) -> None:
        from carbontui.tui.widgets.editor import Editor

        if not keys:
            done(scenario)
            return
        key = keys[0]

        def read(text: str) -> tuple[bool, str]:
            return read_quantity(key, text, "empty: not known")

        def typed(text: str | None) -> None:
            if text is None:
                return
            figure = quantity(key, text) if text.strip() else None
            self._ask_each(scenario.give(key, figure) if figure else scenario, name, keys[1:], done)

        label = LABELS[key][:1].upper() + LABELS[key][1:]
        self.app.push_screen(Editor(f"{label} of {name}", "", read, self.sheet.cell_region()), typed)

    def as_shown(self, before: Filled, new: Scenario, changed: str = "") -> Scenario:
        """The edited scenario with the hardware, region and period that were shown; `changed` is what was chosen."""
        app = self.carbon
        for part in ("hardware", "region", "period"):
            if part == changed or getattr(new, part) is not None or (part == "period" and changed == "region"):
                continue
            try:
                after = fill(new, app.catalogue, app.workspace.question.accounting)
            except (ScenarioError, UnknownName):
                return new
            if part == "period":
                then, now = before.texts.get("period"), after.texts.get("period")
            else:
                had, has = getattr(before, part), getattr(after, part)
                then, now = had.id if had else None, has.id if has else None
            if then is not None and then != now:
                # Not `choose`: nothing that belongs to it goes.
                new = new.replace(**{part: then})
        return new

    def action_budget(self) -> None:
        """What a budget affords of the scenario under the cursor, and where."""
        if self.scenario is None:
            self.say("no scenario: nothing follows from a budget yet")
            return
        accounting = self.question.accounting
        accounting = "lifecycle" if accounting == "as-published" else accounting
        ask_budget(self, self.carbon.comparison.scenarios[self.at], accounting, self.sheet.cell_region())

    def action_pack(self) -> None:
        """The described hardware or region as a pack, in the folder of packs."""
        from carbontui.tui import described_pack

        if self.scenario is None:
            return
        one = self.carbon.comparison.scenarios[self.at]
        row = self.sheet.row_key
        kinds = [row] if row in ("hardware", "region") else ["hardware", "region"]
        kind = next((kind for kind in kinds if described_pack.can_be_saved(one, kind)), None)
        if kind is None:
            self.say("nothing to save: the hardware and region here are registered, or not described")
            return
        try:
            path = described_pack.save(one, kind)
        except (CarbontuiError, OSError, ValueError) as error:
            self.say(str(error))
            return
        self.say(f"wrote {path}; reload the plugins to use it elsewhere")


def read_quantity(key: str, text: str, empty: str) -> tuple[bool, str]:
    """Whether what was typed can be read, and what it means or why not."""
    if not text.strip():
        return True, empty
    try:
        figure = quantity(key, text)
    except ScenarioError as error:
        error.where = ""
        return False, str(error)
    kind = QUANTITIES[key].kind
    shown = display.edited(figure.value, kind)
    if kind == "number" and figure.value >= 1e6:
        # So many digits are not read.
        shown = f"{shown} ({display.count(figure.value)})"
    return True, f"= {shown}"
