"""dbt's semantic manifest read in place of a model file: what is read, what is refused and how that is said."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

import insights
from insights import checkup, wiring
from insights.catalog.dbt_where import template_of
from insights.catalog.model import FieldId
from insights.catalog.scopes import ExpressionError
from insights.settings import Settings
from insights.turns import Turn

ORDERS = "order_id,customer_id,amount,status,ordered_at\n1,a,10,paid,2026-01-05 09:30:00\n2,a,20,open,2026-01-20 10:00:00\n3,b,40,paid,2026-02-03 11:00:00\n"
CUSTOMERS = "customer_id,country\na,FR\nb,MX\n"


def measure(name, agg="sum", expr=None, **more):
    """A measure as dbt writes it."""
    return {"name": name, "agg": agg, "description": None, "create_metric": False, "expr": expr, "agg_params": None, **more}


def metric(name, kind="simple", *, where=None, **params):
    """A metric as dbt writes it."""
    given = {"where_filters": [{"where_sql_template": text} for text in where]} if where else None
    return {"name": name, "description": "", "type": kind, "type_params": params, "filter": given, "metadata": None, "label": None, "config": {"meta": {}}}


def of(name, **more):
    """The input of a metric."""
    return {"name": name, "filter": None, "alias": None, **more}


MEASURES = [measure("amount"), measure("orders", "count", "order_id"), measure("paid", "sum_boolean", "status = 'paid'")]
METRICS = [metric("revenue", measure=of("amount")), metric("orders", measure=of("orders")), metric("paid_orders", measure=of("paid"))]


def manifest(*metrics, measures=(), dimensions=(), entities=(), saved=()):
    """A project of orders and customers, with more of what is given."""
    relation = {"schema_name": "main", "database": "shop", "relation_name": ""}
    time = {"name": "ordered_at", "type": "time", "type_params": {"time_granularity": "day", "validity_params": None}, "expr": None}
    return {
        "semantic_models": [
            {
                "name": "orders",
                "defaults": {"agg_time_dimension": "ordered_at"},
                "description": "What customers ordered.",
                "node_relation": {"alias": "fct_orders", **relation},
                "primary_entity": None,
                "entities": [
                    {"name": "order", "type": "primary", "expr": "order_id"},
                    {"name": "customer", "type": "foreign", "expr": "customer_id"},
                    *entities,
                ],
                "measures": [*MEASURES, *measures],
                "dimensions": [time, {"name": "status", "type": "categorical", "expr": None, "label": "Order status"}, *dimensions],
            },
            {
                "name": "customers",
                "node_relation": {"alias": "dim_customers", **relation},
                "entities": [{"name": "customer", "type": "primary", "expr": "customer_id"}],
                "dimensions": [{"name": "country", "type": "categorical", "expr": None}],
                "measures": [],
            },
        ],
        "metrics": [*METRICS, *metrics],
        "project_configuration": {"time_spines": [{"custom_granularities": [{"name": "season"}]}]},
        "saved_queries": list(saved),
    }


@pytest.fixture
def shop(tmp_path):
    """Writes a manifest with its data and says where."""

    def write(document, overlay="", *, indent=None):
        (tmp_path / "semantic_manifest.json").write_text(json.dumps(document, indent=indent))
        (tmp_path / "fct_orders.csv").write_text(ORDERS)
        (tmp_path / "dim_customers.csv").write_text(CUSTOMERS)
        (tmp_path / "assistant.yaml").write_text(overlay or 'version: 1\nsources: "{table}.csv"\n')
        return tmp_path

    return write


def opened(place, home="home"):
    """An assistant over what was written."""
    return closing(insights.open(place, home=place / home))


def value(assistant, said):
    """What a question comes to."""
    return assistant.reply(Turn(said)).answer.value


def left_out(place):
    """What `catalog check` says is left out, without its places."""
    return [problem.message for problem in wiring.check(place) if "also means" not in problem.message]


def test_a_manifest_answers_questions(shop) -> None:
    """Counts, sums and sums of conditions, joined to another model, are answered as hand arithmetic has them."""
    with opened(shop(manifest())) as assistant:
        assert [value(assistant, said) for said in ("revenue", "orders", "paid orders", "revenue in January 2026", "revenue in MX")] == [70, 3, 2, 30, 40]


def test_keys_times_and_words_come_from_the_project(shop) -> None:
    """Entities join, the default time carries periods, labels and descriptions are said; a measure is no field that people see."""
    with opened(shop(manifest())) as assistant:
        catalog = assistant.catalog
    (relationship,) = catalog.relationships
    assert (relationship.many, relationship.one, relationship.many_columns, relationship.one_columns) == (
        "orders",
        "customers",
        ("customer_id",),
        ("customer_id",),
    )
    assert catalog.datasets["orders"].primary_key == ("order_id",)
    assert catalog.metrics["revenue"].time == FieldId("orders", "ordered_at")
    assert catalog.fields[FieldId("orders", "status")].label == "Order status"
    assert catalog.fields[FieldId("orders", "paid")].role == "key"
    assert catalog.datasets["orders"].description == "What customers ordered."


def test_filters_hold_for_every_part(shop) -> None:
    """A filter of a measure, of an input and of the whole are one condition together; a ratio of filtered parts stays a ratio."""
    paid = {"where_filters": [{"where_sql_template": "{{ Dimension('order__status') }} = 'paid'"}]}
    share = metric(
        "paid_share", "ratio", numerator=of("revenue", filter=paid), denominator=of("revenue"), where=["{{ Dimension('customer__country') }} = 'FR'"]
    )
    gap = metric(
        "gap", "derived", expr="(everything - paid_part) / 2", metrics=[of("revenue", alias="everything"), of("revenue", alias="paid_part", filter=paid)]
    )
    with opened(shop(manifest(share, gap))) as assistant:
        assert value(assistant, "paid share") == pytest.approx(1 / 3)
        assert value(assistant, "gap") == 10


SPINE = {
    "node_relation": {"alias": "days", "schema_name": "main", "database": "shop"},
    "primary_column": {"name": "day", "time_granularity": "day"},
    "custom_granularities": [{"name": "fiscal_quarter", "column_name": "fq"}, {"name": "retail_month", "column_name": None}],
}
SHIPPED = {"name": "shipped_at", "type": "time", "type_params": {"time_granularity": "day"}, "expr": None}
DAYS = "day,fq,retail_month\n2026-01-05,FY26-Q1,P1\n2026-01-20,FY26-Q2,P1\n2026-02-03,FY26-Q2,P2\n"


def spined(document, spine):
    """The project with this time spine."""
    return document | {"project_configuration": {"time_spines": [spine]}}


def test_granularities_of_the_project_are_asked_by_and_filtered_on(shop) -> None:
    """An instant lies in the fiscal quarter of its day, as the table of days has it: 10 in the first, 20 + 40 in the second."""
    first = metric("first_quarter", measure=of("amount"), where=["{{ TimeDimension('metric_time', 'fiscal_quarter') }} = 'FY26-Q1'"])
    late = metric("late", measure=of("amount"), where=["{{ Dimension('order__ordered_at').grain('retail_month') }} = 'P2'"])
    place = shop(spined(manifest(first, late), SPINE))
    (place / "days.csv").write_text(DAYS)
    with opened(place) as assistant:
        answer = assistant.reply(Turn("revenue by fiscal quarter")).answer
        assert {row["fiscal_quarter"]: row["revenue"] for row in answer.rows} == {"FY26-Q1": 10, "FY26-Q2": 60}
        assert [value(assistant, said) for said in ("first quarter", "late", "revenue in P1")] == [10, 40, 30]
        assert FieldId("days", "day") in assistant.catalog.fields
        assert "granularit" not in " ".join(left_out(place))


def test_granularities_whose_days_cannot_be_read_are_left_out(shop) -> None:
    """Without their table, or where it is none of days, they are named, and the rest is answered."""
    document = manifest(metric("odd", measure=of("amount"), where=["{{ TimeDimension('metric_time', 'fiscal_quarter') }} = 'FY26-Q1'"]))
    for spine in (SPINE, SPINE | {"primary_column": {"name": "day", "time_granularity": "hour"}}, SPINE | {"node_relation": None}):
        place = shop(spined(document, spine))
        assert any("the granularities fiscal_quarter, retail_month are left out" in line for line in left_out(place))
        with opened(place) as assistant:
            assert "odd" not in assistant.catalog.metrics
            assert value(assistant, "revenue") == 70


def with_tiers(document, granularity="day"):
    """The project with the tiers of customers, each valid for a time."""
    ends = [
        {"name": name, "type": "time", "type_params": {"time_granularity": granularity, "validity_params": {"is_start": start, "is_end": not start}}}
        for name, start in (("valid_from", True), ("valid_to", False))
    ]
    tiers = {
        "name": "tiers",
        "node_relation": {"alias": "tiers", "schema_name": "main", "database": "shop"},
        "primary_entity": "tier_row",
        "entities": [{"name": "customer", "type": "natural", "expr": "customer_id"}],
        "dimensions": [{"name": "tier", "type": "categorical", "expr": None}, *ends],
        "measures": [],
    }
    return document | {"semantic_models": [*document["semantic_models"], tiers]}


TIERS = "customer_id,tier,valid_from,valid_to\na,tin,2026-01-01,2026-01-20\na,gold,2026-01-20,\nb,tin,2026-02-04,\n"


def test_rows_that_are_valid_for_a_time_are_joined_as_of_it(shop) -> None:
    """Customer a ordered 10 as tin, and 20 on the first day of gold; b had no tier yet."""
    gold = metric("gold_revenue", measure=of("amount"), where=["{{ Dimension('customer__tier') }} = 'gold'"])
    place = shop(with_tiers(manifest(gold)))
    (place / "tiers.csv").write_text(TIERS)
    with opened(place) as assistant:
        rows = assistant.reply(Turn("revenue by tier")).answer.rows
        assert {row["tier"]: row["revenue"] for row in rows} == {"tin": 10, "gold": 20, None: 40}
        assert value(assistant, "gold revenue") == 20


def test_rows_that_cannot_be_joined_as_of_one_day_are_left_out(shop) -> None:
    """By the second, and for measures of several times, the tiers are not joined, which is said; the rest is answered."""
    several = manifest(measures=[measure("shipped", "sum", "amount", agg_time_dimension="shipped_at")], dimensions=[SHIPPED])
    for document, said in ((with_tiers(manifest(), "second"), "are joined by days only"), (with_tiers(several), "it is not measured by one time of days")):
        place = shop(document)
        (place / "fct_orders.csv").write_text(ORDERS.replace("ordered_at\n", "ordered_at,shipped_at\n").replace(":00\n", ":00,2026-02-05\n"))
        (place / "tiers.csv").write_text(TIERS)
        assert any(said in line for line in left_out(place))
        with opened(place) as assistant:
            assert value(assistant, "revenue") == 70
            assert assistant.reply(Turn("revenue by tier")).outcome == "unsupported"


def test_rows_are_chosen_by_what_a_metric_comes_to_for_their_entity(shop) -> None:
    """Customer a ordered 10 + 20, b 40: a filter on it is said back, holds beside others, and may go by another such."""
    small = metric("small_orders", measure=of("orders"), where=["{{ Metric('revenue', group_by=['customer']) }} < 35"])
    paid = metric("small_paid", measure=of("paid"), where=["{{ Metric('small_orders', ['customer']) }} = 2 AND {{ Dimension('order__status') }} = 'paid'"])
    place = shop(manifest(small, paid))
    with opened(place) as assistant:
        assert [value(assistant, said) for said in ("small orders", "small paid", "small orders in MX")] == [2, 1, 0]
        assert "revenue of the same customer < 35" in assistant.reply(Turn("small orders")).text


def test_the_newer_way_to_write_aggregates_is_read(shop) -> None:
    """A metric that holds its aggregate itself is the same as one of a measure."""
    inner = {"semantic_model": "orders", "agg": "max", "agg_params": None, "agg_time_dimension": "ordered_at", "non_additive_dimension": None}
    with opened(shop(manifest(metric("dearest", metric_aggregation_params=inner, expr="amount")))) as assistant:
        assert value(assistant, "dearest") == 40


def test_a_measure_may_make_its_own_metric(shop) -> None:
    """`create_metric` is a metric of the measure's name."""
    with opened(shop(manifest(measures=[measure("cheapest", "min", "amount", create_metric=True)]))) as assistant:
        assert value(assistant, "cheapest") == 10


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (metric("odd", measure=of("amuont")), "there is no measure 'amuont'."),
        (metric("odd", "ratio", numerator=of("revnue"), denominator=of("orders")), "there is no metric 'revnue'."),
        (metric("odd", "wavelet", measure=of("amount")), "metrics of the type 'wavelet' cannot be answered by this version."),
        (metric("odd", measure=of("amount"), where=["{{ Metric('revenue', ['order', 'customer']) }} > 5"]), "by something else than one entity"),
        (metric("odd", measure=of("amount"), where=["{{ Metric('revnue', ['customer']) }} > 5"]), "there is no metric 'revnue'."),
        (metric("odd", measure=of("amount"), where=["{{ Metric('odd', ['customer']) }} > 5"]), "it is defined by itself"),
        (metric("odd", measure=of("amount"), where=["{{ Metric('revenue', ['shop']) }} > 5"]), "rows of orders have no entity 'shop'."),
        (metric("odd", measure=of("amount"), where=["{% if x %} 1 {% endif %}"]), "the filter holds template code that is not run"),
        (metric("odd", measure=of("amount"), where=["{{ Dimension('order__state') }} = 'x'"]), "there is no 'order__state' for the rows of orders."),
        (metric("odd", measure=of("amount"), where=["{{ TimeDimension('metric_time', 'saison') }} = 'x'"]), "there is no granularity 'saison'"),
        (metric("odd", measure=of("amount"), where=["{{ TimeDimension('metric_time', 'season') }} = 'x'"]), "the granularity 'season' of metric_time"),
        (metric("odd", "derived", expr="before", metrics=[of("revenue", alias="before", offset_window={"count": 1, "granularity": "season"})]), ""),
        (metric("odd", measure=of("amount")) | {"hologram": {"depth": 3}}, "it has keys that this version does not know."),
        (metric("odd", "derived", expr="odd + 1", metrics=[of("odd")]), "it is defined by itself"),
    ],
)
def test_what_cannot_be_answered_is_left_out_by_name_and_the_rest_works(shop, wrong, said) -> None:
    """One metric that this version cannot answer is named with the reason; it is not there, and the others are answered."""
    place = shop(manifest(wrong))
    assert any("metric 'odd' is left out" in line and said in line for line in left_out(place))
    with opened(place) as assistant:
        assert "odd" not in assistant.catalog.metrics
        assert said in assistant.catalog.refused["odd"]
        assert value(assistant, "revenue") == 70


