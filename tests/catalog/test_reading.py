"""Reading right definitions: what the catalog holds afterwards."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from insights.catalog import read
from insights.catalog.model import Aggregation, ColumnRef, FieldId
from insights.errors import WrongCatalog


def test_the_whole_overlay_of_the_design_is_read(shop) -> None:
    """Everything that assistant.yaml may say ends up in the catalog."""
    catalog = shop.read()
    assert (catalog.name, catalog.locale, catalog.timezone, catalog.week_starts) == ("shop", "en-US", "America/New_York", "monday")
    assert (catalog.fiscal_year_starts, catalog.fiscal_periods, catalog.today, catalog.minimum_group) == (2, False, date(2026, 5, 31), 5)
    assert catalog.events == {"launch": date(2025, 3, 1)}
    assert catalog.access == {"confidential": ("finance", "board")}
    assert catalog.policies[0].where == {"region": "{person.region}"}
    assert catalog.verified[0].request == {"analysis": "value", "metrics": ["revenue"], "period": "last month"}
    assert catalog.verified[0].expect == 12.5
    assert catalog.datasets["customers"].personal
    assert catalog.datasets["orders"].currency is not None
    assert catalog.datasets["orders"].currency.field == FieldId("orders", "status")
    assert catalog.datasets["orders"].timezone == "UTC"
    revenue = catalog.metrics["revenue"]
    assert (revenue.label, revenue.unit, revenue.good, revenue.owner, revenue.certified) == ("Revenue", "USD", "up", "finance", True)
    assert revenue.target == {"2026": 48000000}
    assert revenue.synonyms == ("sales",)
    region = catalog.fields[FieldId("customers", "region")]
    assert region.values == {"EMEA": ("europe",), "APAC": ("asia pacific", "asia")}
    assert region.synonyms == ("territory", "area")


def test_a_bare_model_is_enough(shop) -> None:
    """Without assistant.yaml the catalog is read with labels made from names and nothing restricted."""
    catalog = shop.read(overlay="")
    assert catalog.metrics["revenue"].label == "revenue"
    assert catalog.metrics["revenue"].time == FieldId("orders", "ordered_on")
    assert catalog.policies == ()
    assert catalog.fields[FieldId("orders", "amount")].aggregates == ("sum", "avg", "median", "min", "max")
    assert not catalog.fields[FieldId("orders", "amount")].aggregates_declared


def test_a_model_file_may_be_named_in_place_of_its_folder(shop) -> None:
    """The overlay beside a named model file counts too."""
    folder = shop.write()
    assert read(folder / "model.yaml", columns=shop.columns) == read(folder, columns=shop.columns)
    assert read(folder, columns=shop.columns, today=date(2030, 1, 1)).today == date(2030, 1, 1)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("orders.id", "key"),
        ("orders.customer_id", "key"),
        ("orders.ordered_on", "time"),
        ("orders.status", "dimension"),
        ("orders.amount", "fact"),
        ("orders.profit", "fact"),
        ("customers.id", "key"),
        ("customers.email", "dimension"),
        ("customers.region", "dimension"),
    ],
)
def test_each_field_gets_its_role(shop, name: str, role: str) -> None:
    """Joining columns are keys, is_time makes a time, numbers are facts unless they are grouped by, the rest are dimensions."""
    catalog = shop.read()
    assert catalog.fields[catalog.field_ids(name)[0]].role == role


def test_a_code_that_joins_and_is_declared_a_dimension_can_be_grouped_by(shop) -> None:
    """A text key with a `dimension` block, such as an airline's code, stays a dimension; a number does not."""
    joined = shop.model.replace(
        "name: email, expression: {dialects: [{dialect: ANSI_SQL, expression: email}]}",
        "name: email, dimension: {}, expression: {dialects: [{dialect: ANSI_SQL, expression: email}]}",
    )
    joined = joined.replace("from_columns: [customer_id], to_columns: [id]", "from_columns: [status], to_columns: [email]")
    fields = shop.read(model=joined).fields
    assert fields[FieldId("customers", "email")].role == "dimension"
    assert fields[FieldId("orders", "status")].role == "dimension"
    number = shop.model.replace("{name: customer_id, expression", "{name: customer_id, dimension: {is_time: false}, expression")
    assert shop.read(model=number).fields[FieldId("orders", "customer_id")].role == "key"


