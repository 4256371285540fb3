"""What is installed, and what a check of a plugin found, in words."""

from __future__ import annotations

from carbontui.text.table import Column, render
from carbontui_registry import folders
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.plugin import PLURAL, Plugin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui_registry.checking import Checked

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
        Column("rejected", [str(len(p.problems) or "") for p in plugins]),
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
    said = [*catalogue.config.wrong, *(f"warning: {text}" for text in catalogue.config.unknown)]
    lines += ["", "config.toml:", *(f"  {text}" for text in said)] if said else []
    lines += ["", f"configuration: {folders.config_folder()}", f"cache:         {folders.cache_folder()}"]
    return "\n".join(lines) + "\n"


def as_data(catalogue: Catalogue) -> list[dict[str, object]]:
    """Name, version, problems and warnings of every plugin; and of `config.toml`, where there is something to say."""
    found: list[dict[str, object]] = [
        {"name": p.origin, "version": p.version, "problems": list(p.problems), "warnings": list(p.warnings)}
        for p in catalogue.plugins()
    ]
    config = catalogue.config
    if config.wrong or config.unknown:
        said = {"problems": list(config.wrong), "warnings": list(config.unknown)}
        found.append({"name": "config.toml", "version": "", **said})
    return found


def check_data(found: Checked) -> list[dict[str, str]]:
    """What a check found, as JSON's own types."""
    return [{"severity": f.severity, "where": f.where, "what": f.what} for f in found.findings]


def check_text(found: Checked) -> str:
    """What a check found, a line each, and how many records are good."""
    lines = [f"{f.severity}: {f.where}: {f.what}" for f in found.findings]
    errors = sum(f.severity == "error" for f in found.findings)
    warnings = len(found.findings) - errors
    good = counted(found.counts) or "no record"
    lines.append(f"{good} good, {errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}")
    return "\n".join(lines) + "\n"
