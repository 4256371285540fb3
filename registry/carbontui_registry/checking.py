"""Checking a plugin before it is published: everything that is wrong at once, where, and what would be right."""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from pathlib import Path

from carbontui_registry import packs
from carbontui_registry.catalogue import PLURAL, Catalogue, build
from carbontui_registry.child import normal_name
from carbontui_registry.loaded import Loaded, Plugin
from carbontui_registry.loader import load
from carbontui_registry.records import CONTRACT, InvalidRecord, LimitPassed, Record, noting
from carbontui_registry.text import ForPeople, did_you_mean, listed
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Finding(Value):
    """One thing to mend (`error`) or to look at (`warning`); `where` is the plugin or the pack, `what` the rest."""

    severity: str
    where: str
    what: str


class Checked(Value):
    """What a check found, and how many records of each kind are good."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]

    @property
    def good(self) -> bool:
        """Whether there is no error."""
        return all(finding.severity != "error" for finding in self.findings)


class NothingToCheck(ForPeople):
    """The target is no plugin, no folder with one, and no pack; the message says what would be."""


def check(target: str) -> Checked:
    """Check an installed plugin by its name or distribution, a folder with a plugin's project, or a pack.

    Raises `NothingToCheck`.
    """
    path = Path(target)
    if target.endswith(".toml") and path.name != "pyproject.toml":
        if not path.is_file():
            raise NothingToCheck(f"there is no pack {target}")
        return check_pack(path)
    if path.name == "pyproject.toml" and path.is_file():
        path = path.parent
    return check_folder(path) if path.is_dir() else check_installed(target)


def check_pack(path: Path) -> Checked:
    """Check one pack, against itself and against what is registered."""
    where = str(path)
    token = noting.set(lambda: CONTRACT)
    try:
        pack = packs.read_pack(path)
    except (InvalidRecord, LimitPassed) as error:
        problems = getattr(error, "problems", (str(error),))
        return Checked(tuple(Finding("error", where, problem) for problem in problems), {})
    finally:
        noting.reset(token)
    records = packs.records_of(pack)
    findings = [Finding("warning", where, warning) for warning in pack.warnings]
    findings += [Finding("error", where, f"{r.subject}: {p}") for r in records for p in r.problems]
    good = [record for record in records if not record.problems]
    plugin = Plugin(f"pack:{path.stem}", "", normal_name(path.stem), False)
    return _checked(plugin, good, where, findings)


def check_installed(name: str) -> Checked:
    """Check an installed plugin by `distribution:entry-point`, or all of a distribution."""
    return _of_loaded(load(), name)


def check_folder(folder: Path) -> Checked:
    """Check a project's folder as if it were installed, or every pack in a folder without a project."""
    project = folder / "pyproject.toml"
    if not project.is_file():
        found = sorted(folder.glob("*.toml"))
        if not found:
            raise NothingToCheck(f"{folder}: has neither a pyproject.toml with an entry point nor a pack (*.toml)")
        checks = [check_pack(path) for path in found]
        counts = {kind: sum(c.counts.get(kind, 0) for c in checks) for kind in PLURAL}
        return Checked(tuple(f for c in checks for f in c.findings), counts)
    import tomllib

    try:
        table = tomllib.loads(project.read_text(encoding="utf-8"))
    except ValueError as error:
        return Checked((Finding("error", str(project), f"is not TOML: {error}"),), {})
    described = table.get("project", {})
    groups = described.get("entry-points", {})
    points = groups.get("carbontui", {})
    if not points:
        hint = did_you_mean("carbontui", groups)
        what = f'has no entry point; write [project.entry-points.carbontui] with a line acme = "acme_hardware"{hint}'
        return Checked((Finding("error", str(project), what),), {})
    name = str(described.get("name") or folder.name)
    with tempfile.TemporaryDirectory() as made:
        info = Path(made) / f"{normal_name(name).replace('-', '_')}-0.dist-info"
        info.mkdir()
        version = described.get("version", "0")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
        lines = "\n".join(f"{key} = {value}" for key, value in points.items())
        (info / "entry_points.txt").write_text(f"[carbontui]\n{lines}\n", encoding="utf-8")
        added = [made, *(str(p) for p in (folder / "src", folder) if p.is_dir())]
        before = list(sys.path)
        # Before all that is installed, but not first: the first place is that of the program that was started.
        sys.path[1:1] = [os.path.abspath(path) for path in added]
        try:
            return _of_loaded(load(), normal_name(name))
        finally:
            sys.path[:] = before


