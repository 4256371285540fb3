"""The looks: dark, light, high contrast, one whose colours colour-blind eyes tell apart, and one of 16 colours."""

from __future__ import annotations

from pathlib import Path

from textual.theme import Theme

DEFAULT_THEME = "carbon-dark"
# In a terminal of 16 colours, where those of other themes would all be grey.
OF_16_COLOURS = "carbon-16"


def _variables(cursor: str, muted: str, faint: str, third: str) -> dict[str, str]:
    """Colours that Textual has no name for, or derives otherwise: of cursors, of dimmed text and scrollbars, of coasts
    and grids, and of the third provider among dots."""
    return {
        "primary-muted": cursor,
        "text-muted": muted,
        "text-disabled": muted,
        "scrollbar": muted,
        "faint": faint,
        "third-provider": third,
    }


THEMES = (
    Theme(
        name="carbon-dark",
        primary="#7aa6e0",
        secondary="#5b7fb0",
        warning="#e6ab5e",
        error="#e5726f",
        success="#7dd6a8",
        accent="#7dd6a8",
        foreground="#dfe6ec",
        background="#0f1419",
        surface="#161d24",
        panel="#1a232c",
        dark=True,
        variables=_variables("#25507a", "#7e8b97", "#3d4954", "#b48ee0"),
    ),
    Theme(
        name="carbon-light",
        primary="#2a5fa8",
        secondary="#4d78b3",
        warning="#8f5400",
        error="#b3261e",
        success="#12764a",
        accent="#12764a",
        foreground="#1b242c",
        background="#fbfcfd",
        surface="#f0f3f6",
        panel="#e4e9ee",
        dark=False,
        variables=_variables("#bcd6f5", "#5c6873", "#b4bdc5", "#7b3fb5"),
    ),
    Theme(
        name="carbon-contrast",
        primary="#66b3ff",
        secondary="#66b3ff",
        warning="#ffd400",
        error="#ff6b6b",
        success="#5cff9d",
        accent="#ffffff",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#1c1c1c",
        dark=True,
        variables=_variables("#0047a0", "#c8c8c8", "#707070", "#d9a6ff"),
    ),
    Theme(
        # Blue and orange of the Okabe-Ito palette: told apart with red-green and blue-yellow deficiencies alike.
        name="carbon-colour-blind",
        primary="#56b4e9",
        secondary="#0072b2",
        warning="#f0e442",
        error="#e69f00",
        success="#56b4e9",
        accent="#56b4e9",
        foreground="#e8e8e8",
        background="#11151a",
        surface="#181e25",
        panel="#1d252e",
        dark=True,
        variables=_variables("#1f4a6b", "#8a97a3", "#414c57", "#cc79a7"),
    ),
    Theme(
        name=OF_16_COLOURS,
        primary="#55ffff",
        secondary="#00aaaa",
        warning="#ffff55",
        error="#ff5555",
        success="#55ff55",
        accent="#55ff55",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        dark=True,
        variables=_variables("#0000aa", "#aaaaaa", "#555555", "#ff55ff"),
    ),
)

# What themes that are not ours do not name.
VARIABLES = {"faint": "#707070", "third-provider": "#b48ee0"}


def stylesheet(name: str) -> str:
    """The text of `tcss/NAME.tcss`, for the `DEFAULT_CSS` of a screen or widget.

    A `CSS_PATH` would be read as late, but Textual parses every style of the app again for each one that it reads.
    """
    return (Path(__file__).parent / "tcss" / f"{name}.tcss").read_text(encoding="utf-8")
