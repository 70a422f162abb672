"""Definitions written as Ossie and read again, and versions of definitions compared."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

import insights
from insights import wiring
from insights.catalog.differences import differences
from insights.cli import main
from insights.comparing import compare
from insights.errors import InsightsError
from insights.requests import MetricQuestion

SAMPLE = Path(__file__).parents[1] / "external" / "metricflow"


def answers(place, home):
    """What every metric comes to, in total, by its first dimension and by month, and what it is called."""
    with closing(insights.open(place, home=home)) as assistant:
        catalog, parts = assistant.catalog, assistant._parts
        grant = parts.permit.unrestricted()
        found = {}
        for name, metric in catalog.metrics.items():
            dimensions = [str(f.id) for f in catalog.datasets[metric.datasets[0]].fields.values() if f.role == "dimension"][:1]
            found[name, "called"] = (metric.label, metric.owner, metric.certified, metric.unit)
            for request in (
                MetricQuestion(metrics=(name,)),
                MetricQuestion(analysis="breakdown", metrics=(name,), group_by=tuple(dimensions)),
                MetricQuestion(analysis="series", metrics=(name,), grain="month"),
            ):
                try:
                    answer = parts.questions.answer(request, grant)
                    found[name, request.analysis] = [rounded(row) for row in answer.rows]
                except InsightsError as error:
                    found[name, request.analysis] = str(error)
        return found


def rounded(row):
    """A row with what every order of adding up has in common."""
    return {key: float(f"{value:.9g}") if isinstance(value, float) else value for key, value in row.items()}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The dbt sample project written as Ossie."""
    folder = tmp_path_factory.mktemp("exported")
    wiring.export(SAMPLE, folder)
    return folder


def test_a_dbt_project_answers_the_same_as_ossie(project, tmp_path) -> None:
    """Every metric of the manifest, filtered, cumulative or followed, comes to the same when it is read from the exported files."""
    before, after = answers(SAMPLE, tmp_path / "a"), answers(project, tmp_path / "b")
    assert len(before) > 100
    assert after == before


def test_the_demo_company_answers_the_same_as_ossie(company, tmp_path) -> None:
    """A catalog with policies, units, ratios and synonyms loses nothing on the way out and in."""
    wiring.export(company.folder, tmp_path / "exported")
    assert answers(tmp_path / "exported", tmp_path / "b") == answers(company.folder, tmp_path / "a")


def test_what_is_exported_differs_in_nothing(company, tmp_path) -> None:
    """No metric, field, relationship or policy is added, lost or changed by the way out and in."""
    wiring.export(company.folder, tmp_path / "exported")
    with closing(insights.open(company.folder, home=tmp_path / "a")) as old, closing(insights.open(tmp_path / "exported", home=tmp_path / "b")) as new:
        assert [str(one) for one in differences(old.catalog, new.catalog)] == []


MODEL = """
version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: orders
        source: orders.csv
        fields:
          - {name: region, expression: {dialects: [{dialect: ANSI_SQL, expression: region}]}, dimension: {is_time: false}}
          - {name: amount, expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}}
    metrics:
      - {name: revenue, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(orders.amount)}]}}
      - {name: largest, expression: {dialects: [{dialect: ANSI_SQL, expression: MAX(orders.amount)}]}}
"""
VERIFIED = """
version: 1
verified:
  - {ask: how much did we make, request: {analysis: value, metrics: [revenue]}}
  - {ask: what was the largest, request: {analysis: value, metrics: [largest]}}
"""


@pytest.fixture
def versions(tmp_path):
    """Two versions of a shop: revenue leaves out the North in the second, a metric and a field are renamed."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "orders.csv").write_text("region,amount\nNorth,10\nSouth,20\n")
        (folder / "assistant.yaml").write_text(VERIFIED)
    (old / "model.yaml").write_text(MODEL)
    changed = MODEL.replace("SUM(orders.amount)", "SUM(orders.amount) FILTER (WHERE orders.region <> 'North')").replace("name: region,", "name: area,")
    (new / "model.yaml").write_text(changed.replace("orders.region", "orders.area") + "\n")
    return old, new


def test_a_comparison_names_answers_that_change(versions) -> None:
    """Only the verified question whose value is another now is listed, with both values."""
    _, changed = compare(*versions)
    assert [(one.ask, one.before, one.after) for one in changed] == [("how much did we make", "30", "20")]


def test_a_comparison_names_what_was_added_removed_and_changed(versions) -> None:
    """A renamed field is one removed and one added; the metric says its expression before and after."""
    found, _ = compare(*versions)
    assert [(one.how, one.what) for one in found] == [("changed", "metric revenue"), ("removed", "field orders.region"), ("added", "field orders.area")]
    assert "SUM(orders.amount)" in found[0].detail


def test_the_commands_write_and_compare(versions, tmp_path, capsys) -> None:
    """`catalog export` writes files that `catalog diff` finds no difference in; a changed answer gives status 1."""
    old, new = versions
    main(["catalog", "export", str(old), "--to", "ossie", "-o", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as same:
        main(["catalog", "diff", str(old), str(tmp_path / "out")])
    with pytest.raises(SystemExit) as other:
        main(["catalog", "diff", str(old), str(new)])
    assert (same.value.code, other.value.code) == (0, 1)
    assert "answer changes 'how much did we make': 30" in capsys.readouterr().out


def test_standing_files_are_not_overwritten(versions, tmp_path) -> None:
    """Without --force an export into a catalog's own folder is refused."""
    old, _ = versions
    shutil.copytree(old, tmp_path / "copy")
    with pytest.raises(SystemExit):
        main(["catalog", "export", str(old), "--to", "ossie", "-o", str(tmp_path / "copy")])
