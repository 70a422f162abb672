"""The definitions are valid, agree with one another, and speak of columns and values that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import jsonschema
import pytest
import yaml

from insights import demo
from insights.catalog import read
from insights.cli import main
from insights.warehouse.duckdb import DuckDB

SCHEMA = Path(__file__).parent.parent / "external" / "ossie" / "osi-schema-0.1.1.json"


@pytest.fixture(scope="module")
def files(company):
    """The YAML files as they stand in the company's folder."""
    return {name: yaml.safe_load((company.folder / f"{name}.yaml").read_text(encoding="utf-8")) for name in ("model", "assistant", "organization", "truth")}


@pytest.fixture(scope="module")
def model(files):
    """The one semantic model."""
    return files["model"]["semantic_model"][0]


@pytest.fixture(scope="module")
def fields(model):
    """Every `dataset.field`, with its definition."""
    return {f"{dataset['name']}.{field['name']}": field for dataset in model["datasets"] for field in dataset["fields"]}


def test_the_model_is_pure_ossie(files):
    """It validates against the published schema of core 0.1.1."""
    jsonschema.validate(files["model"], json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_catalog_is_read_without_a_word(company):
    """The reader of the definitions finds nothing wrong, over the very files; what it costs to make things is for no ad-hoc sum."""
    engine = DuckDB(allowed=[str(company.folder)])
    catalog = read(company.folder, columns=engine.columns)
    engine.close()
    assert len(catalog.metrics) >= 20
    assert catalog.today is not None
    assert catalog.datasets["orders"].fields["cost_usd"].aggregates == ()


def test_the_command_that_checks_a_catalog_finds_nothing(company, capsys):
    """`insights catalog check` over the definitions, the organization and the very files."""
    with pytest.raises(SystemExit) as ended:
        main(["catalog", "check", str(company.folder)])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"DuckDB can answer all 31 metrics\n0 problems in {company.folder}\n")


def test_every_field_can_be_read_from_its_files(model, company):
    """Each expression runs over the source, and each source is a folder or file in the company."""
    for dataset in model["datasets"]:
        source = company.folder / dataset["source"]
        assert source.exists()
        pattern = f"{source}/*/*/*.parquet" if source.is_dir() else str(source)
        columns = ", ".join(field["expression"]["dialects"][0]["expression"] for field in dataset["fields"])
        duckdb.sql(f"SELECT {columns} FROM read_parquet('{pattern}') LIMIT 1").fetchall()


def test_relationships_join_keys_that_exist_onto_primary_keys(model, fields):
    """Both ends name fields of their dataset, and the one side is its primary key."""
    keys = {dataset["name"]: dataset["primary_key"] for dataset in model["datasets"]}
    for relationship in model["relationships"]:
        assert relationship["to_columns"] == keys[relationship["to"]]
        assert all(f"{relationship['from']}.{column}" in fields for column in relationship["from_columns"])


def test_no_fact_reaches_a_dimension_by_two_ways(model):
    """From every dataset there is one many-to-one chain at most to each other, so that no breakdown is ambiguous; the longest is three joins."""
    steps = {}
    for relationship in model["relationships"]:
        steps.setdefault(relationship["from"], []).append(relationship["to"])

    def reached(start, depth=0):
        for there in steps.get(start, []):
            yield there, depth + 1
            yield from reached(there, depth + 1)

    depths = []
    for dataset in model["datasets"]:
        found = list(reached(dataset["name"]))
        assert len({name for name, _ in found}) == len(found), dataset["name"]
        depths += [depth for _, depth in found]
    assert max(depths) == 3


def test_metrics_are_made_of_fields_that_exist(files, model, fields):
    """Expressions and filters name known fields; ratios and derived metrics name known metrics."""
    overlay = files["assistant"]["metrics"]
    names = {metric["name"] for metric in model["metrics"]} | overlay.keys()
    for metric in model["metrics"]:
        assert set(re.findall(r"[a-z_]+\.[a-z_]+", metric["expression"]["dialects"][0]["expression"])) <= fields.keys()
    for name, metric in overlay.items():
        assert set(re.findall(r"[a-z_]+\.[a-z_]+", metric.get("filter", ""))) <= fields.keys()
        match metric.get("type", "simple"):
            case "ratio":
                assert {metric["numerator"], metric["denominator"]} <= names
            case "derived":
                assert set(re.findall(r"[a-z_]+", metric["expression"])) <= names
            case _:
                assert fields[metric["time"]]["dimension"]["is_time"]
                assert name in {declared["name"] for declared in model["metrics"]}
        assert metric["label"]
        assert metric["unit"]
        assert metric["owner"]
    assert len(names) >= 20


