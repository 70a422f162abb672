"""The log of what was asked holds no value and no person, and what is proposed from it would have answered it."""

from __future__ import annotations

from datetime import date

import pytest

from insights.catalog.model import FieldId
from insights.catalog.rollups import Rollup
from insights.catalog.values import Contents, Coverage
from insights.query.asked import MOST_BYTES, AskedLog, declared, shape_of, worth_keeping
from insights.requests import Filter, MetricQuestion

PLACED = FieldId("orders", "placed_on")
BY_TIER = MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("tier",))
GOLD = MetricQuestion(analysis="value", metrics=("orders",), filters=(Filter(dimension="tier", values=("gold",)),))


def contents(rows, tiers=3):
    """Sixty days of orders."""
    values = {FieldId("customers", "tier"): tuple(map(str, range(tiers))), FieldId("orders", "status"): ("paid", "lost")}
    return Contents(fingerprint="", values=values, coverage={PLACED: Coverage(first=date(2024, 1, 1), last=date(2024, 2, 29))}, rows={"orders": rows})


def test_the_log_holds_shapes_and_nothing_that_anybody_said(tmp_path):
    """No value of a filter, no period, no person."""
    log = AskedLog(tmp_path / "cache" / "asked.jsonl")
    log.note(GOLD, 0.25)
    assert (tmp_path / "cache" / "asked.jsonl").read_text() == '{"metrics": ["orders"], "fields": ["tier"], "grain": "day", "seconds": 0.25}\n'
    (shape,) = log.shapes()
    assert (shape.metrics, shape.fields, shape.seconds) == (("orders",), ("tier",), 0.25)


def test_lists_and_ad_hoc_figures_are_no_shapes():
    """No rollup could answer them."""
    assert shape_of(MetricQuestion(analysis="list", metrics=(), options={"dataset": "orders"}), 1) is None
    assert shape_of(MetricQuestion(analysis="value", metrics=("avg(orders.amount)",)), 1) is None


def test_hours_are_kept_apart():
    """By grain or as a part of the day."""
    assert shape_of(MetricQuestion(analysis="breakdown", metrics=("visits",), group_by=("hour(began_at)",)), 1).grain == "hour"
    assert shape_of(MetricQuestion(analysis="breakdown", metrics=("visits",), group_by=("weekday(began_at)",)), 1).grain == "day"


def test_a_log_that_was_cut_short_or_cannot_be_written_stops_nothing(tmp_path):
    """What can be read is read."""
    place = tmp_path / "asked.jsonl"
    place.write_text('{"metrics": ["orders"], "fields": [], "grain": "day", "seconds": 1}\n{"metrics": ["ord\n{}\n')
    assert len(list(AskedLog(place).shapes())) == 1
    (tmp_path / "file").write_text("")
    AskedLog(tmp_path / "file" / "asked.jsonl").note(GOLD, 1)


def test_a_log_that_has_grown_is_begun_anew_and_the_one_before_still_counts(tmp_path):
    """Two files at most."""
    place = tmp_path / "asked.jsonl"
    place.write_text('{"metrics": ["orders"], "fields": [], "grain": "day", "seconds": 1}\n' * (MOST_BYTES // 60))
    log = AskedLog(place)
    log.note(GOLD, 1)
    assert place.stat().st_size < 200
    assert len(list(log.shapes())) > 1000


def test_what_was_asked_often_is_proposed_with_its_fields(star):
    """Both metrics by the field that both were asked by; 60 days of 4 tiers (with unknown ones) are 240 rows."""
    shapes = [shape_of(question, 0.5) for question in (BY_TIER, GOLD) for _ in range(3)]
    (found,) = worth_keeping(shapes, star(), contents(rows=10_000))
    assert declared(found) == {"name": "suggested_1", "metrics": ["orders", "revenue"], "by": ["tier"], "grain": "day"}
    assert (found.rows, found.questions, found.seconds) == (240, 6, 3.0)


@pytest.mark.parametrize(
    ("times", "rows", "tiers", "rollups"),
    [
        (2, 10_000, 3, ()),
        (3, 1_000, 3, ()),
        (3, 10_000, 5_000, ()),
        (3, 10_000, 3, (Rollup(name="x", metrics=("revenue",), by=("tier", "status")),)),
    ],
    ids=["asked too seldom", "as long as the rows", "a field of too many values", "there is one already"],
)
def test_nothing_is_proposed_that_would_not_help(star, times, rows, tiers, rollups):
    """Each for its reason."""
    shapes = [shape_of(BY_TIER, 0.5)] * times
    assert worth_keeping(shapes, star(rollups=rollups), contents(rows=rows, tiers=tiers)) == ()


def test_what_no_longer_exists_is_left_out(star):
    """A metric that was renamed, a field that was dropped."""
    gone = MetricQuestion(analysis="breakdown", metrics=("old_metric",), group_by=("tier",))
    lost = MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("old_field",))
    assert worth_keeping([shape_of(question, 1) for question in (gone, lost) for _ in range(5)], star(), contents(rows=10_000)) == ()
