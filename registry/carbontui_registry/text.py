"""Text from plugins, packs and files: shown as it is, but never able to steer a terminal."""

from __future__ import annotations

LONGEST_TEXT = 200


# C0 and C1 controls move cursors and start escape sequences; the bidirectional ones make a name read
# differently from what it is.
_CONTROLS = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
)


def clean(text: str) -> str:
    """The text without control characters; a line break or tab becomes a space. Cleaning twice changes nothing."""
    if text.isprintable():
        return text
    # Half a surrogate pair can be neither printed nor stored.
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    return " ".join(" ".join(whole.split()).translate(_CONTROLS).split())


def controls(text: str) -> list[str]:
    """The control characters and halves of pairs in a text, each once, such as `U+001B`: `clean` takes them out."""
    return [f"U+{ord(c):04X}" for c in dict.fromkeys(text) if ord(c) in _CONTROLS or 0xD800 <= ord(c) < 0xE000]


def visible(text: str) -> str:
    """The text, with what cannot be shown written out: `\\x1b` for an escape, `\\xff` for a byte that is no UTF-8."""
    if text.isprintable():
        return text

    def shown(sign: str) -> str:
        code = ord(sign)
        if 0xDC80 <= code <= 0xDCFF:
            return f"\\x{code - 0xDC00:02x}"
        if code in _CONTROLS or 0xD800 <= code < 0xE000:
            return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
        return sign

    return "".join(map(shown, text))


def drawable(text: str) -> str:
    """The text in the same width without what a terminal would obey: controls, halves of pairs."""
    if text.isprintable():
        return text
    return text.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")


def nearest(word: str, known: object, cutoff: float = 0.6) -> str | None:
    """The known word most like `word`: the shortest that begins with it, else one with much in common, or None."""
    from difflib import get_close_matches

    words = [str(k) for k in known]  # type: ignore[attr-defined]
    longer = [k for k in words if len(word) > 2 and k.startswith(word)]
    found = [min(longer, key=lambda k: (len(k), k))] if longer else get_close_matches(word, words, n=1, cutoff=cutoff)
    return found[0] if found else None


def did_you_mean(word: str, known: object) -> str:
    """`; did you mean X?`, or nothing."""
    near = nearest(word, known)
    return f"; did you mean {near}?" if near else ""


def count_of(number: float, noun: str) -> str:
    """`1 run`, `2,000 runs`."""
    return f"{number:,.0f} {noun}{'' if number == 1 else 's'}"


def is_are(number: float) -> str:
    """`is` of one, `are` of several."""
    return "is" if number == 1 else "are"


def listed(words: object, before_last: str = "and") -> str:
    """`a, b and c`, or `a, b or c`."""
    items = [str(word) for word in words]  # type: ignore[attr-defined]
    if len(items) < 2:
        return items[0] if items else "nothing"
    return f"{', '.join(items[:-1])} {before_last} {items[-1]}"


def not_allowed(shown: str, word: str, allowed: object) -> str:
    """`'nett' is not allowed; use gross, net or energy; did you mean net?`."""
    return f"{shown} is not allowed; use {listed(allowed, 'or')}{did_you_mean(word, allowed)}"