def test_nothing_like_a_refused_metric_is_answered_in_its_place(shop) -> None:
    """A question that names a metric that was left out is refused by its name, also where a part of the name is another metric."""
    odd = metric("revenue_or_more", "wavelet", measure=of("amount")) | {"label": "Revenue or more"}
    with opened(shop(manifest(odd))) as assistant:
        for said in ("revenue or more by status", "what was Revenue or more in January 2026"):
            reply = assistant.reply(Turn(said))
            assert reply.outcome == "unsupported"
            assert "evenue or more' is defined in a way that I can't answer yet" in reply.reason or "revenue_or_more' is defined" in reply.reason
        assert value(assistant, "revenue") == 70


def test_a_field_whose_sql_cannot_be_used_is_left_out(shop) -> None:
    """A dimension made with a window function is named; every other one is there."""
    dimension = {"name": "place", "type": "categorical", "expr": "row_number() over (order by amount)"}
    place = shop(manifest(dimensions=[dimension]))
    assert any(line.startswith("field 'orders.place'") and "window function" in line for line in left_out(place))
    with opened(place) as assistant:
        assert FieldId("orders", "place") not in assistant.catalog.fields
        assert value(assistant, "revenue") == 70


def test_the_line_is_said_where_the_manifest_has_lines(shop) -> None:
    """In a manifest that was written with line ends the place of a mistake is a line of it."""
    document = manifest(metric("odd", measure=of("amuont")))
    place = shop(document, indent=1)
    (problem,) = [one for one in wiring.check(place) if "'odd'" in one.message]
    lines = (place / "semantic_manifest.json").read_text().splitlines()
    around = lines[problem.line - 1 : problem.line + 3]
    assert any("amuont" in line for line in around)


