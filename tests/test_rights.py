"""Rights hold in every sentence that leaves the assistant, not only in figures."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import closing
from datetime import date, datetime
from uuid import uuid4

import pytest

from insights import Turn, wiring
from insights.contract import encode, encode_reply
from insights.errors import NotPermitted
from insights.language.intents import load
from insights.requests import Filter, MetricQuestion, Period
from skill.model import written
from slackbot.manifest import render

MODEL = """
version: 0.1.1
semantic_model:
  - name: wares
    datasets:
      - name: sales
        source: sales.csv
        primary_key: [id]
        fields:
          - {name: id, expression: {dialects: [{dialect: ANSI_SQL, expression: id}]}}
          - {name: customer_id, expression: {dialects: [{dialect: ANSI_SQL, expression: customer_id}]}}
          - {name: sold_on, expression: {dialects: [{dialect: ANSI_SQL, expression: sold_on}]}, dimension: {is_time: true}}
          - {name: kind, expression: {dialects: [{dialect: ANSI_SQL, expression: kind}]}, dimension: {is_time: false}}
          - {name: amount, expression: {dialects: [{dialect: ANSI_SQL, expression: amount}]}}
      - name: customers
        source: customers.csv
        primary_key: [id]
        fields:
          - {name: id, expression: {dialects: [{dialect: ANSI_SQL, expression: id}]}}
          - {name: region_id, expression: {dialects: [{dialect: ANSI_SQL, expression: region_id}]}}
          - {name: city, expression: {dialects: [{dialect: ANSI_SQL, expression: city}]}, dimension: {is_time: false}}
      - name: regions
        source: regions.csv
        primary_key: [id]
        fields:
          - {name: id, expression: {dialects: [{dialect: ANSI_SQL, expression: id}]}}
          - {name: region, expression: {dialects: [{dialect: ANSI_SQL, expression: region}]}, dimension: {is_time: false}}
      - name: salaries
        source: salaries.csv
        primary_key: [id]
        fields:
          - {name: id, expression: {dialects: [{dialect: ANSI_SQL, expression: id}]}}
          - {name: grade, expression: {dialects: [{dialect: ANSI_SQL, expression: grade}]}, dimension: {is_time: false}}
          - {name: paid_on, expression: {dialects: [{dialect: ANSI_SQL, expression: paid_on}]}, dimension: {is_time: true}}
          - {name: wage, expression: {dialects: [{dialect: ANSI_SQL, expression: wage}]}}
    relationships:
      - {name: sales_customers, from: sales, to: customers, from_columns: [customer_id], to_columns: [id]}
      - {name: customers_regions, from: customers, to: regions, from_columns: [region_id], to_columns: [id]}
    metrics:
      - {name: revenue, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(sales.amount)}]}}
      - {name: sales_count, expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(sales.id)}]}}
      - {name: zinc_profit, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(sales.amount * 0.25)}]}}
      - {name: payroll, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(salaries.wage)}]}}
"""

OVERLAY = """
version: 1
today: 2026-05-31
metrics:
  revenue: {label: Revenue, unit: USD, certified: true}
  sales_count: {label: Sales count}
  zinc_profit: {label: Zinc profit, unit: USD, sensitivity: confidential}
  zinc_margin: {type: ratio, numerator: zinc_profit, denominator: revenue, label: Zinc margin, unit: percent}
  zinc_cost: {type: derived, expression: revenue - zinc_profit, label: Zinc cost, unit: USD}
  payroll: {label: Payroll, unit: USD}
datasets:
  customers: {personal: true}
  salaries: {sensitivity: confidential}
fields:
  sales.amount: {label: Amount, unit: USD}
  sales.kind: {label: Kind}
  customers.city: {label: City, values: {Osaka: [naniwa]}}
  regions.region: {label: Region, values: {APAC: [asia pacific, far east], EMEA: [europe]}}
  salaries.grade: {label: Grade}
  salaries.wage: {label: Wage, unit: USD}
access: {confidential: [finance]}
policies:
  - {dataset: regions, roles: [regional_manager], where: {region: "{person.region}"}}
  - {dataset: regions, roles: [finance, everywhere], where: {region: [APAC, EMEA]}}
minimum_group: 3
verified:
  - {ask: how rich are we, request: {analysis: value, metrics: [zinc_profit]}}
"""

ORGANIZATION = """
version: 1
people:
  - {id: fin, name: Fin, roles: [finance]}
  - {id: ema, name: Ema, roles: [regional_manager], attributes: {region: EMEA}}
  - {id: kai, name: Kai, roles: [regional_manager], attributes: {region: APAC}}
  - {id: all, name: Al, roles: [everywhere]}
  - {id: new, name: New, roles: []}
