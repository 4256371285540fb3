"""The loading process: the only place where plugin code runs.

It walks the entry points, calls each plugin's hooks by themselves and reports, one JSON object a line, to the parent:
`plugin` before anything of it is imported, then `record`, `problem` and `warning`, then `done`, and `gone` when the
process of a third party has ended. Each third party has a copy of this process to itself: what it does to Python or to
its process, threads and patched modules among it, reaches nobody else, and the parent knows which one was in hand.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from importlib import import_module, metadata
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from carbontui_registry import hookspecs, packs, units
from carbontui_registry.errors import InvalidRecord
from carbontui_registry.plugin import FIRST_PARTY, OWNED
from carbontui_registry.records import Record
from carbontui_registry.report import CONTRACT, LimitPassed, noting
from carbontui_registry.serialise import dump
from carbontui_registry.text import clean, did_you_mean, listed

GROUP = "carbontui"
MOST_RECORDS = 20_000
MOST_FILES = 2_000

# Kept from before any plugin's code has run, as a plugin may put something else in their place.
_leave = os._exit
_process = os.getpid
_to_json = json.dumps


class Refused(Exception):
    """The plugin as a whole cannot be taken."""


def main() -> None:
    """Load what the parent asks for (first argument, JSON) and report to the descriptor that it names."""
    task = json.loads(sys.argv[1])
    sys.argv[1:] = []
    # What this process found itself is newer: a `.pth` file may have come since the parent started.
    sys.path[:] = [*task["path"], *(path for path in sys.path if path not in task["path"])]
    out = os.fdopen(task["report"], "w", encoding="utf-8")
    os.set_inheritable(out.fileno(), False)

    speaker = _process()

    def report(what: str, /, **fields: Any) -> None:
        if _process() != speaker:
            _leave(0)  # a plugin has forked: its copy of this process must not speak too
        out.write(_to_json({"is": what, **fields}) + "\n")
        out.flush()

    entry_points, unreadable = found_entry_points()
    for name, why in unreadable:
        if name in task["skip"] or task["only_first_party"]:
            continue
        report("plugin", name=name, version="", distribution=name, first_party=False, off=False, files=[])
        report("problem", text=why)
        report("done", name=name, seconds=0.0, files=[], reserved=[])
    for entry_point in entry_points:
        if distribution_name(entry_point) == FIRST_PARTY:
            load(entry_point, task, report)
        elif not task["only_first_party"] and origin_of(entry_point) not in task["skip"]:
            copy = os.fork()
            if not copy:
                speaker = _process()
                try:
                    load(entry_point, task, report)
                except BaseException:  # noqa: BLE001 - nothing may go on in this copy
                    _leave(1)
                # A stray thread or an exit handler of a plugin has no say in when its process ends.
                _leave(0)
            _, status = os.waitpid(copy, 0)
            report("gone", code=os.waitstatus_to_exitcode(status))
    for path in user_packs(None if task["only_first_party"] else task["packs"]):
        load_user_pack(path, task, report)
    report("units", table=[[*key, factor] for key, factor in units.resolve_all().items()])
    report("end")
    _leave(0)


def found_entry_points() -> tuple[list[metadata.EntryPoint], list[tuple[str, str]]]:
    """Those of our group, by name and distribution, each once; and the distributions whose own cannot be read.

    `metadata.entry_points` would give nobody's when those of one distribution are damaged.
    """
    unique: dict[tuple[str, str], metadata.EntryPoint] = {}
    unreadable: dict[str, str] = {}
    seen: set[str] = set()
    for dist in metadata.distributions():
        # The first of a name is the one that Python imports; private, but all else reads every METADATA.
        name = getattr(dist, "_normalized_name", None)
        try:
            if name in seen:
                continue
            if isinstance(name, str):
                seen.add(name)
            for entry_point in dist.entry_points.select(group=GROUP):
                unique.setdefault((entry_point.name, distribution_name(entry_point)), entry_point)
        except Exception as error:  # noqa: BLE001 - whatever a damaged file leads to
            shown = normal_name(name) if isinstance(name, str) else "unknown"
            unreadable[shown] = f"its metadata cannot be read: {type(error).__name__}: {clean(str(error)[:200])}"
    return [unique[key] for key in sorted(unique)], sorted(unreadable.items())


def normal_name(name: str) -> str:
    """The normal form of a distribution's name, and of a pack's, so that it can stand in `distribution/id`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unknown"


