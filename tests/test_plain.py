"""Command lines that are read without argparse give what argparse gives; all others are left to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbontui import cli
from carbontui.commands import COMMANDS, module_of, parsers, plain

# Commands that have options beside those of all.
NAMES = sorted(COMMANDS)


def flags_of(name: str) -> list[str]:
    return [flag for action in parsers.of_command(name)[1]._actions for flag in action.option_strings]


def words_of(name: str) -> list[str]:
    """What may stand on a line: flags, whole, cut short and with a value; values that are taken, and others."""
    flags = flags_of(name)
    choices = [str(one) for action in parsers.of_command(name)[1]._actions for one in action.choices or ()]
    more = ["t5", "gpt-3@a100", "a b", "", "-", "--", "-1", "-x", "12", "file.toml"]
    return [*flags, *(flag[:-1] for flag in flags), *(f"{flag}=json" for flag in flags), *choices, *more]


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, list[str]]:
    name = draw(st.sampled_from(NAMES))
    return name, draw(st.lists(st.sampled_from(words_of(name)), max_size=7))


@given(lines())
def test_a_plain_line_is_read_as_argparse_reads_it(line: tuple[str, list[str]]) -> None:
    name, words = line
    read = plain.read(module_of(name), words)
    if read is not None:
        assert vars(read) == vars(parsers.of_command(name)[1].parse_intermixed_args(words))


@pytest.mark.parametrize(
    "line",
    ["compare", "compare t5 --format json", "compare -o x.toml t5 gpt-3 --require gross --require net --force", "open"],
)
def test_what_is_typed_most_is_plain(line: str) -> None:
    name, *words = line.split()
    assert plain.read(module_of(name), words) is not None


@pytest.mark.parametrize("line", ["compare --format xml", "compare --nonsense", "compare --metric", "sweep", "show"])
def test_what_is_wrong_is_argparses(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    name, *words = line.split()
    assert plain.read(module_of(name), words) is None
    with pytest.raises(SystemExit) as left:
        cli.main(line.split())
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("carbontui: ")
