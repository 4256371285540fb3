r"""A comparison as LaTeX: a table that fits a column of a two-column paper, a paragraph on each scenario, BibTeX.

For a file `NAME.tex` these are three: the table in it, the paragraphs in `NAME-text.tex`, the sources in `NAME.bib`.
Where there is one text only, one follows the other, the sources as comments.
"""

from __future__ import annotations

import re

from carbontui.engine.comparison import Comparison
from carbontui.engine.sources import sources_of
from carbontui.formats.citation import bibtex, cite_key, cite_keys, tool
from carbontui.formats.letters import lines_of
from carbontui.formats.tex import escape
from carbontui.text import display, prose
from carbontui.text.table import comparison_columns, comparison_notes, published_lines, shared_notes
from carbontui_registry.figures import Source
from carbontui_registry.text import clean, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from carbontui.text.table import Column
    from carbontui_registry.catalogue import Catalogue


# Encloses the keys of a reference in a text that is still to be escaped; `clean` lets none through.
_MARK = "\x00"
_KEY = "carbontui"
# Letters of \footnotesize that a column of a two-column paper has room for, and what a gap and a text take of them.
_ROOM, _GAP, _TEXT = 59.0, 1.5, 11.5
# The same room in the widths of `letters`, most of which are narrower in TeX's font; lines of \footnotesize on a page
# of the article class (550 pt of 9.5 pt, a twentieth left free); what a line of the caption takes of these, and the
# rules and the gap of a table. So names in small letters and in capitals come within a tenth of the height that TeX
# gives them, and names with many hyphens or slashes above it.
_COLUMN, _PAGE, _CAPTION, _RULES = 35.0, 55.0, 1.27, 2.0


def to_latex(comparison: Comparison) -> str:
    """The table, the paragraphs, and the sources as comments."""
    parts = [_with_head(_table(comparison), "booktabs,tabularx"), _with_head(_paragraphs(comparison), "url")]
    lines = ["% The sources, for a .bib file:"]
    lines += [f"% {line}".rstrip() for line in to_bibtex(comparison).splitlines()]
    return "\n".join([*parts, *lines]) + "\n"


def _with_head(body: list[str], packages: str, bib: str = "") -> str:
    """The lines with what they need above them; `bib` names the file that holds the sources."""
    head = [f"% Needs \\usepackage{{{packages}}}."]
    if bib:
        head.append(f"% The sources: \\bibliography{{{bib}}}")
    if any(not character.isascii() for line in body for character in line):
        head.append("% Contains letters that pdfLaTeX lacks: use LuaLaTeX or XeLaTeX, with a font that has them.")
    return "\n".join([*head, *body]) + "\n"


def to_bibtex(comparison: Comparison) -> str:
    """The sources of the comparison, and the tool, as a BibTeX file."""
    entries = [bibtex(source, key) for source, key in cite_keys(sources_of(comparison).by_source.items()).items()]
    return "\n".join([*entries, bibtex(tool(), cite_key(tool().id or ""))])


def text(said: str) -> str:
    """The text escaped, with the mark of an assumption drawn as a raised sign."""
    return escape(clean(said).strip()).replace(r" \textasciitilde{}", r"\,$^{\sim}$")


def _table(comparison: Comparison, label: str = _KEY) -> list[str]:
    if not comparison.scenarios:
        return ["no scenarios"]
    # Power and PUE are in the paragraphs.
    columns = [c for c in comparison_columns(comparison) if any(c.cells) and c.title not in ("power", "PUE")]
    marked = any(cell.strip().endswith(display.ASSUMED) for column in columns for cell in column.cells)
    title = escape(clean(comparison.question.title).strip())
    base = escape(clean(comparison.scenarios[comparison.baseline].name).strip())
    caption = (
        f"Energy and {escape('CO2e')} of training{f' ({title})' if title else ''}, relative to \\textbf{{{base}}}."
    )
    if marked:
        caption += r" $^{\sim}$ rests on an assumption."
    # What authors published and the notes on a scenario are in its paragraph.
    elsewhere = {*published_lines(comparison), *shared_notes(comparison)}
    notes = [note for note in comparison_notes(comparison, marked=False, remedy=False) if note not in elsewhere]
    below = " ".join(f"{escape(prose.capitalised(clean(note)))}." for note in notes)
    panels = [_Panel(comparison, [columns[0], *panel]) for panel in _panels(columns[1:])]
    heading = [f"\\caption{{{caption}}}", f"\\label{{tab:{label}}}"]
    lines: list[str] = []
    height = _CAPTION * _wrapped(caption, _COLUMN / _CAPTION) + (1 + _wrapped(below, _COLUMN) if below else 0)
    for rows in _pages(panels, len(columns[0].cells), height):
        lines += ["\\begin{table}", "\\centering", *heading, "\\footnotesize", "\\setlength{\\tabcolsep}{3pt}"]
        for n, tabular in enumerate(filter(None, (panel.tabular(rows) for panel in panels))):
            lines += ["\\par\\medskip", *tabular] if n else tabular
        if below and heading[0].startswith("\\caption"):
            lines += ["\\par\\medskip", f"\\parbox{{\\linewidth}}{{{below}}}"]
        lines.append("\\end{table}")
        # A second caption would count as another table.
        heading = [f"Table~\\ref{{tab:{label}}}, continued\\par\\medskip"]
    return lines


