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


def _rows(group: str, things: str, down: str = "j", up: str = "k", *, first: bool = False) -> tuple[Key, ...]:
    return (
        Key(group, "next", f"down,{down}", "step(1)", f"Next {things}", first=first),
        Key(group, "previous", f"up,{up}", "step(-1)", f"Previous {things}", first=first),
        Key(group, "next_page", "pagedown", "page(1)", "Next page", first=first),
        Key(group, "previous_page", "pageup", "page(-1)", "Previous page", first=first),
        Key(group, "first", "home", "step(-999999)", f"First {things}", first=first),
        Key(group, "last", "end", "step(999999)", f"Last {things}", first=first),
    )


def _in_hand(group: str) -> tuple[Key, ...]:
    return (
        Key(group, "limits", "L", "limits", "Limits of the job, such as EU, 30 d, 5000 USD", "limits", 6),
        Key(group, "accounting", "f", "accounting", "Lifecycle or direct carbon factors"),
        Key(group, "explain", "x", "explain", "Explain the figure down to its sources", "explain", 12),
        Key(group, "why", "w", "why", "Why it differs from the unchanged job: model, machine, PUE, carbon factor"),
        Key(group, "when", "H", "when", "Best start time in this region, from its mean day"),
        Key(group, "notes", "n", "notes", "Notes on the job there: assumptions and unlikely figures"),
        Key(group, "next", "right_square_bracket", "turn(1)", "The next scenario of the comparison"),
        Key(group, "previous", "left_square_bracket", "turn(-1)", "The previous scenario of the comparison"),
        Key(group, "leave", "escape", "app.back", "Back to Plan or Compare, wherever the job came from", "back", 13),
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
    Key("app", "plan", "1", "go('plan')", "Plan"),
    Key("app", "compare", "2", "go('compare')", "Compare"),
    Key("app", "map", "3", "go('map')", "Map"),
    Key("app", "sweep", "4", "go('sweep')", "Sweep"),
    Key("app", "registry", "5", "go('registry')", "Registry"),
    Key("app", "plugins", "6", "go('plugins')", "Plugins"),
    Key("app", "ledger", "7", "go('ledger')", "Ledger: add up the runs in logs"),
    Key("app", "undo", "u", "undo", "Undo", "undo", 7),
    Key("app", "redo", "U,ctrl+r", "redo", "Redo"),
    Key("app", "save", "s", "home('save')", "Save to the file", "save", 8),
    Key("app", "save_as", "S", "home('save_as')", "Save to another file"),
    Key("app", "open", "o", "home('open')", "Open a file, or import one", "open", 11),
    Key("app", "export", "e", "home('export')", "Export, with a preview", "export", 9),
    Key("app", "palette", "colon,ctrl+p", "command_palette", "All actions"),
    Key("app", "signs", "tilde", "signs", "Explain the signs ~ ◆ – × · and the colours", "signs", LAST),
    Key("app", "keys", "question_mark", "keys", "Keys", "keys", LAST),
    Key("app", "suspend", "ctrl+z", "suspend_process", "Suspend"),
    Key("app", "quit", "q,ctrl+c,ctrl+q", "leave", "Quit"),
    #
    Key("plan", "change", "enter", "change", "Change the field under the cursor, or apply the suggested change",
        "change", 1),
    Key("plan", "compare", "c", "compare", "Add the job to Compare; from the advice, with the change",
        "compare", 2),
    Key("plan", "why", "w", "advise", "Show step by step why each suggested change saves", "why", 5),
    Key("plan", "explain", "x", "explain", "Explain the value under the cursor, or the footprint", "explain", 6),
    Key("plan", "metric", "m", "metric", "Next metric: gross, net, energy, duration, water, cost", "metric", 4),
    Key("plan", "accounting", "f", "accounting", "Next accounting: direct or lifecycle factors"),
    Key("plan", "when", "H", "when", "Best start time, from the region's mean day"),
    Key("plan", "limits", "L", "limits", "Limits of the job, such as EU, 30 d, 5000 USD", "limits", 6),
    Key("plan", "notes", "n", "notes", "Notes on the job: assumptions and unlikely figures"),
    Key("plan", "save", "s", "save", "Save the comparison with the job in it", "save", 8),
    Key("plan", "export", "e", "export", "Export the job, with a preview", "export", 9),
    Key("plan", "derive", "backspace,equals_sign", "derive", "Use the looked-up value instead of the one entered"),
    Key("plan", "new", "delete,D", "new", "Clear the form"),
    #
    Key("compare", "change", "enter", "change", "Change the cell under the cursor", "change", 1),
    Key("compare", "add", "a", "add", "Add a scenario", "add", 2),
    Key("compare", "duplicate", "d", "duplicate", "Duplicate the scenario", "duplicate", 10),
    Key("compare", "rename", "r", "rename", "Rename the scenario"),
    Key("compare", "remove", "delete,D", "remove", "Remove the scenario"),
    Key("compare", "group", "G", "group", "Put the scenario into a group, such as a project, to see its total"),
    Key("compare", "transpose", "T", "transpose", "Show scenarios as rows or as columns", "rows", 13),
    Key("compare", "find", "slash", "find", "Find a scenario by its name or parts"),
    Key("compare", "total", "plus", "total", "Show or hide the totals of each group and of all"),
    Key("compare", "title", "N", "title", "Set the title of the comparison, used in every export"),
    Key("compare", "left", "less_than_sign", "shift(-1)", "Move the scenario left"),
    Key("compare", "right", "greater_than_sign", "shift(1)", "Move the scenario right"),
    Key("compare", "baseline", "b", "baseline", "Make the scenario the baseline", "baseline", 3),
    Key("compare", "derive", "backspace,equals_sign", "derive", "Use the looked-up value instead of the one entered"),
    Key("compare", "sort", "z", "sort", "Sort the scenarios by the result under the cursor, or the metric",
        "sort", 7),
    Key("compare", "metric", "m", "metric", "Next metric: gross, net, energy, duration, water, cost", "metric", 4),
    Key("compare", "accounting", "f", "accounting", "Next accounting: as published, direct, lifecycle factors"),
    Key("compare", "scale", "l", "scale", "Show linear bars, or dots with ranges on a log scale", "log", 12),
    Key("compare", "unit", "v", "unit", "Next unit of CO2e"),
    Key("compare", "inputs", "i", "inputs", "Show all inputs, or only the main ones"),
    Key("compare", "beside", "I", "beside", "Show emissions outside training: serving, embodied, development, idle"),
    Key("compare", "rates", "R", "rates", "Show intensities: CO2e per 1e21 FLOP and 1e9 tokens, FLOP per joule"),
    Key("compare", "why", "w", "why", "Why it differs from the baseline: model, machine, PUE, carbon factor", "why", 5),
    Key("compare", "close", "escape", "close_why", "Close the explanation"),
    Key("compare", "when", "H", "when", "Best start time, from the region's mean day"),
    Key("compare", "explain", "x", "explain", "Explain the figure under the cursor down to its sources", "explain", 5),
    Key("compare", "plan", "p", "plan", "Open the scenario in Plan", "plan", 6),
    Key("compare", "advise", "A", "advise", "Advice: the changes to the scenario that save most", "advice", 6),
    Key("compare", "budget", "B", "budget", "How much of the scenario a budget covers, such as 5 tCO2e"),
    Key("compare", "pack", "P", "pack", "Save the described hardware or region as a pack"),
    Key("compare", "drift", "t", "drift", "Drift: review figures that changed in the registry"),
    Key("compare", "notes", "n", "notes", "Notes on this comparison and its scenarios"),
    #
    Key("sweep", "take", "enter,c", "take", "Add the combination to the comparison", "compare", 1),
    Key("sweep", "objective", "m", "objective", "Objective: gross, net, energy, duration, water, cost", "objective", 2),
    Key("sweep", "order", "z", "order", "Sort: best first, by the row and column of the cursor, by name", "sort", 3),
    Key("sweep", "filter", "slash", "filter", "Filter by words of regions or hardware", "filter", 4),
    Key("sweep", "places", "g", "places", "Regions: every datacenter, those in the EU, or grids too", "regions", 5),
    Key("sweep", "chips", "number_sign", "chips", "Set the number of chips for all combinations", "chips", 8),
    Key("sweep", "clear", "backspace", "clear", "Clear limits, filter and chips"),
    Key("sweep", "marked", "O", "marked", "Include combinations nobody can rent"),
    Key("sweep", "scatter", "l", "scatter", "Show a scatter plot of time against carbon, or the heat map", "dots", 9),
    Key("sweep", "zoom_in", "plus", "zoom(1)", "Zoom in on the cursor, or draw a box with the mouse"),
    Key("sweep", "zoom_out", "minus", "zoom(-1)", "Zoom out to all dots"),
    Key("sweep", "front", "full_stop", "front(1)", "Next Pareto-best combination", "Pareto", 10),
    Key("sweep", "back", "comma", "front(-1)", "Previous Pareto-best combination"),
    Key("sweep", "budget", "B", "budget", "How much of the scenario a budget covers, such as 5 tCO2e", "budget", 11),
    *_in_hand("sweep"),
    #
    Key("world", "take", "enter,c", "take", "Add the marked regions, or this one, to the comparison", "compare", 1),
    Key("world", "mark", "space", "mark", "Mark the region, or unmark it", "mark", 2),
    Key("world", "metric", "m", "metric", "Colour by the next metric, or by the carbon factor", "metric", 3),
    Key("world", "zoom_in", "plus", "zoom(1)", "Zoom to the continent; press again for the next one", "zoom", 4),
    Key("world", "zoom_out", "minus", "zoom(-1)", "The whole world", "zoom", 4),
    Key("world", "filter", "slash", "filter", "Filter by words, countries or conditions such as pue<1.1", "filter", 5),
    Key("world", "everywhere", "O", "everywhere", "Include regions that do not offer the hardware", "not offered", 6),
    Key("world", "reach", "g", "reach", "Regions: every datacenter, or grids too", "regions", 7),
    Key("world", "clear", "backspace", "clear", "Clear limits, filter and marks, and show the whole world"),
    *_in_hand("world"),
    #
    Key("registry", "filter", "slash", "filter", "Filter by words, or conditions such as power>500 W", "filter", 3),
    Key("registry", "sort", "z", "sort", "Sort by the next column", "sort", 4),
    Key("registry", "reverse", "Z", "reverse", "Reverse the sort order"),
    Key("registry", "next_kind", "tab,right", "turn(1)", "Next kind of record", "kind", 4),
    Key("registry", "previous_kind", "shift+tab,left", "turn(-1)", "Previous kind of record"),
    Key("registry", "mark", "space", "mark", "Mark the record, or unmark it", "mark", 1),
    Key("registry", "unmark", "backspace", "unmark", "Unmark all records"),
    Key("registry", "compare", "c", "compare", "Add the marked records, or this one, to the comparison", "compare", 2),
    Key("registry", "when", "H", "when", "Best start time in this region, from its mean day"),
    Key("registry", "details", "enter", "details", "Show or hide the details", "details", 5),
    Key("registry", "toml", "P", "toml", "Show the record as TOML, or its figures", "TOML", 6),
    Key("registry", "copy", "y", "copy", "Copy the TOML to the terminal's clipboard", "copy", 7),
    *_details("registry", 8),
    Key("registry", "back", "escape", "back", "Close the details, clear the filter, or go back to Compare", "back", 9),
    #
    Key("plugins", "switch", "space", "switch", "Switch the plugin on, or off (not loaded)", "on/off", 1),
    Key("plugins", "prefer", "asterisk", "prefer", "Use its record where others claim the same name", "prefer", 2),
    Key("plugins", "sort", "z", "sort", "Sort by the next column"),
    Key("plugins", "reverse", "Z", "reverse", "Reverse the sort order"),
    Key("plugins", "reload", "f5", "reload", "Reload every plugin", "reload", 3),
    *_details("plugins", 4),
    Key("plugins", "back", "escape", "stop", "Stop loading, or go back to Compare", "back", 5),
    #
    Key("ledger", "take", "enter,c", "take", "Add the run, or the group's mean, to the comparison", "compare", 1),
    Key("ledger", "open", "o", "open", "Add logs: one file, or several such as logs/*.csv", "open", 2),
    Key("ledger", "elsewhere", "p", "elsewhere", "Elsewhere: compare the row with the same IT energy in another region",
        "other region", 3),
    Key("ledger", "close", "delete,D", "close", "Close a log, or all logs"),
    Key("ledger", "cluster", "C", "cluster", "Say where and on what jobs ran: a cluster file for Slurm"),
    Key("ledger", "by", "g,tab", "by(1)", "Group by the next column", "group", 4),
    Key("ledger", "by_before", "G,shift+tab", "by(-1)", "Group by the previous column"),
    Key("ledger", "runs", "T", "runs", "Show every run, or the groups", "runs", 5),
    Key("ledger", "metric", "m", "metric", "Next metric: gross, net, energy, water, cost", "metric", 5),
    Key("ledger", "sort", "z", "sort", "Sort by the next column", "sort", 6),
    Key("ledger", "filter", "slash", "filter", "Filter by words", "filter", 7),
    Key("ledger", "overlap", "O", "overlap", "Count overlapping runs once, or each of them"),
    Key("ledger", "budget", "B", "budget", "Check against a budget file", "budget", 8),
    Key("ledger", "measurements", "P", "measurements", "Save means of metered runs as a pack, and use them"),
    Key("ledger", "notes", "n", "notes", "Notes on these runs, in full"),
    *_details("ledger", 9),
    Key("ledger", "back", "escape", "stop", "Stop reading, clear the filter, leave the runs, or go back", "back", 10),
    #
    Key("drift", "pick", "space", "pick", "Pick the field, or unpick it", "pick", 1),
    Key("drift", "all", "a", "all", "Pick all fields, or none", "all", 2),
    Key("drift", "take_over", "enter,u", "take_over", "Update the picked fields from the registry", "update", 3),
    *_details("drift", 4),
    Key("drift", "leave", "escape,q", "leave", "Close without changes", "close", LAST),
    #
    Key("advice", "take", "enter", "take", "Take the change: apply it to Plan's job, or add it to Compare", "add", 1),
    *_details("advice", 2),
    Key("advice", "leave", "escape,q", "leave", "Close without changes", "close", LAST),
    #
    Key("export", "leave", "escape", "leave", "Cancel"),
    Key("export", "next", "tab,ctrl+right", "format(1)", "Next format", first=True),
    Key("export", "previous", "shift+tab,ctrl+left", "format(-1)", "Previous format", first=True),
    Key("export", "preset", "f2,ctrl+t", "preset", "Next preset of a statement, next scenario of a card", first=True),
    Key("export", "copy", "ctrl+y", "copy", "Copy to the clipboard", first=True),
    Key("export", "down", "pagedown,down", "scroll(8)", "Scroll the preview down", first=True),
    Key("export", "up", "pageup,up", "scroll(-8)", "Scroll the preview up", first=True),
    Key("export", "left", "shift+left", "aside(-20)", "Scroll the preview to the left", first=True),
    Key("export", "right", "shift+right", "aside(20)", "Scroll the preview to the right", first=True),
    #
    Key("reader", "close", "escape,q,enter", "dismiss", "Close"),
    Key("reader", "copy", "y", "copy", "Copy the text to the clipboard"),
    Key("reader", "down", "down,j", "scroll(1)", "Scroll down"),
    Key("reader", "up", "up,k", "scroll(-1)", "Scroll up"),
    #
    Key("help", "close", "escape,q,question_mark", "dismiss", "Close"),
    Key("help", "filter", "slash", "filter", "Find a key by what it does"),
    Key("help", "run", "enter", "run", "Run the first match, or close"),
    #
    Key("editor", "leave", "escape", "leave", "Cancel"),
    #
    Key("picker", "leave", "escape", "dismiss_none", "Cancel"),
    Key("picker", "mark", "tab", "mark", "Mark several to add a scenario for each; complete a path", first=True),
    Key("picker", "sort", "ctrl+o", "sort", "Sort by the next column", first=True),
    *_rows("picker", "line", "ctrl+n", "ctrl+p", first=True),
    #
    Key("filter", "leave", "escape,enter", "screen.leave_filter", "Back to the list", "back to list", 1),
    Key("filter", "next", "down", "screen.step(1)", "Next"),
    Key("filter", "previous", "up", "screen.step(-1)", "Previous"),
    Key("filter", "next_page", "pagedown", "screen.step(10)", "Next page"),
    Key("filter", "previous_page", "pageup", "screen.step(-10)", "Previous page"),
    #
    Key("form", "next", "down,j", "step(1)", "Next field"),
    Key("form", "previous", "up,k", "step(-1)", "Previous field"),
    Key("form", "first", "home", "step(-99)", "First field"),
    Key("form", "last", "end", "step(99)", "Last field"),
    Key("form", "less", "left,h", "slide(0.9090909090909091)", "10 % less", "10 %", 3),
    Key("form", "more", "right,l", "slide(1.1)", "10 % more", "10 %", 3),
    Key("form", "half", "shift+left", "slide(0.5)", "Halve"),
    Key("form", "double", "shift+right", "slide(2)", "Double"),
    Key("form", "tenth", "ctrl+left", "slide(0.1)", "Divide by ten"),
    Key("form", "tenfold", "ctrl+right", "slide(10)", "Multiply by ten"),
    #
    *_grid("sheet", "scenario", 8),
    *_rows("list", "record"),
    *_rows("table", "row"),
    Key("scatter", "left", "left", "step(-1, 0)", "Nearest dot to the left"),
    Key("scatter", "right", "right", "step(1, 0)", "Nearest dot to the right"),
    Key("scatter", "up", "up,k", "step(0, -1)", "Nearest dot above"),
    Key("scatter", "down", "down,j", "step(0, 1)", "Nearest dot below"),
    Key("places", "left", "left,h", "step(-1, 0)", "Nearest place to the west"),
    Key("places", "right", "right,l", "step(1, 0)", "Nearest place to the east"),
    Key("places", "up", "up,k", "step(0, -1)", "Nearest place to the north"),
    Key("places", "down", "down,j", "step(0, 1)", "Nearest place to the south"),
    Key("places", "next_here", "tab", "turn(1)", "Next region at the same place"),
    Key("places", "previous_here", "shift+tab", "turn(-1)", "Previous region at the same place"),
    Key("places", "worse", "full_stop", "rank(1)", "Next region by rank"),
    Key("places", "better", "comma", "rank(-1)", "Previous region by rank"),
    Key("places", "best", "home", "rank(-9999)", "The best region"),
    Key("places", "worst", "end", "rank(9999)", "The worst region"),
    *_grid("map", "hardware", 10),
    Key("map", "first_cell", "ctrl+home", "step(-9999, -9999)", "First cell"),
    Key("map", "last_cell", "ctrl+end", "step(9999, 9999)", "Last cell"),
)
# fmt: on

