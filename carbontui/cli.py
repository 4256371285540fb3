"""The command line's door: a question for the version costs no more than its answer."""

from __future__ import annotations

import sys

from carbontui.version import LINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status, as `commands.dispatch.run` says."""
    asked = sys.argv[1:] if arguments is None else list(arguments)
    if asked in (["--version"], ["-V"]) and sys.stdout is not None:
        try:
            print(LINE, flush=True)
            return 0
        except (OSError, ValueError):
            # It cannot be written: what is run instead says so.
            pass
    import gc

    # A start makes many objects and frees few: looking for garbage every 700 of them is a twentieth of its time.
    gc.set_threshold(50_000)
    from carbontui.commands.dispatch import run

    status = run(arguments)
    if arguments is None:
        # The process ends now. Its memory goes with it: an eighth of its time went into looking through it for garbage.
        gc.freeze()
    return status
