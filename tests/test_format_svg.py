"""The chart: whole names, an axis, room for any letter, the colours of the app."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from exports import compared, text_of

from carbontui.engine.comparison import Comparison
from carbontui_registry.catalogue import Catalogue


def test_the_chart(walk: Comparison, catalogue: Catalogue) -> None:
    text = text_of("svg", walk, catalogue)
    said = [node.text or "" for node in ElementTree.fromstring(text).iter() if node.tag.endswith("text")]
    assert "◆ GPT-3" in said
    assert any(line.startswith("552 t ~") for line in said)
    assert "–" in said
    legend = next(line for line in said if "baseline" in line)
    assert "rests on an assumption" in legend
    assert "90 % range" in legend
    assert "unknown" in legend
    assert "prefers-color-scheme: dark" in text
    assert "<script" not in text
    assert "href" not in text


def test_the_chart_has_whole_names_an_axis_and_all_of_it_inside(catalogue: Catalogue) -> None:
    long = "A name as long as a log may give a run, with its seed, its date and its place, and more of it"
    specs = ("gpt-3", f"t5,name={long}", "t5,name=one_word_that_is_longer_than_any_line_of_a_chart_has_room_for")
    root = ElementTree.fromstring(text_of("svg", compared(catalogue, *specs, baseline=1), catalogue))
    texts = [node for node in root.iter() if node.tag.endswith("text")]
    names = [node.text or "" for node in texts if node.get("text-anchor") == "end"]
    assert " ".join(names[1:-2]) == f"◆ {long}"
    assert "".join(names[-2:]) == specs[2].partition("=")[2]
    width = float(root.get("width", ""))
    for node in texts:
        at, wide = float(node.get("x", "")), 7 * len(node.text or "")
        if node.get("text-anchor") == "end":
            assert at - wide >= 0
        if node.get("class") == "value":
            assert at + wide <= width
    axis = [node.text or "" for node in texts if node.get("text-anchor") == "middle"]
    assert axis[0] == "0"
    assert axis[-1].endswith(" tCO2e")
    assert len(axis) >= 4


# Widths of DejaVu Sans, in which most Linux systems draw a chart, in sizes of the font.
DEJAVU = {"W": 0.989, "M": 0.863, "O": 0.787, "N": 0.748, "m": 0.974, "w": 0.818, "%": 0.95, "Ш": 1.067, "日": 1.0}
DEJAVU |= {"◆": 0.77, " ": 0.318, "i": 0.278, "n": 0.634, "8": 0.636, "@": 1.0, "Ö": 0.787}


@pytest.mark.parametrize("letter", [letter for letter in DEJAVU if letter not in "◆ "])
@pytest.mark.parametrize("count", [7, 25, 60, 190])
def test_the_chart_has_room_for_any_letter(letter: str, count: int, catalogue: Catalogue) -> None:
    for name in (letter * count, " ".join([letter * 6] * (count // 7))):
        root = ElementTree.fromstring(text_of("svg", compared(catalogue, f"t5,name={name}", title=name), catalogue))
        texts = [node for node in root.iter() if node.tag.endswith("text")]
        names = [node for node in texts if node.get("text-anchor") == "end"]
        assert "".join(node.text or "" for node in names).replace(" ", "") == "◆" + name.replace(" ", "")
        for node in names:
            assert float(node.get("x", "")) - 13 * sum(DEJAVU[sign] for sign in node.text or "") >= 8
        # Bold letters are up to a sixth wider; what stands before the title is known to fit.
        head = [(node.text or "").rpartition(":")[2] for node in texts if node.get("class") == "title"]
        width = float(root.get("width", ""))
        assert all(16 + 16 * sum(DEJAVU[sign] for sign in line) * 7 / 6 <= width for line in head)


def test_the_chart_has_the_colours_of_the_app(walk: Comparison, catalogue: Catalogue) -> None:
    from carbontui.tui.styles import THEMES

    light, dark = text_of("svg", walk, catalogue).split("prefers-color-scheme: dark")
    themes = {theme.name: theme for theme in THEMES}
    for text, theme in ((light, themes["carbon-light"]), (dark, themes["carbon-dark"])):
        assert f".baseline {{ fill: {theme.primary}; }}" in text
        assert f".bar {{ fill: {theme.success}; }}" in text
