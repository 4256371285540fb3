"""Published training runs other than those of Patterson et al. 2021, with their models and sites."""

from importlib.resources import files

from carbontui_registry import Model, Region, TrainingRun, hookimpl, load_pack

NAMES = ("llama", "meta", "google", "bloom", "strubell", "dodge", "pythia", "epoch", "others", "models")
PACKS = [load_pack(files(__name__) / f"{name}.toml") for name in NAMES]


@hookimpl
def carbontui_regions() -> list[Region]:
    return [record for pack in PACKS for record in pack.regions]


@hookimpl
def carbontui_models() -> list[Model]:
    return [record for pack in PACKS for record in pack.models]


@hookimpl
def carbontui_runs() -> list[TrainingRun]:
    return [record for pack in PACKS for record in pack.runs]
