"""The one list of key bindings. What a screen binds, the foot of the screen, the help and the palette follow from it.

A keymap in the configuration changes the keys of a binding by its id. What is shown is therefore never read from
here but from the bindings that are active on a screen, or with the keymap applied.
"""

from __future__ import annotations

from textual.binding import Binding, BindingType
from textual.keys import format_key

from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from textual.dom import DOMNode
    from textual.screen import Screen


class Key(Value):
    """One binding: what it is called, the keys that it has unless a keymap says otherwise, and what it does.

    `label` puts it at the foot of the screen, in the order of `rank`; what has the same label shares one place there.
    The last one is shown whatever the width. `text` is what the help and the palette say.
    """

    group: str
    name: str
    keys: str
    action: str
    text: str
    label: str = ""
    rank: int = 50
    # Before whatever has the focus, such as a line that is typed.
    first: bool = False

    @property
    def id(self) -> str:
        """What a keymap calls it."""
        return self.name if self.group == "app" else f"{self.group}.{self.name}"


class Shown(Value):
    """A binding as it is active: the keys by name, and the node that its action is one of."""

    key: Key
    keys: tuple[str, ...]
    node: DOMNode


LAST = 99


def _details(group: str, rank: int) -> tuple[Key, ...]:
    return (
        Key(group, "down", "J,shift+down", "scroll_details(3)", "Scroll the details down", "scroll", rank),
        Key(group, "up", "K,shift+up", "scroll_details(-3)", "Scroll the details up", "scroll", rank),
    )


def _rows(group: str, things: str) -> tuple[Key, ...]:
    return (
        Key(group, "next", "down,j", "step(1)", f"Next {things}"),
        Key(group, "previous", "up,k", "step(-1)", f"Previous {things}"),
        Key(group, "next_page", "pagedown", "page(1)", "Next page"),
        Key(group, "previous_page", "pageup", "page(-1)", "Previous page"),
        Key(group, "first", "home", "step(-999999)", f"First {things}"),
        Key(group, "last", "end", "step(999999)", f"Last {things}"),
    )


def _grid(group: str, across: str, page: int) -> tuple[Key, ...]:
    return (
        Key(group, "up", "up,k", "step(0, -1)", "Up"),
        Key(group, "down", "down,j", "step(0, 1)", "Down"),
        Key(group, "left", "left,h", "step(-1, 0)", "Left"),
        Key(group, "right", "right", "step(1, 0)", "Right"),
        Key(group, "page_up", "pageup", f"step(0, -{page})", f"Up by {page} rows"),
        Key(group, "page_down", "pagedown", f"step(0, {page})", f"Down by {page} rows"),
        Key(group, "first", "home", "step(-9999, 0)", f"First {across}"),
        Key(group, "last", "end", "step(9999, 0)", f"Last {across}"),
    )


