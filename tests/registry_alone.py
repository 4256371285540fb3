"""A process of its own for tests of the registry, which has nothing of the app on its path."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from carbontui_registry import units


def run_alone(code: str) -> str:
    """What a Python of its own prints that has the registry's folder on its path."""
    folder = str(Path(units.__file__).parent.parent)
    start = f"import sys; sys.path.insert(0, {folder!r})\n"
    done = subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
