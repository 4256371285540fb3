"""`carbontui show`: one record with every figure, its basis and its source."""

from __future__ import annotations

from carbontui.commands import frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS = ("table", "json", "toml")
EXAMPLE = "carbontui show a100"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    text = "id or alias of hardware, a region, a model, a run, an offer or a measurement"
    parser.add_argument("id", metavar="ID", help=text)


def run(options: Namespace) -> int:
    """One record with every figure, its basis and its source."""
    from carbontui.text.record import show_text
    from carbontui.text.records import find_any, show_document

    catalogue = frame.open_catalogue(options)
    found = [(r, catalogue.measurements(r) if r.kind == "hardware" else []) for r in find_any(catalogue, options.id)]
    if options.format == "table":
        frame.write_out(options, "\n\n".join(show_text(r, catalogue) for r, _ in found) + "\n")
        return frame.OK
    documents = [show_document(*r) for r in found]
    if options.format == "json":
        frame.write_data(options, documents[0] if len(documents) == 1 else documents)
    else:
        from carbontui.formats.structured import to_toml

        frame.write_out(options, "\n".join(to_toml(document) for document in documents))
    return frame.OK
