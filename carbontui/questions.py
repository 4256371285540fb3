"""A person's words as a question: SPECs, files, and the baseline by name or number; one way for all doors."""

from __future__ import annotations

from carbontui.engine.comparison import Comparison, Question, fill_all, settled, side_by_side
from carbontui.engine.scenario import ScenarioError
from carbontui.quantities import strictly
from carbontui.spec import PAPER_RUNS, PAPER_TITLE, parse_spec
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from carbontui.engine.scenario import Scenario


def is_file(word: str) -> bool:
    """Whether a word of the command line is a file of scenarios; `-` is standard input."""
    # A SPEC may end in the name of a file too, that of a model's configuration.
    return word == "-" or (word.endswith((".toml", ".json")) and ",config=" not in word.replace(" ", ""))


def question_of(words: Sequence[str]) -> tuple[Question, list[tuple[str, dict[str, Any]]]]:
    """What is asked to be compared, and the documents of the files among it by their paths.

    Without words it is the six runs of Patterson et al. 2021; title, baseline, metric and accounting are those of a
    file that comes first. Raises `ScenarioError` and `FileError`.
    """
    question = Question(title="" if words else PAPER_TITLE)
    documents: list[tuple[str, dict[str, Any]]] = []
    scenarios: list[Scenario] = []
    for word in words or PAPER_RUNS:
        if is_file(word):
            from carbontui.formats.files import read

            opened, document = read(word)
            documents.append((word, document))
            question = question if scenarios else opened
            scenarios += opened.scenarios
        else:
            scenarios.append(parse_spec(word))
    return question.replace(scenarios=tuple(scenarios)), documents


def comparison_of(
    words: Sequence[str],
    catalogue: Catalogue,
    *,
    baseline: str | None = None,
    metric: str | None = None,
    accounting: str | None = None,
    total: bool = False,
    strict: bool = False,
) -> tuple[Comparison, list[str]]:
    """What is asked filled in and compared, and what a file stores that its own inputs do not give, a line each."""
    question, documents = question_of(words)
    changes = {"metric": metric, "accounting": accounting, "total": total}
    question = question.replace(**{key: value for key, value in changes.items() if value})
    if strict:
        question = question.replace(accounting=strictly(question.accounting))
    question = settled(question, catalogue)
    filled = fill_all(question, catalogue)
    comparison = side_by_side(question, filled)
    if baseline:
        number = baseline_number(baseline, [one.name for one in comparison.scenarios])
        comparison = side_by_side(question.replace(baseline=number), filled)
    return comparison, _stale(documents, comparison)


def _stale(documents: list[tuple[str, dict[str, Any]]], comparison: Comparison) -> list[str]:
    """What a comparison that is one file stores and its own inputs do not give, a line each."""
    if len(documents) != 1 or len(comparison.scenarios) != len(documents[0][1].get("scenarios", [])):
        return []
    from carbontui.formats.document import stale, stale_totals

    ((path, document),) = documents
    return [f"{path}: {line}" for line in (*stale(document, comparison), *stale_totals(document, comparison))]


def baseline_number(wanted: str, names: Sequence[str], first: int = 1) -> int:
    """The number, from 0, of the scenario that is named, whatever the case of its letters, or counted from `first`.

    The command line counts from 1, Python from 0. Raises `ScenarioError`.
    """
    folded = [name.lower() for name in names]
    if wanted.lower() in folded:
        return names.index(wanted) if wanted in names else folded.index(wanted.lower())
    last = first + len(names) - 1
    if wanted.isdecimal() and first <= int(wanted) <= last:
        return int(wanted) - first
    number = f"{first} to {last}" if last > first else str(first)
    raise ScenarioError(f"baseline: there is no scenario {wanted!r}; write {number}, or {listed(names)}")
