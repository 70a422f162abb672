"""Analyses: what a question needs beyond one query. Each is one module with one function, `answer(question, data) -> MetricAnswer`.

To add one:

1. Its facts are a frozen dataclass in a file of `insights/findings/`, exported there and added to the union `Finding`. The answer is the `MetricAnswer` of the
   question that was asked of the data, with what was found beside it: `replace(answer, analysis=question.analysis, finding=...)`. So period, filters,
   definition, source, notes and SQL are in it already. `rows` and `columns` hold the table that a person would want to see (`columns` name every key of
   `rows`); sentences never stand in findings.
2. Its module reads data only through `Data`: `data.ask(question)` for any question that the assistant understands, `data.series(question)` for a figure
   bucket by bucket without gaps, `data.numbers(question, columns)` for the numbers of records. Each asks under the same grant, so that row policies, minimum
   group, caches and deadline hold by construction. Names come from `data.catalog` and `data.contents`, which hold only what the asker may know.
3. Its name goes into `_NAMED_FOR` below. The module is imported when it is first asked for: nothing heavy may load before it is needed.
4. `insights/wording/templates/<name>.j2` defines the macros `speech` and `text`; `insights/wording/findings.py` names it for the type of finding. Speech: the
   finding first, two numbers at most (`|said(unit)` rounds to two significant figures), twelve seconds. Text: exact, and how it was computed.
5. `insights/charts/findings.py` names what draws it; None leaves the rows as they are drawn without a finding.
6. `docs/analyses.md` gets the method with the source of each formula, and an example that the tests run; `.venv/bin/insights generate` renews the schema.

Numbers are computed by pure functions that know neither `Data` nor answers, in modules of their own, so that they can be tested against published values.
`data.seconds(share, most)` is the time that may be spent on something; it follows the deadline of whoever waits. What cannot be said honestly (too little
data, a period that does not fit) is raised as `NotAnswerable` with the remedy, or said in the finding; it is never guessed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from insights.analysis.data import Data, Numbers, Series
from insights.answers import MetricAnswer
from insights.requests import MetricQuestion

__all__ = ["Data", "Numbers", "Series", "answer"]

_NAMED_FOR = frozenset("anomalies briefing cohorts concentration correlation distribution drivers experiment forecast funnel pace segments trend".split())
"""The analyses that a module of their name answers, whatever else was asked."""


class _Analysis(Protocol):
    """What each of the modules is."""

    def answer(self, question: MetricQuestion, data: Data) -> MetricAnswer:
        """The facts, with what was found."""


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The facts that answer a question, with what its analysis found. Raises as `query.answering.Questions.answer` does."""
    module = _module(question, data)
    return data.ask(question, alone=True) if module is None else cast(_Analysis, import_module(f"insights.analysis.{module}")).answer(question, data)


def _module(question: MetricQuestion, data: Data) -> str | None:
    """The module that answers a question; None where one query does."""
    if any((metric := data.catalog.metrics.get(name)) is not None and metric.endpoint is not None for name in question.metrics):
        return "predicting"
    match question.analysis:
        case "compare" if "movers" in question.options:
            return "movers"
        case "compare" | "value" if question.compare is not None:
            return "comparison"
        case "breakdown" if question.options.get("average") is True:
            return "averages"
        case "series" if question.options.get("change") is not None:
            return "growth"
        case "series" if question.options.get("moving") is not None:
            return "smoothing"
        case analysis:
            return analysis if analysis in _NAMED_FOR else None
