"""What is installed, found without running any of it: entry points, their distributions, the user's packs."""

from __future__ import annotations

import os
import re
from importlib import metadata
from pathlib import Path

from carbontui_registry.plugin import FIRST_PARTY
from carbontui_registry.said import Said
from carbontui_registry.text import clean, visible
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

GROUP = "carbontui"
# What a distribution without a name is called; others are counted, so that no two are taken for one.
UNKNOWN = "unknown"
_PACKAGE = os.path.dirname(os.path.realpath(__file__))
# How deep folders may lie in the folder of packs: a cloned repository is seldom deeper, a link may lead in circles.
DEEPEST = 8


class Entry(NamedTuple):
    """One plugin's entry point: its `origin` is `distribution:name`, `value` what it names.

    `first_party` is whether its distribution is the one that this very package belongs to; `problems` and `warnings`
    are what is wrong with its metadata.
    """

    origin: str
    distribution: str
    version: str
    value: str
    first_party: bool = False
    problems: tuple[Said, ...] = ()
    warnings: tuple[Said, ...] = ()

    @property
    def module(self) -> str:
        """The name of the module that it names, whatever else stands there."""
        return re.split(r"[:\[]", self.value, maxsplit=1)[0].strip()


class Found(NamedTuple):
    """The entry points of our group, first-party ones first, and what was passed over: name, why, and whether that
    costs records (else it is only worth knowing)."""

    entries: list[Entry]
    passed_over: list[tuple[str, Said, bool]]


def found_entry_points() -> Found:
    """Those of our group, each once; distributions whose own cannot be read, or that pretend to be carbontui.

    `metadata.entry_points` would give nobody's when those of one distribution are damaged.
    """
    ours: list[tuple[Any, str]] = []
    passed_over: list[tuple[str, Said, bool]] = []
    seen: dict[str, str] = {}
    for dist in metadata.distributions():
        # Private, but all else reads every METADATA.
        folder = getattr(dist, "_normalized_name", None)
        folder = folder if isinstance(folder, str) else ""
        # The first of a name is the one that Python imports; of carbontui it is the one that runs.
        if folder in seen and normal_name(folder) != FIRST_PARTY:
            continue
        try:
            if any(True for _ in dist.entry_points.select(group=GROUP)):
                ours.append((dist, folder))
                # Read here, where it may fail.
                normal_name(dist.name or "")
        except Exception as error:  # noqa: BLE001 - whatever a damaged file leads to
            ours = [one for one in ours if one[0] is not dist]
            why = f"its metadata cannot be read: {type(error).__name__}: {clean(str(error)[:200])}"
            passed_over.append((normal_name(folder), Said(why, "install it again"), True))
        if folder:
            seen.setdefault(folder, str(_place(dist)))
    named = [(dist, folder, normal_name(dist.name or UNKNOWN)) for dist, folder in ours]
    own = _own([(dist, folder) for dist, folder, name in named if name == FIRST_PARTY])
    entries: list[Entry] = []
    nameless = 0
    # In an order that does not depend on that of the files in a folder.
    for dist, folder, name in sorted(named, key=lambda one: (one[2], one[1], str(_place(one[0])))):
        warnings: tuple[Said, ...] = ()
        if name == FIRST_PARTY and dist is not own:
            passed_over.append(_pretender(dist, folder))
            continue
        if name == UNKNOWN:
            nameless += 1
            name = UNKNOWN if nameless == 1 else f"{UNKNOWN}-{nameless}"
            place = clean(str(_place(dist)))
            what = f"its distribution has no name in its metadata ({place}) and is called {name}"
            warnings = (Said(what, "install it again"),)
        entries += _entries_of(dist, name, dist is own, warnings)
    return Found(sorted(entries, key=lambda one: (not one.first_party, one.origin)), sorted(set(passed_over)))


def _entries_of(dist: Any, name: str, first_party: bool, warnings: tuple[Said, ...]) -> Iterable[Entry]:
    """The entry points of one distribution, each name once."""
    found: dict[str, Entry] = {}
    for point in dist.entry_points.select(group=GROUP):
        version = str(dist.version or "")
        entry = Entry(clean(f"{name}:{point.name}"), name, version, point.value, first_party, (), warnings)
        if (first := found.get(entry.origin)) is not None:
            twice = f"its entry_points.txt has {clean(point.name)} twice"
            why = f"{twice}; {clean(first.value)} is used and {clean(point.value)} is not"
            entry = first._replace(problems=(*first.problems, Said(why, "remove one", given=clean(point.name))))
        found[entry.origin] = entry
    return found.values()


