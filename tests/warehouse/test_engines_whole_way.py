"""From settings to an answer with a second engine: what fits is computed here, the rest there, within budgets that are told and kept."""

import json

import duckdb
import pytest
from click.testing import CliRunner

from insights import wiring
from insights.cli.cataloguing import catalog
from insights.cli.keeping import rollups
from insights.errors import WrongCatalog
from insights.settings import read
from insights.turns import Turn
from tests.warehouse.athena_server import SCANNED, served

MODEL = """
version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: orders
        source: {orders}
        fields:
          - {name: placed_on, expression: {dialects: [{dialect: ANSI_SQL, expression: placed_on}]}, dimension: {is_time: true}}
          - {name: region, expression: {dialects: [{dialect: ANSI_SQL, expression: region}]}, dimension: {}}
          - {name: amount, expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}}
      - name: visits
        source: lake.visits
        fields:
          - {name: seen_on, expression: {dialects: [{dialect: ANSI_SQL, expression: seen_on}]}, dimension: {is_time: true}}
          - {name: page, expression: {dialects: [{dialect: ANSI_SQL, expression: page}]}, dimension: {}}
    metrics:
      - {name: revenue, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(orders.amount)}]}}
      - {name: typical, expression: {dialects: [{dialect: ANSI_SQL, expression: MEDIAN(orders.amount)}]}}
      - {name: visit_count, expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(visits.*)}]}}
"""
ORDERS = "SELECT DATE '2024-01-01' + (i % 90)::INT AS placed_on, ['north', 'south', NULL][i % 3 + 1] AS region, i % 50 AS amount FROM range(3000) AS t(i)"
VISITS = "SELECT DATE '2024-01-01' + (i % 60)::INT AS seen_on, 'p' || i % 2 AS page FROM range(500) AS t(i)"


