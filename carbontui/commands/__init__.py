"""The commands of the command line: this table, and one module each.

A module has `add_arguments(parser)`, `run(options)` which returns the exit status, an `EXAMPLE` for its `--help`,
and `FORMATS` where it writes in several, the first of which is its default.
"""

from __future__ import annotations

import sys

from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Command(Value):
    """A command: the module in this folder that has it, and what it is for in one line."""

    module: str
    summary: str


# In the order in which `carbontui --help` lists them. A start imports the module of one of them only.
COMMANDS = {
    "open": Command("open_app", "start the app and open FILE, if given"),
    "compare": Command("compare", "compare footprints side by side"),
    "advise": Command("advise", "suggest the changes to a job that would save most, and say how certain each is"),
    "explain": Command("explain", "show how a figure was computed: formula, numbers, sources"),
    "verify": Command("verify", "recompute the tables and claims of Patterson et al. 2021"),
    "sweep": Command("sweep", "find the best hardware and region for one or more models"),
    "budget": Command("budget", "show how much of a job fits a budget of carbon, energy or time, and where"),
    "when": Command("when", "find the best hour to start a run, from its region's mean day, and what waiting saves"),
    "list": Command("list_records", "list registered hardware, regions, models, runs, offers or measurements"),
    "show": Command("show", "show one record with every figure and its source"),
    "plugins": Command("plugins", "list plugins and what was rejected; create, check, install, switch off or on"),
    "import": Command("import_files", "turn what other tools measured or computed into a comparison"),
    "ledger": Command("ledger", "add up the runs in many logs: totals, groups, budgets"),
    "help": Command("help_topic", "show help on a command, the keys of a SPEC with examples, or the manual page"),
    "completion": Command("completion", "print a completion script for bash, zsh or fish"),
    "serve": Command(
        "serve", "run the app in a web browser, reachable from this machine only unless --host says otherwise"
    ),
}


def module_of(name: str) -> Any:
    """The module of a command."""
    module = f"carbontui.commands.{COMMANDS[name].module}"
    # `importlib` takes longer to import than most of the modules.
    __import__(module)
    return sys.modules[module]
