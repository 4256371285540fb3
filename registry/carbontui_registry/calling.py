"""One plugin called: its module imported, each hook called by itself, and what it gave, as messages.

Runs in a copy of the loading process that the plugin has to itself. `report` takes a message's kind and its fields:
`record`, `problem`, `warning`, and `done` at the end.
"""

from __future__ import annotations

import errno
import json
import sys
import time
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

import pluggy

from carbontui_registry import hookspecs, packs
from carbontui_registry.discovery import Entry, UserPack
from carbontui_registry.errors import InvalidPack, InvalidRecord
from carbontui_registry.hearing import MOST_RECORDS
from carbontui_registry.plugin import OWNED
from carbontui_registry.records import RECORDS, Record
from carbontui_registry.report import CONTRACT, NEWER, SHORTER, LimitPassed, noting, shown
from carbontui_registry.said import Said
from carbontui_registry.serialise import dump
from carbontui_registry.text import clean, listed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FILES = 2_000

# Kept from before any plugin's code has run, as a plugin may put something else in its place.
_to_json = json.dumps


class Refused(Exception):
    """The plugin as a whole cannot be taken; `said` says why, and what would be right."""

    def __init__(self, what: str, remedy: str, *, given: str = "", expected: str = "") -> None:
        self.said = Said(what, remedy, given=given, expected=expected)
        super().__init__(self.said)


def call(entry: Entry, report: Any) -> None:
    """Load one plugin under a guard and report what it gave, or why it was refused."""
    started = time.perf_counter()
    before = set(sys.modules)
    with packs.recorded() as reads:
        try:
            module = imported(entry)
            given = call_hooks(module, entry.origin, report)
            if not entry.first_party:
                for said in not_handed_over(module, given, reads):
                    report("problem", said=said)
        except Refused as error:
            report("problem", said=error.said)
        except LimitPassed as error:
            report("problem", said=Said(f"{error}: it is ignored", SHORTER))
        except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, SystemExit and KeyboardInterrupt too
            report("problem", said=explained(error, entry.module), short=lacking(error))
    for said in reads.warnings:
        report("warning", said=said)
    # Those that come with carbontui import only what the state of Python and of its packages tells of.
    since = set(sys.modules) if entry.first_party else before
    files = sorted({*files_of(entry.module, since), *reads.paths})
    report("done", seconds=time.perf_counter() - started, files=files)


def call_off(entry: Entry, report: Any) -> None:
    """Report what a plugin that is switched off keeps for itself, without running it."""
    with packs.recorded() as reads:
        reserved = reserved_names(entry) if entry.first_party else []
    report("done", seconds=0.0, files=reads.paths, reserved=reserved)


def call_pack(pack: UserPack, report: Any) -> None:
    """Read one pack of the user's own; no code is run."""
    started = time.perf_counter()
    try:
        with noting.everywhere(lambda: CONTRACT):
            read = packs.read_pack(pack.path)
        rows = [(record._kind, row(record, record._kind, n)) for n, record in enumerate(packs.records_of(read), 1)]
        for kind, fields in rows:
            report("record", kind=kind, **fields)
        for said in read.warnings:
            report("warning", said=said)
    except InvalidPack as error:
        for problem in error.problems:
            report("problem", said=problem.at(str(pack.path)))
    except LimitPassed as error:
        report("problem", said=Said(str(error), SHORTER))
    report("done", seconds=time.perf_counter() - started, files=[str(pack.path)])


def imported(entry: Entry) -> ModuleType:
    """The module that the entry point names."""
    name = entry.module
    if ":" in entry.value:
        what, right = f"its entry point names {entry.value}", f"it must name a module, such as {name}"
        raise Refused(what, right, given=entry.value, expected=name)
    if not all(part.isidentifier() for part in name.split(".")):
        what = f"its entry point names {entry.value}, which is not a module"
        raise Refused(what, 'write a module, such as "acme_hardware"', given=entry.value, expected="a module")
    with noting.everywhere(lambda: contract_of(sys.modules.get(name))):
        module = import_module(name)
    if type(module) is not ModuleType and not isinstance(module, ModuleType):
        raise Refused("its entry point names something other than a module", "name a module", given=entry.value)
    return module


def contract_of(module: ModuleType | None) -> int:
    """The contract that a module asks for, while it is still being imported too."""
    asked = getattr(module, "CARBONTUI_CONTRACT", CONTRACT)
    return asked if isinstance(asked, int) and not isinstance(asked, bool) else CONTRACT


