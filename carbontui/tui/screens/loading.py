"""Loading the plugins again while the app runs, and taking back what that was for where it fails."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from carbontui.tui.screens.frame import CarbonScreen
from carbontui_registry import folders
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import BadConfig
from carbontui_registry.values import Value


class Stopped(Exception):
    """Loading was stopped by a person."""


class Change(Value):
    """What is being loaded again: what to say once it is done, and how to take back what was written before."""

    done: str
    take_back: Callable[[], None] | None = None


class LoadsPlugins(CarbonScreen):
    """A screen that loads every plugin again, in a thread."""

    change: Change | None = None
    worker: Worker[Catalogue] | None = None

    class Loading(Message):
        """The turn of a plugin has come in the loading process."""

        def __init__(self, worker: Worker[Catalogue], name: str) -> None:
            super().__init__()
            self.worker, self.plugin_name = worker, name

    def load(self, change: Change, *, forget: bool = False) -> None:
        """Open the catalogue again while the app runs; nothing is shown of it before all of it is there."""
        if forget:
            folders.forget_records()
        self.change = change
        self.say("loading ...")
        self.worker = self.run_worker(self._opened, thread=True, exclusive=True, group="loading", exit_on_error=False)

    def _opened(self) -> Catalogue:
        worker = get_current_worker()

        def progress(name: str) -> None:
            if worker.is_cancelled:
                raise Stopped
            self.post_message(self.Loading(worker, name))

        try:
            return self.carbon.opener(progress=progress)
        except Stopped:
            pass
        # Raised again: the first one holds on to the frames below it, and with them to the loading process.
        raise Stopped

    def on_loads_plugins_loading(self, message: Loading) -> None:
        """Say which plugin is being loaded."""
        if message.worker is self.worker:
            self.say(f"loading {message.plugin_name} ... {self.pressed('plugins.back')} stops")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Take the new catalogue, or say why there is none."""
        if event.worker is not self.worker or self.change is None:
            return
        if event.state is WorkerState.SUCCESS and event.worker.result is not None:
            said, self.change, self.worker = self.change.done, None, None
            self.carbon.use(event.worker.result)
            self.carbon.say(said)
        elif event.state is WorkerState.ERROR:
            self._take_back(f"{event.worker.error}; nothing was changed")

    def _take_back(self, said: str) -> None:
        change, self.change, self.worker = self.change, None, None
        try:
            if change is not None and change.take_back is not None:
                change.take_back()
        except BadConfig as error:
            said = str(error)
        self.carbon.say(said)

    def _busy(self) -> bool:
        if self.worker is not None:
            self.say(f"still loading; {self.pressed('plugins.back')} stops")
        return self.worker is not None
