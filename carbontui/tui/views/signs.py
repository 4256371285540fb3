"""What the signs and colours of the app mean: the one list of them, for the help of every screen."""

from __future__ import annotations

# Signs of both the Map and the Sweep.
BEST, OWN, BARRED = "◆", "▲", "×"
# A combination that nobody can rent, and one that is offered and breaks a limit or takes too long: the line of the
# cursor says which.
NOT_POSSIBLE = "not possible"
# What the sign of the job's own region means; a label of the Map, and a narrow legend, have less room.
OWN_REGION, NOW = "the job's region", "now"

# The screen that a sign is on, the sign, and what it means; "" is every screen.
SIGNS: tuple[tuple[str, str, str], ...] = (
    ("", "~", "assumed: rests on an estimate, so it has a 90 % range"),
    ("", "–", "unknown: no source gives it, and nothing is assumed"),
    ("", "*", "after the title: changed since it was saved"),
    ("", "*", "after a ratio: one factor is direct, the other lifecycle"),
    ("", "orange", "assumed, or has a note"),
    ("", "grey", "the same as the baseline, or not possible; also labels"),
    ("", "green, red", "lower, and higher, than what it is compared with"),
    ("", "│ ┤ ━ ─ ▒", "the 90 % range of a figure"),
    ("compare", "◆", "the baseline"),
    ("plan", "●", "the figure, within its 90 % range"),
    ("sweep", "◆", "the best combination"),
    ("sweep", "▲", "the job's own region; among the dots, the unchanged job"),
    ("sweep", "·", "Pareto-best: no other is both faster and lower"),
    ("sweep", BARRED, "not possible: not offered there, over a limit, or too small or too slow"),
    ("sweep", "◉ ●", "among the dots: the cursor, and the Pareto front"),
    ("sweep", "dark to light", "from the smallest to the largest value on screen; without colours ▁ to █"),
    ("map", "• ●", "a region, and several at one place"),
    ("map", "◆ ▲ ■", "the best region, the job's own, a marked one"),
    ("map", BARRED, "not possible: does not offer the hardware, or is over a limit"),
    ("map", "dark to light", "from the smallest to the largest value; without colours 0 to 9"),
    ("registry", "●", "marked"),
    ("ledger", "█ ▒ ░", "of a budget: used, forecast at this pace, left"),
    ("ledger", "│", "the limit of a budget; in bars of months: the end of a month's even share"),
    ("ledger", "▁ to █", "the months, from 0 to the largest, or adding up to a budget's limit; ▲ above it"),
    ("", "as published", "carbon factors as sources state them: direct or lifecycle"),
    ("", "direct", "carbon factors of the emissions of power plants alone"),
    ("", "lifecycle", "carbon factors that include fuel supply and construction"),
    ("", "▲", "under a day: the best start, or the lowest hour"),
)


def signs(screen: str) -> list[tuple[str, str]]:
    """The signs that may be seen on a screen, its own first, each with what it means."""
    own = [(sign, meaning) for where, sign, meaning in SIGNS if where == screen]
    return [*own, *((sign, meaning) for where, sign, meaning in SIGNS if not where)]