def distribution_name(entry_point: metadata.EntryPoint) -> str:
    """The distribution's name in the normal form of packaging."""
    # Without its METADATA an installed distribution has no name, whatever the type says.
    name: str | None = entry_point.dist.name if entry_point.dist else None
    return normal_name(name or "unknown")


def origin_of(entry_point: metadata.EntryPoint) -> str:
    """The plugin's name, `distribution:entry-point`."""
    return clean(f"{distribution_name(entry_point)}:{entry_point.name}")


def user_packs(folder: str | None) -> list[Path]:
    """The user's own packs, by name."""
    try:
        return sorted(Path(folder).glob("*.toml")) if folder and Path(folder).is_dir() else []
    except OSError:
        return []


def load(entry_point: metadata.EntryPoint, task: dict[str, Any], report: Any) -> None:
    """Load one plugin under a guard and report what it gave, or why it was refused."""
    distribution = distribution_name(entry_point)
    name = origin_of(entry_point)
    first_party = distribution == FIRST_PARTY
    if name in task["skip"]:
        return
    version = (entry_point.dist.version if entry_point.dist else None) or ""
    # Files go with it from the start: one that ends this process can be fixed too.
    fields = {"name": name, "version": version, "distribution": distribution, "first_party": first_party}
    fields["files"] = files_of(module_of(entry_point).split(".")[0], set(sys.modules))
    if name in task["off"] or distribution in task["off"]:
        with packs.recorded() as reads:
            reserved = reserved_names(entry_point) if first_party else []
        report("plugin", **fields, off=True)
        report("done", name=name, seconds=0.0, files=reads.paths, reserved=reserved)
        return
    report("plugin", **fields, off=False)
    if name in task["hung"]:
        report("problem", text=task["hung"][name])
        report("done", name=name, seconds=0.0, files=fields["files"], reserved=[])
        return
    started = time.perf_counter()
    before = set(sys.modules)
    with packs.recorded() as reads:
        try:
            module = imported(entry_point)
            call_hooks(module, name, report)
        except Refused as error:
            report("problem", text=str(error))
        except LimitPassed as error:
            report("problem", text=f"{error}: nothing of it is used")
        except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, SystemExit and KeyboardInterrupt too
            report("problem", text=explained(error, module_of(entry_point)))
    for text in reads.warnings:
        report("warning", text=text)
    files = sorted({*files_of(module_of(entry_point), before), *reads.paths})
    report("done", name=name, seconds=time.perf_counter() - started, files=files, reserved=[])


def module_of(entry_point: metadata.EntryPoint) -> str:
    """The name of the module that the entry point names, whatever else stands there."""
    return re.split(r"[:\[]", entry_point.value, maxsplit=1)[0].strip()


def imported(entry_point: metadata.EntryPoint) -> ModuleType:
    """The module that the entry point names."""
    name = module_of(entry_point)
    if ":" in entry_point.value:
        raise Refused(f"its entry point names {entry_point.value}; it must name a module, such as {name}")
    if not all(part.isidentifier() for part in name.split(".")):
        raise Refused(f"its entry point names {entry_point.value}, which is no module")
    token = noting.set(lambda: contract_of(sys.modules.get(name)))
    try:
        module = import_module(name)
    finally:
        noting.reset(token)
    if type(module) is not ModuleType and not isinstance(module, ModuleType):
        raise Refused("its entry point names something else than a module")
    return module


def contract_of(module: ModuleType | None) -> int:
    """The contract that a module asks for, while it is still being imported too."""
    asked = getattr(module, "CARBONTUI_CONTRACT", CONTRACT)
    return asked if isinstance(asked, int) and not isinstance(asked, bool) else CONTRACT


def call_hooks(module: ModuleType, name: str, report: Any) -> None:
    """Call each hook of the module by itself; a hook that fails costs what it gave and nothing else."""
    asked = vars(module).get("CARBONTUI_CONTRACT", CONTRACT)
    if isinstance(asked, bool) or not isinstance(asked, int) or asked < 1:
        raise Refused("CARBONTUI_CONTRACT must be a whole number such as 1")
    if asked > CONTRACT:
        report("warning", text=f"it is written for contract {asked}; this carbontui knows {CONTRACT}")
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(module, name)
    except pluggy.PluginValidationError as error:
        raise Refused(clean(" ".join(str(error).split()))) from None
    found = 0
    left = MOST_RECORDS
    for hook in sorted(vars(manager.hook)):
        caller = getattr(manager.hook, hook)
        if hook.startswith("_") or not caller.get_hookimpls():
            continue
        if hook not in hookspecs.HOOKS:
            hint = did_you_mean(hook, hookspecs.HOOKS) or f"; hooks are {listed(hookspecs.HOOKS)}"
            report("problem", text=f"{hook} is no hook{hint}")
            continue
        for implementation in caller.get_hookimpls():
            found += 1
            if implementation.hookwrapper or implementation.wrapper:
                report("problem", text=f"{hook}: a hook wrapper would change what others give; write a plain hookimpl")
                continue
            if implementation.argnames:
                report("problem", text=f"{hook}: takes no arguments, not {listed(implementation.argnames)}")
                continue
            left -= call_hook(hook, implementation.function, asked, left, report)
    if not found:
        report("warning", text=f"it implements no hook; hooks are {listed(hookspecs.HOOKS)}")


