"""Which tool wrote a file, where its first lines do not say."""

from __future__ import annotations

import os.path

from carbontui.importers import IMPORTERS
from carbontui.tui.views.choices import Choice
from carbontui.tui.widgets.picker import Picker
from carbontui_registry.text import clean


def kinds_picker(path: str) -> Picker:
    """A picker of the kinds of files that can be read."""
    offered = [Choice(name, kind.what, "", f"{name} {kind.what}".lower()) for name, kind in IMPORTERS.items()]
    return Picker("kind", f"What is {clean(os.path.basename(path))}?", offered)
