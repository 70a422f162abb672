"""The same seed makes the same bytes, of the size that was asked for, and never half a company."""

from __future__ import annotations

import hashlib

import duckdb
import pytest

from insights import demo
from insights.demo import chance, company

SMALL = 20_000


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small company and its fingerprint."""
    folder = tmp_path_factory.mktemp("small")
    demo.make(folder, rows=SMALL, threads=1)
    return folder


def _digests(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_makes_the_same_bytes_on_any_number_of_threads(small, tmp_path):
    """Every file of a second run on two threads has the SHA-256 of the first run on one."""
    demo.make(tmp_path, rows=SMALL, threads=2)
    assert _digests(tmp_path) == _digests(small)


def test_months_made_one_by_one_are_the_months_made_together(small, tmp_path, monkeypatch):
    """How many months share a statement, which follows from the size, does not show in the rows of any file nor in their order."""
    monkeypatch.setattr(company, "_batches", lambda months, rows: [range(1), range(1, 3), range(3, months)])
    demo.make(tmp_path, rows=SMALL)
    mine, other = _digests(tmp_path), _digests(small)
    assert mine.keys() == other.keys()
    for name in mine:
        if mine[name] != other[name]:
            # The engine writes "no NULL here" in more than one way.
            assert name.endswith(".parquet")
            assert duckdb.sql(f"FROM '{tmp_path}/{name}'").fetchall() == duckdb.sql(f"FROM '{small}/{name}'").fetchall()


def test_another_seed_makes_other_data(small, tmp_path):
    """The facts differ file by file; the definitions are the same."""
    demo.make(tmp_path, rows=SMALL, seed=2)
    mine, other = _digests(tmp_path), _digests(small)
    assert mine.keys() == other.keys()
    same = {name for name in mine if mine[name] == other[name]}
    assert not any("year=" in name for name in same)
    assert {"model.yaml", "assistant.yaml", "organization.yaml", "truth.yaml"} <= same


def test_the_seed_tells_the_numbers_it_always_told(small):
    """Numbers noted when the company was founded: documents and conversations quote them, so change them on purpose only."""
    orders = f"read_parquet('{small}/data/orders/*/*/*.parquet')"
    sessions = f"read_parquet('{small}/data/sessions/*/*/*.parquet')"
    assert duckdb.sql(f"SELECT count(*), sum(amount_usd)::VARCHAR FROM {orders}").fetchall() == [(7334, "94348.07")]
    assert duckdb.sql(f"SELECT count(*), round(sum(minutes), 1) FROM {sessions}").fetchall() == [(9289, 468138.2)]


@pytest.mark.parametrize("rows", [5_000, 100_000])
def test_there_are_about_as_many_rows_as_asked_for(tmp_path, rows):
    """Within four percent, over all facts, counted in the files."""
    made = demo.make(tmp_path, rows=rows)
    counted = {table: duckdb.sql(f"SELECT count(*) FROM read_parquet('{tmp_path}/data/{table}/*/*/*.parquet')").fetchall()[0][0] for table in made.tables}
    assert counted == dict(made.tables)
    assert sum(counted.values()) == pytest.approx(rows, rel=0.04)


def test_every_fact_has_a_folder_for_each_of_36_months(small):
    """Hive partitions from June 2023 to May 2026, one file each; the tests only have those in which they ran."""
    for table in ("orders", "sessions", "subscriptions", "ads", "marketing", "contacts"):
        months = sorted(str(path.parent.relative_to(small / "data" / table)) for path in (small / "data" / table).rglob("*.parquet"))
        assert len(months) == 36
        assert months[0] == "year=2023/month=06"
        assert months[-1] == "year=2026/month=05"
    assert len(list((small / "data" / "checkout_test").rglob("*.parquet"))) == 2


def test_a_company_that_stands_is_recognised(small, tmp_path, monkeypatch):
    """Same numbers: it stands. Other numbers, an empty folder or another version of the package: it does not."""
    found = demo.standing(small, rows=SMALL)
    assert found is not None
    assert found.model == small / "model.yaml"
    assert demo.standing(small, rows=SMALL + 1) is None
    assert demo.standing(small, rows=SMALL, seed=2) is None
    assert demo.standing(tmp_path, rows=SMALL) is None
    monkeypatch.setattr(company, "_edition", lambda: "another")
    assert demo.standing(small, rows=SMALL) is None


def test_definitions_that_somebody_edited_are_left_alone(small):
    """People try things out on the demo company: an edited overlay still stands."""
    overlay = small / "assistant.yaml"
    before = overlay.read_bytes()
    overlay.write_bytes(before + b"# edited\n")
    assert demo.standing(small, rows=SMALL) is not None
    overlay.write_bytes(before)


def test_a_run_that_broke_off_left_no_company(tmp_path):
    """An interrupted run is not mistaken for a company, whatever it wrote."""

    def break_off(done, total, what):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.make(tmp_path, rows=5_000, progress=break_off)
    assert demo.standing(tmp_path, rows=5_000) is None


def test_progress_runs_to_the_end(tmp_path):
    """Steps never go back, and the last one is the whole."""
    seen = []
    demo.make(tmp_path, rows=5_000, progress=lambda done, total, what: seen.append((done, total, what)))
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert seen[-1][0] == seen[-1][1]
    assert all(what for _, _, what in seen)


def test_a_size_that_cannot_be_made_is_refused_with_the_sizes_that_can():
    """Too few rows for the stories, or more than were ever tried."""
    for rows in (10, 1_000_000_000):
        with pytest.raises(ValueError, match="between 5,000 and 200,000,000"):
            demo.make("nowhere", rows=rows)


def test_months_are_made_together_only_while_they_fit(tmp_path):
    """Two million rows at a time: the default at once, the largest month by month."""
    assert company._batches(36, 2_000_000) == [range(36)]
    assert company._batches(36, 20_000_000)[0] == range(3)
    assert len(company._batches(36, 200_000_000)) == 36


def test_chance_is_the_same_in_python_and_in_sql():
    """Both give one number for one row, column and seed, also for the largest row numbers that the largest company has."""
    engine = duckdb.connect()
    engine.execute("SET VARIABLE seed = ?", [chance.folded(7)])
    engine.execute(chance.MACROS)
    rows = [0, 1, 2, 1_000_003, 4_000_000 * 64 + 36, 2 * (4_000_000 * 64 + 36) + 1]
    for row in rows:
        for column in (1, 77, 821):
            ((told,),) = engine.execute("SELECT chance(?, ?)", [row, column]).fetchall()
            assert told == chance.chance(row, column, 7)
    engine.close()


def test_chance_is_even_and_unrelated_between_columns_and_rows():
    """Over 100,000 rows: chi-squared of 100 bins under its 99.9 % point of 148.2, correlations within four standard errors of none."""
    engine = duckdb.connect()
    engine.execute("SET VARIABLE seed = ?", [chance.folded(1)])
    engine.execute(chance.MACROS)
    ((chi,),) = engine.execute(
        "SELECT sum((n - 1000) ** 2 / 1000) FROM (SELECT count(*) AS n FROM range(100000) AS r(i) GROUP BY floor(chance(i, 3) * 100))"
    ).fetchall()
    assert chi < 148.2
    related = engine.execute(
        "SELECT corr(chance(i, 3), chance(i, 4)), corr(chance(i, 3), chance(i + 1, 3)), corr(chance(i, 3), chance(i * 64, 3)) FROM range(100000) AS r(i)"
    ).fetchall()
    assert max(map(abs, related[0])) < 4 / 100_000**0.5
    engine.close()