@pytest.fixture
def athena(tmp_path, monkeypatch):
    """A catalog of files and of a table that only Athena has; what makes its settings, and the server."""
    folder = tmp_path / "catalog"
    folder.mkdir()
    duckdb.execute(f"COPY ({ORDERS}) TO '{folder}/orders.parquet'")
    duckdb.execute(f"COPY ({VISITS}) TO '{tmp_path}/visits.parquet'")
    (folder / "model.yaml").write_text(MODEL.replace("{orders}", "orders.parquet"))
    with served({"orders": f"'{folder}/orders.parquet'", "visits": f"'{tmp_path}/visits.parquet'"}) as (address, service):
        for name in ("ATHENA", "GLUE"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{name}", address)
        for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-west-1"}.items():
            monkeypatch.setenv(name, value)

        def configured(**more):
            lines = [f"{key} = {json.dumps(value)}" for key, value in more.items()]
            text = 'catalog = "catalog"\n[warehouse]\nengine = "athena"\ndatabase = "shop"\nworkgroup = "questions"\n' + "\n".join(lines)
            (tmp_path / "insights.toml").write_text(text + '\n[warehouse.tables]\norders = "shop.orders"\nvisits = "shop.visits"\n')
            return read(environ={}, folder=tmp_path)

        yield configured, service, folder


@pytest.fixture
def opened(athena):
    """An assistant by those settings."""
    made = []

    def open_(**more):
        made.append(wiring.open_settings(athena[0](**more)))
        return made[-1]

    yield open_
    for one in made:
        one.close()


def by_hand(folder, sql):
    """What SQL over the files finds."""
    return duckdb.execute(sql.replace("ORDERS", f"'{folder}/orders.parquet'").replace("VISITS", f"'{folder.parent}/visits.parquet'")).fetchall()


def test_what_fits_is_computed_here_and_the_rest_there(athena, opened):
    """The same rows either way; the answer names the engine, what was scanned for it and what that costs."""
    folder = athena[2]
    wanted = dict(by_hand(folder, "SELECT region, sum(amount) FROM ORDERS GROUP BY 1"))
    small = opened().reply(Turn("revenue by region")).answer
    assert (small.engine, small.cost) == ("DuckDB", None)
    assert not any("orders" in query["QueryString"] for query in athena[1].started)
    large = opened(local_rows=100).reply(Turn("revenue by region")).answer
    assert (large.engine, large.bytes_read, large.cost) == ("Athena", SCANNED, pytest.approx(SCANNED / 1e12 * 5))
    assert athena[1].started[-1]["WorkGroup"] == "questions"
    for answer in (small, large):
        assert {row["region"]: row["revenue"] for row in answer.rows} == wanted


def test_a_table_that_only_one_engine_has_is_asked_there(athena, opened):
    """Its values and days are known too, so that it can be asked for in words; what lies in both places is joined by neither."""
    assistant = opened()
    assert assistant.contents.values  # of pages
    answer = assistant.reply(Turn("visit count of p1 in January 2024")).answer
    assert answer.engine == "Athena"
    assert answer.value == by_hand(athena[2], "SELECT count(*) FROM VISITS WHERE page = 'p1' AND month(seen_on) = 1")[0][0]


def test_an_answer_that_is_kept_costs_nothing_more(athena, opened):
    """And takes nothing from a budget."""
    assistant = opened(local_rows=100, person_bytes=SCANNED)
    first = assistant.reply(Turn("revenue by region"))
    before = len(athena[1].started)
    again = assistant.reply(Turn("revenue by region"))
    assert (again.answer.rows, again.answer.cost, len(athena[1].started)) == (first.answer.rows, None, before)
    refused = assistant.reply(Turn("revenue by month"))
    assert refused.outcome == "unsupported"
    assert "have read 12 MB today" in refused.text


def test_an_answer_of_many_queries_says_what_all_of_them_read(athena, opened):
    """A cause is looked for in many cuts; each is read and billed."""
    assistant = opened(local_rows=100)
    before = len(athena[1].started)
    reply = assistant.reply(Turn("why did revenue fall in february 2024"))
    queries = len(athena[1].started) - before
    assert queries > 3
    assert (reply.answer.bytes_read, reply.answer.cost) == (queries * SCANNED, pytest.approx(queries * SCANNED / 1e12 * 5))
    refused = opened(local_rows=100, question_bytes=3 * SCANNED).reply(Turn("why did revenue fall in march 2024"))
    assert refused.outcome == "unsupported"
    assert "one question may read 36 MB" in refused.text
    assert len(athena[1].started) - before - queries <= 4


def test_a_limit_for_a_question_holds_for_tables_and_keeps_nobody_from_opening(athena, opened):
    """Only Athena knows what a table takes: it is told afterwards, and its values are collected whatever they take."""
    refused = opened(question_bytes=SCANNED - 1).reply(Turn("visit count by page"))
    assert refused.outcome == "unsupported"
    assert "That read 12 MB, and one question may read" in refused.text
    assert opened(question_bytes=SCANNED).reply(Turn("visit count by page")).answer.engine == "Athena"


def test_how_did_you_get_that_names_engine_bytes_and_cost(opened):
    """In words, for who reads it."""
    assistant = opened(local_rows=100)
    assistant.reply(Turn("revenue by region", conversation="c"))
    told = assistant.reply(Turn("how did you get that", conversation="c")).text
    assert "Athena" in told
    assert "12 MB" in told


def test_a_check_says_what_each_configured_engine_can_answer(athena, monkeypatch):
    """With the reason where one cannot, as `insights catalog check` prints it."""
    athena[0]()
    monkeypatch.chdir(athena[2].parent)
    printed = CliRunner().invoke(catalog, ["check", "catalog"]).output
    assert "DuckDB and Athena can answer revenue" in printed
    assert "Athena can answer visit_count" in printed
    assert "Athena cannot answer typical: Athena can only estimate medians" in printed
    assert "DuckDB cannot answer visit_count" in printed
    assert "0 problems" in printed


def test_what_is_kept_ready_is_read_here_however_large_the_rows_are(athena, opened):
    """A rollup is small, and costs nothing."""
    (athena[2] / "assistant.yaml").write_text("version: 1\nrollups: [{name: daily, metrics: [revenue], by: [region]}]\n")
    assistant = opened(local_rows=100)
    assert [built.problem for built in assistant.rollups.build()] == [""]
    answer = assistant.reply(Turn("revenue by region")).answer
    assert (answer.engine, answer.rollups, answer.cost) == ("DuckDB", ("daily",), None)
    assert {row["region"]: row["revenue"] for row in answer.rows} == dict(by_hand(athena[2], "SELECT region, sum(amount) FROM ORDERS GROUP BY 1"))


@pytest.mark.parametrize(
    ("more", "told"),
    [({"local_rows": "many"}, "warehouse.local_rows"), ({"question_bytes": 1.5}, "warehouse.question_bytes")],
)
def test_settings_that_cannot_be_used_are_named(athena, more, told):
    """A limit that is no number is not left out in silence."""
    with pytest.raises(Exception, match=told):
        wiring.open_settings(athena[0](**more))


def test_a_catalog_of_tables_in_postgresql_is_checked_and_asked_there(postgres_address, tmp_path, monkeypatch):
    """By the settings alone: what is missing there is named, and what is there is answered."""
    import psycopg

    with psycopg.connect(postgres_address, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA till")
        connection.execute("CREATE TABLE till.orders (placed_on DATE, region TEXT, amount NUMERIC(12, 2))")
        connection.execute("INSERT INTO till.orders VALUES ('2024-01-03', 'north', 10.25), ('2024-01-09', NULL, 4), ('2024-02-01', 'south', 7)")
    folder = tmp_path / "catalog"
    folder.mkdir()
    orders = MODEL.partition("      - name: visits")[0] + "    metrics:" + MODEL.partition("    metrics:")[2].partition("      - {name: visit_count")[0]
    (folder / "model.yaml").write_text(orders.replace("{orders}", "orders"))
    (tmp_path / "insights.toml").write_text(
        f'catalog = "catalog"\n[warehouse]\nengine = "postgres"\ndsn = {json.dumps(postgres_address)}\nsearch_path = ["till"]\n'
    )
    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(catalog, ["check", "catalog"]).output
    assert printed == "PostgreSQL can answer all 2 metrics\n0 problems in catalog\n"
    assistant = wiring.open_settings(read(environ={}, folder=tmp_path))
    try:
        answer = assistant.reply(Turn("revenue by region in January 2024")).answer
        assert answer.engine == "PostgreSQL"
        assert {row["region"]: row["revenue"] for row in answer.rows} == {"north": 10.25, None: 4}
    finally:
        assistant.close()
    (folder / "assistant.yaml").write_text("version: 1\nrollups: [{name: daily, metrics: [revenue], by: [region]}]\n")
    assert "keeps nothing ready" in CliRunner().invoke(rollups, ["build"]).output
    (folder / "model.yaml").write_text(orders.replace("{orders}", "ordres"))
    assert "ordres" in CliRunner().invoke(catalog, ["check", "catalog"]).output


@pytest.mark.parametrize(
    ("dsn", "table", "told"),
    [
        ("host=127.0.0.1 port=1 user=tests dbname=postgres", "orders", r"PostgreSQL cannot be reached \(.*refused\)\. Check that it is up"),
        ("HERE dbname=nowhere", "orders", r"PostgreSQL cannot be reached \(.*\"nowhere\" does not exist\)"),
        ("HERE", "till.nothing", r"till.nothing: there is no such table in PostgreSQL\. Correct its name, its schema or warehouse.search_path"),
        ("HERE", "shop/orders.parquet", r"PostgreSQL reads no files\. Name a table"),
        ("mysql://reader:hush@db/shop", "orders", r"warehouse.dsn is no address of PostgreSQL\. Write postgresql://"),
    ],
)
def test_whoever_sets_it_up_is_told_why_postgresql_cannot_be_read(postgres_address, tmp_path, dsn, table, told):
    """With the way out that belongs to the engine, in sentences, and without a password."""
    (tmp_path / "model.yaml").write_text(MODEL.partition("      - name: visits")[0].replace("{orders}", table) + "    metrics: []\n")
    with pytest.raises(WrongCatalog, match=told) as wrong:
        wiring.open_catalog(tmp_path, home=tmp_path / "home", warehouse={"engine": "postgres", "dsn": dsn.replace("HERE", postgres_address)})
    assert "hush" not in str(wrong.value)
