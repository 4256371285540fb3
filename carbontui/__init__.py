"""carbontui: energy and CO2e of machine-learning runs, side by side in the terminal.

For a notebook or a script: `carbontui.compare`, `fill`, `scenario`, `catalogue`, `load`, `save`; see
`carbontui.api`. Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from carbontui.version import DATA_RELEASE as DATA_RELEASE
from carbontui.version import __version__ as __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui.api import Comparison as Comparison
    from carbontui.api import catalogue as catalogue
    from carbontui.api import compare as compare
    from carbontui.api import fill as fill
    from carbontui.api import load as load
    from carbontui.api import save as save
    from carbontui.api import scenario as scenario
    from carbontui.engine import footprint as footprint
    from carbontui.engine import sweep as sweep
    from carbontui.engine.scenario import Filled as Filled
    from carbontui.engine.scenario import Scenario as Scenario
    from carbontui_registry.figures import Figure as Figure

# Name -> module that has it; `footprint` and `sweep` are modules themselves: the arithmetic of one, and of all.
_HOME = {
    **dict.fromkeys(("Comparison", "catalogue", "compare", "fill", "load", "save", "scenario"), "carbontui.api"),
    **dict.fromkeys(("Filled", "Scenario"), "carbontui.engine.scenario"),
    "Figure": "carbontui_registry.figures",
    **dict.fromkeys(("footprint", "sweep"), "carbontui.engine"),
}
__all__ = list(_HOME)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'carbontui' has no attribute {name!r}")
    from importlib import import_module

    home = _HOME[name]
    value = import_module(f"{home}.{name}") if home == "carbontui.engine" else getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
