"""A table joined in two roles, asked for in words: asked which, told by either, and never guessed."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import pytest

import insights
from insights.assistant import Turn
from insights.catalog.reading import read
from insights.catalog.values import EMPTY
from insights.language.understand import Understander
from insights.requests import Clarify, Filter, Understood, Unsupported
from insights.wiring import examining

NOW = datetime(2026, 6, 30, 12)
PLACES = "place_id,city,country_id,height\n1,Berlin,1,34\n2,Paris,2,35\n3,Lyon,2,173\n"
COUNTRIES = "country_id,country\n1,Germany\n2,France\n"
FLIGHTS = """flight_id,from_id,to_id,day,fare
1,1,2,2026-05-01,100
2,2,1,2026-05-02,200
3,2,1,2026-06-03,40
4,3,1,2026-06-04,8
5,2,3,2026-06-05,16
6,9,,2026-06-06,1
"""
FILES = {"places": PLACES, "countries": COUNTRIES, "flights": FLIGHTS}


def fields(*names, **marked):
    """Fields of the model: `marked` says which are times (True) and dimensions (False)."""
    kinds = "".join(
        f"          - {{name: {name}, expression: {{dialects: [{{dialect: ANSI_SQL, expression: {name}}}]}}"
        + (f", dimension: {{is_time: {str(marked[name]).lower()}}}" if name in marked else "")
        + "}\n"
        for name in (*names, *marked)
    )
    return f"        fields:\n{kinds}"


def written(folder, first="origin", second="target"):
    """The catalog of a small airline in `folder`, whose relationships have these names."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text)
    (folder / "model.yaml").write_text(
        "version: 0.1.1\nsemantic_model:\n  - name: air\n    datasets:\n"
        + "      - name: places\n        source: places.csv\n        primary_key: [place_id]\n"
        + fields("place_id", "country_id", "height", city=False)
        + "      - name: countries\n        source: countries.csv\n        primary_key: [country_id]\n"
        + fields("country_id", country=False)
        + "      - name: flights\n        source: flights.csv\n        primary_key: [flight_id]\n"
        + fields("flight_id", "from_id", "to_id", "fare", day=True)
        + "    relationships:\n"
        + f"      - {{name: {first}, from: flights, to: places, from_columns: [from_id], to_columns: [place_id]}}\n"
        + f"      - {{name: {second}, from: flights, to: places, from_columns: [to_id], to_columns: [place_id]}}\n"
        + "      - {name: places_country_id, from: places, to: countries, from_columns: [country_id], to_columns: [country_id]}\n"
        + "    metrics:\n      - {name: takings, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(flights.fare)}]}}\n"
        + "      - {name: places, expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(places.*)}]}}\n"
    )
    (folder / "assistant.yaml").write_text("version: 1\ntoday: 2026-06-30\nmetrics:\n  takings: {label: Takings, unit: EUR, synonyms: [revenue]}\n")
    return folder


@pytest.fixture(scope="module")
def air(tmp_path_factory):
    """The airline, ready to be asked."""
    folder = tmp_path_factory.mktemp("air")
    assistant = insights.open(written(folder / "catalog"), now=NOW, home=folder / "home")
    yield assistant
    assistant.close()


def described(source):
    """The columns of a file of the airline, by its header."""
    head = next(text for name, text in FILES.items() if name in str(source)).partition("\n")[0]
    return {name: "text" if name in ("city", "country") else "date" if name == "day" else "number" for name in head.split(",")}


def asked(air, text, conversation=None):
    """The reply to one question."""
    return air.reply(Turn(text=text, conversation=conversation))


