"""Hardware by what tools print for it, such as `NVIDIA A100-SXM4-80GB`."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Behind a name these make it another product.
_OTHER_PRODUCT = ("laptop", "ti", "super", "max", "mobile", "mig")


def matched(text: str, names: Iterable[tuple[str, int]]) -> list[list[int]]:
    """The numbers of the names that stand in the text as whole words, the longest first; those of one length together.

    Capitals and separators make no difference.
    """
    words = _words(text)
    found: dict[int, set[int]] = {}
    for name, number in names:
        wanted = _words(name)
        for at in range(len(words) - len(wanted) + 1):
            end = at + len(wanted)
            if words[at:end] == wanted and words[end : end + 1] not in [[other] for other in _OTHER_PRODUCT]:
                found.setdefault(len("".join(wanted)), set()).add(number)
    return [sorted(found[length]) for length in sorted(found, reverse=True)]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())
