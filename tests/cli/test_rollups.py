"""`insights rollups`: declared, built, read, renewed by `insights work`, and proposed."""

from __future__ import annotations

import os

import pytest
import yaml

from insights.cli import main

SALES = "day,region,amount\n2026-05-01,north,10\n2026-05-02,south,20\n2026-06-01,north,40\n"


@pytest.fixture
def shop(home, tmp_path, monkeypatch):
    """A catalog over one file of sales, with a rollup, and a home of its own."""
    monkeypatch.setenv("INSIGHTS_HOME", str(tmp_path / "own"))
    (tmp_path / "sales.csv").write_text(SALES)
    main(["catalog", "scaffold", str(tmp_path / "sales.csv"), "-o", str(tmp_path / "shop")])
    overlay = tmp_path / "shop" / "assistant.yaml"
    written = yaml.safe_load(overlay.read_text())
    written["today"] = "2026-06-30"
    written["rollups"] = [{"name": "daily", "metrics": [next(iter(written["metrics"]))], "by": ["region"]}]
    overlay.write_text(yaml.safe_dump(written, sort_keys=False).replace("'2026-06-30'", "2026-06-30"))
    return tmp_path / "shop"


def test_a_rollup_is_built_read_and_renewed(shop, run, tmp_path):
    """Three rows in two months; a fourth row makes the file's months anew."""
    assert "not built" in run("rollups", "list", "--catalog", shop).out
    assert run("rollups", "build", "--catalog", shop).out == "daily of sales: 3 rows in 2 parts, 2 of them new\n"
    assert "sales: ready" in run("rollups", "list", "--catalog", shop).out
    asked = run("ask", "--catalog", shop, "number of sales by region").out
    assert "• north: 2" in asked
    assert "kept ready as daily" in asked
    with (tmp_path / "sales.csv").open("a") as file:
        file.write("2026-06-02,south,80\n")
    os.utime(tmp_path / "sales.csv")
    assert "older than its rows" in run("rollups", "list", "--catalog", shop).out
    fresh = run("ask", "--catalog", shop, "number of sales by region").out
    assert "• south: 2" in fresh
    assert "kept ready" not in fresh
    assert run("rollups", "build", "--catalog", shop).out == "daily of sales: 4 rows in 2 parts, 2 of them new\n"
    assert "• south: 2" in (again := run("ask", "--catalog", shop, "number of sales by region").out)
    assert "kept ready as daily" in again


def test_an_unknown_rollup_is_named_with_the_nearest(shop, run):
    """And nothing is built."""
    ran = run("rollups", "build", "dayly", "--catalog", shop)
    assert ran.status == 2
    assert "daily" in ran.err


def test_what_was_asked_often_is_proposed_as_yaml(shop, run):
    """Too small a table is not worth it, and that is said."""
    for _ in range(3):
        run("ask", "--catalog", shop, "number of sales by region")
    assert "Nothing that was asked often enough" in run("rollups", "suggest", "--catalog", shop).out
    assert yaml.safe_load(run("rollups", "suggest", "--catalog", shop, "--format", "yaml").out) == {"rollups": []}