def test_the_filter_of_a_metric_goes_to_every_aggregate_and_its_parts_keep_theirs(shop) -> None:
    """average_order is revenue (filtered) over orders (not filtered), and shows no filter of its own that only one part has."""
    catalog = shop.read()
    where = (FieldId("orders", "status"), " <> 'test'")
    time = FieldId("orders", "ordered_on")
    total = Aggregation(function="sum", dataset="orders", operand=(FieldId("orders", "amount"),), where=where, time=time, money="amount")
    count = Aggregation(function="count", dataset="orders", operand=(FieldId("orders", "id"),), time=time)
    assert catalog.metrics["average_order"].formula == (total, " / NULLIF(", count, ", 0)")
    assert catalog.metrics["average_order"].filter is None
    assert catalog.metrics["double"].formula == (total, " * 2")
    assert catalog.metrics["double"].filter == "orders.status <> 'test'"
    assert catalog.metrics["double"].type == "derived"


def test_a_computed_field_keeps_its_columns_as_holes(shop) -> None:
    """The planner gets literal text and column holes, nothing to parse."""
    field = shop.read().fields[FieldId("orders", "profit")]
    assert field.expression == (ColumnRef("amount"), " - ", ColumnRef("cost"))
    assert field.kind == "number"


def test_a_field_may_be_made_of_another_field(shop) -> None:
    """A name that is no column but a field of the dataset is written in place, in parentheses."""
    profit = "          - {name: profit,"
    margin = "          - {name: margin, expression: {dialects: [{dialect: ANSI_SQL, expression: profit / amount}]}}\n"
    model = shop.model.replace(profit, margin + profit)
    field = shop.read(model=model).fields[FieldId("orders", "margin")]
    assert field.expression == ("(", ColumnRef("amount"), " - ", ColumnRef("cost"), ") / NULLIF(", ColumnRef("amount"), ", 0)")


def test_a_metric_may_read_a_column_that_is_no_field(shop) -> None:
    """The column becomes a hidden field: a key, which nobody is offered."""
    catalog = shop.read(model=shop.model.replace("SUM(orders.amount)", "SUM(orders.hidden)"))
    assert catalog.metrics["revenue"].aggregations[0].operand == (FieldId("orders", "hidden"),)
    assert catalog.fields[FieldId("orders", "hidden")].role == "key"


def test_a_part_of_a_ratio_keeps_its_own_time(shop) -> None:
    """Each aggregate carries the time that its own metric declares; the ratio's is that of its numerator."""
    status = "          - {name: status,"
    paid = "          - {name: paid_on, expression: {dialects: [{dialect: ANSI_SQL, expression: ordered_on}]}, dimension: {is_time: true}}\n"
    model = shop.model.replace(status, paid + status)
    overlay = (
        "metrics:\n  revenue: {time: orders.paid_on}\n  orders: {time: orders.ordered_on}\n  average: {type: ratio, numerator: revenue, denominator: orders}\n"
    )
    metric = shop.read(model=model, overlay=overlay).metrics["average"]
    assert [a.time for a in metric.aggregations] == [FieldId("orders", "paid_on"), FieldId("orders", "ordered_on")]
    assert metric.time == FieldId("orders", "paid_on")
    alone = shop.read(model=model, overlay="").metrics["revenue"]
    assert alone.time is None, "two time fields and nothing said: not guessed"
    chosen = shop.read(model=model, overlay="datasets: {orders: {time: paid_on}}").metrics["revenue"]
    assert chosen.time == FieldId("orders", "paid_on")


def test_nothing_made_of_confidential_parts_is_less_confidential(shop) -> None:
    """A ratio without a sensitivity of its own has the highest of its parts."""
    overlay = "metrics:\n  revenue: {sensitivity: confidential}\n  average: {type: ratio, numerator: revenue, denominator: orders}\n"
    assert shop.read(overlay=overlay).metrics["average"].sensitivity == "confidential"


def test_words_yaml_takes_for_booleans_stay_words(shop) -> None:
    """Norway's code, and labels that look like numbers or switches, are text."""
    overlay = "fields:\n  customers.region: {label: 2024, synonyms: [on, 1], values: {NO: [norway, yes]}}\n"
    region = shop.read(overlay=overlay).fields[FieldId("customers", "region")]
    assert (region.label, region.synonyms[:2], dict(region.values)) == ("2024", ("on", "1"), {"NO": ("norway", "yes")})


def test_a_policy_may_list_values_and_holidays_may_be_dates(shop) -> None:
    """Values of a policy keep their kinds; own holidays are read in either order, a country's are left out."""
    overlay = "policies: [{dataset: customers, roles: [a], where: {region: [EMEA, 3]}}]\nholidays: {country: US, 2026-12-24: Eve, Summer party: 2026-07-03}\n"
    catalog = shop.read(overlay=overlay)
    assert catalog.policies[0].where == {"region": ("EMEA", 3)}
    assert catalog.holidays == {date(2026, 12, 24): "Eve", date(2026, 7, 3): "Summer party"}


