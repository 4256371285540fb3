"""The formats in which a comparison can leave, by name."""

from __future__ import annotations

from carbontui.comparison import Comparison
from carbontui_registry.catalogue import Catalogue

# Name -> end of the file's name, and what it is good for. No two ends are alike, so that one name serves for all.
FORMATS = {
    "table": ("txt", "text as in a terminal"),
    "json": ("json", "every figure in full, for programs"),
    "toml": ("toml", "every figure in full, for people; opens again"),
    "csv": ("csv", "one row a scenario, for spreadsheets"),
    "markdown": ("md", "a table with notes and sources"),
    "latex": ("tex", "a table, a paragraph and BibTeX, for papers"),
    "modelcard": ("card.md", "Hugging Face front matter, of the baseline, in grams"),
    "statement": ("statement.txt", "what papers and forms ask for, in sentences"),
    "svg": ("svg", "the chart"),
}


def write_format(
    name: str,
    comparison: Comparison,
    catalogue: Catalogue,
    *,
    width: int | None,
    colour: bool,
    preset: str = "patterson",
) -> str:
    """The comparison in the format; `width` and `colour` are for the table only, `preset` for the statement."""
    if name == "table":
        from carbontui.exchange.table import comparison_table

        return comparison_table(comparison, width=width, colour=colour)
    if name == "csv":
        from carbontui.exchange.csv_file import to_csv

        return to_csv(comparison, catalogue)
    if name == "markdown":
        from carbontui.exchange.markdown import to_markdown

        return to_markdown(comparison)
    if name == "latex":
        from carbontui.exchange.latex import to_latex

        return to_latex(comparison)
    if name == "modelcard":
        from carbontui.exchange.modelcard import to_modelcard

        return to_modelcard(comparison)
    if name == "statement":
        from carbontui.exchange.statement import statement

        return statement(comparison, preset)
    if name == "svg":
        from carbontui.exchange.svg import to_svg

        return to_svg(comparison)
    from carbontui.exchange.document import dump
    from carbontui.exchange.structured import to_json, to_toml

    document = dump(comparison, catalogue)
    return to_json(document) if name == "json" else to_toml(document)


def files_of(
    name: str, path: str, comparison: Comparison, catalogue: Catalogue, *, preset: str = "patterson"
) -> dict[str, str]:
    """What is to be written where for a format in a file: LaTeX has its sources in a file beside it."""
    if name == "latex" and path.endswith(".tex"):
        from os.path import basename

        from carbontui.exchange.citation import cite_key
        from carbontui.exchange.latex import to_bibtex, to_latex

        stem = path[: -len(".tex")]
        # LaTeX finds no file whose name it cannot read.
        if cite_key(basename(stem)) == basename(stem):
            return {path: to_latex(comparison, basename(stem)), f"{stem}.bib": to_bibtex(comparison)}
    return {path: write_format(name, comparison, catalogue, width=None, colour=False, preset=preset)}
