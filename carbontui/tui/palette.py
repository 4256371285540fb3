"""The command palette beyond the keys of the open screen: actions of the other screens, records, copies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.command import DiscoveryHit, Hit, Hits, Provider

from carbontui.tui import bindings
from carbontui.tui.host import host_of
from carbontui.tui.views.choices import matching
from carbontui_registry.plugin import PLURAL

# The screens by the group of their keys.
SCREENS = {
    **{name: name for name in ("plan", "compare", "sweep", "registry", "plugins", "ledger")},
    "world": "map",
}
_KINDS = ("hardware", "region", "model", "run")
# More records than this for one line are a matter for the registry.
_MOST = 6
# Records come after the actions that match as well.
_WEIGHT = 0.8

Run = Callable[[], Awaitable[None]]


class Elsewhere(Provider):
    """What has a key on another screen, and copies of the comparison in each format."""

    def _commands(self) -> list[tuple[str, str, Run]]:
        host = host_of(self.screen)
        found = []
        for key in bindings.KEYS:
            tab = SCREENS.get(key.group)
            if tab is not None and tab != host.tab:
                found.append(
                    (f"{tab.capitalize()}: {key.text}", f"key {host.key(key.id)} on that screen", self._on(tab, key))
                )
        from carbontui.formats import FORMATS

        for name, form in FORMATS.items():
            found.append((f"Copy as {name}", form.purpose, self._copy(name)))
        return found

    def _on(self, tab: str, key: bindings.Key) -> Run:
        async def run() -> None:
            await host_of(self.screen).action_go(tab)
            await self.app.run_action(key.action, self.app.screen)

        return run

    def _copy(self, name: str) -> Run:
        async def run() -> None:
            from carbontui.formats import seen_from, write_format

            host = host_of(self.screen)
            comparison = seen_from(name, host.comparison, host.home.at)
            text = write_format(name, comparison, host.catalogue, width=None, colour=False)
            self.app.copy_to_clipboard(text)
            host.say(f"the comparison as {name}: sent to the terminal's clipboard")

        return run

    async def search(self, query: str) -> Hits:
        """What matches, best first."""
        matcher = self.matcher(query)
        for title, said, run in self._commands():
            if (score := matcher.match(title)) > 0:
                yield Hit(score, matcher.highlight(title), run, text=title, help=said)

    async def discover(self) -> Hits:
        """Copies, which no key makes."""
        for title, said, run in self._commands():
            if title.startswith("Copy"):
                yield DiscoveryHit(title, run, help=said)


class Records(Provider):
    """Every record, by the words of its name, id or country; it is opened in the registry."""

    async def search(self, query: str) -> Hits:
        """The best of each kind."""
        host = host_of(self.screen)
        if len(query.strip()) < 2:
            return
        for kind in _KINDS:
            for n, choice in enumerate(matching(host.choices(kind), query)[:_MOST]):

                async def run(kind: str = kind, name: str = choice.id) -> None:
                    await host.action_go("registry")
                    self.app.screen.show_record(kind, name)  # type: ignore[attr-defined]

                said = f"{PLURAL[kind]}: {choice.id}" if choice.id != choice.name else PLURAL[kind]
                yield Hit(_WEIGHT - n / 100, choice.name, run, text=choice.name, help=said)
