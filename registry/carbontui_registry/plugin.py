"""What loading finds, and under which keys it is kept."""

from __future__ import annotations

from carbontui_registry.records import Record
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from carbontui_registry.said import Said


FIRST_PARTY = "carbontui"
# Each kind of record, and what several of it are called.
PLURAL = {
    "hardware": "hardware",
    "region": "regions",
    "model": "models",
    "run": "runs",
    "offer": "offers",
    "measurement": "measurements",
}
KINDS = tuple(PLURAL)
# Records that are also found by what they belong to: the runs of a model, the measurements of hardware.
OWNED = {"run": "model", "measurement": "hardware"}


def of_owner(kind: str) -> str:
    """Under which kind the names of their owners are kept for records of a kind."""
    return f"{kind} of"


# What is offered: an overview, and what is offered in a region, by its name.
OFFERING = "offering"


def offers_key(region: str) -> str:
    """The key of what is offered in the region of this name."""
    return f"offers {region}".encode("utf-8", "replace").decode()


def record_key(n: int) -> str:
    """The key of the record of this number."""
    return f"record {n:08}"


def name_key(kind: str, name: str) -> str:
    """The key of the numbers of the records of this name."""
    return f"name {kind}:{name}".encode("utf-8", "replace").decode()


class Plugin(Value):
    """What is known of one plugin: `origin` is its name, `distribution:entry-point`."""

    origin: str
    version: str
    distribution: str
    first_party: bool
    off: bool = False
    seconds: float = 0.0
    problems: tuple[Said, ...] = ()
    warnings: tuple[Said, ...] = ()


def called(name: str, plugins: Collection[Plugin]) -> list[Plugin]:
    """Whom a person means by a name: a plugin, all of a distribution, or the only plugin with such an entry point."""
    exact = [p for p in plugins if name in (p.origin, p.distribution)]
    by_entry_point = [p for p in plugins if p.origin.partition(":")[2] == name]
    return exact or (by_entry_point if len(by_entry_point) == 1 else [])


class Loaded(Value):
    """All that loading found: plugins, checked records with their origin, names kept for what is switched off.

    `hung` has each third party that was tried and took longer than its time, with its files; `places` the file and line
    of records, by plugin and record, where they are known. `short` is whether the system lacked something meanwhile, so
    that another start may find more.
    """

    plugins: tuple[Plugin, ...]
    records: tuple[tuple[str, Record], ...]
    reserved: tuple[tuple[str, str, str], ...]
    files: tuple[str, ...]
    units: dict[tuple[str, str], str]
    hung: tuple[tuple[str, tuple[str, ...]], ...] = ()
    short: bool = False
    places: dict[tuple[str, str], tuple[str, int]] = {}