def call_hooks(module: ModuleType, name: str, report: Any) -> set[str]:
    """Call each hook of the module by itself; a hook that fails costs what it gave and nothing else.

    Gives the kind and id of every record that hooks gave, good or not.
    """
    asked = vars(module).get("CARBONTUI_CONTRACT", CONTRACT)
    if isinstance(asked, bool) or not isinstance(asked, int) or asked < 1:
        what = "CARBONTUI_CONTRACT must be a whole number"
        raise Refused(what, f"write {CONTRACT}", given=shown(asked), expected=str(CONTRACT))
    if asked > CONTRACT:
        what = f"it is written for contract {asked}; this carbontui supports {CONTRACT}"
        report("warning", said=Said(what, given=str(asked), expected=NEWER))
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(module, name)
    except pluggy.PluginValidationError as error:
        raise Refused(clean(" ".join(str(error).split())), "write the hook as its description says") from None
    found = 0
    left = MOST_RECORDS
    given: set[str] = set()
    for hook in sorted(vars(manager.hook)):
        caller = getattr(manager.hook, hook)
        if hook.startswith("_") or not caller.get_hookimpls():
            continue
        if hook not in hookspecs.HOOKS:
            near = nearest(hook, hookspecs.HOOKS)
            right = f"did you mean {near}?" if near else f"hooks are {listed(hookspecs.HOOKS)}"
            report("problem", said=Said(f"{hook} is not a hook", right, given=hook, expected=near or ""))
            continue
        for implementation in caller.get_hookimpls():
            found += 1
            if implementation.hookwrapper or implementation.wrapper:
                what = "a hook wrapper would change what others give"
                report("problem", said=Said(what, "write a plain hookimpl", **written(implementation.function, hook)))
                continue
            if implementation.argnames:
                what = f"takes no arguments, not {listed(implementation.argnames)}"
                report("problem", said=Said(what, "remove them", **written(implementation.function, hook)))
                continue
            subjects = call_hook(hook, implementation.function, asked, left, report)
            left -= len(subjects)
            given.update(subjects)
    for hook in hookspecs.HOOKS:
        function = vars(module).get(hook)
        if callable(function) and not getattr(function, f"{hookspecs.PROJECT}_impl", None):
            what = "is not marked as a hook, so it is never called"
            report("problem", said=Said(what, "write @hookimpl above it", **written(function, hook)))
            found += 1
    if not found:
        right = f"hooks are {listed(hookspecs.HOOKS)}"
        report("problem", said=Said("it implements no hook", right, expected=listed(hookspecs.HOOKS)))
    return given


def not_handed_over(module: ModuleType, given: set[str], reads: packs.Reads) -> Iterator[Said]:
    """What the packs in a plugin's package hold and no hook gives, by pack and kind."""
    hooks = {kind: hook for hook, kind in hookspecs.HOOKS.items()}
    for folder in getattr(module, "__path__", ()):
        for path in sorted(islice(Path(folder).rglob("*.toml"), MOST_FILES)):
            pack = reads.packs.get(str(path))
            if pack is None:
                try:
                    with noting.everywhere(lambda: CONTRACT):
                        pack = packs.read_pack(path)
                except (InvalidRecord, LimitPassed):
                    # Another tool's TOML, or a pack that was said to be wrong when the plugin read it.
                    continue
            lost = [record for record in packs.records_of(pack) if record.subject not in given]
            for kind in dict.fromkeys(record._kind for record in lost):
                names = [record.subject for record in lost if record._kind == kind]
                more = f" and {len(names) - 3} more" if len(names) > 3 else ""
                what = f"no hook gives {', '.join(names[:3])}{more}"
                right = f"add the hook {hooks[kind]}, which returns those of the pack"
                yield Said(what, right, expected=hooks[kind], file=str(path))


def call_hook(hook: str, function: Any, asked: int, left: int, report: Any) -> list[str]:
    """Call one hook and report its records once all are there, at most as many as are left; gives what they are."""
    kind = hookspecs.HOOKS[hook]
    try:
        with noting.everywhere(lambda: asked):
            given = function()
            if given is None:
                right = "return a list of records, or yield them"
                said = Said("gives None", right, **written(function, hook), given="None", expected="a list of records")
                report("problem", said=said)
                return []
            items = list(islice(iter(given), left + 1))
        if len(items) > left:
            raise LimitPassed(f"more than {MOST_RECORDS:,} records from one plugin")
        rows = [row(item, kind, number) for number, item in enumerate(items, 1)]
        _to_json(rows)  # what is no data costs the whole hook here, not half of it on the way
    except LimitPassed as error:
        said = Said(f"{error}: this hook is ignored", SHORTER, **written(function, hook))
        report("problem", said=said)
        return []
    except BaseException as error:  # noqa: BLE001 - see load
        report("problem", said=explained(error, function.__module__, hook), short=lacking(error))
        return []
    for fields in rows:
        report("record", kind=kind, **fields)
    return [item.subject if isinstance(item, Record) else "" for item in items]