def test_the_overlay_speaks_of_fields_and_values_that_exist(files, fields, model, sql):
    """Labels are for known fields, and every value that has other words occurs in the data."""
    for name, told in files["assistant"]["fields"].items():
        assert name in fields
        dataset, _ = name.split(".")
        expression = fields[name]["expression"]["dialects"][0]["expression"]
        stored = {row[0] for row in sql(f"SELECT DISTINCT {expression} FROM {dataset}")}
        assert set(told.get("values", {})) <= stored
    assert files["assistant"]["datasets"].keys() <= {dataset["name"] for dataset in model["datasets"]}
    for experiment in files["assistant"]["experiments"].values():
        assert {f"{experiment['dataset']}.{experiment[part]}" for part in ("unit", "arm", "at")} <= fields.keys()


def test_every_dimension_people_group_by_has_a_label_and_some_twenty_there_are(files, fields):
    """Fields that are dimensions but not times stand in the overlay; customers' flags of the tests are not for grouping."""
    dimensions = {name for name, field in fields.items() if "dimension" in field and not field["dimension"].get("is_time")}
    assert dimensions - files["assistant"]["fields"].keys() <= {"checkout_test.converted", "preview_test.converted"}
    assert len(dimensions) >= 20


def test_names_and_synonyms_of_metrics_mean_one_thing(files, model):
    """No word stands for two metrics."""
    words = []
    for metric in model["metrics"]:
        words += [metric["name"].replace("_", " "), *metric.get("ai_context", {}).get("synonyms", [])]
    for name, metric in files["assistant"]["metrics"].items():
        words += metric.get("synonyms", [])
        if "type" in metric:
            words.append(name.replace("_", " "))
    assert sorted(words) == sorted(set(words))


def test_today_is_the_last_day_of_the_data(files, sql):
    """The overlay's day, the truth's and the newest session agree, and May 2026 is whole."""
    ((newest,),) = sql("SELECT max(CAST(started_at AS DATE)) FROM sessions")
    assert files["assistant"]["today"] == files["truth"]["last_day"] == newest
    assert newest.isoformat() == "2026-05-31"


def test_the_truth_names_things_that_exist(files, sql):
    """Regions, devices, plans, topics and metrics of the stories are those of the company."""
    truth = files["truth"]
    metrics = {metric["name"] for metric in files["model"]["semantic_model"][0]["metrics"]}
    assert (truth["fall"]["region"],) in sql("SELECT region FROM regions")
    assert (truth["fall"]["device"],) in sql("SELECT device FROM devices")
    assert (truth["price_change"]["plan"],) in sql("SELECT plan FROM plans")
    assert (truth["outage"]["topic"],) in sql("SELECT DISTINCT topic FROM contacts")
    told = [truth[story]["metric"] for story in ("fall", "mix_shift", "outage", "season", "cohorts")]
    told += [truth["marketing_lag"]["cause"], truth["marketing_lag"]["effect"], *(test["metric"] for test in truth["experiments"].values())]
    assert set(told) <= metrics


def test_confidential_metrics_have_roles_that_somebody_holds(files):
    """Gross margin is confidential, and finance and the board, who may see it, are people."""
    confidential = {name for name, metric in files["assistant"]["metrics"].items() if metric.get("sensitivity") == "confidential"}
    assert {"gross_profit", "gross_margin"} == confidential
    held = {role for person in files["organization"]["people"] for role in person["roles"]}
    assert set(files["assistant"]["access"]["confidential"]) <= held
    assert "policies" not in files["assistant"]


def test_the_organization_hangs_together(files):
    """Ids, addresses and Slack ids are unique; delegates, rooms and people that are referred to exist."""
    told = files["organization"]
    people = {person["id"] for person in told["people"]}
    rooms = {room["id"] for room in told["rooms"]}
    for column in ("id", "email", "slack"):
        assert len({person[column] for person in told["people"]}) == len(told["people"])
    assert all(set(person.get("delegates", [])) <= people for person in told["people"])
    assert all(set(device) <= {"room", "person"} and len(device) == 1 for device in told["devices"].values())
    assert all(device.get("room", "fern") in rooms and device.get("person", "ada") in people for device in told["devices"].values())
    assert told["devices"]["echo-fern"] == {"room": "fern"}
    assert told["devices"]["echo-ada"] == {"person": "ada"}
    assert all(room["capacity"] >= 2 and room["equipment"] and room["building"] for room in told["rooms"])


def test_the_handbook_is_there_in_sections(company):
    """Several pages, each with one title and sections under it that say something."""
    pages = sorted((company.folder / "handbook").glob("*.md"))
    assert len(pages) >= 8
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
        assert all(section.split("\n", 1)[1].strip() for section in text.split("\n## ")[1:])
        assert "\n## " in text


def test_the_package_carries_every_definition():
    """What `make` copies and reads stands in the package, under endings that the wheel includes."""
    package = Path(demo.__file__).parent
    carried = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.suffix for path in carried} == {".py", ".yaml", ".md", ".sql", ".html"}