def _of_loaded(loaded: Loaded, name: str) -> Checked:
    chosen = [p for p in loaded.plugins if name in (p.origin, p.distribution)]
    if not chosen:
        names = [p.origin for p in loaded.plugins]
        hint = did_you_mean(name, [*names, *(p.distribution for p in loaded.plugins)])
        known = f"installed are {listed(names)}" if names else "no plugin is installed"
        raise NothingToCheck(f"no plugin, folder or pack is called {name!r}{hint}; {known}")
    connection = sqlite3.connect(":memory:")
    build(loaded, connection)
    catalogue = Catalogue(connection)
    findings: list[Finding] = []
    counts = dict.fromkeys(PLURAL, 0)
    for plugin in (p for p in catalogue.plugins() if p.origin in {c.origin for c in chosen}):
        findings += [Finding("error", plugin.origin, problem) for problem in plugin.problems]
        findings += [Finding("warning", plugin.origin, warning) for warning in plugin.warnings]
        own = [record for origin, record in loaded.records if origin == plugin.origin]
        findings += _against(catalogue, plugin, own, plugin.origin)
        for kind, number in catalogue.counts(plugin.origin).items():
            counts[kind] += number
    return Checked(tuple(dict.fromkeys(findings)), counts)


def _checked(plugin: Plugin, records: list[Record], where: str, findings: list[Finding]) -> Checked:
    """A pack's records put among all that is registered, and what that brings to light."""
    loaded = load()
    together = loaded.replace(
        plugins=(*(p for p in loaded.plugins if p.origin != plugin.origin), plugin),
        records=(
            *((origin, record) for origin, record in loaded.records if origin != plugin.origin),
            *((plugin.origin, record) for record in records),
        ),
    )
    connection = sqlite3.connect(":memory:")
    build(together, connection)
    catalogue = Catalogue(connection)
    mine = next(p for p in catalogue.plugins() if p.origin == plugin.origin)
    findings += [Finding("error", where, problem) for problem in mine.problems]
    findings += [Finding("warning", where, f"{r.subject}: {w}") for r in records for w in r.warnings]
    findings += _against(catalogue, plugin, records, where)
    return Checked(tuple(dict.fromkeys(findings)), catalogue.counts(plugin.origin))


def _against(catalogue: Catalogue, plugin: Plugin, records: list[Record], where: str) -> Iterator[Finding]:
    """What is unlikely only in view of everything else: names that others hold, references to nothing."""
    if plugin.first_party:
        return
    for record in records:
        values: Any = record
        if record._kind == "run":
            for kind in ("model", "hardware", "region"):
                name = getattr(values, kind)
                if name is not None and not catalogue.claimants(kind, name):
                    hint = did_you_mean(name, catalogue.names(kind))
                    yield Finding(
                        "warning", where, f"{record.subject}: {kind}: nothing is registered as {name!r}{hint}"
                    )
            continue
        for name in (values.id, *values.aliases):
            others = [c for c in catalogue.claimants(record._kind, name) if c.distribution != plugin.distribution]
            if others:
                reached = f"{plugin.distribution}/{values.id}"
                what = f"{name} belongs to {others[0].origin} already; yours is reached as {reached}"
                yield Finding("warning", where, f"{record.subject}: {what}")