def test_a_file_that_is_no_semantic_manifest_is_said_to_be_none(tmp_path) -> None:
    """dbt's manifest.json, cut JSON and a key given twice are refused with what to do."""
    for text, said in (('{"nodes": {}}', "name semantic_manifest.json"), ('{"metrics": [', "it ends too early"), ('{"a": 1, "a": 2}', "given twice")):
        (tmp_path / "semantic_manifest.json").write_text(text)
        assert any(said in str(problem) for problem in wiring.check(tmp_path))


def test_sources_are_mapped_by_table_model_or_relation(shop) -> None:
    """Each of the ways to name a table finds its file; a name that the manifest does not have is a mistake with the nearest."""
    for first in ("orders", "fct_orders", "main.fct_orders", "shop.main.fct_orders"):
        place = shop(manifest(), f"version: 1\nsources: {{{first}: fct_orders.csv, customers: dim_customers.csv}}\n")
        with opened(place, first) as assistant:
            assert value(assistant, "revenue") == 70
    place = shop(manifest(), "version: 1\nsources: {orders: fct_orders.csv, custmers: dim_customers.csv}\n")
    assert any("no table 'custmers'" in str(one) and "customers" in one.suggestion for one in wiring.check(place))


def test_the_overlay_adds_words_and_owners_but_no_computation(shop) -> None:
    """Units, owners and synonyms of assistant.yaml are taken; a filter there on a metric of the project is a mistake."""
    said = 'version: 1\nsources: "{table}.csv"\nmetrics:\n  revenue: {unit: EUR, owner: finance, certified: true, synonyms: [turnover]}\n'
    with opened(shop(manifest(), said)) as assistant:
        assert value(assistant, "turnover") == 70
        made = assistant.catalog.metrics["revenue"]
        assert (made.unit, made.owner, made.certified) == ("EUR", "finance", True)
    place = shop(manifest(), said.replace("unit: EUR", "filter: orders.amount > 1"))
    assert any("'filter' is said by the dbt project already" in str(one) for one in wiring.check(place))


