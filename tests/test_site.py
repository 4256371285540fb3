"""The site: a glossary that has every term, pictures that can be made again, and a page for every question."""

from __future__ import annotations

import json
import re
import runpy
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
import yaml

from carbontui.quantities import ACCOUNTINGS, LABELS, METRICS
from carbontui.tui import bindings
from carbontui_registry import vocabulary

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
# What help, screens and pages use as a term; those that tables of the program hold are added below.
TERMS = (
    "scenario", "baseline", "comparison", "job", "SPEC", "footprint", "figure", "basis", "spread", "source", "origin",
    "coverage", "gross", "net", "accounting", "metric", "objective", "unknown", "note", "range", "estimate", "metered",
    "hardware", "region", "grid", "carbon factor", "CO2e", "period", "PUE", "TDP", "boundary", "form", "precision",
    "offer", "Pareto", "cell", "front", "advice", "budget", "drift", "mean day", "intensity", "why",
    "statement", "preset",
    "pack", "plugin", "record", "registry", "rejected", "prefer", "data release", "ledger", "group", "total", "overlap",
    "training run", "published", "carries",
)  # fmt: skip


def defined() -> set[str]:
    """What the glossary sets in bold or in italics, in small letters."""
    return {word.lower() for word in re.findall(r"\*{1,2}([^*]+)\*{1,2}", GLOSSARY)}


@pytest.mark.parametrize(
    "terms",
    [
        TERMS,
        tuple(LABELS.values()),
        tuple(METRICS),
        tuple(one.replace("-", " ") if one == "as-published" else one for one in ACCOUNTINGS),
        vocabulary.BASES,
        vocabulary.BOUNDARIES,
        tuple(one for one in vocabulary.COVERAGES if one != "unknown"),
        vocabulary.PUE_KINDS,
        ("model", "machine", "PUE", "carbon factor"),
    ],
    ids=["terms", "labels", "metrics", "accountings", "bases", "boundaries", "coverages", "pues", "four-ms"],
)
def test_every_term_is_in_the_glossary(terms: tuple[str, ...]) -> None:
    there = defined()
    # "gross" is defined with gross CO2e and the gross factor, "chips" as a plural.
    assert [term for term in terms if not any(re.search(rf"\b{re.escape(term.lower())}\b", one) for one in there)] == []


def test_every_screen_has_a_section_with_its_picture() -> None:
    text = (DOCS / "app.md").read_text(encoding="utf-8")
    screens = [
        key.text.partition(":")[0] for key in bindings.KEYS if key.group == "app" and key.action.startswith("go(")
    ]
    assert len(screens) == 7
    for screen in screens:
        section = re.search(rf"^## {screen}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        assert section is not None, screen
        assert f"](images/{screen.lower()}.svg)" in section[1], screen


def test_every_picture_can_be_made_again_and_is_shown() -> None:
    maker = runpy.run_path(str(DOCS / "make_images.py"))
    diagrams = runpy.run_path(str(DOCS / "make_diagrams.py"))
    made = {*(f"{name}.svg" for name in maker["PICTURES"]), "session.svg", *diagrams["NAMES"]}
    assert {path.name for path in (DOCS / "images").iterdir()} == made
    pages = "".join(path.read_text(encoding="utf-8") for path in [*DOCS.rglob("*.md"), ROOT / "README.md"])
    assert [name for name in made if f"images/{name})" not in pages] == []


def test_the_diagrams_have_the_figures_of_the_engine() -> None:
    for name, text in runpy.run_path(str(DOCS / "make_diagrams.py"))["diagrams"]().items():
        assert (DOCS / "images" / name).read_text(encoding="utf-8") == text, "python docs/make_diagrams.py"


def test_the_recorded_session_is_small_and_whole() -> None:
    path = DOCS / "images" / "session.svg"
    assert path.stat().st_size < 400_000
    whole = ElementTree.parse(path).getroot()
    space = "{http://www.w3.org/2000/svg}"
    named = {line.get("id") for line in whole.iter(f"{space}g")}
    assert {str(use.get("href"))[1:] for use in whole.iter(f"{space}use")} <= named
    frames = len(runpy.run_path(str(DOCS / "make_images.py"))["SESSION"])
    assert len([group for group in whole.iter(f"{space}g") if group.get("class") == "f"]) == frames


def navigation() -> dict[str, Any]:
    """The navigation of the site, by its headings."""

    class Loader(yaml.SafeLoader):
        """Takes tags of extensions as texts."""

    Loader.add_multi_constructor("", lambda *_: None)
    read = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader)["nav"]
    return {name: below for one in read for name, below in one.items()}


def test_the_navigation_is_of_four_kinds() -> None:
    there = navigation()
    assert list(there) == ["Home", "Tutorials", "How to", "Reference", "Explanation"]
    pages = json.dumps(there)
    for page in DOCS.rglob("*.md"):
        if page.parent.name != "exports":
            assert f'"{page.relative_to(DOCS)}"' in pages, page


def test_no_page_holds_both_sides_of_a_merge() -> None:
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    assert len(pages) > 20
    halved = [page.name for page in pages if re.search("^(<{7}|>{7}) ", page.read_text(encoding="utf-8"), re.MULTILINE)]
    assert halved == []
