"""What real work drew, a pack for each source: what estimates of power are calibrated on.

Not here: rated maxima and peaks, which are no means; figures that their authors assumed; unregistered hardware.
"""

from importlib.resources import files

from carbontui_registry import Measurement, hookimpl, load_pack

PACKS = sorted((path for path in files(__name__).iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)


@hookimpl
def carbontui_measurements() -> list[Measurement]:
    return [record for path in PACKS for record in load_pack(path).measurements]