def test_the_version_changes_with_either_file(shop) -> None:
    """The digest names the definitions: the same text the same, any change another."""
    first, again = shop.read().version, shop.read().version
    assert first == again
    assert shop.read(overlay=shop.overlay + "# more\n").version != first
    assert shop.read(model=shop.model + "# more\n").version != first


@pytest.mark.parametrize(
    ("source", "paths", "format_", "hive"),
    [
        ("data/orders.parquet", ("data/orders.parquet",), "parquet", False),
        ("data/*/orders.csv", ("data/*/orders.csv",), "csv", False),
        ("s3://bucket/orders", ("s3://bucket/orders/**/*.parquet",), "parquet", True),
        ("s3://bucket/year=*/orders.parquet", ("s3://bucket/year=*/orders.parquet",), "parquet", True),
    ],
)
def test_a_source_names_files_relative_to_the_model(shop, source: str, paths: tuple[str, ...], format_: str, hive: bool) -> None:
    """Paths start at the model file, addresses stay as they are."""
    catalog = read(
        shop.write(model=shop.model.replace("data/orders.parquet", source), overlay=""),
        columns=lambda s: {**shop.columns(s)} if "customers" in str(s) else ORDERS,
    )
    read_from = catalog.datasets["orders"].source
    assert read_from.paths == tuple(p if "://" in p else str(shop.folder / p) for p in paths)
    assert (read_from.format, read_from.hive) == (format_, hive)


ORDERS = {"id": "number", "customer_id": "number", "ordered_on": "date", "status": "text", "amount": "number", "cost": "number"}
CUSTOMERS = {"id": "number", "email": "text", "region": "text"}


def test_a_folder_is_read_as_the_files_in_it_are(shop) -> None:
    """What lies in the folder tells the format, and whether its folders are columns."""
    place = shop.folder / "data" / "orders" / "year=2024"
    place.mkdir(parents=True)
    (place / "a.csv").write_text("id\n1\n")
    catalog = read(
        shop.write(model=shop.model.replace("data/orders.parquet", "data/orders"), overlay=""),
        columns=lambda s: ORDERS if "customers" not in str(s) else shop.columns(s),
    )
    source = catalog.datasets["orders"].source
    assert (source.paths, source.format, source.hive) == ((str(shop.folder / "data/orders/**/*.csv"),), "csv", True)


def test_a_name_without_slash_or_ending_is_a_table_of_the_engine(shop) -> None:
    """`sales.public.orders` is looked up by the engine."""
    columns = lambda s: ORDERS if s.table == "sales.public.orders" else shop.columns(s)  # noqa: E731
    catalog = read(shop.write(model=shop.model.replace("data/orders.parquet", "sales.public.orders"), overlay=""), columns=columns)
    assert catalog.datasets["orders"].source.table == "sales.public.orders"


def test_a_draft_of_the_next_version_is_read_with_what_it_adds(shop) -> None:
    """0.2 declares types, makes temporal ones times unless that is denied, lets any vendor extend, and may have keys we do not know."""
    model = (
        shop.model.replace('"0.1.1"', "0.2.0.dev0")
        .replace("dimension: {is_time: true}", "datatype: Date")
        .replace("      - name: customers\n", "      - name: customers\n        brand_new: 1\n        custom_extensions: [{vendor_name: ACME, data: '{}'}]\n")
    )
    catalog = shop.read(model=model)
    assert catalog.fields[FieldId("orders", "ordered_on")].role == "time"
    denied = model.replace("datatype: Date", "datatype: Date, dimension: {is_time: false}")
    overlay = "metrics: {revenue: {unit: USD}}"
    assert shop.read(model=denied, overlay=overlay).fields[FieldId("orders", "ordered_on")].role == "dimension"


def test_a_missing_folder_or_model_is_a_problem_not_a_traceback(tmp_path: Path) -> None:
    """The path is named, with what to do."""
    for path in (tmp_path, tmp_path / "nothing.yaml"):
        with pytest.raises(WrongCatalog) as caught:
            read(path, columns=dict)
        assert str(path) in str(caught.value)
        assert caught.value.problems[0].suggestion


def test_definitions_of_the_usual_shapes_load_no_sql_library(shop) -> None:
    """A cold start reads them without importing sqlglot."""
    shop.write(overlay="")
    code = (
        "import sys; from pathlib import Path; from insights.catalog import read\n"
        f"columns = lambda s: {ORDERS!r} if 'orders' in s.paths[0] else {CUSTOMERS!r}\n"
        f"read(Path({str(shop.folder)!r}), columns=columns)\n"
        "sys.exit('sqlglot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
