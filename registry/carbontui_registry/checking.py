"""Checking a plugin before it is published: everything that is wrong at once, where, and what would be right."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from carbontui_registry import packs
from carbontui_registry.discovery import found_entry_points, normal_name
from carbontui_registry.durable import native
from carbontui_registry.errors import CarbontuiError, InvalidRecord
from carbontui_registry.folders import config_path
from carbontui_registry.indexing import judge
from carbontui_registry.load_host import load
from carbontui_registry.plugin import PLURAL, Loaded, Plugin, called
from carbontui_registry.records import Record
from carbontui_registry.report import CONTRACT, SHORTER, LimitPassed, noting
from carbontui_registry.said import Said
from carbontui_registry.text import clean, did_you_mean, listed, nearest
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from carbontui_registry.folders import Config

    # The file and line of records, by kind and id.
    Places = Mapping[str, tuple[str, int]]


class Finding(Value):
    """One thing to fix (`error`) or to look at (`warning`).

    `where` is the plugin, or the pack with its line; `what` the rest, which ends with the `remedy`. `record` is the
    record's kind and id (`hardware acme-x1`), empty where the finding is about the plugin as a whole; `file` and `line`
    are those of the pack or code that it stands in, `key` its place in the record, `given` what stands there and
    `expected` what would be right, each as far as it is known.
    """

    severity: str
    where: str
    what: str
    record: str = ""
    file: str = ""
    line: int | None = None
    key: str = ""
    given: str = ""
    expected: str = ""
    remedy: str = ""


class Checked(Value):
    """What a check found, how many records of each kind are good, and kind and id of every record, good or not; of a
    configuration no records are asked for."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]
    records: tuple[str, ...] = ()
    of_records: bool = True

    @property
    def good(self) -> bool:
        """Whether there is no error."""
        return all(finding.severity != "error" for finding in self.findings)


class NothingToCheck(CarbontuiError):
    """The target is no plugin, no folder with one, and no pack; the message says what would be."""


def check(target: str) -> Checked:
    """Check an installed plugin by its name, entry point or distribution, a folder with its project, a wheel, an sdist,
    or a pack.

    Raises `NothingToCheck`.
    """
    path = Path(native(target))
    if target.endswith(".toml") and path.name != "pyproject.toml":
        if not path.is_file():
            raise NothingToCheck(f"there is no pack {target}")
        if path.name == "config.toml" and not _is_pack(path):
            right = f"set CARBONTUI_CONFIG to {path.absolute().parent} to check it"
            raise NothingToCheck(f"{target} is a configuration, not a pack, and not the one that is used; {right}")
        return check_pack(path)
    if target.endswith((".whl", ".tar.gz")):
        if not path.is_file():
            raise NothingToCheck(f"there is no package {target}")
        return check_package(path)
    if path.name == "pyproject.toml" and path.is_file():
        path = path.parent
    # A folder that happens to have a plugin's name, such as its package, is not what was meant by the name.
    meant = os.sep in target or target in (os.curdir, os.pardir) or any(path.glob("*.toml"))
    return check_folder(path) if path.is_dir() and meant else check_installed(target)


def check_config(config: Config, more: Sequence[str]) -> Checked:
    """What of a configuration cannot be used, and what nothing is called by, `more` among it."""
    path = config_path()

    def findings(severity: str, texts: Sequence[str]) -> Iterator[Finding]:
        for text in texts:
            what = text.removeprefix(f"{path}: ")
            yield Finding(severity, path, what, file=path, remedy="correct it there")

    return Checked(
        (*findings("error", config.wrong), *findings("warning", (*config.unknown, *more))), {}, of_records=False
    )