def test_a_field_in_two_roles_is_asked_about(air):
    """Not one of them in silence, and not the key in its place."""
    reply = asked(air, "takings by city")
    assert reply.outcome == "clarify"
    assert [choice.request.group_by for choice in reply.choices] == [("origin.city",), ("target.city",)]
    assert [choice.label for choice in reply.choices] == ["origin city", "target city"]


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("takings by origin city", "origin.city", {"Berlin": 100, "Paris": 256, "Lyon": 8, None: 1}),
        ("revenue by target city", "target.city", {"Berlin": 248, "Paris": 100, "Lyon": 16, None: 1}),
        ("takings by origin country", "origin.country", {"Germany": 100, "France": 264, None: 1}),
        ("takings by city of origin", "origin.city", {"Berlin": 100, "Paris": 256, "Lyon": 8, None: 1}),
        ("takings by target country in May 2026", "target.country", {"France": 100, "Germany": 200}),
    ],
)
def test_a_role_that_is_said_is_meant(air, text, name, told):
    """Also of what lies behind the table; flights to nowhere stay."""
    answer = asked(air, text).answer
    assert {row[name]: row["takings"] for row in answer.rows} == told


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("revenue to Berlin from Paris", 240),
        ("takings from Paris", 256),
        ("takings to Germany in June 2026", 48),
        ("takings with origin city Lyon", 8),
        ("takings from France to Lyon", 16),
        ("takings not from Paris", 109),
        ("takings not to Germany", 117),
        ("takings from Paris and to Berlin", 240),
        ("takings from Paris or from Lyon", 264),
    ],
)
def test_from_and_to_say_which_value_is_meant(air, text, value):
    """And the answer says by what it was filtered, aloud too."""
    reply = asked(air, text)
    assert reply.answer.value == value
    assert all(f"{one.dimension.split('.')[0]} {one.dimension.split('.')[1]}" in reply.speech for one in reply.request.filters)


@pytest.mark.parametrize(
    "text",
    [
        "compare takings from Paris with takings to Paris",
        "compare takings from Paris and to Paris in June 2026",
        "compare takings from Paris with takings to Berlin",
        "takings from Paris versus takings to Paris by month",
        "takings from Paris compared to takings to Paris",
    ],
)
def test_the_two_sides_of_a_comparison_are_never_asked_of_one_row(air, text):
    """What leaves Paris beside what arrives there is no flight from Paris to Paris: it is refused with the way out."""
    reply = asked(air, text)
    assert reply.outcome == "unsupported"
    assert "ask for each by itself" in reply.text or "only one side" in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "takings from Paris and takings to Berlin",
        "takings from Paris or to Berlin",
        "takings to or from Paris",
        "takings from and to Paris in June 2026",
        "takings from Paris or with origin country France in June 2026",
    ],
)
def test_the_one_or_the_other_is_never_taken_for_both(air, text):
    """Two figures, or records of which either holds, are no records of which both hold."""
    reply = asked(air, text)
    assert reply.outcome == "unsupported"
    assert "by itself" in reply.text


def test_one_side_with_two_conditions_is_compared_in_time(air):
    """Both conditions are of the one side there, and its other side is another month."""
    reply = asked(air, "compare takings from Paris to Berlin in June 2026 with May 2026")
    assert (reply.answer.value, reply.request.compare.period.first.month) == (40, 5)


def test_a_value_in_two_roles_is_asked_about(air):
    """Takings for Berlin: of flights that leave it, or that go there."""
    reply = asked(air, "takings for Berlin")
    assert reply.outcome == "clarify"
    assert {choice.request.filters for choice in reply.choices} == {(Filter(dimension=f"{role}.city", values=("Berlin",)),) for role in ("origin", "target")}


def test_what_goes_on_keeps_the_role(air):
    """A follow-up changes the rest of the question alone."""
    asked(air, "takings by origin city", "goes-on")
    request = asked(air, "and in June 2026?", "goes-on").request
    assert (request.group_by, request.period.first.month) == (("origin.city",), 6)


def test_what_is_taught_of_a_field_holds_in_its_roles(air):
    """A town is a city, wherever it stands."""
    asked(air, "places by town", "taught")
    asked(air, "by town I meant city", "taught")
    assert [choice.label for choice in asked(air, "takings by town", "taught").choices] == ["origin city", "target city"]


