"""How concentrated a sum is over single members, such as customers: what the largest hold together, and none of them by name."""

from __future__ import annotations

from dataclasses import replace

from insights.analysis.cohorts import said_of
from insights.analysis.concentration import Held, held
from insights.analysis.data import Data
from insights.analysis.segments import event_of
from insights.answers import Column, MetricAnswer, Row
from insights.catalog.model import FieldId
from insights.errors import NotAnswerable
from insights.findings import Concentration
from insights.findings.spread import Tier
from insights.query.courses import MOST_PROFILES, Profiles, Within
from insights.requests import MetricQuestion, Period

_LEAST_MEMBERS = 50
"""Under as many, what the largest hold says something about single ones."""
_PARTS = (0.01, 0.1, 0.5)
_ALL = 1e-9


def answer(question: MetricQuestion, key: FieldId, data: Data) -> MetricAnswer:
    """What the largest hold, and how few hold most of it. Raises NotAnswerable for what is not recorded member by member, and where few people hold it."""
    catalog = data.catalog
    metric, people = catalog.metrics.get(question.metrics[0]), said_of(key.dataset, catalog)
    if metric is None or question.compare is not None or any(one.metric for one in question.filters) or question.time_field not in (None, str(metric.time)):
        raise NotAnswerable(f"I can tell how concentrated a figure of the catalog is over {people}, without conditions on it.", remedy="Name the figure.")
    within = Within(filters=question.filters, period=question.period or Period(), through=data.today)
    bare = replace(question, group_by=(), limit=None, order=None)
    drawn = data.course(bare, Profiles(member=key, figures=(event_of(metric, key.dataset, catalog),)), within)
    if len(drawn.rows) > MOST_PROFILES:
        raise NotAnswerable(f"There are too many {people} to be looked at one by one.", remedy="Ask about one group of them.")
    amounts = sorted((float(row[2]) for row in drawn.rows if isinstance(row[2], int | float) and row[1] is not None), reverse=True)
    amounts = [amount for amount in amounts if amount != 0]
    whole = data.ask(replace(bare, analysis="value", grain=None))
    if not amounts or amounts[-1] < 0:
        raise NotAnswerable("Some of it is below zero, or there is nothing of it, so there are no shares.", remedy="Ask for the figure itself.")
    counted = held(amounts)
    least = data.least if catalog.datasets[key.dataset].personal else 1
    if least > 1 and (len(amounts) < max(_LEAST_MEMBERS, 2 * least) or counted.most < least or (question.limit or least) < least):
        raise NotAnswerable(f"Too few {people} are behind that to say what they hold.", remedy=f"Ask about {max(least, 10)} of them or more, or a longer time.")
    finding = Concentration(
        dimension=question.group_by[0],
        label=catalog.fields[key].label.removesuffix(" id").removesuffix(" key"),
        values=len(amounts),
        top=(),
        index=counted.index,
        alike=1 / counted.index,
        most=counted.most,
        most_share=counted.most_share,
        tiers=_tiers(counted, question.limit, least),
        nobody=_nobody(sum(amounts), whole),
    )
    return _told(whole, finding, sum(amounts), people)


def _tiers(counted: Held, asked: int | None, least: int) -> tuple[Tier, ...]:
    """So many as were asked about, then the parts of all that hold at least as many as may be told of."""
    every = len(counted.shares)
    sizes: list[tuple[int, float | None]] = [(asked, None)] if asked is not None and asked <= every else []
    sizes += [(round(every * part), part) for part in _PARTS if round(every * part) >= max(least, 1)]
    return tuple(Tier(values=size, share=sum(counted.shares[:size]), part=part) for size, part in sizes)


def _nobody(known: float, whole: MetricAnswer) -> float | None:
    """The share of the whole that no member is known for; None where there is none."""
    total = float(whole.value) if isinstance(whole.value, int | float) else 0.0
    share = (total - known) / total if total > 0 else 0.0
    return share if share > _ALL else None


def _told(whole: MetricAnswer, finding: Concentration, total: float, people: str) -> MetricAnswer:
    metric = next(column for column in whole.columns if column.is_figure)
    columns = (
        Column(name="largest", label=f"Largest {people}", role="dimension"),
        metric,
        Column(name=f"{metric.name}.share", label="Share", role="metric", unit="percent"),
    )
    rows: tuple[Row, ...] = tuple(
        {
            "largest": f"{tier.part:.0%} ({tier.values:,})" if tier.part is not None else f"{tier.values:,}",
            metric.name: tier.share * total,
            f"{metric.name}.share": tier.share,
        }
        for tier in finding.tiers
    )
    return replace(whole, analysis="concentration", value=None, comparison=None, columns=columns, rows=rows, total_rows=len(rows), finding=finding)