def check_pack(path: Path, loaded: Loaded | None = None) -> Checked:
    """Check one pack, against itself and against what is registered, unless that is `loaded` already."""
    token = noting.set(lambda: CONTRACT)
    try:
        pack = packs.look_into(path)
    except InvalidRecord as error:
        return Checked(tuple(_in_pack("error", path, problem) for problem in error.problems), {})
    except LimitPassed as error:
        return Checked((_in_pack("error", path, Said(str(error), SHORTER)),), {})
    finally:
        noting.reset(token)
    records = packs.records_of(pack)
    findings = [_in_pack("error", path, problem) for problem in pack.problems]
    findings += [_in_pack("warning", path, warning) for warning in pack.warnings]
    good = [record for record in records if not record.problems]
    inside = holding(path)
    # A pack that stands by itself is read together with those beside it, as in the configuration folder.
    loaded = loaded or load(packs=None if inside else str(path.parent))
    plugin = next((p for p in loaded.plugins if p.origin == inside), None)
    plugin = plugin or Plugin(f"pack:{path.stem}", "", normal_name(path.stem), False)
    wrong = [problem.of(r.subject) for r in records for problem in r.problems]
    plugin = plugin.replace(problems=tuple(dict.fromkeys((*plugin.problems, *wrong))))
    problems, warnings = judge(_with(loaded, plugin, good)).said(plugin.origin)
    known = set(plugin.problems)
    places = {record.subject: record.place for record in good if record.place}
    findings += [_in_pack("error", path, problem) for problem in wrong]
    findings += [_in_pack("error", path, problem, places) for problem in problems if problem not in known]
    findings += [_in_pack("warning", path, w.of(r.subject), places) for r in good for w in r.warnings]
    findings += [_in_pack("warning", path, w, places) for w in warnings if w not in pack.warnings]
    lost = {finding.record for finding in findings if finding.severity == "error"}
    counts = {kind: sum(r._kind == kind and r.subject not in lost for r in good) for kind in PLURAL}
    return Checked(tuple(dict.fromkeys(findings)), counts, tuple(dict.fromkeys(r.subject for r in records)))


def _is_pack(path: Path) -> bool:
    """Whether a file says that it is a pack; one that cannot be read as TOML is looked at as one."""
    import tomllib

    try:
        with path.open("rb") as file:
            return "pack" in tomllib.load(file)
    except (OSError, ValueError, RecursionError):
        return True


def _in_pack(severity: str, path: Path, said: Said, places: Places = MappingProxyType({})) -> Finding:
    """What is said of a pack as a finding, whose place is the pack and the line."""
    line = said.line or _place(said, places)[1]
    where = f"{path}, line {line}" if line else str(path)
    what = "".join(f"{part}: " for part in (said.record, said.key) if part) + said.what
    return _finding(severity, where, what, said, str(path), line)


def _of_plugin(severity: str, origin: str, said: Said, places: Places) -> Finding:
    """What is said of a plugin as a finding, whose place is the plugin."""
    file, line = (said.file, said.line) if said.file else _place(said, places)
    return _finding(severity, origin, str(said), said, file, line)


def _place(said: Said, places: Places) -> tuple[str, int | None]:
    """The file and line of what is said of a record, where it was made."""
    file, line = places.get(said.record, ("", None))
    if line is not None and said.key and file.endswith(".toml"):
        line = packs.line_of_key(file, line, said.key)
    return file, line


def _finding(severity: str, where: str, what: str, said: Said, file: str, line: int | None) -> Finding:
    more = (said.key, said.given, said.expected, said.remedy)
    return Finding(severity, where, what, said.record, file, line, *more)


def holding(path: Path) -> str | None:
    """The name of the installed plugin in whose package the pack stands: it is not held against itself."""
    here = path.resolve()
    for entry in found_entry_points().entries:
        spec = find_spec(entry.module.split(".")[0])
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            if here.is_relative_to(Path(folder).resolve()):
                return entry.origin
    return None


def _with(loaded: Loaded, plugin: Plugin, records: list[Record]) -> Loaded:
    """All that is registered, with these records of a plugin in the place of those with their ids."""
    new = {record.subject for record in records}
    others = [(o, r) for o, r in loaded.records if o != plugin.origin or r.subject not in new]
    return loaded.replace(
        plugins=(*(p for p in loaded.plugins if p.origin != plugin.origin), plugin),
        records=(*others, *((plugin.origin, record) for record in records)),
    )


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
        loaded = load(packs=None if holding(found[0]) else str(folder))
        checks = [check_pack(path, loaded) for path in found]
        counts = {kind: sum(c.counts.get(kind, 0) for c in checks) for kind in PLURAL}
        records = dict.fromkeys(record for c in checks for record in c.records)
        return Checked(tuple(f for c in checks for f in c.findings), counts, tuple(records))
    import tomllib

    try:
        table = tomllib.loads(project.read_text(encoding="utf-8"))
    except ValueError as error:
        return Checked((_of_project(project, Said(f"is not TOML: {error}", "correct it there")),), {})
    described = _table(table, "project")
    groups = _table(described, "entry-points")
    points = {name: value for name, value in _table(groups, "carbontui").items() if isinstance(value, str)}
    if not points:
        near = nearest("carbontui", (group for group in groups if group != "carbontui"))
        hint = f", not {near}" if near else ""
        right = f'write [project.entry-points.carbontui]{hint}, with a line acme = "acme_hardware"'
        return Checked((_of_project(project, Said("has no entry point", right)),), {})
    name = str(described.get("name") or folder.resolve().name)
    with tempfile.TemporaryDirectory() as made:
        info = Path(made) / f"{normal_name(name).replace('-', '_')}-0.dist-info"
        info.mkdir()
        version = described.get("version", "0")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
        lines = "\n".join(f"{key} = {value}" for key, value in points.items())
        (info / "entry_points.txt").write_text(f"[carbontui]\n{lines}\n", encoding="utf-8")
        added = [made, *(str(p) for p in (folder / "src", folder) if p.is_dir())]
        with _on_the_path(added):
            checked = _of_loaded(load(), normal_name(name))
    return checked.replace(findings=(*checked.findings, *_of_addresses(_table(described, "urls"), project)))


