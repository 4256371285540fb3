"""What `config.toml` says of the app and nothing is called: themes and ids of keys."""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES

from carbontui.tui.bindings import IDS
from carbontui.tui.styles import THEMES
from carbontui_registry.text import clean, listed, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def unknown_settings(settings: Mapping[str, str]) -> Iterator[str]:
    """A sentence on each, with what would be right; `settings` are the theme, and the keymap as `keymap.ID`."""
    themes = [theme.name for theme in THEMES]
    theme = settings.get("theme")
    if theme is not None and theme not in themes and theme not in BUILTIN_THEMES:
        near = nearest(theme, (*themes, *BUILTIN_THEMES))
        right = f"did you mean {near}?" if near else f"carbontui's themes are {listed(themes)}"
        yield f"app.theme: {clean(theme)} is not known; {right}"
    for name in (key.removeprefix("keymap.") for key in settings if key.startswith("keymap.")):
        if name not in IDS:
            near = nearest(name, IDS)
            right = f"did you mean {near}?" if near else 'the reference lists the ids under "Keys of the app"'
            yield f"app.keymap: {clean(name)} is not known; {right}"
