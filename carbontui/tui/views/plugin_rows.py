"""What the Plugins screen shows, as rows and lines, computed apart from how it is drawn."""

from __future__ import annotations

from carbontui.text.record import Shown, meaning
from carbontui.tui.views.columns import Column, TableRow
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.folders import packs_folder
from carbontui_registry.plugin import PLURAL, Plugin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_NAMES = 40


def brought(catalogue: Catalogue, origin: str) -> str:
    """How many records of each kind a plugin brought: `2 hardware, 1 region`."""
    counts = catalogue.counts(origin)
    return ", ".join(f"{n:,} {PLURAL[k] if n != 1 else k}" for k, n in counts.items() if n)


def is_pack(plugin: Plugin) -> bool:
    """Whether it is a pack of the user's own: data without code."""
    return plugin.origin.startswith("pack:")


def columns(width: int) -> list[Column]:
    """The columns that fit; the details have what a narrow window leaves out."""
    made = [Column("", 3), Column("plugin", 0), Column("version", 8 if width >= 100 else 7)]
    if width >= 100:
        made.append(Column("distribution", 16))
    made.append(Column("adds", 34 if width >= 100 else 30))
    if width >= 100:
        made.append(Column("load, ms", 9, right=True))
    return [*made, Column("rejected", 9, right=True)]


def rows(plugins: Sequence[Plugin], catalogue: Catalogue, width: int) -> list[TableRow]:
    """A row a plugin."""
    wide = width >= 100
    made = []
    for plugin in plugins:
        cells = ["off" if plugin.off else "on", plugin.origin, plugin.version]
        if wide:
            cells.append("" if is_pack(plugin) else plugin.distribution)
        cells.append("" if plugin.off else brought(catalogue, plugin.origin) or "nothing")
        if wide:
            cells.append("" if plugin.off else f"{1000 * plugin.seconds:,.0f}")
        cells.append(str(len(plugin.problems) or ""))
        made.append(TableRow(tuple(cells), "off" if plugin.off else "alert" if plugin.problems else ""))
    return made


def sorted_by(rows: Sequence[TableRow], column: int, descending: bool) -> list[int]:
    """The numbers of the rows in the order of a column, numbers by their size; empty cells come last."""

    def size(n: int) -> tuple[float, str]:
        text = rows[n].cells[column]
        plain = text.replace(",", "")
        return (float(plain), "") if plain.isdecimal() else (0.0, text.lower())

    known = [n for n in range(len(rows)) if rows[n].cells[column]]
    empty = [n for n in range(len(rows)) if not rows[n].cells[column]]
    return [*sorted(known, key=size, reverse=descending), *empty]


def lines(plugin: Plugin, catalogue: Catalogue, contested: Sequence[tuple[str, str]]) -> list[Shown]:
    """All that is known of a plugin: its problems first, as they are what one comes here for."""
    version = f" {plugin.version}" if plugin.version else ""
    made = [Shown(f"{plugin.origin}{version}", "title")]
    if plugin.off:
        made.append(Shown("off: not loaded; [space] switches it on", "warning"))
    made += [Shown(f"rejected: {problem}", "warning") for problem in plugin.problems]
    made += [Shown(f"warning: {warning}") for warning in plugin.warnings]
    if not plugin.off and not plugin.problems:
        made.append(Shown("no records rejected", "dim"))
    if not plugin.off:
        took = f" · took {1000 * plugin.seconds:,.0f} ms to load"
        made.append(Shown(f"adds {brought(catalogue, plugin.origin) or 'nothing'}{took}"))
    if is_pack(plugin):
        path = f"{packs_folder()}/{plugin.origin.removeprefix('pack:')}.toml"
        made.append(Shown("your own pack: data only, no code is run"))
        made.append(Shown(f"to remove it, delete {path}"))
    elif plugin.first_party:
        made.append(Shown("comes with carbontui: cannot be removed on its own, only switched off"))
    else:
        made.append(Shown(f"code of the distribution {plugin.distribution}, run in a separate process when it loads"))
        made.append(Shown(f"to remove it, outside the app: carbontui plugins uninstall {plugin.distribution}"))
    if contested:
        made += [Shown(""), Shown("names also used by other plugins; [*] prefers this plugin's record for one", "head")]
        made += [Shown(f"{kind} {name}: {meaning(catalogue, kind, name)}") for kind, name in contested[:MOST_NAMES]]
        if len(contested) > MOST_NAMES:
            made.append(Shown(f"and {len(contested) - MOST_NAMES:,} more", "dim"))
    return [*made, *_records(plugin, catalogue)]


def _records(plugin: Plugin, catalogue: Catalogue) -> list[Shown]:
    """What its records are called, of each kind the first ones; of offers, which have no names, none."""
    made = []
    counts = {} if plugin.off else catalogue.counts(plugin.origin)
    for kind, count in counts.items():
        if not count or kind == "offer":
            continue
        named = [brief.name for brief in catalogue.briefs(kind) if brief.origin == plugin.origin]
        more = [f"and {len(named) - MOST_NAMES:,} more"] if len(named) > MOST_NAMES else []
        made += [Shown(""), Shown(PLURAL[kind], "head"), Shown(", ".join([*named[:MOST_NAMES], *more]))]
    return made
