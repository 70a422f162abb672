"""The benchmarks work, at a size at which their figures mean nothing; nothing here asserts a time."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from benchmarks import figures, run
from benchmarks.by_hand import difference, our_settings
from benchmarks.figures import Median, median, percentile
from benchmarks.questions import questions, tables, utterances
from insights.answers import Column, MetricAnswer
from insights.turns import Reply

pytestmark = pytest.mark.xdist_group("benchmarks")  # one process: the run is made once


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with figures, made by one small run."""
    folder = tmp_path_factory.mktemp("bench")
    page = folder / "page.md"
    page.write_text(f"# Speed\n\n{run.BEGIN}\nold figures\n{run.END}\n\nThe rest.\n", encoding="utf-8")
    run.main(["--rows", "20000", "--folder", str(folder / "company"), "--repetitions", "2", "--cold", "1", "--write", str(page)])
    return page.read_text(encoding="utf-8")


def test_one_run_measures_everything_and_writes_it_into_the_page(page):
    """Every question, stage and kind of process has its line, the old figures are gone, and the rest of the page stays."""
    assert "old figures" not in page
    assert page.startswith("# Speed")
    assert page.endswith("The rest.\n")
    for name in ("understanding, p99", "planning, p95", "`import skill.handler`, CPU", "| skill |", "| shell |", "| word |", "| **all** |"):
        assert name in page
    for question in questions():
        assert f"| {question.ask} |" in page


def test_another_size_says_nothing_about_the_target_of_ten_million_rows(page):
    """The ratio's target is neither met nor missed by a small company."""
    line = next(line for line in page.splitlines() if "hand-written SQL at" in line)
    assert line.endswith("| - |")


def test_a_page_without_a_place_is_left_alone(tmp_path):
    """Figures are never put into a page that did not ask for them."""
    page = tmp_path / "page.md"
    page.write_text("# Mine\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="no place for the figures"):
        run.put("figures", page)
    assert page.read_text(encoding="utf-8") == "# Mine\n"


def test_the_interval_of_a_median_is_that_of_the_published_table():
    """For 20 values the 6th and the 15th enclose the median (Conover, table A3: binomial with p = 1/2); 5 values are too few for 95 %."""
    values = [float(n) for n in range(1, 21)]
    assert median(values) == Median(value=10.5, low=6.0, high=15.0)
    assert median(values[:6]) == Median(value=3.5, low=1.0, high=6.0)
    assert median(values[:5]).low is None


def test_a_wide_interval_is_not_measurable():
    """A tenth is the most; without an interval there is nothing to say either."""
    assert Median(value=1.0, low=0.95, high=1.04).measurable
    assert not Median(value=1.0, low=0.9, high=1.04).measurable
    assert not Median(value=1.0, low=None, high=None).measurable


def test_a_percentile_is_one_of_the_values():
    """Nearest rank: the 99th of a hundred is the second largest."""
    values = list(range(1, 101))
    assert (percentile(values, 50), percentile(values, 95), percentile(values, 99)) == (50, 95, 99)
    assert percentile([7], 99) == 7


def _reply(*rows: dict[str, object]) -> Reply:
    columns = (Column(name="region", label="Region", role="dimension"), Column(name="revenue", label="Revenue", role="metric"))
    answer = MetricAnswer(analysis="breakdown", value=None, unit=None, columns=columns, rows=rows, definition=(), source="", engine="")
    return Reply(outcome="understood", utterance="", speech="", text="", answer=answer)


def test_answers_that_differ_from_the_sql_are_found():
    """Another number, a missing row, a missing column and a refusal each count; the order of rows and the last crumb of a fraction do not."""
    columns = ("region", "revenue")
    reply = _reply({"region": "EMEA", "revenue": 2.0}, {"region": None, "revenue": 1.0})
    assert difference(reply, columns, [(None, 1.0), ("EMEA", 2.0 + 1e-12)]) is None
    assert difference(reply, columns, [(None, 1.0), ("EMEA", 2.1)]) is not None
    assert difference(reply, columns, [("EMEA", 2.0)]) is not None
    assert difference(reply, ("region", "orders"), [(None, 1.0), ("EMEA", 2.0)]) is not None
    assert difference(Reply(outcome="denied", utterance="", speech="", text="No."), columns, []) is not None


def test_the_analyst_has_the_settings_of_the_assistants_engine():
    """Threads, memory and what is kept of Parquet files are read from our engine, so that they cannot drift apart."""
    assert {"threads", "memory_limit", "parquet_metadata_cache"} <= set(our_settings())


def test_partitioned_tables_are_read_with_their_partitions(tmp_path: Path):
    """A folder is read with Hive partitioning, a file as it is."""
    (tmp_path / "orders").mkdir()
    (tmp_path / "regions.parquet").touch()
    found = tables(tmp_path)
    assert found["orders"].endswith("orders/**/*.parquet', hive_partitioning = true)")
    assert found["regions"].endswith("regions.parquet')")


def test_no_utterance_stands_twice():
    """Percentiles would count it twice."""
    assert len(set(utterances())) == len(utterances()) > 60


def test_the_page_of_figures_has_a_place_for_them():
    """`--write docs/benchmarks.md` finds its marks."""
    page = (run.ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert page.index(run.BEGIN) < page.index(run.END)


@pytest.mark.parametrize("module", [figures], ids=["figures"])
def test_examples_give_what_they_show(module):
    """Docstrings of what computes figures are run."""
    found = doctest.testmod(module)
    assert found.attempted > 1
    assert found.failed == 0
