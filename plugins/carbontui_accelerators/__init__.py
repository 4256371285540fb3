"""Accelerators of Intel, AWS, Huawei and Meta."""

from importlib.resources import files

from carbontui_registry import Hardware, hookimpl, load_pack

PACK = load_pack(files(__name__) / "accelerators.toml")


@hookimpl
def carbontui_hardware() -> list[Hardware]:
    return PACK.hardware