def _place(dist: Any) -> Any:
    """Where a distribution's metadata are, as far as it says."""
    return getattr(dist, "_path", "")


def _own(candidates: list[tuple[Any, str]]) -> Any:
    """The distribution, of those whose metadata say that they are carbontui, that the running package belongs to."""
    # A folder that is called as the distribution comes before one whose METADATA alone says so.
    candidates = sorted(candidates, key=lambda one: normal_name(one[1]) != FIRST_PARTY)
    for dist, _ in candidates:
        if _owns(dist):
            return dist
    # A copy that runs uninstalled, beside an installed one.
    return next((dist for dist, folder in candidates if normal_name(folder) == FIRST_PARTY), None)


def _owns(dist: Any) -> bool:
    """Whether the running package is among a distribution's files, or in the folder of an editable install."""
    try:
        listed = dist.read_text("RECORD")
        inside = os.path.realpath(str(dist.locate_file("carbontui_registry"))) == _PACKAGE
        if inside and (listed is None or "carbontui_registry/__init__.py" in listed):
            return True
        import json
        from urllib.parse import unquote, urlsplit

        direct = json.loads(dist.read_text("direct_url.json") or "{}")
        if not direct.get("dir_info", {}).get("editable"):
            return False
        return _PACKAGE.startswith(os.path.join(os.path.realpath(unquote(urlsplit(direct["url"]).path)), ""))
    except Exception:  # noqa: BLE001 - whatever a damaged file leads to
        return False


def _pretender(dist: Any, folder: str) -> tuple[str, Said, bool]:
    """What is said of a distribution that calls itself carbontui and is not the one that runs."""
    place = clean(str(_place(dist)))
    if normal_name(folder) == FIRST_PARTY:
        said = Said(f"{place} is another copy of carbontui; it is not used", "uninstall it if you do not need it")
        return "carbontui (another copy)", said, False
    why = f"its metadata claim that it is carbontui, which it is not; it is ignored ({place})"
    return normal_name(folder), Said(why, "uninstall it"), True


def normal_name(name: str) -> str:
    """The normal form of a distribution's name, and of a pack's, so that it can stand in `distribution/id`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or UNKNOWN


class UserPack(NamedTuple):
    """A pack of the user's own: its name in `origin`, the distribution of its records, and its file."""

    origin: str
    distribution: str
    path: Path


class UserPacks(NamedTuple):
    """The user's own packs by name, what in their folder was passed over, with the reason, and the folders read."""

    packs: list[UserPack]
    passed_over: list[tuple[str, Said, bool]]
    folders: list[str]


def user_packs(folder: str | None) -> UserPacks:
    """The user's own packs, in subfolders too; hidden files and folders are no packs."""
    found = UserPacks([], [], [])
    if folder and os.path.lexists(folder):
        _read_folder(folder, "", found, 0)
    found.packs.sort(key=lambda pack: pack.origin)
    return found


def _read_folder(folder: str, inside: str, found: UserPacks, depth: int) -> None:
    shown = clean(inside) or "packs"
    found.folders.append(folder)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        said = Said(f"the folder cannot be read: {error.strerror}: {visible(folder)}", "allow its owner to read it")
        found.passed_over.append((f"pack:{shown}", said, True))
        return
    for entry in entries:
        name = f"{inside}/{entry.name}" if inside else entry.name
        # A repository that was cloned here may be a Python project too.
        if entry.name.startswith(".") or (inside and entry.name == "pyproject.toml"):
            continue
        stem, ending = os.path.splitext(name)
        try:
            is_folder = entry.is_dir()
        except OSError:
            is_folder = False
        if is_folder:
            if depth < DEEPEST:
                _read_folder(entry.path, name, found, depth + 1)
            else:
                why = f"the folder is more than {DEEPEST} levels deep in packs"
                found.passed_over.append((f"pack:{clean(name)}", Said(why, "move it up"), True))
        elif ending == ".toml":
            _add_pack(stem, entry.path, found)
        elif ending.lower() == ".toml":
            what, right = "a pack's name must end in lower-case .toml", f"rename {clean(entry.name)}"
            said = Said(what, right, given=clean(entry.name), expected=f"{clean(stem)}.toml")
            found.passed_over.append((f"pack:{clean(stem)}", said, True))


def _add_pack(stem: str, path: str, found: UserPacks) -> None:
    pack = UserPack(f"pack:{clean(stem)}", normal_name(stem), Path(path))
    if any(other.origin == pack.origin for other in found.packs):
        said = Said("another pack has the same name", f"rename {clean(path)}")
        found.passed_over.append((f"{pack.origin} (another)", said, True))
    else:
        found.packs.append(pack)
