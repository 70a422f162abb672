"""What the company's own models predict is asked for like any other figure, and always told as a prediction."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import pytest

from insights import Turn, wiring
from insights.answers import Prediction
from insights.errors import WrongCatalog

MODEL = """
version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: predictions
        source: predictions.csv
        primary_key: [id]
        fields:
          - {name: id, expression: {dialects: [{dialect: ANSI_SQL, expression: id}]}}
          - {name: day, expression: {dialects: [{dialect: ANSI_SQL, expression: day}]}, dimension: {is_time: true}}
          - {name: region, expression: {dialects: [{dialect: ANSI_SQL, expression: region}]}, dimension: {is_time: false}}
          - {name: amount, expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}}
    metrics:
      - {name: demand, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(predictions.amount)}]}}
"""
OVERLAY = """
version: 1
today: 2026-05-31
metrics: {demand: {label: Planned demand, unit: USD, good: up, time: predictions.day}}
models:
  demand_net: {metric: demand, owner: data science, trained_through: 2026-04-30, error: 8%, error_measure: MAPE over 2025}
"""


def shop(folder, overlay=OVERLAY):
    """A shop whose demand is predicted by day and region."""
    (folder / "model.yaml").write_text(MODEL)
    (folder / "assistant.yaml").write_text(overlay)
    rows = [f"{n},2026-0{month}-1{n % 10},{'North' if n % 2 else 'South'},{100 + n}" for n, month in enumerate([5] * 10 + [6] * 10)]
    (folder / "predictions.csv").write_text("\n".join(["id,day,region,amount", *rows]) + "\n")
    return folder


def test_a_prediction_is_asked_for_like_any_figure_and_told_as_one(tmp_path) -> None:
    """With whose it is, what it learned from and how far off it was; also for days to come."""
    with closing(wiring.open_catalog(shop(tmp_path), home=tmp_path / "home")) as assistant:
        reply = assistant.reply(Turn("planned demand by region in June 2026"))
        assert {row["region"]: row["demand"] for row in reply.answer.rows} == {
            "North": sum(100 + n for n in range(10, 20) if n % 2),
            "South": sum(100 + n for n in range(10, 20) if not n % 2),
        }
        assert reply.answer.definition[0].prediction == Prediction(
            model="demand net", owner="data science", trained_through=date(2026, 4, 30), error=0.08, measure="MAPE over 2025"
        )
        assert reply.answer.definition[0].owner == "data science"
        assert "Predicted by demand net (data science), trained through April 30, 2026; its error is 8% (MAPE over 2025)" in reply.text
        assert "That is a prediction, whose error is 8 percent." in reply.speech


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("owner: data science, ", ""), "needs 'owner'"),
        (("2026-04-30", "last spring"), "is not a day"),
        (("error: 8%", "error: small"), "is no error"),
        (("metric: demand", "metric: demnad"), "demnad"),
        (("error_measure", "measure"), "error_measure"),
    ],
)
def test_what_is_left_out_of_a_model_is_said_with_its_line(tmp_path, changed, said) -> None:
    """Nothing is published as a prediction of which not everything is known."""
    with pytest.raises(WrongCatalog) as wrong:
        wiring.open_catalog(shop(tmp_path, OVERLAY.replace(*changed)), home=tmp_path / "home")
    assert said in str(wrong.value)
    assert "assistant.yaml" in str(wrong.value)
