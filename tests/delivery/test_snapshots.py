"""What the office did, as files with definitions: asked about like any other figure."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import datetime

import pytest

from insights import wiring
from insights.catalog.adding import beside
from insights.delivery.snapshots import BEGUN, Snapshot, Table, standing, write
from insights.turns import Turn

MODEL = """
version: 0.1.1
semantic_model:
  - name: canteen
    datasets:
      - name: lunches
        source: lunches.parquet
        primary_key: [lunch]
        fields:
          - {name: lunch, expression: {dialects: [{dialect: ANSI_SQL, expression: lunch}]}}
          - {name: dish, expression: {dialects: [{dialect: ANSI_SQL, expression: dish}]}, dimension: {is_time: false}}
          - {name: eaten, expression: {dialects: [{dialect: ANSI_SQL, expression: eaten}]}, dimension: {is_time: true}}
    metrics:
      - {name: lunches_eaten, expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(lunches.lunch)}]}}
"""
OVERLAY = """
version: 1
metrics:
  lunches_eaten: {label: Lunches eaten, unit: lunches, time: lunches.eaten}
"""
NOON = datetime(2026, 5, 20, 12)


@pytest.fixture
def canteen(tmp_path, monkeypatch):
    """A package of definitions, and rows that can be added to."""
    package = tmp_path / "packages" / "canteen_figures"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "model.yaml").write_text(MODEL)
    (package / "assistant.yaml").write_text(OVERLAY)
    monkeypatch.syspath_prepend(str(package.parent))
    rows: list[tuple[object, ...]] = []
    table = Table(name="lunches", columns={"lunch": "BIGINT", "dish": "VARCHAR", "eaten": "TIMESTAMP"}, rows=lambda: list(rows))
    yield rows, Snapshot(name="canteen", definitions="canteen_figures", tables=(table,))
    sys.modules.pop("canteen_figures", None)


def test_what_the_ledger_holds_is_asked_about_like_any_figure(canteen, company, tmp_path):
    """Beside the company's own figures, from the first row on, without a restart."""
    rows, snapshot = canteen
    home = tmp_path / "home"
    with closing(wiring.open_catalog(company.folder, home=home)) as assistant:
        assert assistant.reply(Turn("lunches eaten in May")).outcome != "understood"
        rows += [(1, "soup", NOON), (2, "soup", NOON), (3, "stew", NOON)]
        assert write((snapshot,), home / "snapshots") == 3
        assert assistant.renew()
        answered = assistant.reply(Turn("lunches eaten by dish in May")).answer
        assert {row["dish"]: row["lunches_eaten"] for row in answered.rows} == {"soup": 2, "stew": 1}
        rows.append((4, "stew", NOON))
        assert write((snapshot,), home / "snapshots") == 1
        assert assistant.renew()
        assert assistant.reply(Turn("lunches eaten in May")).answer.value == 4
        assert assistant.reply(Turn("revenue last month")).outcome == "understood"


def test_nothing_is_begun_without_a_row_and_nothing_written_twice(canteen, tmp_path):
    """What has not changed keeps its bytes and its time."""
    rows, snapshot = canteen
    assert write((snapshot,), tmp_path / "snapshots") == 0
    assert standing(tmp_path / "snapshots") == ()
    rows.append((1, "soup", NOON))
    assert write((snapshot,), tmp_path / "snapshots") == 3
    begun = (tmp_path / "snapshots" / BEGUN).stat().st_mtime_ns
    assert write((snapshot,), tmp_path / "snapshots") == 0
    rows.clear()
    assert write((snapshot,), tmp_path / "snapshots") == 1  # what was there once is emptied, not left as it was
    assert (tmp_path / "snapshots" / BEGUN).stat().st_mtime_ns == begun
    assert not list((tmp_path / "snapshots" / "canteen").glob(".*"))


def test_the_companys_own_names_stand(halcyon):
    """A figure that is called as one of the company's is left out; its dataset too."""
    catalog = halcyon.catalog
    both = beside(catalog, catalog)
    assert set(both.metrics) == set(catalog.metrics)
    assert both.metrics["revenue"] is catalog.metrics["revenue"]
    assert set(both.datasets) == set(catalog.datasets)