devices: {desk: {person: fin}}
"""

NOW = datetime(2026, 5, 31, 9)
HIDDEN_METRICS = re.compile(r"zinc|payroll|salar|wage|grade|director", re.IGNORECASE)
HIDDEN_VALUES = re.compile(r"apac|asia|far east|osaka|naniwa|kyoto", re.IGNORECASE)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """Two regions of 1,000 and 500 dollars: EMEA sells in Bremen and Malmo, APAC in Osaka and (to a single customer) Kyoto."""
    folder = tmp_path_factory.mktemp("wares")
    (folder / "model.yaml").write_text(MODEL)
    (folder / "assistant.yaml").write_text(OVERLAY)
    (folder / "organization.yaml").write_text(ORGANIZATION)
    (folder / "regions.csv").write_text("id,region\n1,EMEA\n2,APAC\n")
    cities = ["Bremen"] * 5 + ["Malmo"] * 5 + ["Osaka"] * 4 + ["Kyoto"]
    (folder / "customers.csv").write_text("id,region_id,city\n" + "".join(f"{n},{1 if n <= 10 else 2},{city}\n" for n, city in enumerate(cities, 1)))
    (folder / "sales.csv").write_text(
        "id,customer_id,sold_on,kind,amount\n" + "".join(f"{n},{n},2026-04-{n:02},{'tea' if n % 2 else 'mate'},100\n" for n in range(1, 16))
    )
    (folder / "salaries.csv").write_text("id,grade,paid_on,wage\n" + "".join(f"{n},Director,2026-04-30,9000\n" for n in range(1, 7)))
    return folder


@pytest.fixture(scope="module")
def assistant(company, tmp_path_factory):
    """Over these wares, with a ledger of its own."""
    with closing(wiring.open_catalog(company, home=tmp_path_factory.mktemp("home"))) as assistant:
        yield assistant


@pytest.fixture
def ask(assistant):
    """Ask as somebody, in conversations of this test alone: the reply, and all that leaves the assistant as text."""
    own = uuid4().hex

    def asked(text, person=None, conversation=None, **more):
        reply = assistant.reply(Turn(text, person=person, conversation=conversation and own + conversation, **more))
        return reply, json.dumps(encode_reply(reply)) + json.dumps(encode(reply.chart)) + reply.speech + reply.text

    return asked


def echoes(said: str, pattern: re.Pattern[str], text: str) -> list[str]:
    """What a reply tells of the hidden names; the asker's own words said back are no news."""
    words = {word.casefold() for word in re.findall(r"\w+", text)}
    return [found for found in re.findall(r"\w+", said) if pattern.search(found) and found.casefold() not in words]


PROBES = """
revenue
revenue by city
compare regions by revenue
revenue in Osakka
revenue for APACC
revenue in the far east
revenue in naniwa by kind
revenue outside EMEA
what regions are there
list cities
what do you know about regions
what is city
what do you know about salaries
what is payroll
payrol
zink profit
profit
margin
cost
zinc margin last month
zinc cost by kind
payroll by grade
kind with payrol over 5
kind by zin
revenue by grades
average wages
how many salarys
how many directers
wages paid on April 30
revenue where zinc profit over 100 by kind
kinds with zinc profit over 10
revenue / zinc profit
revenue minus zinc profit last month
top 3 by zinc profit
best region
what can I ask
help
hello
xyzzy
region
city
how rich are we
share of revenue by region
share of zinc profit by kind
what percent of revenue comes from APAC
what percent of revenue comes from Osaka
what share of payroll goes to directors
salaries by weekday
wages in steps of 1000
sales in cities starting with Osa
running total of payroll by month
month over month growth of zinc profit
top 2 cities in each region by revenue
customers who bought in April and not since
which customers bought in April and not since
list the salaries
list the salaries with their grade
list the sales with their city
list the customers
largest five sales by zinc profit
""".strip().splitlines()


@pytest.mark.parametrize("person", [None, "new", "ema"])
@pytest.mark.parametrize("text", PROBES)
def test_no_reply_tells_a_name_or_a_value_that_the_asker_may_not_know(ask, text, person):
    """Answers, refusals, questions back, spelling mended, help, and what can be asked: none holds a confidential name or a value of hidden rows."""
    reply, said = ask(text, person)
    assert reply.outcome != "failed", reply.reason
    assert not echoes(said, HIDDEN_METRICS, text)
    assert not echoes(said, HIDDEN_VALUES, text)


