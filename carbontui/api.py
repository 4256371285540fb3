"""The Python door: scenarios, footprints and comparisons for a notebook or a script, without Textual.

```python
import carbontui

both = carbontui.compare("gpt-3", "gpt-3@a100@gcp:europe-north1,chips=1024", baseline="GPT-3")
print(both)                                   # a table; Jupyter shows one by itself
both.scenarios[1].result("gross_kgco2e")      # 13914.04..., kgCO2e; None where unknown
both.to_pandas()                              # one row per scenario, the columns of the CSV
carbontui.save(both, "walk.toml")             # opens again, with `carbontui.load` as with the app
```

Quantities are in engine units, as the ends of the keys say: W, h, kWh, kgCO2e, gCO2e/kWh, FLOP, FLOP/s.
"""

from __future__ import annotations

from carbontui.engine.comparison import Comparison as PlainComparison
from carbontui.engine.comparison import Question, fill_all, settled, side_by_side
from carbontui.engine.scenario import Filled, Scenario, ScenarioError
from carbontui.engine.solver import fill as fill_in
from carbontui.errors import AlreadyExists, FileError
from carbontui.formats import FORMATS, PRESETS, format_of, write_format
from carbontui.quantities import ACCOUNTINGS, METRICS, QUANTITIES, wrong_quantity
from carbontui.questions import baseline_number, is_file
from carbontui.spec import KEYS, PAPER_RUNS, parse_spec
from carbontui.spec import give as give_text
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.figures import Figure
from carbontui_registry.text import did_you_mean, listed, not_allowed

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from typing import Any

    # A SPEC, a file, fields by the keys of a SPEC, or a scenario that was made before.
    Asked = str | os.PathLike[str] | Mapping[str, Any] | Scenario

_PARTS = ("model", "hardware", "region")
_opened: list[Catalogue] = []


class Comparison(PlainComparison):
    """Scenarios filled in, side by side; shows itself as a table, in a terminal and in Jupyter.

    `scenarios` are filled in (`name`, `inputs`, `results`, `texts`, `notes`), `ratios` are to the baseline by metric,
    `totals` the sums of each group and of all, where they were asked for.
    """

    catalogue: Catalogue

    def __iter__(self) -> Iterator[Filled]:
        return iter(self.scenarios)

    def __len__(self) -> int:
        return len(self.scenarios)

    def to(self, format: str, *, preset: str = "patterson", lifetime: bool = False, rates: bool = False) -> str:
        """The comparison as the text of a format: table, json, toml, csv, markdown, latex, modelcard, statement, svg.

        `preset` is that of a statement: patterson, ghg, eu-ai-act or sci. `lifetime` adds emissions outside training,
        `rates` intensities, to a table, json, toml, csv and statement. Raises `ValueError`.
        """
        _one_of("format", format, FORMATS)
        _one_of("preset", preset, PRESETS)
        return write_format(format, self, self.catalogue, preset=preset, lifetime=lifetime, rates=rates)

    def rows(self) -> list[dict[str, Any]]:
        """One dict a scenario with the columns of the CSV, units in their names; None where unknown."""
        from carbontui.formats.csv_file import rows

        return rows(self, self.catalogue)

    def to_pandas(self) -> Any:
        """The rows as a pandas DataFrame. Raises `ImportError` where pandas is not installed."""
        from carbontui.formats.csv_file import COLUMNS, NUMBERS

        frame = _library("pandas", "to_pandas").DataFrame(self.rows(), columns=list(COLUMNS))
        return frame.astype(dict.fromkeys(NUMBERS, "float64"))

    def to_arrow(self) -> Any:
        """The rows as an Arrow table. Raises `ImportError` where pyarrow is not installed."""
        from carbontui.formats.csv_file import COLUMNS, NUMBERS

        arrow, rows = _library("pyarrow", "to_arrow"), self.rows()
        kinds = {name: arrow.float64() if name in NUMBERS else arrow.string() for name in COLUMNS}
        return arrow.table({name: arrow.array([row[name] for row in rows], kind) for name, kind in kinds.items()})

    def __str__(self) -> str:
        return self.to("table").rstrip("\n")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from carbontui.formats.svg import escape
        from carbontui.text.table import comparison_columns, comparison_notes

        if not self.scenarios:
            return "<p>no scenarios</p>"
        columns = [column for column in comparison_columns(self) if any(column.cells)]
        lines = ["<table>", f"<thead><tr>{''.join(f'<th>{escape(c.title)}</th>' for c in columns)}</tr></thead>"]
        for n in range(len(self.scenarios)):
            cells = "".join(
                f'<td style="text-align: {"right" if c.right else "left"}">{escape(c.cells[n].strip())}</td>'
                for c in columns
            )
            lines.append(f"<tr>{cells}</tr>")
        marked = any(cell.strip().endswith("~") for column in columns for cell in column.cells)
        notes = [f"<p>{escape(note)}</p>" for note in comparison_notes(self, marked=marked)]
        return "\n".join([*lines, "</table>", *notes])


