"""Makes the examples in docs/exports, the six runs of the paper in every format: `python docs/make_exports.py`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

HERE = Path(__file__).parent / "exports"
STEM = "paper-2021"


def exports() -> dict[str, str]:
    """Every example by the name of its file; figures are those of the plugins that come with carbontui."""
    from carbontui.engine.comparison import Question, compare
    from carbontui.formats import FORMATS, PRESETS, files_of
    from carbontui.spec import PAPER_RUNS, parse_spec
    from carbontui_registry.cache import open_catalogue

    catalogue = open_catalogue(only_first_party=True)
    comparison = compare(Question(tuple(parse_spec(run) for run in PAPER_RUNS), title=STEM), catalogue)
    made: dict[str, str] = {}
    for name, one in FORMATS.items():
        made |= files_of(name, f"{STEM}.{one.ending}", comparison, catalogue)
    for preset in list(PRESETS)[1:]:
        made |= files_of("statement", f"{STEM}.{preset}.txt", comparison, catalogue, preset=preset)
    return made


def main() -> None:
    """Every example, with a configuration of nobody's; a file that no format makes any more goes."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CARBONTUI_CONFIG"] = os.environ["CARBONTUI_CACHE"] = folder
        made = exports()
    HERE.mkdir(exist_ok=True)
    for old in HERE.iterdir():
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
