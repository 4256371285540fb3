"""LaTeX with its BibTeX: every character, every source, and a table taller than a page."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from exports import NASTY, WALK, check_bib, check_tex, compared, text_of

from carbontui.engine.comparison import Comparison
from carbontui.formats import files_of
from carbontui.formats.citation import bibtex, cite_keys
from carbontui.formats.tex import escape as tex_escape
from carbontui.spec import PAPER_RUNS
from carbontui_registry import Source
from carbontui_registry.catalogue import Catalogue


@pytest.mark.parametrize("text", [*NASTY, "".join(map(chr, range(32, 0x250)))])
def test_tex_escapes_every_character(text: str) -> None:
    check_tex(tex_escape(text))


def test_tex_writes_accents_in_ascii() -> None:
    assert tex_escape("Åé–ñ 50%") == r"\r{A}\'{e}\textendash{}\~{n} 50\%"


def test_a_tex_file_has_its_sources_beside_it(walk: Comparison, catalogue: Catalogue) -> None:
    texts = files_of("latex", "a/walk.tex", walk, catalogue)
    assert list(texts) == ["a/walk.tex", "a/walk-text.tex", "a/walk.bib"]
    assert "\\begin{table}" in texts["a/walk.tex"]
    assert "\\label{tab:walk}" in texts["a/walk.tex"]
    assert "\\paragraph" not in texts["a/walk.tex"]
    assert "\\begin{table}" not in texts["a/walk-text.tex"]
    assert "\\bibliography{walk}" in texts["a/walk-text.tex"]
    assert "@misc" not in texts["a/walk.tex"] + texts["a/walk-text.tex"]
    assert "author = {Patterson and others}" in texts["a/walk.bib"]
    keys = check_bib(texts["a/walk.bib"])
    cited = {key for keys in re.findall(r"\\cite\{([^}]*)\}", texts["a/walk-text.tex"]) for key in keys.split(",")}
    assert cited == set(keys)
    assert {"patterson-2021", "carbontui", "epoch-hardware-2026"} <= cited
    assert list(files_of("latex", "-", walk, catalogue)) == ["-"]
    assert (
        check_bib(re.sub(r"^% ?", "", text_of("latex", walk, catalogue).split(".bib file:\n")[1], flags=re.M)) == keys
    )


def test_keys_of_sources_are_told_apart() -> None:
    sources = [Source(str(n)) for n in range(5)]
    keys = cite_keys(zip(sources, ["a b", "A,b", "carbontui", "}{", "a-b"], strict=True))
    assert list(keys.values()) == ["a-b", "A-b-2", "carbontui-2", "source", "a-b-3"]
    assert check_bib(bibtex(Source("} {", "https://x/{}\\%20 ^", None, "a"), "k")) == ["k"]


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no TeX here")
@pytest.mark.parametrize("specs", [PAPER_RUNS, WALK])
def test_latex_compiles(specs: tuple[str, ...], catalogue: Catalogue, tmp_path: Path) -> None:
    made = compared(catalogue, *specs, title=r"100% & \ {x}_ $^~#<>|" + '" --')
    for path, text in files_of("latex", "runs.tex", made, catalogue).items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / "main.tex").write_text(
        "\\documentclass[twocolumn]{article}\\usepackage{booktabs,tabularx,url}\\begin{document}"
        "\\input{runs}\\input{runs-text}\\bibliographystyle{plain}\\bibliography{runs}\\end{document}"
    )
    tex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "main"]
    for command in (tex, ["bibtex", "main"], tex, tex):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, errors="replace")
        assert done.returncode == 0, done.stdout[-2000:]
        assert "Warning--" not in done.stdout
    assert "undefined" not in done.stdout
    # The table fits the column, at full size.
    assert not re.findall(r"Overfull .* in alignment", done.stdout)
    assert "resizebox" not in (tmp_path / "runs.tex").read_text(encoding="utf-8")


RUN = "@8xh100@germany,duration=3 d,name="
LONG_TABLES = {
    "plain": [f"{RUN}run {n} of the ablation,group={'abc'[n % 3]}" for n in range(20)],
    "capitals": [f"{RUN}WIDE NAME MMM OF RUN NUMBER {n} WHICH IS LONG,group=ALL" for n in range(20)],
    "paths": [f"{RUN}Meta-Llama-3.1-70B-Instruct_tuned/checkpoint_{n}/with_a_seed" for n in range(33)],
    "one word": [f"{RUN}{'n' * 60}{n}" for n in range(12)],
    "notes": [
        *WALK,
        *(f"{name}@a100@grid:{place}" for name in ("bloom-176b", "xgen-7b") for place in ("de", "fr", "se", "pl")),
    ],
}


@pytest.mark.parametrize("specs", LONG_TABLES.values(), ids=LONG_TABLES)
def test_a_latex_table_taller_than_a_page_goes_on(specs: list[str], catalogue: Catalogue, tmp_path: Path) -> None:
    made = compared(catalogue, *specs)
    lines = files_of("latex", "runs.tex", made, catalogue)["runs.tex"].splitlines()
    floats = "\n".join(lines).split("\\begin{table}")[1:]
    assert len(floats) > 1
    assert [part.count("\\caption{") for part in floats] == [1] + [0] * (len(floats) - 1)
    assert all(r"Table~\ref{tab:runs}, continued" in part for part in floats[1:])
    # Every panel of every part has the same rows, and all parts have all rows, in their order.
    rows = []
    for part in floats:
        panels = [re.findall(r"^(\S.*?) & .*\\\\$", panel, re.M)[1:] for panel in part.split(r"\toprule")[1:]]
        assert all(panel[: len(panels[0])] == panels[0] for panel in panels)
        rows += max(panels, key=len)
    assert len(rows) == len(specs) + len(made.totals)
    if not shutil.which("pdflatex"):
        return
    (tmp_path / "runs.tex").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "main.tex").write_text(
        "\\documentclass[twocolumn]{article}\\usepackage{booktabs,tabularx}\\begin{document}\\input{runs}\\end{document}"
    )
    tex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "main"]
    done = subprocess.run(tex, cwd=tmp_path, capture_output=True, text=True, check=False, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Float too large" not in done.stdout


@pytest.mark.parametrize("count", [1, 6])
def test_a_latex_table_that_fits_a_page_is_one(count: int, catalogue: Catalogue) -> None:
    for specs in (LONG_TABLES["plain"], PAPER_RUNS):
        assert text_of("latex", compared(catalogue, *specs[:count]), catalogue).count(r"\begin{table}") == 1


@pytest.mark.parametrize(
    ("title", "year", "author"),
    [
        ("Patterson et al. 2021, Carbon", 2021, "Patterson and others"),
        ("Kaplan 2020, Scaling Laws", 2020, "{Kaplan}"),
        ("Gemma Team 2024, Gemma", 2024, "{Gemma Team}"),
        ("Microsoft fleet PUE 2023, datacenterdynamics.com", 2023, None),
        ("AWS annual market-based claim, 2023", 2023, None),
        ("Patterson et al. 2021, Carbon", 2020, None),
    ],
)
def test_authors_are_those_that_a_title_names(title: str, year: int, author: str | None) -> None:
    entry = bibtex(Source(title, year=year), "key")
    assert re.findall(r"author = \{(.*)\},", entry) == ([author] if author else [])
    assert f"title = {{{{{title.split(', ')[1] if author else title}}}}}" in entry