@pytest.mark.parametrize(
    "text", ["zinc profit", "zinc margin last month", "zinc cost by kind", "payroll", "how many salaries", "revenue / zinc profit", "how rich are we"]
)
def test_what_is_confidential_is_refused_as_such_when_it_is_asked_for_by_name(ask, text):
    """A ratio and a derived metric are as confidential as their parts; finance gets the figure."""
    assert ask(text, "ema")[0].outcome == "denied"
    assert ask(text, "fin", audience="channel")[0].outcome == "denied"
    assert ask(text, "fin")[0].outcome == "understood"


@pytest.mark.parametrize("hidden", ["APAC", "far east", "Osaka", "naniwa", "Kyoto"])
@pytest.mark.parametrize("form", ["revenue for {}", "sales count in {}", "average amount in {}", "compare {} and EMEA revenue", "revenue without {}"])
def test_a_hidden_value_is_nothing_that_is_known(ask, form, hidden):
    """A value of rows that the asker may not see is like a word that nothing is called: no zero is claimed for it, and it is not confirmed to exist."""
    reply, _ = ask(form.format(hidden), "ema")
    nonsense, _ = ask(form.format("Quux"), "ema")
    assert (reply.outcome, reply.answer) == (nonsense.outcome, None)
    assert reply.text.casefold().replace(hidden.casefold(), "quux") == nonsense.text.casefold()


def test_rows_are_those_of_the_asker_along_two_joins(ask):
    """Managers see their region, whoever is in no role sees nothing, and an answer about a part of the rows says that it is."""
    assert ask("revenue", "ema")[0].answer.value == 1000
    assert ask("revenue", "kai")[0].answer.value == 500
    assert ask("revenue", "all")[0].answer.value == 1500
    assert ask("revenue", "new")[0].outcome == ask("revenue")[0].outcome == "denied"
    assert {row["city"] for row in ask("revenue by city", "ema")[0].answer.rows} == {"Bremen", "Malmo"}
    assert ask("count of customers", "ema")[0].answer.value == 10
    assert "only what you may see" in ask("revenue", "ema")[0].speech


def test_a_value_that_the_asker_may_see_is_understood_in_every_way_it_is_said(assistant):
    """The values of the asker's own rows are known by their other words and when they are misspelt."""
    for text, filtered in (("revenue for APAC", "APAC"), ("revenue in the far east", "APAC"), ("revenue in naniwa", "Osaka"), ("revenue in Osakka", "Osaka")):
        reading, _ = assistant.understand(Turn(text, person="kai"))
        assert reading.request.filters[0].values == (filtered,), text


def test_few_people_are_not_told_of(ask):
    """A city of one customer is told neither alone nor by what is left when the others are taken from all of them; the rest is told."""
    assert ask("revenue in Kyoto", "kai")[0].outcome == "denied"
    assert ask("revenue by city", "kai")[0].outcome == "denied"
    assert ask("revenue in Osaka", "kai")[0].outcome == "denied"
    assert ask("revenue outside Osaka", "kai")[0].outcome == "denied"
    assert ask("revenue", "kai")[0].answer.value == 500


def test_a_breakdown_leaves_out_the_few_and_as_many_as_would_give_them_away(ask):
    """Kyoto has one customer; with Osaka left out as well, the total of 1500 says only what both have together."""
    reply, said = ask("revenue by city", "all")
    assert {row["city"]: row["revenue"] for row in reply.answer.rows} == {"Bremen": 500, "Malmo": 500}
    assert reply.answer.hidden == 2
    assert "2 groups are not shown" in said
    assert not re.search("osaka|kyoto", said, re.IGNORECASE)
    assert ask("top 3 cities by revenue", "all")[0].answer.hidden == 2
    assert ask("share of revenue by city", "all")[0].answer.hidden == 2
    assert ask("revenue in Osaka", "all")[0].outcome == "denied"
    assert ask("revenue outside Bremen", "all")[0].answer.value == 1000
    assert ask("revenue in Bremen", "all")[0].answer.value == 500


@pytest.fixture
def answer(assistant):
    """What a request of these forms gives somebody, whatever words it was asked in. Raises as the assistant would refuse."""

    def answer(person, **question):
        request = MetricQuestion(**question)
        asker = assistant.permit.asker(person=person, device=None, audience="private")
        return assistant._parts.questions.answer(request, assistant.permit.decide(request, asker))

    return answer