# fmt: off
KEYS: tuple[Key, ...] = (
    Key("app", "compare", "1", "go('compare')", "Compare"),
    Key("app", "sweep", "2", "go('sweep')", "Sweep"),
    Key("app", "registry", "3", "go('registry')", "Registry"),
    Key("app", "plugins", "4", "go('plugins')", "Plugins"),
    Key("app", "ledger", "7", "go('ledger')", "Ledger: the runs of logs as one account"),
    Key("app", "palette", "colon,ctrl+p", "command_palette", "All actions"),
    Key("app", "keys", "question_mark", "keys", "Keys", "keys", LAST),
    Key("app", "suspend", "ctrl+z", "suspend_process", "Suspend"),
    Key("app", "quit", "q,ctrl+c,ctrl+q", "leave", "Quit"),
    #
    Key("compare", "change", "enter", "change", "Change the cell under the cursor", "change", 1),
    Key("compare", "add", "a", "add", "Add a scenario", "add", 2),
    Key("compare", "duplicate", "d", "duplicate", "Duplicate the scenario", "duplicate", 10),
    Key("compare", "rename", "r", "rename", "Rename the scenario"),
    Key("compare", "remove", "delete,D", "remove", "Remove the scenario"),
    Key("compare", "group", "g", "group", "Put the scenario into a group, such as a project, which has a total"),
    Key("compare", "total", "T", "total", "Show or hide the totals of each group and of all"),
    Key("compare", "title", "N", "title", "Name the comparison: the title that every export carries"),
    Key("compare", "left", "less_than_sign", "shift(-1)", "Move the scenario left"),
    Key("compare", "right", "greater_than_sign", "shift(1)", "Move the scenario right"),
    Key("compare", "baseline", "b", "baseline", "Make the scenario the baseline", "baseline", 3),
    Key("compare", "derive", "backspace,equals_sign", "derive", "Use the looked-up value instead of the one entered"),
    Key("compare", "sort", "z", "sort", "Sort the scenarios by the result under the cursor, or the metric"),
    Key("compare", "metric", "m", "metric", "Next metric: gross, net, energy, duration, water, cost", "metric", 4),
    Key("compare", "accounting", "f", "accounting", "Next accounting: as published, direct, lifecycle factors"),
    Key("compare", "scale", "l", "scale", "Linear bars, or dots with ranges on a log scale", "log", 12),
    Key("compare", "unit", "v", "unit", "Next unit of CO2e"),
    Key("compare", "inputs", "i", "inputs", "Show all inputs, or the main ones"),
    Key("compare", "beside", "L", "beside", "Show emissions outside training: serving, embodied, development, idle"),
    Key("compare", "rates", "R", "rates", "Show intensities: CO2e per 1e21 FLOP and 1e9 tokens, FLOP per joule"),
    Key("compare", "why", "w", "why", "Why it differs from the baseline: model, machine, mechanization, map", "why", 5),
    Key("compare", "close", "escape", "close_why", "Close the reasons"),
    Key("compare", "explain", "x", "explain", "Explain the figure under the cursor down to its sources", "explain", 6),
    Key("compare", "undo", "u", "app.undo", "Undo", "undo", 7),
    Key("compare", "redo", "U,ctrl+r", "app.redo", "Redo"),
    Key("compare", "save", "s", "save", "Save to the file", "save", 8),
    Key("compare", "save_as", "S", "save_as", "Save to another file"),
    Key("compare", "open", "o", "open", "Open a file", "open", 11),
    Key("compare", "export", "e", "export", "Export, with a preview of what will be written", "export", 9),
    Key("compare", "advise", "A", "advise", "Advice: the changes to the scenario that save most", "advice", 5),
    Key("compare", "budget", "B", "budget", "What a budget affords of the scenario, such as 5 tCO2e"),
    Key("compare", "pack", "P", "pack", "Save the described hardware or region as a pack"),
    Key("compare", "drift", "t", "drift", "Drift: figures that changed in the registry, to update the ones you pick"),
    Key("compare", "notes", "n", "notes", "Notes on this comparison and its scenarios"),
    #
    Key("sweep", "take", "enter", "take", "Take the cell into the comparison", "take", 1),
    Key("sweep", "objective", "m", "objective", "Next objective: gross, net, energy, duration", "objective", 2),
    Key("sweep", "order", "z", "order", "Sort rows and columns: best first, as at the cursor, by name", "sort", 3),
    Key("sweep", "filter", "slash", "filter", "Filter by words of regions or hardware", "filter", 4),
    Key("sweep", "places", "e", "places", "Which regions: every datacenter, those in the EU, grids too", "regions", 5),
    Key("sweep", "time", "t", "limit('max_days')", "Limit the time, such as 30 d", "time", 6),
    Key("sweep", "gross", "g", "limit('max_gross')", "Limit gross CO2e, such as 5 tCO2e", "gross", 7),
    Key("sweep", "net", "G", "limit('max_net')", "Limit net CO2e"),
    Key("sweep", "energy", "E", "limit('max_energy')", "Limit the energy, such as 100 MWh"),
    Key("sweep", "chips", "c", "chips", "Another number of chips for all cells", "chips", 8),
    Key("sweep", "clear", "backspace", "clear", "Clear limits, filter and chips"),
    Key("sweep", "marked", "o", "marked", "Also rank combinations nobody can rent, or not"),
    Key("sweep", "accounting", "f", "accounting", "Lifecycle or direct carbon factors"),
    Key("sweep", "scatter", "s", "scatter", "Dots of time by carbon, or the heat map", "dots", 9),
    Key("sweep", "front", "n", "front(1)", "Next Pareto-best cell", "Pareto", 10),
    Key("sweep", "back", "N", "front(-1)", "Previous Pareto-best cell"),
    Key("sweep", "budget", "b", "budget", "What a budget affords of the scenario, such as 5 tCO2e", "budget", 11),
    Key("sweep", "explain", "x", "explain", "Explain the cell down to its sources, and what matters most in it",
        "explain", 12),
    Key("sweep", "when", "w", "when", "When to start in this region, by its mean day"),
    Key("sweep", "next", "right_square_bracket", "turn(1)", "Sweep the next scenario of the comparison"),
    Key("sweep", "previous", "left_square_bracket", "turn(-1)", "Sweep the previous scenario of the comparison"),
    Key("sweep", "undo", "u", "app.undo", "Undo the last change of the comparison"),
    Key("sweep", "leave", "escape", "app.go('compare')", "Back to Compare", "back", 13),
    #
    Key("registry", "filter", "slash", "filter", "Filter by words of name, id or maker", "filter", 3),
    Key("registry", "hardware", "h", "kind('hardware')", "Hardware"),
    Key("registry", "regions", "g", "kind('region')", "Regions"),
    Key("registry", "models", "m", "kind('model')", "Models"),
    Key("registry", "runs", "r", "kind('run')", "Published runs"),
    Key("registry", "offers", "o", "kind('offer')", "What is offered where, and its price"),
    Key("registry", "measurements", "e", "kind('measurement')", "What real work drew"),
    Key("registry", "next_kind", "tab,right", "turn(1)", "Next kind of record", "kind", 4),
    Key("registry", "previous_kind", "shift+tab,left", "turn(-1)", "Previous kind of record"),
    Key("registry", "mark", "space", "mark", "Mark the record, or unmark it", "mark", 1),
    Key("registry", "unmark", "backspace", "unmark", "Unmark all records"),
    Key("registry", "compare", "c", "compare", "Add what is marked, or this record, to the comparison", "compare", 2),
    Key("registry", "details", "enter", "details", "Show or hide the details", "details", 5),
    Key("registry", "toml", "t", "toml", "The record as TOML, as a pack has it; or its figures", "TOML", 6),
    Key("registry", "copy", "y", "copy", "Send the TOML to the terminal's clipboard", "copy", 7),
    *_details("registry", 8),
    Key("registry", "back", "escape", "app.go('compare')", "Back to Compare", "back", 9),
    #
    Key("plugins", "switch", "space,enter", "switch", "Switch the plugin off or on; off: it is not imported",
        "off or on", 1),
    Key("plugins", "prefer", "p", "prefer", "Prefer its record for a name that others claim too", "prefer", 2),
    Key("plugins", "reload", "r", "reload", "Reload every plugin", "reload", 3),
    *_details("plugins", 4),
    Key("plugins", "back", "escape", "stop", "Stop what is loading, or back to Compare", "back", 5),
    #
    Key("ledger", "take", "enter", "take", "Take the run, or the mean of the group, into the comparison", "compare", 1),
    Key("ledger", "open", "o", "open", "Open logs: a file, or several such as logs/*.csv", "open", 2),
    Key("ledger", "by", "g,tab", "by(1)", "Group by the next column", "group", 3),
    Key("ledger", "by_before", "G,shift+tab", "by(-1)", "Group by the column before"),
    Key("ledger", "runs", "r", "runs", "Every run, or the groups", "runs", 4),
    Key("ledger", "metric", "m", "metric", "Next metric: gross, net, energy, water, cost", "metric", 5),
    Key("ledger", "sort", "z", "sort", "Sort by the next column", "sort", 6),
    Key("ledger", "filter", "slash", "filter", "Filter by words", "filter", 7),
    Key("ledger", "overlap", "v", "overlap", "Count runs that overlap on one machine once, or each"),
    Key("ledger", "budget", "B", "budget", "Hold it against the budgets of a file", "budget", 8),
    Key("ledger", "measurements", "P", "measurements", "Take means of metered runs into a pack, and prefer them"),
    *_details("ledger", 9),
    Key("ledger", "back", "escape", "stop", "Stop what is read, or back to Compare", "back", 10),
    #
    Key("drift", "pick", "space", "pick", "Pick the field, or leave it", "pick", 1),
    Key("drift", "all", "a", "all", "Pick all fields, or none", "all", 2),
    Key("drift", "take_over", "enter,u", "take_over", "Update the picked fields from the registry", "take over", 3),
    *_details("drift", 4),
    Key("drift", "leave", "escape,q", "leave", "Leave everything as the file has it", "leave", LAST),
    #
    Key("advice", "take", "enter", "take", "Take the change into the comparison", "take", 1),
    *_details("advice", 2),
    Key("advice", "leave", "escape,q", "leave", "Leave the scenario as it is", "leave", LAST),
    #
    Key("export", "leave", "escape", "leave", "Leave"),
    Key("export", "next", "tab,ctrl+right", "format(1)", "Next format", first=True),
    Key("export", "previous", "shift+tab,ctrl+left", "format(-1)", "Previous format", first=True),
    Key("export", "preset", "f2,ctrl+t", "preset", "Next preset of the statement", first=True),
    Key("export", "copy", "ctrl+y", "copy", "Send to the clipboard", first=True),
    Key("export", "down", "pagedown,down", "scroll(8)", "Scroll the preview down", first=True),
    Key("export", "up", "pageup,up", "scroll(-8)", "Scroll the preview up", first=True),
    #
    Key("reader", "close", "escape,q,enter", "dismiss", "Close"),
    Key("reader", "copy", "y", "copy", "Send the text to the clipboard"),
    Key("reader", "down", "down,j", "scroll(1)", "Scroll down"),
    Key("reader", "up", "up,k", "scroll(-1)", "Scroll up"),
    #
    Key("help", "close", "escape,q,question_mark,enter", "dismiss", "Close"),
    #
    Key("editor", "leave", "escape", "leave", "Leave the value as it was"),
    #
    Key("picker", "leave", "escape", "dismiss_none", "Leave without a choice"),
    Key("picker", "next", "down,ctrl+n", "move(1)", "Next", first=True),
    Key("picker", "previous", "up,ctrl+p", "move(-1)", "Previous", first=True),
    Key("picker", "next_page", "pagedown", "page(1)", "Next page", first=True),
    Key("picker", "previous_page", "pageup", "page(-1)", "Previous page", first=True),
    #
    Key("filter", "leave", "escape,enter", "screen.leave_filter", "To what is filtered", "to the list", 1),
    Key("filter", "next", "down", "screen.step(1)", "Next"),
    Key("filter", "previous", "up", "screen.step(-1)", "Previous"),
    Key("filter", "next_page", "pagedown", "screen.step(10)", "Next page"),
    Key("filter", "previous_page", "pageup", "screen.step(-10)", "Previous page"),
    #
    *_grid("sheet", "scenario", 8),
    *_rows("list", "record"),
    *_rows("table", "row"),
    *_grid("map", "hardware", 10),
    Key("map", "first_cell", "ctrl+home", "step(-9999, -9999)", "First cell"),
    Key("map", "last_cell", "ctrl+end", "step(9999, 9999)", "Last cell"),
)
# fmt: on