def test_a_projects_folder_is_a_catalog(shop, tmp_path) -> None:
    """In a dbt project the manifest is found in target/, with assistant.yaml beside dbt_project.yml."""
    place = shop(manifest())
    (place / "dbt_project.yml").write_text("name: shop\n")
    (place / "target").mkdir()
    (place / "semantic_manifest.json").rename(place / "target" / "semantic_manifest.json")
    with opened(place) as assistant:
        assert value(assistant, "revenue") == 70


RUN = {
    "metadata": {"generated_at": "2026-02-04T05:00:00Z"},
    "results": [
        {"unique_id": "test.shop.unique_fct_orders_order_id.1", "status": "fail", "failures": 2},
        {"unique_id": "test.shop.not_null_dim_customers.2", "status": "pass", "failures": 0},
        {"unique_id": "model.shop.fct_orders", "status": "success"},
    ],
}
FRESH = {
    "results": [{"unique_id": "source.shop.raw.orders", "status": "error", "max_loaded_at": "2026-01-30T00:00:00Z", "snapshotted_at": "2026-02-04T06:00:00Z"}]
}
TEST, MADE, RAW = "test.shop.unique_fct_orders_order_id.1", "model.shop.fct_orders", "source.shop.raw.orders"
GRAPH = {
    "metadata": {"adapter_type": "duckdb"},
    "nodes": {
        TEST: {"name": "unique_fct_orders_order_id", "attached_node": MADE, "depends_on": {"nodes": [MADE]}},
        MADE: {"name": "fct_orders", "alias": "fct_orders", "schema": "main", "database": "shop", "depends_on": {"nodes": [RAW]}},
    },
    "sources": {RAW: {"name": "orders", "schema": "raw", "identifier": "orders"}},
}


