"""Plugins on the command line: what is installed, checking one, beginning one, switching one off or on."""

from __future__ import annotations

from carbontui.exchange.structured import to_json
from carbontui.exchange.table import Column, render
from carbontui_registry import folders
from carbontui_registry.catalogue import PLURAL, Catalogue
from carbontui_registry.loaded import Plugin, called
from carbontui_registry.text import ForPeople, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Of a plugin that is wrong a thousand times the rest is left to `plugins check`.
MOST_SAID = 20


def counted(counts: dict[str, int]) -> str:
    """`2 hardware, 1 region`."""
    return ", ".join(f"{n} {PLURAL[kind] if n != 1 else kind}" for kind, n in counts.items() if n)


def what_it_is(plugin: Plugin) -> str:
    """`code` for an installed plugin, which runs with the user's rights, `pack` for figures alone.

    It follows from where the plugin was found: nothing of it need be imported.
    """
    return "pack" if plugin.origin.startswith("pack:") else "code"


def table(catalogue: Catalogue, width: int | None) -> str:
    """Every plugin in a line, then what is wrong with each, in full."""
    plugins = catalogue.plugins()
    brought = ["off" if p.off else counted(catalogue.counts(p.origin)) or "nothing" for p in plugins]
    columns = [
        Column("plugin", [p.origin for p in plugins], right=False),
        Column("version", [p.version for p in plugins], right=False),
        Column("is", [what_it_is(p) for p in plugins], keep=2, right=False),
        Column("brought", brought, right=False, least=20),
        Column("ms", [f"{1000 * p.seconds:.0f}" for p in plugins], keep=1),
        Column("set aside", [str(len(p.problems) or "") for p in plugins]),
    ]
    lines = render(columns, width)
    for plugin in plugins:
        lines += ["", f"{plugin.origin}:"] if plugin.problems or plugin.warnings else []
        said = [*plugin.problems, *(f"warning: {warning}" for warning in plugin.warnings)]
        lines += [f"  {text}" for text in said[:MOST_SAID]]
        if len(said) > MOST_SAID:
            lines.append(f"  and {len(said) - MOST_SAID:,} more; see: carbontui plugins check {plugin.origin}")
        if plugin.problems and not plugin.first_party and not plugin.origin.startswith("pack:"):
            lines.append(f"  to remove it: pip uninstall {plugin.distribution}")
    lines += ["", f"configuration: {folders.config_folder()}", f"cache:         {folders.cache_folder()}"]
    return "\n".join(lines) + "\n"


def as_json(catalogue: Catalogue) -> str:
    """Name, version and problems of every plugin."""
    plugins = catalogue.plugins()
    return to_json([{"name": p.origin, "version": p.version, "problems": list(p.problems)} for p in plugins])


def installed() -> list[Plugin]:
    """Every plugin that can be switched off or on."""
    from carbontui_registry.loader import installed

    return installed(folders.packs_folder())


def switch(wanted: str | None, *, off: bool, plugins: Sequence[Plugin]) -> Iterator[str]:
    """Remember that a plugin, or all of a distribution, is switched off or on; what was done, a line each.

    Raises `ForPeople` where nothing is called so.
    """
    state = "off" if off else "on"
    remembered = folders.read_config().off
    known = [plugin.origin for plugin in plugins]
    if not wanted:
        raise ForPeople(f"plugins {state}: which one? Known are {listed(known)}")
    # What is installed no longer may still stand in the configuration.
    chosen = [plugin.origin for plugin in called(wanted, plugins)]
    chosen = chosen or [name for name in remembered if name == wanted and not off]
    if not chosen:
        raise ForPeople(f"no plugin is called {wanted!r}; known are {listed(known)}")
    of = {plugin.origin: plugin.distribution for plugin in plugins}
    for name in chosen:
        is_off = bool({name, of.get(name)} & {*folders.read_config().off})
        siblings = [other for other in known if of[other] == of.get(name) and other != name]
        again = not off and folders.forget_hung(name)
        folders.set_off(name, off, distribution=of.get(name), siblings=siblings)
        tried = "; it took too long, and is tried again at the next start" if again else ""
        yield f"{name} {'was' if is_off == off else 'is'} {state}{' already' if is_off == off else ''}{tried}"


def check(target: str, *, as_json: bool) -> tuple[bool, str]:
    """Whether a plugin, a folder or a pack is good, and all that was found. Raises `ForPeople`."""
    from carbontui_registry.checking import check as checked

    found = checked(target)
    if as_json:
        rows = [{"severity": f.severity, "where": f.where, "what": f.what} for f in found.findings]
        return found.good, to_json(rows)
    lines = [f"{f.severity}: {f.where}: {f.what}" for f in found.findings]
    errors = sum(f.severity == "error" for f in found.findings)
    warnings = len(found.findings) - errors
    good = counted(found.counts) or "no record"
    lines.append(f"{good} good, {errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}")
    return found.good, "\n".join(lines) + "\n"


def begin(name: str, *, python: bool) -> str:
    """Write a new plugin's project here, and say what to do next. Raises `ForPeople`."""
    from carbontui.scaffold import new_plugin

    folder = new_plugin(name, python=python)
    name = folder.name.removeprefix("carbontui-")
    return (
        f"wrote {folder}\nnext:\n  cd {folder}\n  pip install -e '.[test]'\n  carbontui list hardware {name}\n"
        "  carbontui plugins check .\n  pytest"
    )