def row(item: object, kind: str, number: int) -> dict[str, Any]:
    """What is reported of one thing that a hook gave."""
    if not isinstance(item, Record) or item._kind != kind:
        what = f"a {item._kind} record" if isinstance(item, Record) else f"an object of type {type(item).__name__}"
        right = f"give only records made by {RECORDS[kind].__name__}(...)"
        said = Said(f"{what} is not a {kind} record", right, given=what, expected=f"a {kind} record")
        return {"problems": [said.of(f"record {number}").parts()]}
    if item.problems:
        return {"problems": [p.of(item.subject).parts() for p in item.problems]}
    return {
        **{"data": dump(item), "place": getattr(item, "place", ())},
        "warnings": [w.of(item.subject).parts() for w in item.warnings],
    }


def written(function: Any, hook: str) -> dict[str, Any]:
    """The place of a hook in a plugin's code, as far as it is known, for what is said of it."""
    code = getattr(function, "__code__", None)
    place = {"file": code.co_filename, "line": code.co_firstlineno} if type(code) is CodeType else {}
    return {"key": hook, **place}


def lacking(error: BaseException) -> int:
    """The number of the system's error where it lacks memory, processes or open files; else 0."""
    if isinstance(error, MemoryError):
        return errno.ENOMEM
    number = error.errno if isinstance(error, OSError) else 0
    return number if number in (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN) else 0


def explained(error: BaseException, module: str, hook: str = "") -> Said:
    """What is said of an exception: where in the plugin it came from, its type and its text."""
    file, line = "", None
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if module.split(".")[0] in filename and "carbontui_registry" not in filename:
            file, line = filename, trace.tb_lineno
        trace = trace.tb_next
    try:
        text = clean(str(error)[:300])
    except BaseException:  # noqa: BLE001 - an exception's own __str__ may fail
        text = ""
    lost = ": this hook is ignored" if hook else ""
    right = "correct it there"
    if not isinstance(error, InvalidRecord):
        text = f"{type(error).__name__}{': ' + text if text else ''}"
    if lacking(error):
        right = "it is tried again at the next start: close other programs, or raise the limit (see: ulimit -a)"
    if isinstance(error, ModuleNotFoundError):
        right = f"install {clean(str(error.name))}, and name it among the dependencies of the plugin"
    return Said(f"{text}{lost}", right, key=hook or module, file=file, line=line)


def reserved_names(entry: Entry) -> list[list[str]]:
    """Kind and name of what a first-party plugin that is switched off would bring: its packs are read, not its code.

    Its names stay its own while it is off, so that another plugin's figure never takes their place.
    """
    from importlib.util import find_spec

    spec = find_spec(entry.module)
    names = []
    for folder in spec.submodule_search_locations or () if spec else ():
        for path in sorted(Path(folder).glob("*.toml")):
            pack = packs.read_pack(path)
            for record in packs.records_of(pack):
                if record._kind not in OWNED:
                    names += [[record._kind, n] for n in (getattr(record, "id", ""), *getattr(record, "aliases", ()))]
    return names


def files_of(module: str, before: set[str]) -> list[str]:
    """Files and folders whose change means that the plugin may give something else.

    `before` are the modules that were there before it was imported.
    """
    paths: set[str] = set()
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None)
        if isinstance(file, str):
            paths.add(file)
    try:
        from importlib.util import find_spec

        # Of the package alone: finding a module inside of it would import the package.
        spec = find_spec(module.split(".")[0])
        if spec and isinstance(spec.origin, str):
            paths.add(spec.origin)
        for folder in spec.submodule_search_locations or () if spec else ():
            for path in islice(Path(folder).rglob("*"), MOST_FILES):
                if "__pycache__" not in path.parts:
                    paths.add(str(path))
            paths.add(folder)
    except BaseException:  # noqa: BLE001 - a module's own __spec__ may be anything
        pass
    return sorted(paths)