@pytest.fixture
def troubled(shop):
    """A project whose last run found a test failing and a source stale."""
    place = shop(manifest())
    for name, document in (("run_results.json", RUN), ("sources.json", FRESH), ("manifest.json", GRAPH)):
        (place / name).write_text(json.dumps(document))
    return place


FAILED = "The dbt test unique_fct_orders_order_id failed on 2026-02-04, for 2 rows."
STALE = "The source raw.orders is stale: its last rows are of 2026-01-30, looked at on 2026-02-04."


def test_answers_say_which_tests_failed_and_what_is_stale(troubled) -> None:
    """An answer from the model that a test failed on, or that is made of a stale source, says so."""
    with opened(troubled) as assistant:
        answer = assistant.reply(Turn("revenue")).answer
    assert {FAILED, STALE} <= set(answer.notes)


def test_check_and_doctor_say_it_as_well(troubled) -> None:
    """What dbt found wrong is in `catalog check` and in `doctor`."""
    assert any(FAILED in line and "(orders)" in line for line in left_out(troubled))
    found = [finding for finding in checkup.examine(Settings(home=troubled / "home", catalog=troubled)) if finding.subject == "data orders"]
    assert {FAILED, STALE} <= {finding.detail for finding in found if finding.state == "wrong"}


def test_newer_results_are_taken_up_while_it_runs(troubled) -> None:
    """The next run of dbt is clean: after renewal no answer warns any more."""
    with opened(troubled) as assistant:
        assert assistant.reply(Turn("revenue")).answer.notes
        (troubled / "run_results.json").write_text(json.dumps({"metadata": {}, "results": []}))
        (troubled / "sources.json").write_text(json.dumps({"results": []}))
        assert assistant.renew()
        assert not {FAILED, STALE} & set(assistant.reply(Turn("revenue")).answer.notes)


@pytest.mark.parametrize(
    "text",
    ["{{ env_var('HOME') }}", "{{ ().__class__.__mro__ }}", "{{ Dimension('a' + 'b') }}", "{{ Dimension(x) }}", "{# note #} 1", "{{ Dimension('a__b'", "}} 1"],
)
def test_nothing_of_a_template_is_run(text) -> None:
    """Whatever is not one of the known calls, written out, is refused."""
    with pytest.raises(ExpressionError):
        template_of(text)