# By what a keymap calls them.
IDS = {key.id: key for key in KEYS}

# Where a cursor is moved, which is the same wherever one is.
MOVING = ("sheet", "list", "table", "map", "filter")

_NAMES = {
    "backspace": "⌫",
    "delete": "del",
    "enter": "enter",
    "shift+tab": "⇧tab",
    "shift+up": "⇧↑",
    "shift+down": "⇧↓",
}


def of(group: str) -> list[BindingType]:
    """The bindings of a group, for the `BINDINGS` of a screen or widget."""
    return [
        Binding(key.keys, key.action, key.text, id=key.id, show=False, priority=key.first)
        for key in KEYS
        if key.group == group
    ]


def name_of(key: str) -> str:
    """A key as it is pressed: `?` for `question_mark`, `ctrl+a` as it is."""
    if key in _NAMES:
        return _NAMES[key]
    modifiers, plus, last = key.rpartition("+")
    return modifiers + plus + _NAMES.get(last, format_key(last))


def active(screen: Screen[Any]) -> list[Shown]:
    """What can be pressed on a screen now, in the order of the list, each with the keys that it has now."""
    keys: dict[str, list[str]] = {}
    nodes: dict[str, DOMNode] = {}
    for key, one in screen.active_bindings.items():
        if one.binding.id in IDS and one.enabled:
            keys.setdefault(one.binding.id, []).append(key)
            nodes[one.binding.id] = one.node
    shown = []
    for name, known in IDS.items():
        if name in keys:
            # Textual has them in another order, where it binds one of them itself.
            order = known.keys.split(",")
            now = sorted(keys[name], key=lambda key: order.index(key) if key in order else -1)
            shown.append(Shown(known, tuple(map(name_of, now)), nodes[name]))
    return shown