def _of_project(project: Path, said: Said, severity: str = "error") -> Finding:
    return _finding(severity, str(project), str(said), said, str(project), None)


def _of_addresses(urls: dict[str, Any], project: Path) -> Iterator[Finding]:
    """The addresses of a project that are still those of an example: whoever looks for it on PyPI is sent nowhere."""
    from carbontui_registry.agreement import placeholder

    for name, url in urls.items():
        if host := placeholder(str(url)):
            right = "write where the project is, or leave it out"
            said = Said(f"{host} is a placeholder", right, key=f"project.urls.{clean(name)}", given=host)
            yield _of_project(project, said, "warning")


def check_package(path: Path) -> Checked:
    """Check a wheel as it would be installed, or the project in an sdist: what a build has left out is missing there.

    Raises `NothingToCheck`.
    """
    import shutil

    with tempfile.TemporaryDirectory() as made:
        try:
            if path.suffix == ".whl":
                shutil.unpack_archive(path, made, "zip")
            else:
                # A tar file must not write outside of the folder.
                shutil.unpack_archive(path, made, "gztar", filter="data")
        except Exception as error:  # noqa: BLE001 - each kind of archive has errors of its own
            raise NothingToCheck(f"{path}: cannot be unpacked: {type(error).__name__}: {error}") from None
        if path.suffix != ".whl":
            projects = sorted(Path(made).glob("*/pyproject.toml"))
            if not projects:
                raise NothingToCheck(f"{path}: has no pyproject.toml")
            return check_folder(projects[0].parent)
        infos = sorted(Path(made).glob("*.dist-info"))
        if not infos:
            raise NothingToCheck(f"{path}: has no metadata, *.dist-info")
        name = normal_name(infos[0].name.rpartition(".")[0].partition("-")[0])
        with _on_the_path([made]):
            checked = _of_loaded(load(), name)
        addresses = _addresses_in(infos[0] / "METADATA")
    return checked.replace(findings=(*checked.findings, *_of_addresses(addresses, path)))


def _addresses_in(metadata: Path) -> dict[str, Any]:
    """The addresses of a built project, by name; none where its metadata cannot be read."""
    from email import message_from_bytes

    try:
        lines = message_from_bytes(metadata.read_bytes()).get_all("Project-URL", [])
    except OSError:
        return {}
    return dict(str(line).partition(", ")[::2] for line in lines)


@contextmanager
def _on_the_path(folders: list[str]) -> Iterator[None]:
    """Found before all that is installed, but not first: the first place is that of the program that was started."""
    before = list(sys.path)
    sys.path[1:1] = [os.path.abspath(path) for path in folders]
    try:
        yield
    finally:
        sys.path[:] = before


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    """A table in a table; an empty one where something else stands there."""
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _of_loaded(loaded: Loaded, name: str) -> Checked:
    chosen = {plugin.origin for plugin in called(name, loaded.plugins)}
    if not chosen:
        names = [p.origin for p in loaded.plugins]
        hint = did_you_mean(name, [*names, *(p.distribution for p in loaded.plugins)])
        known = f"installed are {listed(names)}" if names else "no plugin is installed"
        raise NothingToCheck(f"no plugin, folder or pack is called {name!r}{hint}; {known}")
    judged = judge(loaded)
    findings: list[Finding] = []
    counts = dict.fromkeys(PLURAL, 0)
    records: list[str] = []
    for plugin in (p for p in loaded.plugins if p.origin in chosen):
        places = {record: place for (origin, record), place in loaded.places.items() if origin == plugin.origin}
        problems, warnings = judged.said(plugin.origin)
        findings += [_of_plugin("error", plugin.origin, problem, places) for problem in problems]
        findings += [_of_plugin("warning", plugin.origin, warning, places) for warning in warnings]
        own = [record for origin, record in loaded.records if origin == plugin.origin]
        records += [record.subject for record in own]
        for owner, record, _ in judged.kept:
            counts[record._kind] += owner.origin == plugin.origin
    records += [finding.record for finding in findings if finding.record]
    return Checked(tuple(dict.fromkeys(findings)), counts, tuple(dict.fromkeys(records)))