# By what a keymap calls them.
IDS = {key.id: key for key in KEYS}

# Where a cursor is moved, which is the same on every screen.
MOVING = ("form", "sheet", "list", "table", "map", "places", "scatter", "filter")

_NAMES = {
    "backspace": "⌫",
    "delete": "del",
    "enter": "enter",
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
    return ("⇧" if modifiers == "shift" else modifiers + plus) + _NAMES.get(last, format_key(last))


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


def foot(shown: list[Shown], foremost: Mapping[str, str]) -> list[tuple[str, str, Shown]]:
    """What is shown at the foot of a screen: keys, label, and the binding that a click runs; `foremost` are the labels
    of those that come first now, by their ids."""
    places = {foremost[one.key.id]: [one] for one in shown if one.key.id in foremost}
    for one in sorted(
        (one for one in shown if one.key.label and one.key.id not in foremost), key=lambda one: one.key.rank
    ):
        places.setdefault(one.key.label, []).append(one)
    return [(" ".join(one.keys[0] for one in found), label, found[0]) for label, found in places.items()]


def help_groups(shown: list[Shown]) -> list[list[Shown]]:
    """All that can be pressed: the screen's own, the app's, what moves a cursor."""
    groups: list[list[Shown]] = [[], [], []]
    for one in shown:
        groups[1 if one.key.group == "app" else 2 if one.key.group in MOVING else 0].append(one)
    return [group for group in groups if group]
