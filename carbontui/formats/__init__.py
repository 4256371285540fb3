"""How a comparison leaves: this table, and one module a format; and how a saved one is read again.

A module has `write(comparison, catalogue, *, width, colour, preset, lifetime, rates)`, which gives the text. Where a
format is several files, it has `write_files(path, comparison, catalogue)` too.
"""

from __future__ import annotations

import os
import sys

from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from carbontui.engine.comparison import Comparison
    from carbontui_registry.catalogue import Catalogue


class Format(Value):
    """A format: the module in this folder that writes it, the end of its files' names, what it is good for, whether it
    can hold emissions outside training and intensities too, and whether it is of one scenario, the baseline unless
    another is chosen."""

    module: str
    ending: str
    purpose: str
    has_more: bool = False
    of_one: bool = False


# No two ends are alike, so that one name serves for all.
FORMATS = {
    "table": Format("text", "txt", "text as in a terminal", has_more=True),
    "json": Format("json_file", "json", "every figure in full, for programs", has_more=True),
    "toml": Format("toml_file", "toml", "every figure in full, for people; can be reopened", has_more=True),
    "csv": Format("csv_file", "csv", "one row per scenario, for spreadsheets", has_more=True),
    "markdown": Format("markdown", "md", "a table with notes and sources"),
    "latex": Format("latex", "tex", "a table, a paragraph and BibTeX, for papers"),
    "modelcard": Format("modelcard", "card.md", "Hugging Face front matter of one scenario, in grams", of_one=True),
    "statement": Format("statement", "statement.txt", "what papers and forms ask for, in sentences", has_more=True),
    "svg": Format("svg", "svg", "the chart"),
}

# Of a sweep and a ledger alone: not the best combinations or the groups, but every cell or run.
OF_CELLS = {"parquet": Format("cells", "parquet", "every combination of a sweep, or run of a ledger, for data tools")}


class Preset(Value):
    """A text that asks: the module of `statements` with its items, the heading of a statement that answers it, and
    whether the answers are sentences that need no heading of their own."""

    module: str
    heading: str
    is_prose: bool = False


# Of a statement, for whom it is.
PRESETS = {
    "patterson": Preset("patterson", "Energy and CO2e", is_prose=True),
    "ghg": Preset("ghg", "Greenhouse gas emissions of electricity, following the GHG Protocol Scope 2 Guidance"),
    "eu-ai-act": Preset("eu_ai_act", "Compute and energy of training, following Regulation (EU) 2024/1689, Annex XI"),
    "sci": Preset("sci", "Software carbon intensity, following ISO/IEC 21031:2024"),
}


def _module(name: str) -> Any:
    module = f"carbontui.formats.{FORMATS[name].module}"
    # `importlib` takes longer to import than most of the modules.
    __import__(module)
    return sys.modules[module]


def write_format(
    name: str,
    comparison: Comparison,
    catalogue: Catalogue,
    *,
    width: int | None = None,
    colour: bool = False,
    preset: str = "patterson",
    lifetime: bool = False,
    rates: bool = False,
) -> str:
    """The comparison in the format; `width` and `colour` are for the table only, `preset` for the statement, `lifetime`
    (emissions outside training) and `rates` (intensities) for formats that `has_more`.

    Raises `KeyError` for a format or preset that there is not.
    """
    more = {"lifetime": lifetime, "rates": rates}
    text: str = _module(name).write(comparison, catalogue, width=width, colour=colour, preset=preset, **more)
    return text


def seen_from(name: str, comparison: Comparison, number: int) -> Comparison:
    """The comparison as it is written for somebody who looks at the scenario `number`: a format of one scenario is of
    that one."""
    if not FORMATS[name].of_one or not number < len(comparison.scenarios):
        return comparison
    return comparison.replace(question=comparison.question.replace(baseline=number))


def files_of(name: str, path: str, comparison: Comparison, catalogue: Catalogue, **options: Any) -> dict[str, str]:
    """What is to be written where for a format in a file: LaTeX has several. `options` are those of `write_format`."""
    module = _module(name)
    if hasattr(module, "write_files") and (files := module.write_files(path, comparison, catalogue)):
        return dict(files)
    return {path: write_format(name, comparison, catalogue, **options)}


def names_of(name: str, path: str) -> tuple[list[str], str]:
    """The files that a format writes for a path, and why they are fewer than it could write, or ""."""
    module = _module(name)
    if not hasattr(module, "file_names"):
        return [path], ""
    names: list[str] = module.file_names(path)
    return names, module.why_one(path) if len(names) == 1 else ""


def format_of(path: str, among: Collection[str] = tuple(FORMATS)) -> str:
    """The format that a file's ending names, the one rule of the command line, the app and Python.

    Raises `FileError` where it is none of those that can be.
    """
    endings = {name: one.ending for name, one in {**FORMATS, **OF_CELLS}.items() if name in among}
    for name in sorted(endings, key=lambda one: -len(endings[one])):
        if path.endswith(f".{endings[name]}"):
            return name
    from carbontui.errors import FileError
    from carbontui_registry.text import clean, did_you_mean, listed

    ends = [f".{ending}" for ending in endings.values()]
    near = did_you_mean(os.path.splitext(path)[1], ends)
    raise FileError(f"no format has this ending{near}; known endings are {listed(ends)}", where=clean(path))