def with_keymap(keymap: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The keys of every binding by its id, whatever has the focus: for sentences that name a key.

    What a keymap gives to one binding it takes from the others of its group, as Textual does.
    """
    taken: dict[tuple[str, str], str] = {}
    for name, keys in keymap.items():
        if name in IDS:
            taken |= {(IDS[name].group, name_of(key.strip())): name for key in keys.split(",")}
    made = {}
    for name, known in IDS.items():
        names = [name_of(key.strip()) for key in keymap.get(name, known.keys).split(",")]
        made[name] = tuple(key for key in names if taken.get((known.group, key), name) == name)
    return made


def foot(shown: list[Shown]) -> list[tuple[str, str, Shown]]:
    """What stands at the foot of a screen: keys, label, and the binding that a click runs."""
    places: dict[str, list[Shown]] = {}
    for one in sorted((one for one in shown if one.key.label), key=lambda one: one.key.rank):
        places.setdefault(one.key.label, []).append(one)
    return [(" ".join(one.keys[0] for one in found), label, found[0]) for label, found in places.items()]


def help_groups(shown: list[Shown]) -> list[list[tuple[str, str]]]:
    """Keys and texts of all that can be pressed: the screen's own, the app's, those that move a cursor."""
    groups: list[list[tuple[str, str]]] = [[], [], []]
    for one in shown:
        at = 1 if one.key.group == "app" else 2 if one.key.group in MOVING else 0
        groups[at].append((" ".join(one.keys), one.key.text))
    return [group for group in groups if group]
