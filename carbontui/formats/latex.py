r"""A comparison as LaTeX: a table with `booktabs`, a paragraph on each scenario, and the sources as BibTeX.

In a file `NAME.tex` the sources stand beside it in `NAME.bib`; where there is one text only, they follow as comments.
"""

from __future__ import annotations

from carbontui.engine.comparison import Comparison
from carbontui.engine.sources import sources_of
from carbontui.formats.citation import bibtex, cite_key, cite_keys, tool
from carbontui.formats.tex import escape
from carbontui.text import display, prose
from carbontui.text.table import comparison_columns, comparison_notes
from carbontui_registry.figures import Source
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui_registry.catalogue import Catalogue


# Encloses the keys of a reference in a text that is still to be escaped; `clean` lets none through.
_MARK = "\x00"
_NO_WIDER = r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%"


def to_latex(comparison: Comparison, bib: str | None = None) -> str:
    """The table, the paragraphs, and with `bib` the name of the file that holds the sources, else they themselves."""
    head = ["% Needs \\usepackage{booktabs,graphicx,url}."]
    if bib is not None:
        head.append(f"% The sources: \\bibliography{{{cite_key(bib)}}}")
    body = [*_table(comparison), "", *_paragraphs(comparison)]
    if any(not character.isascii() for line in body for character in line):
        head.append("% Has letters that pdfLaTeX lacks: use LuaLaTeX or XeLaTeX, and a font that has them.")
    lines = [*head, *body]
    if bib is None:
        lines += ["", "% The sources, for a .bib file:"]
        lines += [f"% {line}".rstrip() for line in to_bibtex(comparison).splitlines()]
    return "\n".join(lines) + "\n"


def to_bibtex(comparison: Comparison) -> str:
    """The sources of the comparison, and the tool, as a BibTeX file."""
    entries = [bibtex(source, key) for source, key in cite_keys(sources_of(comparison).by_source.items()).items()]
    return "\n".join([*entries, bibtex(tool(), cite_key(tool().id or ""))])


def text(said: str) -> str:
    """The text escaped, with the mark of an assumption drawn as a raised sign."""
    return escape(clean(said).strip()).replace(r" \textasciitilde{}", r"\,$^{\sim}$")


def _table(comparison: Comparison) -> list[str]:
    if not comparison.scenarios:
        return ["no scenarios"]
    # Power and PUE stand in the paragraphs: with them the table would be wider than any page.
    columns = [c for c in comparison_columns(comparison) if any(c.cells) and c.title not in ("power", "PUE")]
    marked = any(cell.strip().endswith(display.ASSUMED) for column in columns for cell in column.cells)
    form = "".join("r" if column.right else "l" for column in columns)
    lines = [
        "\\begin{table}",
        "\\centering",
        "\\footnotesize",
        _NO_WIDER,
        f"\\begin{{tabular}}{{@{{}}{form}@{{}}}}",
        "\\toprule",
    ]
    lines.append(" & ".join(text(column.title) for column in columns) + r" \\")
    lines.append("\\midrule")
    for row, said in enumerate(columns[0].cells):
        # The first cell holds the diamond of the baseline, which not every font has: it is set in bold instead.
        name = escape(clean(said).removeprefix("◆").strip())
        first = f"\\textbf{{{name}}}" if row == comparison.baseline else f"{{{name}}}"
        if row == len(comparison.scenarios):
            lines.append("\\midrule")
        cells = [first, *(text(column.cells[row]) for column in columns[1:])]
        lines.append(" & ".join(cells) + r" \\")
    lines += ["\\bottomrule", "\\end{tabular}}"]
    title = escape(clean(comparison.question.title).strip())
    base = escape(clean(comparison.scenarios[comparison.baseline].name).strip())
    caption = [f"Energy and {escape('CO2e')} of training{f' ({title})' if title else ''}."]
    caption.append(f"Ratios are to \\textbf{{{base}}}.")
    if marked:
        caption.append(r"$^{\sim}$ rests on an assumption.")
    caption += [f"{escape(clean(n))}." for n in comparison_notes(comparison, marked=False)]
    return [*lines, f"\\caption{{{' '.join(caption)}}}", "\\label{tab:carbontui}", "\\end{table}"]


def _paragraphs(comparison: Comparison) -> list[str]:
    listed = sources_of(comparison)
    keys = cite_keys(listed.by_source.items())

    def cite(sources: list[Source]) -> str:
        found = [keys[listed.same(source)] for source in sources]
        return f" {_MARK}{','.join(found)}{_MARK}" if found else ""

    lines = []
    for one in comparison.scenarios:
        parts = [prose.run_sentence(one), prose.factor_sentence(one), prose.energy_sentence(one)]
        parts += [prose.published_sentence(one), prose.basis_sentences(one, cite), prose.notes_sentence(one)]
        lines += [f"\\paragraph{{{escape(clean(one.name).strip())}.}}", _cited(" ".join(filter(None, parts))), ""]
    if note := clean(comparison.question.note).strip():
        lines += [escape(note), ""]
    lines.append(f"Made with {escape(tool().title)}~\\cite{{{cite_key(tool().id or '')}}}.")
    return lines


def _cited(said: str) -> str:
    pieces = said.split(_MARK)
    return "".join(
        f"~\\cite{{{piece}}}" if n % 2 else escape(piece.rstrip(" ") if n + 1 < len(pieces) else piece)
        for n, piece in enumerate(pieces)
    )


def write(comparison: Comparison, _catalogue: Catalogue, **_: Any) -> str:
    """The comparison in this format."""
    return to_latex(comparison)


def write_files(path: str, comparison: Comparison, _catalogue: Catalogue) -> dict[str, str]:
    """`NAME.tex` with its sources in `NAME.bib`; nothing where LaTeX could not read the name of that file."""
    from os.path import basename

    stem = path.removesuffix(".tex")
    if stem == path or cite_key(basename(stem)) != basename(stem):
        return {}
    return {path: to_latex(comparison, basename(stem)), f"{stem}.bib": to_bibtex(comparison)}
