"""What `carbontui verify --estimates` prints of the rule that converts a carbon factor's coverage."""

from __future__ import annotations

from carbontui.text.table import Column
from carbontui.verification.conversions import Tested

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = "carbon factors converted from one coverage to the other, relative to published ones"


def as_text(rules: Sequence[Tested], width: int | None) -> str:
    """The tests as a table of text."""
    from carbontui.text.table import render

    return "\n".join([TITLE, *render(_columns(rules), width)]) + "\n"


def as_markdown(rules: Sequence[Tested]) -> str:
    """The tests as a table of Markdown."""
    from carbontui.text.markdown import table

    return "\n".join([f"## {TITLE}\n", *table(_columns(rules))]) + "\n"


def as_data(rules: Sequence[Tested]) -> list[dict[str, object]]:
    """The tests as JSON's own types; shares in full."""
    return [
        {
            "rule": one.rule,
            "name": one.name,
            "median": one.off(0.5),
            "nine_of_ten": one.off(0.9),
            "largest": one.off(1),
            "bias": one.bias,
            "said": one.said,
            "holds": one.holds,
            "cases": [{"of": case.of, "ratio": case.ratio} for case in one.cases],
        }
        for one in rules
    ]


def problems(rules: Sequence[Tested]) -> list[str]:
    """What does not hold, a sentence each."""
    return [
        f"{one.name}: 9 of 10 are within {_share(one.off(0.9))}, stated is {_share(one.said)}"
        for one in rules
        if not one.holds
    ]


def _columns(rules: Sequence[Tested]) -> list[Column]:
    return [
        Column("rule", [one.name for one in rules], right=False, least=16),
        Column("cases", [str(len(one.cases)) for one in rules]),
        Column("median error", [_share(one.off(0.5)) for one in rules]),
        Column("9 of 10 within", [_share(one.off(0.9)) for one in rules]),
        Column("largest", [_share(one.off(1)) for one in rules], keep=2),
        Column("bias", [f"{100 * one.bias:+.0f} %" for one in rules], keep=1),
        Column("stated", [_share(one.said) for one in rules]),
    ]


def _share(share: float) -> str:
    return f"{100 * share:.0f} %"