def call_hook(hook: str, function: Any, asked: int, left: int, report: Any) -> int:
    """Call one hook and report its records once all are there, at most as many as are left; gives their number."""
    kind = hookspecs.HOOKS[hook]
    token = noting.set(lambda: asked)
    try:
        given = function()
        if given is None:
            given = ()
        items = list(islice(iter(given), left + 1))
        if len(items) > left:
            raise LimitPassed(f"more than {MOST_RECORDS:,} records of one plugin")
        rows = [row(item, kind, number) for number, item in enumerate(items, 1)]
        _to_json(rows)  # what is no data costs the whole hook here, not half of it on the way
    except LimitPassed as error:
        report("problem", text=f"{hook}: {error}: nothing of this hook is used")
        return 0
    except BaseException as error:  # noqa: BLE001 - see load
        report("problem", text=f"{explained(error, function.__module__, hook)}: nothing of this hook is used")
        return 0
    finally:
        noting.reset(token)
    for fields in rows:
        report("record", kind=kind, **fields)
    return len(rows)


def row(item: object, kind: str, number: int) -> dict[str, Any]:
    """What is reported of one thing that a hook gave."""
    if not isinstance(item, Record) or item._kind != kind:
        what = f"a {item._kind} record" if isinstance(item, Record) else f"a {type(item).__name__}"
        return {"problems": [f"record {number}: {what} is no {kind} record"]}
    if item.problems:
        return {"problems": [f"{item.subject}: {p}" for p in item.problems]}
    return {"data": dump(item), "warnings": [f"{item.subject}: {w}" for w in item.warnings]}


def explained(error: BaseException, module: str, hook: str = "") -> str:
    """One line on an exception: where in the plugin it came from, its type and its text."""
    where = hook
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if module.split(".")[0] in filename and "carbontui_registry" not in filename:
            where = f"{hook or module} ({Path(filename).name}, line {trace.tb_lineno})"
        trace = trace.tb_next
    try:
        text = clean(str(error)[:300])
    except BaseException:  # noqa: BLE001 - an exception's own __str__ may fail
        text = ""
    if isinstance(error, InvalidRecord):
        return f"{where or module}: {text}"
    return f"{where or module}: {type(error).__name__}{': ' + text if text else ''}"


def load_user_pack(path: Path, task: dict[str, Any], report: Any) -> None:
    """Read one pack of the user's own; no code is run."""
    distribution = normal_name(path.stem)
    name = f"pack:{clean(path.stem)}"
    if name in task["skip"]:
        return
    off = name in task["off"] or distribution in task["off"]
    fields = {"name": name, "version": "", "distribution": distribution, "first_party": False, "off": off}
    report("plugin", **fields, files=[str(path)])
    started = time.perf_counter()
    token = noting.set(lambda: CONTRACT)
    try:
        if name in task["hung"]:
            report("problem", text=task["hung"][name])
        elif not off:
            pack = packs.read_pack(path)
            rows = [(record._kind, row(record, record._kind, n)) for n, record in enumerate(packs.records_of(pack), 1)]
            for kind, said in rows:
                report("record", kind=kind, **said)
            for text in pack.warnings:
                report("warning", text=text)
    except (InvalidRecord, LimitPassed) as error:
        report("problem", text=str(error))
    finally:
        noting.reset(token)
    report("done", name=name, seconds=time.perf_counter() - started, files=[str(path)], reserved=[])


def reserved_names(entry_point: metadata.EntryPoint) -> list[list[str]]:
    """Kind and name of what a first-party plugin that is switched off would bring: its packs are read, not its code.

    Its names stay its own while it is off, so that another plugin's figure never takes their place.
    """
    from importlib.util import find_spec

    spec = find_spec(entry_point.module)
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

        spec = find_spec(module)
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


if __name__ == "__main__":
    main()
