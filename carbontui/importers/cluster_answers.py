"""What a person says of a cluster, written into its file without touching the rest."""

from __future__ import annotations

from carbontui.errors import FileError
from carbontui_registry.text import visible
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Answers(NamedTuple):
    """Where the jobs ran, the power of a core as it was typed, and the hardware by partition ("" where jobs have none);
    what is empty stays unknown."""

    region: str = ""
    watts: str = ""
    hardware: Mapping[str, str] = {}


def answered(
    path: str, text: str, answers: Answers, seen: Mapping[str, Mapping[str, int]], known: Mapping[str, str]
) -> str:
    """The text of a cluster file with the answers in it, as far as they are about the partitions that were `seen`;
    `known` is what each type of accelerator is taken for. Raises `FileError` where the file cannot be changed."""
    import tomllib

    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    def edit(top: Any) -> None:
        if answers.region:
            top.setdefault("region", answers.region)
        if answers.watts and any("" in kinds for kinds in seen.values()):
            top.setdefault("watts_per_core", answers.watts)
        for partition, hardware in answers.hardware.items():
            # A job may have been submitted to several.
            names = [name for name in partition.split(",") if partition in seen and name]
            for name in names:
                top.setdefault("partitions", {}).setdefault(name, {})["hardware"] = hardware
            if not partition and "" in seen:
                top["hardware"] = hardware
            # What a log names and is known stays what it is, as the hardware of a partition would come before it.
            for one in sorted(known.keys() & seen.get(partition, {}).keys()):
                top.setdefault("gres", {}).setdefault(one, known[one])

    try:
        wanted = tomllib.loads(text)
        edit(wanted)
        document = tomlkit.parse(text)
        edit(document)
        changed = tomlkit.dumps(document)
        good = tomllib.loads(changed) == wanted
    except (TOMLKitError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        good = False
    if not good:
        raise FileError(f"{visible(path)}: is written in a way that carbontui cannot change; please change it by hand")
    return changed
