"""Hardware by what tools print for it, such as `NVIDIA A100-SXM4-80GB`."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Behind a name these make it another product.
# In front of it only a maker and a count may stand: two names in one text are of two products.
_BEFORE = re.compile(r"nvidia|tesla|geforce|quadro|amd|instinct|radeon|intel|google|corporation|gpu|[0-9]+x?|x")
_OTHER_PRODUCT = ("laptop", "ti", "super", "max", "mobile", "mig")


def matched(text: str, names: Iterable[tuple[str, int]]) -> list[list[int]]:
    """The numbers of the names that the text begins with, in whole words, the longest first, of one length together.

    Capitals and separators make no difference.
    """
    words = _words(text)
    found: dict[int, set[int]] = {}
    for name, number in names:
        wanted = _words(name)
        for at in range(len(words) - len(wanted) + 1):
            if not all(map(_BEFORE.fullmatch, words[:at])):
                break
            end = at + len(wanted)
            if words[at:end] == wanted and words[end : end + 1] not in [[other] for other in _OTHER_PRODUCT]:
                found.setdefault(len("".join(wanted)), set()).add(number)
    return [sorted(found[length]) for length in sorted(found, reverse=True)]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())
