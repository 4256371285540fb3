"""The runs, sites and models of Patterson et al. 2021, and its Tables 1 and 4 as printed."""

from importlib.resources import files

from carbontui_registry import Model, Region, TrainingRun, hookimpl, load_pack

PACK = load_pack(files(__name__) / "paper.toml")


@hookimpl
def carbontui_regions() -> list[Region]:
    return PACK.regions


@hookimpl
def carbontui_models() -> list[Model]:
    return PACK.models


@hookimpl
def carbontui_runs() -> list[TrainingRun]:
    return PACK.runs
