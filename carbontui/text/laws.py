"""What an estimate of power rests on, in a sentence."""

from __future__ import annotations

from carbontui.engine.calibration import DESK_HOST, MEASURED, SMALL_HOST

_MEASURED = {
    "server": "GPU servers of 2020 and later at the wall",
    "any-model": "training runs on 4 to 8 accelerators of a server, with models of any size",
    "any-model-alone": "training runs on 4 to 8 accelerators of a server, less the host's share",
    "older-server": "older GPU servers at the wall",
    "tpu": "TPUs at the wall",
    "large": "accelerators in large trainings",
    "batches": "accelerators that serve in batches",
    "few": "training runs on up to 8 accelerators, with models of any size",
    "few-by-size": "training runs on up to 8 accelerators, by the size of the model",
}
_ADDED = {
    "part": "the host's share: a server at the wall minus its accelerators under full load",
    "small-card": f"{SMALL_HOST:g} W for the host of a small card",
    "desk": f"{DESK_HOST:g} W for the rest of the machine",
    "node": "a fifth for CPU and memory",
}
_SAID = {
    "elsewhere": "none of them on this hardware",
    "boards": "boards of this name have several power limits",
}

# The same in a column: for which jobs an estimate is, and what is added to what their accelerators draw.
_JOBS = {
    "server": "busy servers at the wall",
    "any-model": "jobs on 4 to 8 chips",
    "any-model-alone": "jobs on 4 to 8 chips",
    "older-server": "older servers at the wall",
    "tpu": "TPUs at the wall",
    "large": "large trainings",
    "batches": "serving in batches",
    "few": "jobs on up to 3 chips",
    "few-by-size": "jobs on up to 8 chips, by model",
}
_PARTS = {"part": "host", "small-card": "host", "desk": "host", "node": "CPU"}
# Those of a machine as a whole.
_WHOLE = {"server", "any-model", "older-server", "tpu"}


def is_for(laws: tuple[str, ...]) -> str:
    """Such as `jobs on up to 8 chips + CPU`; empty where an estimate rests on no law."""
    return " + ".join((_JOBS | _PARTS)[law] for law in laws if law not in _SAID)


def of_whole_machine(laws: tuple[str, ...]) -> bool:
    """Whether an estimate is of a machine as a whole, as that of a planned job is unless its boundary is given."""
    return bool(_WHOLE & {*laws})


def rests_on(laws: tuple[str, ...]) -> str:
    """Such as `10 measurements of GPU servers of 2020 and later at the wall, by 4 sources`."""
    parts = " + ".join(_ADDED[law] if law in _ADDED else _measured(law) for law in laws if law not in _SAID)
    return "; ".join([parts, *(_SAID[law] for law in laws if law in _SAID)])


def _measured(law: str) -> str:
    rows, sources = MEASURED[law]
    return f"{rows} measurements of {_MEASURED[law]}, by {f'{sources} sources' if sources > 1 else 'a single source'}"
