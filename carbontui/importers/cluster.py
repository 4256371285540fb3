"""What a lab says once of its Slurm cluster: which partition is which hardware, where it is, and its PUE."""

from __future__ import annotations

from carbontui.errors import FileError
from carbontui.files import line_of, parse, read_text, said
from carbontui_registry import units
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.text import clean, did_you_mean
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


_OF_PARTITION = ("hardware", "region", "pue", "watts_per_core")
# What a cluster file has at its top.
KEYS = (*_OF_PARTITION, "name", "gres", "partitions")
_LONGEST_NAME = 200


class Partition(NamedTuple):
    """A partition, or what holds where a partition says nothing: ids, a PUE, and W of a core of jobs without
    accelerators."""

    hardware: str = ""
    region: str = ""
    pue: float | None = None
    watts_per_core: float | None = None


class Cluster(NamedTuple):
    """A cluster: what holds for all, its partitions by name, the hardware of its types of `gres/gpu`, its name, and the
    file that says so."""

    every: Partition = Partition()
    partitions: Mapping[str, Partition] = {}
    gres: Mapping[str, str] = {}
    name: str = ""
    path: str = ""

    def partition(self, name: str) -> Partition:
        """What is known of a partition; of a job submitted to several (`a,b`) what they have in common."""
        known = [self.partitions.get(one, self.every) for one in name.split(",")]
        return known[0] if all(one == known[0] for one in known) else self.every


def read_cluster(path: str, catalogue: Catalogue) -> Cluster:
    """The cluster that a file describes. Raises `FileError`."""
    text = read_text(path)
    top = parse(path, text)

    def wrong(where: str, what: str) -> FileError:
        line = line_of(text, where)
        return FileError(f"{clean(path)}{f', line {line}' if line else ''}: {clean(where)}: {what}")

    def table(value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise wrong(where, f"{said(value)} must be a table")
        return value

    def record(kind: str, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise wrong(where, f"{said(value)} must be text in quotes")
        try:
            return str(catalogue.find(kind, value).id)
        except UnknownName as error:
            raise wrong(where, str(error)) from None

    def partition(given: dict[str, Any], at: str, every: Partition) -> Partition:
        values = every._asdict()
        for key, value in given.items():
            where = f"{at}{key}"
            if key in ("hardware", "region"):
                values[key] = record(key, value, where)
            elif key == "pue":
                if isinstance(value, bool) or not isinstance(value, (int, float)) or not 1 <= value <= 100:
                    raise wrong(where, f"{said(value)} must be a number of at least 1")
                values[key] = float(value)
            elif key == "watts_per_core":
                try:
                    values[key] = units.parse(value if isinstance(value, str) else f"{value} W", "power")
                except units.UnitError as error:
                    raise wrong(where, str(error)) from None
            else:
                known = _OF_PARTITION if at else KEYS
                raise wrong(where, f"unknown key{did_you_mean(key, known)}")
        return Partition(**values)

    name = top.get("name", "")
    if not isinstance(name, str) or len(name) > _LONGEST_NAME or ("name" in top and not name.strip()):
        raise wrong("name", f"{said(name)} must be text in quotes, of at most {_LONGEST_NAME} characters")
    own = {key: value for key, value in top.items() if key not in ("partitions", "gres", "name")}
    every = partition(own, "", Partition())
    partitions = {
        name: partition(table(value, f"partitions.{name}"), f"partitions.{name}.", every)
        for name, value in table(top.get("partitions", {}), "partitions").items()
    }
    gres = {
        name: record("hardware", value, f"gres.{name}") for name, value in table(top.get("gres", {}), "gres").items()
    }
    return Cluster(every, partitions, gres, clean(name.strip()), path)


def scaffold(seen: Mapping[str, Mapping[str, int]], known: Mapping[str, str], region: str = "") -> str:
    """A cluster file to fill in: for each partition the jobs by type of accelerator ("" where they have none); `known`
    is the hardware that a type is taken for; `region` is written where it is known already."""
    lines = [
        "# Describes the partitions of a Slurm cluster. Uncomment what you know; the rest stays unknown.",
        '# name = "cluster-1"        # for carbontui ledger --by cluster',
        f"region = {_text(region)}" if region else '# region = "grid:de"        # ids: carbontui list regions',
        "# pue = 1.3                 # otherwise 1.56 is assumed, with a spread",
        '# watts_per_core = "5 W"    # for jobs without accelerators',
    ]
    types = sorted({one for kinds in seen.values() for one in kinds} - {"", "gpu"})
    if types:
        lines += ["", "[gres]"]
        lines += [
            f"{_key(one)} = {_text(known[one])}"
            if one in known
            else f'# {_key(one)} = ""  # ids: carbontui list hardware'
            for one in types
        ]
    for name in sorted(seen):
        jobs = ", ".join(f"{count:,} {one or 'without GPUs'}" for one, count in sorted(seen[name].items()))
        lines += ["", f"[partitions.{_key(name)}]  # jobs: {jobs}"]
        if "gpu" in seen[name]:
            lines.append('# hardware = "a100-sxm4-80"')
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if name and all(c.isascii() and (c.isalnum() or c in "-_") for c in name) else _text(name)