def _library(name: str, needed_by: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise ImportError(f"{needed_by} needs {name}: pip install {name}") from None


def catalogue(*, fresh: bool = False) -> Catalogue:
    """Everything registered: `hardware("a100")`, `region(...)`, `model(...)`, `all("hardware")`, `plugins()`.

    Opened once; `fresh` reloads every plugin.
    """
    if fresh or not _opened:
        from carbontui_registry.cache import open_catalogue

        _opened[:] = [open_catalogue(fresh=fresh)]
        for text in _opened[0].config.wrong:
            import warnings

            warnings.warn(text, stacklevel=2)
    return _opened[0]


def scenario(spec: str = "", **fields: str | float | Figure) -> Scenario:
    """A scenario as asked for, by a SPEC, by fields, or by a SPEC and fields that add to it.

    Fields are `model`, `hardware`, `region` and the keys of a SPEC. A quantity is a text with its unit (`"300 W"`), a
    number in the engine's unit, or a Figure that says more (basis, spread, source). Raises `ScenarioError`.
    """
    made = parse_spec(spec) if spec else Scenario()
    for key, value in fields.items():
        if key not in (*_PARTS, *KEYS):
            raise ScenarioError(f"{key!r} is not a key{did_you_mean(key, (*_PARTS, *KEYS))}; keys are {listed(KEYS)}")
        if key in _PARTS:
            made = made.choose(key, str(value).lower())
        elif key in QUANTITIES and not isinstance(value, str):
            given = value if isinstance(value, Figure) else Figure(value, "entered")
            made = made.give(key, given.replace(value=_number(key, given.value)))
        else:
            made = give_text(made, key, str(value))
    return made


def _number(key: str, value: object) -> float:
    """A number for a quantity, in the engine's unit; numbers of other libraries, such as numpy's, count as well."""
    try:
        number = float("nan") if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not 0 <= number < float("inf"):
        raise ScenarioError(f"{key}: {value!r} is not a figure; give a number, text such as '300 W', or a Figure")
    if wrong := wrong_quantity(key, number):
        raise ScenarioError(f"{key}: {value!r} {wrong}")
    return number


def fill(
    asked: Asked = "",
    *,
    accounting: str = "as-published",
    catalogue: Catalogue | None = None,
    **fields: str | float | Figure,
) -> Filled:
    """One scenario filled in: its `inputs`, each with basis, spread and source, and its footprint in `results`.

    By a SPEC, a dict of fields or a scenario, or by fields as `scenario` takes them. Raises `ScenarioError` and
    `UnknownName`.
    """
    _one_of("accounting", accounting, ACCOUNTINGS)
    if isinstance(asked, str) and (fields or not asked):
        asked = scenario(asked, **fields)
    elif fields:
        raise ScenarioError("fields add to a SPEC only; a scenario has `give` and `choose`")
    question = _question((asked,))
    if len(question.scenarios) != 1:
        raise ScenarioError(f"there are {len(question.scenarios)} scenarios; carbontui.compare takes several")
    return fill_in(question.scenarios[0], catalogue or _catalogue(), accounting)


def compare(
    *asked: Asked,
    baseline: int | str | None = None,
    metric: str | None = None,
    accounting: str | None = None,
    total: bool | None = None,
    title: str | None = None,
    note: str | None = None,
    catalogue: Catalogue | None = None,
) -> Comparison:
    """Scenarios side by side; without any, the six runs of Patterson et al. 2021.

    Each is a SPEC, a file ending in .toml or .json, a dict of fields (see `scenario`) or a scenario. `baseline` is
    a name, or a number counted from 0; `metric` gross, net, energy, duration, water or cost; `accounting` as-published,
    direct or lifecycle; `total` adds sums over each group and all; they are those of the first file unless given.
    Raises `ScenarioError`, `UnknownName`, `FileError`, and `ValueError` for a word that is none of these.
    """
    known = catalogue or _catalogue()
    question = _question(asked or PAPER_RUNS)
    changes = {"metric": metric, "accounting": accounting, "total": total, "title": title, "note": note}
    question = question.replace(**{key: value for key, value in changes.items() if value is not None})
    _one_of("metric", question.metric, METRICS)
    _one_of("accounting", question.accounting, ACCOUNTINGS)
    question = settled(question, known)
    filled = fill_all(question, known)
    made = side_by_side(question, filled)
    if baseline is not None:
        number = baseline_number(str(baseline), [one.name for one in made.scenarios], first=0)
        made = side_by_side(question.replace(baseline=number), filled)
    return _own(made, known)


def load(path: str | os.PathLike[str], *, catalogue: Catalogue | None = None) -> Comparison:
    """The comparison in a TOML or JSON file, to the last bit as it was saved. Raises `FileError`."""
    import os

    from carbontui.formats.files import read

    known = catalogue or _catalogue()
    question = settled(read(os.fspath(path))[0], known)
    return _own(side_by_side(question, fill_all(question, known)), known)


def save(
    comparison: PlainComparison,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    preset: str = "patterson",
    force: bool = False,
) -> None:
    """Write a comparison, whole or not at all; the format is that of the file's ending unless given.

    TOML and JSON open again. LaTeX writes its sources into a .bib file beside it. An existing file is replaced with
    `force` only. Raises `FileError`, also for an ending that no format has, and `ValueError` for a `format` that
    there is not.
    """
    import os

    from carbontui.formats.export import export

    where = os.fspath(path)
    format = format_of(where) if format is None else format
    _one_of("format", format, FORMATS)
    known = comparison.catalogue if isinstance(comparison, Comparison) else _catalogue()
    try:
        export(format, where, comparison, known, preset=preset, force=force)
    except AlreadyExists as error:
        raise FileError("already exists (use force=True to overwrite)", where=error.path) from None


def _catalogue() -> Catalogue:
    return catalogue()


def _own(made: PlainComparison, known: Catalogue) -> Comparison:
    return Comparison(made.question, made.scenarios, made.ratios, made.crossings, made.totals, known)


def _question(asked: tuple[Asked, ...]) -> Question:
    import os

    question, scenarios = Question(), list[Scenario]()
    for one in asked:
        if isinstance(one, Scenario):
            scenarios.append(one)
        elif isinstance(one, (str, os.PathLike)):
            word = os.fspath(one)
            if word != "-" and is_file(word):
                from carbontui.formats.files import read

                opened, _ = read(word)
                question = question if scenarios else opened
                scenarios += opened.scenarios
            else:
                scenarios.append(parse_spec(word))
        else:
            scenarios.append(scenario("", **one))
    return question.replace(scenarios=tuple(scenarios))


def _one_of(what: str, word: str, known: object) -> None:
    if word not in known:  # type: ignore[operator]
        raise ValueError(f"{what}: {not_allowed(repr(word), word, known)}")