def test_the_table_itself_is_counted_but_not_a_role_of_it(air):
    """There are three places; how many are an origin is not made up, and the refusal says what can be told."""
    assert asked(air, "how many cities").answer.value == 3
    reply = asked(air, "how many origin cities")
    assert (reply.outcome, "by origin city" in reply.text) == ("unsupported", True)
    assert asked(air, "takings by origin city with origin height over 100").answer.rows == ({"origin.city": "Lyon", "takings": 8},)


def test_relationships_called_after_their_tables_are_said_as_the_fields_that_join(tmp_path):
    """As a scaffold names them: `flights_from_id` leads from where flights are from."""
    understander = Understander(read(written(tmp_path, "flights_from_id", "flights_to_id"), columns=described), EMPTY)
    reading = understander.understand("takings by city", now=NOW)
    assert isinstance(reading, Clarify)
    assert [choice.label for choice in reading.choices] == ["from city", "to city"]
    assert isinstance(understander.understand("takings by from city", now=NOW), Understood)
    assert isinstance(understander.understand("average to city", now=NOW), Unsupported)


def test_rows_that_are_kept_from_somebody_are_kept_in_every_role(tmp_path):
    """Who may see France sees flights from France to France, and no name of another city in either role."""
    folder = written(tmp_path / "catalog")
    policy = 'policies:\n  - {dataset: places, roles: [french], where: {city: "{person.cities}"}}\n'
    (folder / "assistant.yaml").write_text((folder / "assistant.yaml").read_text() + policy)
    (folder / "organization.yaml").write_text("people:\n  - {id: ann, name: Ann, roles: [french], attributes: {cities: [Paris, Lyon]}}\n")
    with closing(insights.open(folder, now=NOW, home=tmp_path / "home")) as assistant:
        answer = assistant.reply(Turn(text="takings by target city", person="ann")).answer
        assert answer.rows == ({"target.city": "Lyon", "takings": 16},)
        hidden = assistant.reply(Turn(text="takings to Berlin", person="ann"))
        assert (hidden.answer is None, "target city" in hidden.text) == (True, False)


@pytest.mark.parametrize("by", ["places.city", "origin.city"])
def test_a_rollup_that_cannot_tell_roles_apart_stops_no_question(tmp_path, by):
    """The check names it with the keys to keep in its place; what is asked is read from the rows."""
    folder = written(tmp_path / "catalog")
    overlay = folder / "assistant.yaml"
    overlay.write_text(overlay.read_text() + f"rollups: [{{name: daily, metrics: [takings], by: [{by}]}}]\n")
    (problem,) = examining.check(folder)
    assert (problem.line, "rollup 'daily'" in problem.message) == (len(overlay.read_text().splitlines()), True)
    assert "from_id, to_id" in problem.message
    with closing(insights.open(folder, now=NOW, home=tmp_path / "home")) as assistant:
        assert asked(assistant, "takings").answer.value == 365


def test_a_verified_question_may_name_a_role(tmp_path):
    """As a request writes it; a role that does not exist is a mistake as before."""
    folder = written(tmp_path / "catalog")
    overlay = folder / "assistant.yaml"
    plain = overlay.read_text()
    verified = "verified:\n  - {ask: where do we earn, request: {analysis: breakdown, metrics: [takings], group_by: [%s.city]}}\n"
    overlay.write_text(plain + verified % "origin")
    assert examining.check(folder) == ()
    with closing(insights.open(folder, now=NOW, home=tmp_path / "home")) as assistant:
        rows = asked(assistant, "where do we earn").answer.rows
    assert {row["origin.city"]: row["takings"] for row in rows} == {"Berlin": 100, "Paris": 256, "Lyon": 8, None: 1}
    overlay.write_text(plain + verified % "orignal")
    assert "no dataset 'orignal'" in examining.check(folder)[0].message
