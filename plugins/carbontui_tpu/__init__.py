"""Google TPUs."""

from importlib.resources import files

from carbontui_registry import Hardware, hookimpl, load_pack

PACK = load_pack(files(__name__) / "tpu.toml")


@hookimpl
def carbontui_hardware() -> list[Hardware]:
    return PACK.hardware
