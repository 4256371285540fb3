"""Several sessions of the app at a time, and one served to a page: where each keeps its work, and when it ends."""

from __future__ import annotations

import os
import signal

from carbontui.engine.scenario import Scenario
from carbontui.tui import autosave, recent
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import CarbontuiError
from carbontui_registry.text import visible


def leave_with_the_server() -> None:
    """Where a page is served, leave as soon as the server is gone, however it ended."""
    server = os.environ.get("CARBONTUI_SERVED_BY", "")
    if not server.isdecimal():
        return
    import threading
    import time

    def watch() -> None:
        while os.getppid() == int(server):
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def begin(slot: str | None, catalogue: Catalogue) -> str:
    """Take a place of this session's own for its work; what is to be said of other sessions' and of unreadable work."""
    if (number := autosave.claim(slot)) > 1:
        return f"another session is open; the work of this one is saved separately, as number {number}"
    if (aside := autosave.put_aside(slot)) is not None:
        return f"the saved work could not be read and was moved to {visible(aside)}"
    return _of_others(slot, catalogue)


def _of_others(slot: str | None, catalogue: Catalogue) -> str:
    """What other sessions left becomes comparisons that can be opened; what is to be said of them."""
    if not (others := autosave.of_others(slot)):
        return ""
    from carbontui.engine.comparison import side_by_side
    from carbontui.engine.solver import fill
    from carbontui.formats.export import export

    places = []
    for path, left in others:
        # Beside where it was kept.
        where = f"{path.removesuffix('.json')}-of-another-session.toml"
        try:
            jobs = () if left.job == Scenario() else (left.job,)
            question = left.question.replace(scenarios=(*left.question.scenarios, *jobs))
            filled = [fill(one, catalogue, question.accounting) for one in question.scenarios]
            comparison = side_by_side(question, filled)
            export("toml", where, comparison, catalogue, force=True)
            os.unlink(path)
        except (CarbontuiError, OSError):
            where = path
        recent.remember("file", where)
        places.append(visible(where))
    return f"the work of another session is in {' and '.join(places)}"
