"""`insights catalog check`: everything that is wrong or could mean two things, without raising."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from insights.catalog.checking import check
from insights.demo.company import LEAST_ROWS, make
from insights.warehouse.duckdb import DuckDB


def test_definitions_without_a_mistake_have_no_problem(shop) -> None:
    """The shop passes."""
    assert check(shop.write(), shop.columns) == ()


def test_mistakes_are_listed_by_file_and_line(shop) -> None:
    """What `read` would raise, as a list in order."""
    folder = shop.write(model=shop.model.replace("expression: status}", "expression: statsu}").replace("SUM(orders.amount)", "SUM(orders.amout)"))
    problems = check(folder, shop.columns)
    assert len(problems) == 2
    assert [p.line for p in problems] == sorted(p.line for p in problems)
    assert check(folder / "nowhere", shop.columns)[0].message == "does not exist."


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("    label: Revenue", "    label: Orders", 10, "'orders' also means metric 'revenue'"),
        ("synonyms: [territory, area]", "synonyms: [territory, email]", 28, "'email' also means field 'customers.email'"),
        ("EMEA: [europe]", "EMEA: [europe, asia]", 28, "'asia' also means value 'EMEA'"),
    ],
)
def test_words_that_mean_two_things_are_told(shop, old: str, new: str, line: int, message: str) -> None:
    """Two metrics, two fields of one dataset, two values of one field."""
    assert old in shop.overlay
    (problem,) = check(shop.write(overlay=shop.overlay.replace(old, new)), shop.columns)
    assert message in problem.message
    assert problem.suggestion


def test_what_a_name_merely_suggests_gives_way(shop) -> None:
    """`tz` may be called a time zone until another field is; two fields that only may be called so are no mistake, and one that is said to be is alone."""

    def model(*names: str) -> str:
        field = "          - {name: cost, expression: {dialects: [{dialect: ANSI_SQL, expression: cost}]}}\n"
        return shop.model.replace(field, field + "".join(field.replace("name: cost", f"name: {name}") for name in names))

    def synonyms(name: str, **files: str) -> tuple[str, ...]:
        return shop.read(**files).datasets["orders"].fields[name].synonyms

    both = model("tz", "tzone")
    assert synonyms("tz", model=both, overlay="") == synonyms("tzone", model=both, overlay="") == ("time zone",)
    assert check(shop.write(model=both, overlay=""), shop.columns) == ()
    assert synonyms("tz", model=model("tz", "time_zone"), overlay="") == ()
    declared = "fields: {orders.tzone: {label: Clock, synonyms: [time zone]}}"
    assert synonyms("tz", model=both, overlay=declared) == ()
    assert synonyms("tzone", model=both, overlay=declared) == ("time zone", "tzone")
    assert check(shop.write(model=both, overlay=declared), shop.columns) == ()


def test_a_time_that_holds_text_is_told(shop) -> None:
    """It can be grouped by, but no period applies to it; the way out is named."""
    model = shop.model.replace("{name: status, expression", "{name: status, description: x, expression").replace(
        "dimension: {is_time: false}", "dimension: {is_time: true}"
    )
    (problem,) = check(shop.write(model=model, overlay=""), shop.columns)
    assert (problem.file, "TRY_CAST" in problem.suggestion) == (str(shop.folder / "model.yaml"), True)


def test_the_demo_company_has_no_problem(tmp_path: Path) -> None:
    """Its definitions fit the data that is made for them, and no word in them means two things."""
    company = make(tmp_path, rows=LEAST_ROWS)
    with closing(DuckDB(allowed=[str(tmp_path)])) as engine:
        assert check(company.folder, engine.columns) == ()
