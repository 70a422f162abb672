"""Analyses: what a question needs beyond one query. Each is one module with one function, `answer(question, data) -> MetricAnswer`.

To add one:

1. Its facts are a frozen dataclass in a file of `insights/findings/`, exported there and added to the union `Finding`. The answer is the `MetricAnswer` of the
   question that was asked of the data, with what was found beside it: `replace(answer, analysis=question.analysis, finding=...)`. So period, filters,
   definition, source, notes and SQL are in it already. `rows` and `columns` hold the table that a person would want to see (`columns` name every key of
   `rows`); sentences never stand in findings.
2. Its module reads data only through `Data`: `data.ask(question)` for any question that the assistant understands, `data.series(question)` for a figure
   bucket by bucket without gaps, `data.numbers(question, columns)` for the numbers of records. Each asks under the same grant, so that row policies, minimum
   group, caches and deadline hold by construction. Names come from `data.catalog` and `data.contents`, which hold only what the asker may know.
3. `answer` below gets its line (import inside: nothing heavy may load before it is needed).
4. `insights/wording/templates/<name>.j2` defines the macros `speech` and `text`; `insights/wording/findings.py` names it for the type of finding. Speech: the
   finding first, two numbers at most (`|said(unit)` rounds to two significant figures), twelve seconds. Text: exact, and how it was computed.
5. `insights/charts/findings.py` names what draws it; None leaves the rows as they are drawn without a finding.
6. `docs/analyses.md` gets the method with the source of each formula, and an example that the tests run; `.venv/bin/insights generate` renews the schema.

Numbers are computed by pure functions that know neither `Data` nor answers, in modules of their own, so that they can be tested against published values.
`data.seconds(share, most)` is the time that may be spent on something; it follows the deadline of whoever waits. What cannot be said honestly (too little
data, a period that does not fit) is raised as `NotAnswerable` with the remedy, or said in the finding; it is never guessed.
"""

from __future__ import annotations

from insights.analysis.data import Data, Numbers, Series
from insights.answers import MetricAnswer
from insights.requests import MetricQuestion

__all__ = ["Data", "Numbers", "Series", "answer"]


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The facts that answer a question, with what its analysis found. Raises as `query.answering.Questions.answer` does."""
    if any((metric := data.catalog.metrics.get(name)) is not None and metric.endpoint is not None for name in question.metrics):
        from insights.analysis import predicting

        return predicting.answer(question, data)
    match question.analysis:
        case "compare" if "movers" in question.options:
            from insights.analysis import movers

            return movers.answer(question, data)
        case "compare" | "value" if question.compare is not None:
            from insights.analysis import comparison

            return comparison.answer(question, data)
        case "series" if question.options.get("change") is not None:
            from insights.analysis import growth

            return growth.answer(question, data)
        case "series" if question.options.get("moving") is not None:
            from insights.analysis import smoothing

            return smoothing.answer(question, data)
        case "forecast":
            from insights.analysis import forecast

            return forecast.answer(question, data)
        case "pace":
            from insights.analysis import pace

            return pace.answer(question, data)
        case "drivers":
            from insights.analysis import drivers

            return drivers.answer(question, data)
        case "trend":
            from insights.analysis import trend

            return trend.answer(question, data)
        case "anomalies":
            from insights.analysis import anomalies

            return anomalies.answer(question, data)
        case "correlation":
            from insights.analysis import correlation

            return correlation.answer(question, data)
        case "briefing":
            from insights.analysis import briefing

            return briefing.answer(question, data)
        case "cohorts":
            from insights.analysis import cohorts

            return cohorts.answer(question, data)
        case "funnel":
            from insights.analysis import funnel

            return funnel.answer(question, data)
        case "segments":
            from insights.analysis import segments

            return segments.answer(question, data)
        case "experiment":
            from insights.analysis import experiment

            return experiment.answer(question, data)
        case "concentration":
            from insights.analysis import concentration

            return concentration.answer(question, data)
        case "distribution":
            from insights.analysis import distribution

            return distribution.answer(question, data)
        case _:
            return data.ask(question, alone=True)
