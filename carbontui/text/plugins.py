"""What is installed, and what a check of a plugin found, in words."""

from __future__ import annotations

import os
import re
from collections import Counter

from carbontui.text.table import Column, render
from carbontui_registry import folders
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.plugin import PLURAL, Plugin
from carbontui_registry.text import count_of, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbontui_registry.checking import Checked, Finding

# Of a plugin that is wrong a thousand times the rest is left to `plugins check`.
MOST_SAID = 20
# Of findings of one cause, by a check.
MOST_OF_A_CAUSE = 5


def counted(counts: dict[str, int]) -> str:
    """`2 hardware, 1 region`."""
    return ", ".join(f"{n} {PLURAL[kind] if n != 1 else kind}" for kind, n in counts.items() if n)


def what_it_is(plugin: Plugin) -> str:
    """`code` for an installed plugin, which runs with the user's rights, `pack` for figures alone.

    It follows from where the plugin was found: nothing of it need be imported.
    """
    return "pack" if plugin.origin.startswith("pack:") else "code"


def table(catalogue: Catalogue, width: int | None, unknown: Sequence[str] = ()) -> str:
    """Every plugin in a line, then what is wrong with each, in full; `unknown` settings of the app among it."""
    plugins = catalogue.plugins()
    brought = ["off" if p.off else counted(catalogue.counts(p.origin)) or "nothing" for p in plugins]
    columns = [
        Column("plugin", [p.origin for p in plugins], right=False),
        Column("version", [p.version for p in plugins], right=False),
        Column("type", [what_it_is(p) for p in plugins], keep=2, right=False),
        Column("adds", brought, right=False, least=20),
        Column("ms", [f"{1000 * p.seconds:.0f}" for p in plugins], keep=1),
        Column("rejected", [str(len(p.problems) or "") for p in plugins]),
    ]
    lines = render(columns, width)
    for plugin in plugins:
        lines += ["", f"{plugin.origin}:"] if plugin.problems or plugin.warnings else []
        said = [*plugin.problems, *(f"warning: {warning}" for warning in plugin.warnings)]
        lines += [f"  {text}" for text in said[:MOST_SAID]]
        if len(said) > MOST_SAID:
            lines.append(f"  and {len(said) - MOST_SAID:,} more; see: carbontui plugins check {plugin.origin}")
        if plugin.problems and not plugin.first_party and not plugin.origin.startswith("pack:"):
            lines.append(f"  to remove it: carbontui plugins uninstall {plugin.distribution}")
    said = [*catalogue.config.wrong, *(f"warning: {text}" for text in (*catalogue.config.unknown, *unknown))]
    lines += ["", "config.toml:", *(f"  {text}" for text in said)] if said else []
    packs = folders.packs_folder()
    there = "" if os.path.isdir(packs) else " (not there yet; carbontui plugins install FILE.toml makes it)"
    places = [f"configuration: {folders.config_folder()}", f"packs:         {packs}{there}"]
    places.append(f"cache:         {folders.cache_folder()}")
    lines += ["", *map(visible, places)]
    return "\n".join(lines) + "\n"


def as_data(catalogue: Catalogue, unknown: Sequence[str] = ()) -> list[dict[str, object]]:
    """Name, version, problems and warnings of every plugin; and of `config.toml`, where there is something to say."""
    found: list[dict[str, object]] = [
        {"name": p.origin, "version": p.version, "problems": list(p.problems), "warnings": list(p.warnings)}
        for p in catalogue.plugins()
    ]
    config = catalogue.config
    if config.wrong or config.unknown or unknown:
        said = {"problems": list(config.wrong), "warnings": [*config.unknown, *unknown]}
        found.append({"name": "config.toml", "version": "", **said})
    return found


def changes_data(catalogue: Catalogue) -> list[dict[str, object]]:
    """Each figure that changed: its plugin, record and place, what it was and is, and its unit."""
    from carbontui_registry.changes import unit_of

    return [
        {
            **{"name": one.origin, "record": f"{one.kind} {one.id}", "key": one.key},
            **{key: value for key, value in (("was", one.was), ("now", one.now)) if value is not None},
            **({"unit": unit} if (unit := unit_of(one.kind, one.key)) else {}),
        }
        for one in catalogue.changes()
    ]


def changes_text(catalogue: Catalogue) -> str:
    """The same in words, by plugin."""
    rows = changes_data(catalogue)
    if not rows:
        return "no figure has changed since plugins were first loaded here\n"
    lines: list[str] = []
    for name in dict.fromkeys(row["name"] for row in rows):
        lines += ["", f"{name}:"] if lines else [f"{name}:"]
        for row in rows:
            if row["name"] == name:
                was, now = (_side(row.get(key)) for key in ("was", "now"))
                lines.append(f"  {row['record']}: {row['key']}: {was} -> {now} {row.get('unit', '')}".rstrip())
    return "\n".join(lines) + "\n"


def _side(value: object) -> str:
    return "none" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


def check_data(found: Checked) -> list[dict[str, object]]:
    """What a check found, as JSON's own types; what is not known of a finding is absent."""
    every = ({key: getattr(finding, key) for key in type(finding)._fields} for finding in found.findings)
    return [{key: value for key, value in one.items() if value not in ("", None)} for one in every]


def check_text(found: Checked, to_use: str = "") -> str:
    """What a check found, a line each, and how many records are good; of those of one cause the first few. `to_use`
    says last how what was checked is put to use."""
    causes = Counter(map(_cause, found.findings))
    lines, said = [], Counter[tuple[str, ...]]()
    for finding in found.findings:
        cause = _cause(finding)
        said[cause] += 1
        if said[cause] <= MOST_OF_A_CAUSE:
            lines.append(f"{finding.severity}: {finding.where}: {finding.what}")
        if said[cause] == MOST_OF_A_CAUSE and (more := causes[cause] - MOST_OF_A_CAUSE):
            lines.append(f"  and {more:,} more like this one; --format json has all")
    errors = sum(f.severity == "error" for f in found.findings)
    warnings = len(found.findings) - errors
    good = f"{counted(found.counts) or 'no record'} good, " if found.of_records else ""
    lines.append(f"{good}{count_of(errors, 'error')}, {count_of(warnings, 'warning')}")
    lines += [to_use] if to_use else []
    return "\n".join(lines) + "\n"


def _cause(finding: Finding) -> tuple[str, ...]:
    """What findings have in common that are of one cause: all but whose they are and the figures."""
    text = finding.what.removeprefix(f"{finding.record}: ") if finding.record else finding.what
    if finding.record:
        text = text.replace(finding.record.partition(" ")[2], "")
    return (finding.severity, re.sub(r"'[^']*'|[0-9][0-9.,]*", "", text))