def _pages(panels: Sequence[_Panel], count: int, caption: float) -> list[range]:
    """The rows in parts, each of which fits a page with all its panels; the caption and the notes are on the first."""
    heights = [sum(panel.height(row) for panel in panels) for row in range(count)]
    fixed = sum(panel.head for panel in panels)
    # What is split anyway has room for the larger letters of other classes too.
    room = _PAGE if caption + fixed + sum(heights) <= _PAGE else 0.85 * _PAGE
    parts: list[range] = []
    start, used = 0, fixed + caption
    for row, height in enumerate(heights):
        if row > start and used + height > room:
            parts.append(range(start, row))
            start, used = row, fixed + _CAPTION
        used += height
    return [*parts, range(start, count)]


def _panels(columns: Sequence[Column]) -> list[list[Column]]:
    """The columns in tables below one another, each as wide as a column of text has room for."""
    panels: list[list[Column]] = [[]]
    used = _TEXT
    for column in columns:
        width = (column.width if column.right else _TEXT) + _GAP
        if panels[-1] and used + width > _ROOM:
            panels.append([])
            used = _TEXT
        panels[-1].append(column)
        used += width
    if len(panels) > 1 and len(panels[-1]) == 1 and len(panels[-2]) > 2:
        panels[-1].insert(0, panels[-2].pop())
    return panels


class _Panel:
    """A table as wide as the line: texts share what the figures leave, and are wrapped."""

    def __init__(self, comparison: Comparison, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.baseline = comparison.baseline
        self.scenarios = len(comparison.scenarios)
        # A total has no chips or hardware, and so nothing to say in a table of these.
        summed = any(cell.strip() for column in columns[1:] for cell in column.cells[self.scenarios :])
        self.rows = len(columns[0].cells) if summed else self.scenarios
        texts = [column for column in columns if not column.right]
        figures = sum(column.width + _GAP for column in columns if column.right)
        self.share = (1 - (figures + _GAP * (len(texts) - 1)) / _ROOM) * _COLUMN / len(texts)
        self.head = _RULES + max(_wrapped(column.title, self.share) for column in texts)

    def height(self, row: int) -> int:
        """How many lines the row takes."""
        if row >= self.rows:
            return 0
        return max(_wrapped(column.cells[row], self.share) for column in self.columns if not column.right)

    def tabular(self, rows: range) -> list[str]:
        """The table of these rows; nothing where it has none of them."""
        rows = rows[: max(0, self.rows - rows.start)]
        if not rows:
            return []
        form = "".join("r" if column.right else ">{\\raggedright\\arraybackslash}X" for column in self.columns)
        lines = [f"\\begin{{tabularx}}{{\\linewidth}}{{@{{}}{form}@{{}}}}", "\\toprule"]
        lines += [" & ".join(text(column.title) for column in self.columns) + r" \\", "\\midrule"]
        for row in rows:
            # The first cell holds the diamond of the baseline, which not every font has: it is set in bold instead.
            name = _breakable(escape(clean(self.columns[0].cells[row]).removeprefix("◆").strip()))
            first = f"\\textbf{{{name}}}" if row == self.baseline else f"{{{name}}}"
            if row == self.scenarios and row > rows.start:
                lines.append("\\midrule")
            cells = [text(c.cells[row]) if c.right else _breakable(text(c.cells[row])) for c in self.columns[1:]]
            lines.append(" & ".join([first, *cells]) + r" \\")
        return [*lines, "\\bottomrule", "\\end{tabularx}"]


def _wrapped(said: str, room: float) -> int:
    """In how many lines TeX sets a text, about."""
    said = re.sub("[-_/]", r"\g<0> ", said)
    # Its capitals are wider, next to its small letters, than those of other fonts.
    capitals = sum(map(str.isupper, said)) / max(1, len(said))
    return len(lines_of(said, room * (1 - 0.3 * capitals)))


def _breakable(said: str) -> str:
    """The text with places where TeX may break a name as long as a line."""
    return said.replace(r"\_", r"\_\allowbreak{}").replace("/", r"/\allowbreak{}")


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


def file_names(path: str) -> list[str]:
    """The files that the table, the paragraphs and the sources go to; that of all where LaTeX could not read the name
    of several."""
    from os.path import basename

    stem = path.removesuffix(".tex")
    name = basename(stem)
    if stem == path or cite_key(name) != name:
        return [path]
    return [path, f"{stem}-text.tex", f"{stem}.bib"]


def why_one(path: str) -> str:
    """Why there is one file instead of three, and what to do for three."""
    from os.path import basename

    stem = path.removesuffix(".tex")
    if stem == path:
        return "one file instead of three: end the name in .tex to get table, text and sources separately"
    wrong = dict.fromkeys(sign for sign in basename(stem) if cite_key(f"a{sign}a") != f"a{sign}a")
    signs = [*(["spaces"] if " " in wrong else []), *(clean(sign) for sign in wrong if sign != " ")]
    has = f"{listed(signs)} in the name" if signs else "this name"
    return (
        f"one file instead of three: LaTeX cannot load files with {has}; for separate table, text and sources, use only"
        f" letters without accents, digits, - . : and _{'' if signs else ', and no - at the ends'}"
    )


def write_files(path: str, comparison: Comparison, _catalogue: Catalogue) -> dict[str, str]:
    """The table, the paragraphs and the sources, in one file or in three."""
    from os.path import basename

    names = file_names(path)
    if len(names) == 1:
        why = why_one(path)
        return {path: f"% {why[:1].upper()}{why[1:]}.\n{to_latex(comparison)}"}
    name = basename(path.removesuffix(".tex"))
    texts = (
        _with_head(_table(comparison, name), "booktabs,tabularx"),
        _with_head(_paragraphs(comparison), "url", name),
        to_bibtex(comparison),
    )
    return dict(zip(names, texts, strict=True))
