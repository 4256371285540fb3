"""`carbontui plugins`: what is installed; check one, begin one, switch one off or on."""

from __future__ import annotations

import os

from carbontui.commands import frame
from carbontui.errors import WrongUse
from carbontui_registry import folders
from carbontui_registry.errors import UnknownName
from carbontui_registry.plugin import Plugin, called
from carbontui_registry.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Sequence

    from carbontui_registry.catalogue import Catalogue
    from carbontui_registry.checking import Checked

FORMATS = ("table", "json")
WHAT = ("on", "off", "check", "new", "install", "uninstall", "search")
EXAMPLE = "carbontui plugins check ."


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    add = parser.add_argument
    add(
        "what",
        nargs="?",
        choices=WHAT,
        metavar="ACTION",
        help=f"{', '.join(WHAT)}; off: stop loading NAME; install: into this environment, with pip, uv or pipx, or a"
        " pack (ending in .toml) into your folder of packs; uninstall: any name that carbontui plugins lists",
    )
    help_name = "a plugin or distribution; for check also a folder, wheel, sdist, pack or config.toml; for search words"
    add("names", nargs="*", metavar="NAME", help=help_name)
    add("--changes", action="store_true", help="list the figures that changed when plugins were last upgraded")
    add("--python", action="store_true", help="for new: write the records in code instead of a pack")


def run(options: Namespace) -> int:
    """What is installed; or check one, begin one, install or find one, switch one off or on."""
    from carbontui.text import plugins

    if options.what == "search":
        return search(options)
    if len(options.names) > 1:
        raise WrongUse(f"plugins {options.what}: one name at a time")
    options.name = next(iter(options.names), None)
    if options.what in ("install", "uninstall"):
        if not options.name:
            install = options.what == "install"
            right = "a distribution, a folder or a pack" if install else "a name that carbontui plugins lists"
            raise WrongUse(f"plugins {options.what}: which one? Write {right}")
        from carbontui.commands import installing

        if options.what == "install":
            good, said = installing.install(options.name, force=options.force)
        else:
            good, said = installing.uninstall(options.name)
        frame.say(said if good else f"carbontui: {said}")
        return frame.OK if good else frame.DOES_NOT_HOLD
    if options.what == "new":
        if not options.name:
            raise WrongUse("plugins new: which name? Write: carbontui plugins new acme")
        frame.say(begin(options.name, python=options.python))
        return frame.OK
    if options.what == "check":
        if not options.name:
            what = "Write the name of a plugin, a folder, a wheel, a pack ending in .toml, or config.toml"
            raise WrongUse(f"plugins check: what? {what}")
        found = _checked(options)
        if options.format == "json":
            frame.write_data(options, plugins.check_data(found))
        else:
            frame.write_out(options, plugins.check_text(found, _to_use(options.name, found)))
        return frame.OK if found.good else frame.DOES_NOT_HOLD
    if options.what:
        from carbontui_registry.load_host import installed

        for line in switch(options.name, off=options.what == "off", plugins=installed(folders.packs_folder())):
            frame.say(line)
        return frame.OK
    catalogue = frame.open_catalogue(options, say_problems=False)
    if options.changes:
        if options.format == "json":
            frame.write_data(options, plugins.changes_data(catalogue))
        else:
            frame.write_out(options, plugins.changes_text(catalogue))
        return frame.OK
    if options.format == "json":
        frame.write_data(options, plugins.as_data(catalogue, unknown_settings(catalogue)))
    else:
        frame.write_out(options, plugins.table(catalogue, frame.terminal_width(options), unknown_settings(catalogue)))
    return frame.OK


def _checked(options: Namespace) -> Checked:
    """What a check found, of the configuration too where that is what was named."""
    from carbontui_registry.checking import check, check_config

    try:
        own = os.path.samefile(options.name, folders.config_path())
    except (OSError, ValueError):
        own = False
    if not own:
        return check(options.name)
    catalogue = frame.open_catalogue(options, say_problems=False)
    return check_config(catalogue.config, unknown_settings(catalogue))


def _to_use(name: str, found: Checked) -> str:
    """The command that puts a pack to use that was checked and is good; "" for what is none, or in use already."""
    from pathlib import Path

    from carbontui_registry.checking import holding

    path = Path(name).resolve()
    pack = name.endswith(".toml") and path.is_file() and path.name not in ("pyproject.toml", "config.toml")
    if not pack or not found.good or path.is_relative_to(Path(folders.packs_folder()).resolve()) or holding(path):
        return ""
    from shlex import quote

    return f"to use it: carbontui plugins install {quote(name)}"


def unknown_settings(catalogue: Catalogue) -> list[str]:
    """What the configuration says of the app and nothing is called; only where it says something the app is asked."""
    if not catalogue.settings:
        return []
    from carbontui.tui.configured import unknown_settings as unknown

    return list(unknown(catalogue.settings))


def search(options: Namespace) -> int:
    """The plugins of the index that have the words, a line each."""
    from carbontui.commands.installing import known

    found = known(options.names)
    if options.format == "json":
        frame.write_data(options, found)
    else:
        lines = [f"{one['name']:<28} {one['summary']} ({one['brings']}) {one['url']}" for one in found]
        nothing = f"no plugin in the index has {' '.join(options.names)!r}" if options.names else "the index is empty"
        frame.write_out(options, "".join(f"{line}\n" for line in lines or [nothing]))
    return frame.OK


def switch(wanted: str | None, *, off: bool, plugins: Sequence[Plugin]) -> Iterator[str]:
    """Remember that a plugin, or all of a distribution, is switched off or on; what was done, a line each.

    Raises `UnknownName` where nothing is called so.
    """
    state = "off" if off else "on"
    remembered = folders.read_config().off
    known = [plugin.origin for plugin in plugins]
    if not wanted:
        raise WrongUse(f"plugins {state}: which one?", expected=f"known: {listed(known)}")
    # What is installed no longer may still stand in the configuration.
    chosen = [plugin.origin for plugin in called(wanted, plugins)]
    chosen = chosen or [name for name in remembered if name == wanted and not off]
    if not chosen:
        raise UnknownName("plugin", wanted, expected=f"known: {listed(known)}")
    of = {plugin.origin: plugin.distribution for plugin in plugins}
    for name in chosen:
        is_off = bool({name, of.get(name)} & {*folders.read_config().off})
        siblings = [other for other in known if of[other] == of.get(name) and other != name]
        again = not off and folders.forget_hung(name)
        folders.set_off(name, off, distribution=of.get(name), siblings=siblings)
        tried = "; it took too long, and will be tried again at the next start" if again else ""
        yield f"{name} is {'already ' if is_off == off else ''}{state}{tried}"


def begin(name: str, *, python: bool) -> str:
    """Write a new plugin's project here, and say what to do next. Raises `ScaffoldError`."""
    from carbontui.scaffold import new_plugin

    folder = new_plugin(name, python=python)
    name = folder.name.removeprefix("carbontui-")
    return (
        f"wrote {folder}\nnext:\n  cd {folder}\n  pip install -e '.[test]'\n  carbontui list hardware {name}\n"
        "  carbontui plugins check .\n  pytest"
    )
