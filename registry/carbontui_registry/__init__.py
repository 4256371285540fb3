"""The registry of carbontui: what plugin authors import.

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui_registry.errors import InvalidPack as InvalidPack
    from carbontui_registry.errors import InvalidRecord as InvalidRecord
    from carbontui_registry.figures import CarbonFactor as CarbonFactor
    from carbontui_registry.figures import Figure as Figure
    from carbontui_registry.figures import PowerProfile as PowerProfile
    from carbontui_registry.figures import Shares as Shares
    from carbontui_registry.figures import Source as Source
    from carbontui_registry.hookspecs import hookimpl as hookimpl
    from carbontui_registry.packs import load_pack as load_pack
    from carbontui_registry.records import Hardware as Hardware
    from carbontui_registry.records import Measurement as Measurement
    from carbontui_registry.records import Model as Model
    from carbontui_registry.records import Offer as Offer
    from carbontui_registry.records import Region as Region
    from carbontui_registry.records import TrainingRun as TrainingRun
    from carbontui_registry.report import CONTRACT as CONTRACT
    from carbontui_registry.spellings import quantity as quantity

_HOME = {
    "hookimpl": "hookspecs",
    "load_pack": "packs",
    **dict.fromkeys(("InvalidPack", "InvalidRecord"), "errors"),
    **dict.fromkeys(("CarbonFactor", "Figure", "PowerProfile", "Shares", "Source"), "figures"),
    "CONTRACT": "report",
    "quantity": "spellings",
    **dict.fromkeys(("Hardware", "Measurement", "Model", "Offer", "Region", "TrainingRun"), "records"),
}
__all__ = list(_HOME)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'carbontui_registry' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"carbontui_registry.{_HOME[name]}"), name)
    globals()[name] = value
    return value
