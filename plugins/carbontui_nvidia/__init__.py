"""NVIDIA accelerators."""

from importlib.resources import files

from carbontui_registry import Hardware, hookimpl, load_pack

PACKS = [load_pack(files(__name__) / f"{name}.toml") for name in ("nvidia", "cards")]


@hookimpl
def carbontui_hardware() -> list[Hardware]:
    return [record for pack in PACKS for record in pack.hardware]
