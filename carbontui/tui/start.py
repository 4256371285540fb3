"""Starting the app on a file, or on what was last worked on."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

from carbontui.engine.comparison import settled
from carbontui.tui import autosave, recent, sessions
from carbontui.tui.app import CarbonApp
from carbontui.tui.workspace import NO_LOGS, Logs, Workspace, change, first_start, opened
from carbontui_registry.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbontui_registry.catalogue import Catalogue


def _drifted(app: CarbonApp) -> str:
    if not (drifts := app.drifts()):
        return ""
    from carbontui.tui.views.drift_rows import drift_notice

    return drift_notice(drifts)


def run(
    file: str | None, open_first: Callable[[], Catalogue], open_again: Callable[..., Catalogue], logs: Logs = NO_LOGS
) -> int:
    """Start the app on a file, or on what was last worked on; with logs on the ledger, where they are opened beside
    those that were open.

    `open_first` opens the catalogue and says what was refused, `open_again` reopens it while the app runs. Raises
    `FileError` where the file cannot be read.
    """
    workspace: Workspace | None
    catalogue = open_first()
    greeting = ""
    if file:
        from carbontui.formats.files import read

        path = os.path.abspath(file)
        workspace = opened(settled(read(file)[0], catalogue), path, autosave.stamp(path))
        recent.remember("file", path)
        said = sessions.begin(path, catalogue)
        left = autosave.load(path)
        if left is not None and left.changed and left.path == path:
            # With the stamp of then: what someone else wrote since is not replaced unasked.
            workspace = change(workspace.replace(stamp=left.stamp), "your unsaved changes", left.question)
            greeting = "restored your unsaved changes ([u] undo)"
        workspace = workspace if left is None else workspace.replace(logs=left.logs, **left.looks)
    else:
        path = None
        said = sessions.begin(None, catalogue)
        workspace = autosave.load(None)
    app = CarbonApp(catalogue, workspace or first_start(), slot=path, opener=open_again, logs=logs)
    if workspace is None:
        plan, compare = app.key("plan"), app.key("compare")
        greeting = f"[{plan}] plan my run   [{compare}] the six runs of Patterson et al. 2021, shown here"
    if not logs.paths:
        said = said or greeting or _drifted(app)
    # What is wrong in the configuration first: nothing else in the app says it.
    app.greeting = "; ".join(text for text in (app.greeting, said) if text)

    def end(number: int, _frame: object) -> None:
        import asyncio

        # Through the loop, which would otherwise sleep on until the next key.
        try:
            asyncio.get_running_loop().call_soon_threadsafe(app.exit, 128 + number)
        except RuntimeError:
            raise SystemExit(128 + number) from None

    # Textual gives the terminal back on these only if it is asked to leave.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    sessions.leave_with_the_server()
    began = app.workspace
    status = app.run()
    # However it ended: what the last key did is kept as well.
    app._keep()
    if app.return_code and status is None:
        print(f"carbontui: the app ended early{app.trouble}", file=sys.stderr)
        print(f"carbontui: the work is kept in {autosave.path_of(app.slot)}", file=sys.stderr)
        return app.return_code
    if not status and (said := _kept_said(app, began)) and sys.stdout is not None and sys.stdout.isatty():
        print(said)
    return status or 0


def _kept_said(app: CarbonApp, began: Workspace) -> str:
    """Where unsaved changes are kept, said when the app is left; "" if there are none."""
    space = app.workspace
    if (space.question, space.job) == (began.question, began.job) or not (space.changed or space.job != began.job):
        return ""
    if app.unkept is not None:
        return f"your changes are not kept: {app.unkept}"
    if not autosave.is_first(app.slot):
        return "your changes are kept; the next start of carbontui says in which file"
    import shlex

    command = f"carbontui open {shlex.quote(visible(app.slot))}" if app.slot else "carbontui"
    return f"your changes are kept; {command} opens them again"