def test_the_whole_of_a_share_is_what_the_asker_may_see(answer):
    """A manager's region is all there is; whoever sees both has 1000 and 500 of 1500; and so for a whole of its own, and for a part that is asked for."""
    by_region = {"analysis": "share", "group_by": ("region",)}
    assert [(row["region"], row["revenue"]) for row in answer("ema", metrics=("revenue",), **by_region).rows] == [("EMEA", 1)]
    assert [row["revenue"] for row in answer("all", metrics=("revenue",), **by_region).rows] == [pytest.approx(2 / 3), pytest.approx(1 / 3)]
    buyers = "count_distinct(sales.customer_id)"
    assert [(row["region"], row[buyers]) for row in answer("ema", metrics=(buyers,), **by_region).rows] == [("EMEA", 1)]
    bremen = {"analysis": "share", "filters": (Filter(dimension="city", values=("Bremen",)),), "options": {"part": "city"}}
    assert (answer("ema", metrics=("revenue",), **bremen).value, answer("all", metrics=("revenue",), **bremen).value) == (0.5, pytest.approx(1 / 3))
    assert answer("kai", metrics=("revenue",), **bremen).value == 0


def test_sets_are_made_of_the_rows_of_the_asker(answer):
    """EMEA bought up to the tenth of April, APAC after it: whoever sees one of them counts only that one's."""
    options = {"members": "sales.customer_id", "not_first": date(2026, 4, 11), "not_last": None}
    question = {"metrics": ("count_distinct(sales.customer_id)",), "period": Period(first=date(2026, 4, 1), last=date(2026, 4, 30)), "options": options}
    assert answer("ema", **question).value == 10
    assert answer("all", **question).value == 10
    assert answer("kai", **question).value == 0


def test_lists_hold_only_the_rows_of_the_asker_and_no_single_person(answer):
    """Sales without their customers may be listed; customers, or sales with a city, may not, where only groups of people are shown."""
    sales = {"analysis": "list", "options": {"dataset": "sales"}}
    assert (answer("ema", columns=("sold_on",), **sales).total_rows, answer("kai", columns=("sold_on",), **sales).total_rows) == (10, 5)
    for more in (
        {"columns": ("city",)},
        {"columns": ("sales.customer_id",)},
        {"columns": ("sold_on",), "filters": (Filter(dimension="city", values=("Bremen",)),)},
    ):
        with pytest.raises(NotPermitted, match="single people"):
            answer("ema", **sales, **more)
    with pytest.raises(NotPermitted, match="single people"):
        answer("ema", analysis="list", options={"dataset": "customers"})
    with pytest.raises(NotPermitted):
        answer("new", columns=("sold_on",), **sales)


@pytest.mark.parametrize(
    "question",
    [
        {"analysis": "list", "options": {"dataset": "salaries"}},
        {"analysis": "list", "options": {"dataset": "sales", "by": "salaries.wage"}, "columns": ("sold_on",)},
        {"analysis": "list", "options": {"dataset": "sales"}, "columns": ("salaries.grade",)},
        {"analysis": "list", "options": {"members": "salaries.id", "not_first": date(2026, 5, 1)}},
        {"analysis": "breakdown", "metrics": ("count(salaries)",), "group_by": ("weekday(salaries.paid_on)",)},
        {"analysis": "breakdown", "metrics": ("revenue",), "group_by": ("weekday(salaries.paid_on)",)},
        {"analysis": "breakdown", "metrics": ("revenue",), "group_by": ("bin(salaries.wage)",)},
        {"metrics": ("revenue",), "filters": (Filter(dimension="month_of_year(salaries.paid_on)", values=(4,)),)},
        {"analysis": "share", "metrics": ("zinc_profit",), "group_by": ("kind",)},
        {"analysis": "series", "metrics": ("payroll",), "grain": "month", "options": {"running": True}},
    ],
)
def test_no_form_gets_at_what_is_confidential(answer, question):
    """Whatever names it: a column, an order, members, a part of time, steps of a number."""
    with pytest.raises(NotPermitted, match="confidential"):
        answer("ema", **question)


@pytest.mark.parametrize("begun", ["zinc profit last month", "revenue in Osaka", "compare APAC and EMEA revenue", "payroll by grade"])
@pytest.mark.parametrize(
    "going_on", ["and by kind?", "what about April?", "the same for sales count", "why", "yes", "1", "compare with March", "and in Bremen?"]
)
def test_a_conversation_begun_by_somebody_with_more_rights_tells_the_next_nothing(ask, begun, going_on):
    """Who goes on from another's question gets none of its names, values or figures."""
    ask(begun, "fin", "shared")
    _, said = ask(going_on, "ema", "shared")
    assert not echoes(said, HIDDEN_METRICS, going_on)
    assert not echoes(said, HIDDEN_VALUES, going_on)


