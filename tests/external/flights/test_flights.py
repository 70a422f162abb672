"""Real data: 336,776 flights, asked without a catalog, with a scaffold, and with an edited one, against SQL written by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from insights import Turn
from insights.cli import main
from insights.contract import encode_reply
from tests.verdicts import rows, verdict

QUESTIONS = yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text(encoding="utf-8"))
JULY = "average departure delay by carrier in July"
JULY_SQL = "SELECT carrier, avg(dep_delay) FROM flights WHERE month = 7 GROUP BY 1"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["ask"])
def test_a_question_is_answered_as_counted_by_hand(question, new_york, sql, record_property) -> None:
    """Rows, figures to 1e-9, unknown groups, and the order where one was asked for."""
    document = encode_reply(new_york.reply(Turn(question["ask"])))
    found = verdict(document, sql(question["sql"]), ordered="order by" in question["sql"])
    record_property("verdict", f"flights {found}")
    assert found == "right", json.dumps(document, indent=1)


def test_there_are_thirty_questions_and_half_of_them_join() -> None:
    """At least thirty different questions; airlines, planes and airports each in three or more."""
    assert len({question["ask"] for question in QUESTIONS}) == len(QUESTIONS) >= 30
    for table in ("airlines", "planes", "airports"):
        assert sum(f"join {table} " in question["sql"] for question in QUESTIONS) >= 3, table


@pytest.mark.parametrize(
    ("ask", "hand"),
    [
        ("how many flights with visibility under 1", "SELECT count(*) FROM flights JOIN weather USING (origin, time_hour) WHERE visib < 1"),
        ("cancellation rate by origin", "SELECT origin, count(*) FILTER (dep_time IS NULL) / count(*) FROM flights GROUP BY 1"),
        ("total rain in June", "SELECT sum(precip) FROM weather WHERE month = 6"),
        ("flights by time zone", "SELECT tzone, count(*) FROM flights LEFT JOIN airports ON dest = faa GROUP BY 1"),
        ("flights to Boston in May", None),
        ("total air time in hours", None),
        ("which airline has the worst departure delay", None),
    ],
)
def test_what_the_edited_catalog_adds_is_answered(ask, hand, new_york, sql) -> None:
    """Weather by the hour, cancellations, words of our own; what is not there, or could mean two things, is not guessed."""
    document = encode_reply(new_york.reply(Turn(ask)))
    if hand is None:
        assert document["outcome"] in ("clarify", "unsupported"), document["answer"]
    else:
        assert verdict(document, sql(hand), ordered=False) == "right", json.dumps(document, indent=1)


def _run(capsys, *arguments: str, status: int = 0) -> str:
    """What a command writes, and its status."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    written = capsys.readouterr()
    assert (ended.value.code or 0) == status, written.out + written.err
    return str(written.out)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> Path:
    """An empty folder to work in, where the ledger and the caches go."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("INSIGHTS_CONFIG", raising=False)
    monkeypatch.setenv("INSIGHTS_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize("place", ["flights.csv", "fl*.csv", "flights.parquet", "*.parquet", "flights"])
def test_files_nobody_prepared_are_asked_at_once(place, flights, parquet, sql, elsewhere, capsys) -> None:
    """CSV and Parquet; a file, a glob, a folder of monthly partitions; "July" is the July that the data covers."""
    path = (flights / "data" if place.endswith(".csv") else parquet) / place
    document = json.loads(_run(capsys, "ask", "--data", str(path), JULY, "--format", "json"))
    assert verdict(document, sql(JULY_SQL), ordered=False) == "right", json.dumps(document, indent=1)
    assert document["request"]["period"] == {"first": "2013-07-01", "last": "2013-07-31", "words": "july"}
    assert document["request"]["metrics"] == ["avg(flights.dep_delay)"]


def test_a_folder_of_several_tables_is_joined(flights, sql, elsewhere, capsys) -> None:
    """The names of airlines and the makers of planes come from their own files."""
    document = json.loads(_run(capsys, "ask", "--data", str(flights / "data"), "flights by airline name in March", "--format", "json"))
    hand = "SELECT name, count(*) FROM flights LEFT JOIN airlines USING (carrier) WHERE month = 3 GROUP BY 1"
    assert verdict(document, sql(hand), ordered=False) == "right", json.dumps(document, indent=1)


@pytest.fixture(scope="module")
def bare(flights, tmp_path_factory):
    """An assistant over the scaffold of today, as the command writes it and nobody has edited it."""
    from contextlib import closing

    from insights import wiring

    folder = tmp_path_factory.mktemp("bare") / "catalog"
    main(["catalog", "scaffold", *(str(path) for path in sorted((flights / "data").glob("*.csv"))), "-o", str(folder)])
    with closing(wiring.open_catalog(folder)) as assistant:
        yield folder, assistant


def test_the_scaffold_of_today_has_no_problem(bare, elsewhere, capsys) -> None:
    """What is made from the five files is read without a word."""
    assert _run(capsys, "catalog", "check", str(bare[0])).splitlines()[-1].startswith("0 problems")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["ask"])
def test_a_bare_scaffold_answers_it_too(question, bare, sql, record_property) -> None:
    """What the files alone tell is enough for each of the thirty."""
    document = encode_reply(bare[1].reply(Turn(question["ask"])))
    found = verdict(document, sql(question["sql"]), ordered="order by" in question["sql"])
    record_property("verdict", f"flights, bare scaffold {found}")
    assert found == "right", json.dumps(document, indent=1)


def test_the_edited_catalog_has_no_problem(flights, elsewhere, capsys) -> None:
    """Its definitions fit the files, and no word in them means two things."""
    assert _run(capsys, "catalog", "check", str(flights)) == f"DuckDB can answer all 4 metrics\n0 problems in {flights}\n"


def test_a_column_that_is_not_there_is_named_with_its_line_and_the_nearest(flights, elsewhere, capsys) -> None:
    """File, line, what is missing, and what was probably meant."""
    text = (flights / "model.yaml").read_text(encoding="utf-8")
    assert text.count("expression: dep_delay}") == 1
    (elsewhere / "model.yaml").write_text(text.replace("expression: dep_delay}", "expression: dep_delya}"), encoding="utf-8")
    (elsewhere / "data").symlink_to(flights / "data")
    line = text[: text.index("expression: dep_delay}")].count("\n") + 1
    said = _run(capsys, "catalog", "check", str(elsewhere), status=1)
    assert f"{elsewhere / 'model.yaml'}:{line}: " in said
    assert "dep_delya" in said
    assert "Did you mean 'dep_delay'?" in said
    assert "1 problem in" in said


def test_the_definitions_are_pure_ossie(flights) -> None:
    """The edited model passes the published schema."""
    import jsonschema

    schema = json.loads((Path(__file__).parents[1] / "ossie" / "osi-schema-0.1.1.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load((flights / "model.yaml").read_text(encoding="utf-8")))


def test_the_measure_tells_a_wrong_answer_from_a_right_one(new_york, sql) -> None:
    """A figure that is off by a millionth, a missing group and another order are wrong."""
    document = encode_reply(new_york.reply(Turn("top 5 destinations by flights")))
    right = rows(document)
    assert verdict(document, right, ordered=True) == "right"
    assert verdict(document, [(right[0][0], right[0][1] * 1.000001), *right[1:]], ordered=True) == "wrong"
    assert verdict(document, right[1:], ordered=False) == "wrong"
    assert verdict(document, right[::-1], ordered=True) == "wrong"
