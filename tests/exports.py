"""What the tests of formats share: what is written, and readers of their own that hold it to its format."""

from __future__ import annotations

import importlib.util
import json
import re
from typing import Any

from hypothesis import strategies as st

from carbontui.engine.comparison import Comparison, Question, compare
from carbontui.formats import write_format
from carbontui.formats.csv_file import cell
from carbontui.spec import parse_spec
from carbontui_registry.catalogue import Catalogue

WALK = ("gpt-3", "gpt-3@a100@gcp:europe-north1,chips=1024", "bloom-176b", "pythia-70m@@grid:fr", "xgen-7b@a100")


def compared(catalogue: Catalogue, *specs: str, **how: Any) -> Comparison:
    return compare(Question(tuple(map(parse_spec, specs)), **how), catalogue)


def text_of(name: str, comparison: Comparison, catalogue: Catalogue, **how: Any) -> str:
    return write_format(name, comparison, catalogue, width=None, colour=False, **how)


# Readers


def no_yaml_but_ours(front: str) -> dict[str, Any]:
    """The two levels of keys that the front matter has, its values being as JSON has them."""
    found: dict[str, Any] = {}
    for line in front.splitlines()[1:]:
        if not line.lstrip().startswith("#"):
            match = re.fullmatch(r"  (\w+): (\"(?:[^\"\\]|\\.)*\"|[0-9.e+-]+)(?:  # .*)?", line)
            assert match, line
            value = re.sub(r"\\x(..)", r"\\u00\1", match[2])
            value = re.sub(r"\\U(.{8})", lambda m: json.dumps(chr(int(m[1], 16)))[1:-1], value)
            found[match[1]] = json.loads(value)
    return found


def front_matter(card: str) -> dict[str, Any]:
    _, front, body = re.split(r"^---\n", card, maxsplit=2, flags=re.MULTILINE)
    assert "## Environmental Impact" in body
    found = no_yaml_but_ours(front)
    if importlib.util.find_spec("yaml"):
        import yaml  # type: ignore[import-untyped]

        assert yaml.safe_load(front) == {"co2_eq_emissions": found}
    return found


def check_tex(text: str) -> None:
    """Braces and environments close, and nothing that means something to TeX stands there but as a command."""
    text = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    text = re.sub(r"(?<=\\begin\{tabularx\}).*", "", text)
    bare = re.sub(r"\\[\\{}$&#%_^~\"'`=.,]", "", text)
    depth = 0
    for character in bare:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    math = re.sub(r"\$(\^\{\\sim\}|\\[a-z]+)\$", "", bare)
    assert not re.search(r"[$^#\"|<>]", math), re.findall(r".{20}[$^#\"|<>].{20}", math)
    assert "%" not in math
    open_ones: list[str] = []
    for what, name in re.findall(r"\\(begin|end)\{(\w+)\}", bare):
        if what == "begin":
            open_ones.append(name)
        else:
            assert open_ones.pop() == name
    assert not open_ones
    keys = {key for keys in re.findall(r"\\cite\{([^}]*)\}", bare) for key in keys.split(",")}
    assert all(re.fullmatch(r"[\w:.-]+", key) for key in keys)
    for panel in text.split(r"\begin{tabularx}")[1:]:
        rows = re.findall(r"^.*\\\\$", panel, re.MULTILINE)
        assert len({len(re.findall(r"(?<!\\)&", row)) for row in rows}) == 1


def check_bib(text: str) -> list[str]:
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    keys = re.findall(r"^@misc\{([\w:.-]+),$", text, re.MULTILINE)
    assert len(keys) == len({key.lower() for key in keys}) == text.count("@misc")
    return keys


NASTY = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2",
    "@SUM(A1)",
    " =1",
    "＝1",
    "a|b",
    "**b** _i_ `c` [l](x) <b>",
    "~x~ ~",
    "#1 & 100%",
    r"\input{x} $\alpha$ ^ ~ {",
    "}",
    "\"q\" 's'",
    "a--b---c",
    "<script>alert(1)</script>",
    "]]>&amp;",
    "- x",
    "? y: [",
    "%",
    "\u202eevil",
    "ÅéßñŁ→≤",
    "数据 🤖",
    "\u00a0x",
    "x" * 199,
    "yes",
    "null",
    "1e5",
    "---",
    "...",
    "\ufffe",
    "\u0378",
    "a\\",
    "{{}}",
    "CO2e",
    "a;=1",
    "!`?`",
]
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=30),
    st.text("=+-@|\\`*_{}[]<>#&%$^~\"'!?:;,./ ab\t\r\n", min_size=1, max_size=30),
)


def unguarded(text: str) -> str:
    """The text of a cell without the apostrophe that keeps a spreadsheet from reading a formula."""
    return text[1:] if text.startswith("'") and cell(text[1:]) == text else text