def test_a_question_put_to_one_person_is_not_answered_by_another_with_fewer_rights(ask):
    """Choices that were offered to finance are not there for a manager to pick from."""
    reply, said = ask("profit", "fin", "shared")
    if reply.outcome != "clarify":
        reply, said = ask("osak kyot revenue", "fin", "shared")
    for pick in ("1", "yes", "the first one"):
        _, said = ask(pick, "ema", "shared")
        assert not echoes(said, HIDDEN_METRICS, pick)
        assert not echoes(said, HIDDEN_VALUES, pick)


def test_generated_files_hold_nothing_confidential_and_no_policied_value(assistant):
    """The interaction model goes to a vendor and the manifest to a workspace: both hold open names only."""
    text = written(assistant.catalog, load())
    assert "revenue" in text.casefold()
    assert not HIDDEN_METRICS.search(text)
    assert not HIDDEN_VALUES.search(text)


def test_the_slack_manifest_holds_nothing_confidential_and_no_policied_value(assistant):
    """It is made of the commands, not of the data."""
    text = render()
    assert not HIDDEN_METRICS.search(text)
    assert not HIDDEN_VALUES.search(text)


@pytest.mark.parametrize("one", ["fin", "ema", "kai", "all", "new", None])
@pytest.mark.parametrize("other", ["fin", "ema", "kai", "all", "new", None])
def test_grants_that_differ_have_keys_that_differ(assistant, one, other):
    """Everything that is kept is kept by this key: whoever may have something else gets nothing of it."""
    grants = [assistant.permit.grant(assistant.permit.asker(person=person, device=None, audience="private")) for person in (one, other)]
    same = all(getattr(grants[0], part) == getattr(grants[1], part) for part in ("metrics", "datasets", "rows", "minimum_group"))
    assert (grants[0].key == grants[1].key) == same


@pytest.mark.parametrize(
    "text", ["zinc profit", "zincprofit", "zink profit by kind", "revenue per salary", "payrol last month", "profit", "grades", "how rich are we"]
)
def test_every_way_to_name_what_is_hidden_is_noticed(assistant, text):
    """Only an utterance that can name nothing hidden is read once, without the hidden names: all others may be refused as what they ask for."""
    asker = assistant.permit.asker(person="ema", device=None, audience="private")
    view = assistant._parts.hearing.view(assistant.permit.grant(asker))
    wide = assistant._parts.hearing._named(view)
    assert wide.names_beyond(text, view.catalog, now=NOW)
    assert not wide.names_beyond("revenue by city last month", view.catalog, now=NOW)


def test_what_is_said_again_is_what_may_still_be_seen(company, tmp_path):
    """After a manager has moved to another region, the last answer about the old one is not repeated."""
    folder = tmp_path / "wares"
    shutil.copytree(company, folder)
    with closing(wiring.open_catalog(folder, home=tmp_path / "home")) as assistant:
        asked, again = Turn("revenue", person="ema"), Turn("say that again", person="ema")
        reply = assistant.reply(asked)
        assistant.recalling.keep(asked, reply, place="desk")
        assert assistant.recalling.again(again, place="desk").text == reply.text
        moved = ORGANIZATION.replace(
            "name: Ema, roles: [regional_manager], attributes: {region: EMEA}", "name: Ema, roles: [regional_manager], attributes: {region: APAC}"
        )
        (folder / "organization.yaml").write_text(moved)
        assert assistant.renew()
        with pytest.raises(NotPermitted, match="has changed"):
            assistant.recalling.again(again, place="desk")


def test_an_errand_is_not_said_again_to_who_no_longer_acts_for_somebody(company, tmp_path):
    """What was heard of another's calendar as their delegate is gone with the delegation."""
    folder = tmp_path / "wares"
    shutil.copytree(company, folder)
    acting = ORGANIZATION.replace("name: Fin, roles: [finance]", "name: Fin, roles: [finance], delegates: [kai]")
    (folder / "organization.yaml").write_text(acting)
    with closing(wiring.open_catalog(folder, home=tmp_path / "home")) as assistant:
        asked, again = Turn("what have I booked", person="kai"), Turn("say that again", person="kai")
        reply = assistant.reply(asked)
        assert reply.request is not None
        assistant.recalling.keep(asked, reply, place="desk")
        assert assistant.recalling.again(again, place="desk").text == reply.text
        (folder / "organization.yaml").write_text(ORGANIZATION)
        assert assistant.renew()
        with pytest.raises(NotPermitted, match="has changed"):
            assistant.recalling.again(again, place="desk")
