"""Records compared with a number, in the words of a carrier: heavier than 20 kg, delayed more than an hour, with more than 190 passengers."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import pytest

import insights
from insights.assistant import Turn

NOW = datetime(2026, 6, 30, 12)
PARCELS = """parcel,picked_up_at,delivered_on,departed_on,expires_on,wt,dep_delay,arr_delay,transit,pieces,charge,depot
1,2026-04-30 10:00,2026-05-02,2026-05-01,2026-05-20,25,90,10,30,5,10,Leeds
2,2026-05-01 11:00,2026-05-03,2026-05-02,2026-06-01,20,60,70,60,200,20,Leeds
3,2026-05-02 12:00,,2026-05-03,2026-06-02,0.4,61,,100,191,30,York
4,2026-06-03 13:00,2026-06-05,2026-06-03,2026-07-01,12,-5,0,24,190,40,York
5,2026-06-04 14:00,2026-06-06,2026-06-05,2026-07-02,,,,,,50,York
"""
TIMES, NUMBERS = ("picked_up_at", "delivered_on", "departed_on", "expires_on"), ("wt", "dep_delay", "arr_delay", "transit", "pieces", "charge")


def _field(name, time=None):
    dimension = "" if time is None else f", dimension: {{is_time: {str(time).lower()}}}"
    return f"          - {{name: {name}, expression: {{dialects: [{{dialect: ANSI_SQL, expression: {name}}}]}}{dimension}}}\n"


def _metric(name, expression):
    return f"      - {{name: {name}, expression: {{dialects: [{{dialect: ANSI_SQL, expression: {expression}}}]}}}}\n"


OVERLAY = """version: 1
datasets: {parcels: {time: parcels.departed_on}}
metrics:
  parcels: {label: Parcels, unit: parcels}
  shipped_pieces: {label: Pieces, unit: pieces}
  charges: {label: Charges, unit: GBP}
  average_transit: {label: Average transit time, unit: hours}
  breakage: {type: ratio, numerator: heavy, denominator: parcels, unit: percent, label: Breakage}
  dear: {type: derived, expression: parcels, filter: parcels.charge > 25 and parcels.wt > 1, label: Dear parcels, unit: parcels}
  from_leeds: {type: derived, expression: parcels, filter: "parcels.depot = 'Leeds'", label: Leeds parcels, unit: parcels}
  heavy: {type: derived, expression: parcels, filter: parcels.wt > 15, label: Heavy parcels, unit: parcels}
fields:
  parcels.wt: {label: weight, unit: kg}
  parcels.dep_delay: {label: departure delay, unit: minutes}
  parcels.arr_delay: {label: arrival delay, unit: minutes}
  parcels.transit: {label: transit time, unit: hours}
  parcels.pieces: {label: piece count}
"""


@pytest.fixture(scope="module")
def carrier(tmp_path_factory):
    """A carrier of five parcels, ready to be asked."""
    folder = tmp_path_factory.mktemp("carrier")
    (folder / "parcels.csv").write_text(PARCELS)
    fields = "".join([_field("parcel"), *(_field(name, True) for name in TIMES), *(_field(name) for name in NUMBERS), _field("depot", False)])
    metrics = (
        _metric("parcels", "COUNT(parcels.*)")
        + _metric("shipped_pieces", "SUM(parcels.pieces)")
        + _metric("charges", "SUM(parcels.charge)")
        + _metric("average_transit", "AVG(parcels.transit)")
    )
    (folder / "model.yaml").write_text(
        "version: 0.1.1\nsemantic_model:\n  - name: carrier\n    datasets:\n      - name: parcels\n        source: ./parcels.csv\n"
        "        primary_key: [parcel]\n"
        f"        fields:\n{fields}    metrics:\n{metrics}"
    )
    (folder / "assistant.yaml").write_text(OVERLAY)
    with closing(insights.open(folder, now=NOW, home=folder / "home")) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("parcels over 11 kg", 3),
        ("parcels over 11 kilos", 3),
        ("parcels under 500 grams", 1),
        ("parcels with a weight between 12 and 20 kg", 2),
        ("parcels heavier than 20 kg", 1),
        ("how many parcels were heavier than 12", 2),
        ("parcels lighter than 1 kg", 1),
        ("parcels weighing more than 20 kg", 1),
        ("parcels with a departure delay over 60 minutes", 2),
        ("parcels with a departure delay over 1.5 hours", 0),
        ("parcels with a departure delay of at least an hour", 3),
        ("parcels with more than 190 pieces", 2),
        ("parcels weighing 12 kg or more", 3),
        ("parcels over 12 kg and under 25 kg", 1),
        ("how many parcels had charges over 25 pounds", 3),
        ("parcels with an average transit time over 24 hours", 3),
    ],
)
def test_records_are_compared_by_the_number_that_is_said(carrier, text, value):
    """By its unit, by a comparative, a participle, or a figure that is made of it; what is not known is not counted."""
    reply = carrier.reply(Turn(text=text))
    assert (reply.outcome, reply.answer.value) == ("understood", value)
    assert len(reply.request.filters) == 1 + (" and under" in text)


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("parcels delayed more than 60 minutes", {"parcels.dep_delay": 2, "parcels.arr_delay": 1}),
        ("parcels delayed by more than an hour", {"parcels.dep_delay": 2, "parcels.arr_delay": 1}),
        ("parcels delayed 70 minutes or more", {"parcels.dep_delay": 1, "parcels.arr_delay": 1}),
    ],
)
def test_a_participle_that_two_numbers_share_is_asked_about(carrier, text, one):
    """Delayed at departure or at arrival: not the one of them in silence."""
    reply = carrier.reply(Turn(text=text, conversation=text))
    assert reply.outcome == "clarify"
    told = {}
    for place, choice in enumerate(reply.choices):
        again = carrier.reply(Turn(text=text, conversation=f"{text} {place}"))
        assert again.outcome == "clarify"
        told[choice.request.filters[0].dimension] = carrier.reply(Turn(text=str(place + 1), conversation=f"{text} {place}")).answer.value
    assert told == one


@pytest.mark.parametrize("text", ["parcels over 11 pounds sterling by depot", "parcels over 3 miles", "parcels with a weight over 3 hours"])
def test_a_unit_that_nothing_is_measured_in_is_never_passed_over(carrier, text):
    """Neither are kilos compared with miles, nor is the word dropped."""
    reply = carrier.reply(Turn(text=text))
    assert reply.outcome != "understood" or "charge" in str(reply.request.filters)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("parcels by departure month", {"2026-05-01": 3, "2026-06-01": 2}),
        ("parcels by month of departure", {"2026-05-01": 3, "2026-06-01": 2}),
        ("parcels by delivery month", {"2026-05-01": 2, "2026-06-01": 2}),
        ("parcels by pickup month", {"2026-04-01": 1, "2026-05-01": 2, "2026-06-01": 2}),
        ("parcels by picked up month", {"2026-04-01": 1, "2026-05-01": 2, "2026-06-01": 2}),
    ],
)
def test_the_time_of_a_deed_goes_by_its_noun(carrier, text, counts):
    """The day something departed on is that of its departure; what was never delivered has no month of delivery."""
    reply = carrier.reply(Turn(text=text))
    assert reply.outcome == "understood"
    rows = {str(row[reply.request.time_field])[:10]: row["parcels"] for row in reply.answer.rows if row[reply.request.time_field] is not None}
    assert rows == counts


def test_a_period_can_be_that_of_any_deed(carrier):
    """Picked up in May, whatever else happened when, and the answer says by what."""
    reply = carrier.reply(Turn(text="parcels picked up in May 2026"))
    assert (reply.answer.value, reply.request.time_field) == (2, "parcels.picked_up_at")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("parcels picked up in May 2026 that departed in June 2026", "one date at a time"),
        ("parcels over 20 kg or under 1 kg", "the one or the other"),
        ("parcels over 20 kg or with a departure delay over 60 minutes", "the one or the other"),
        ("charges of dear parcels", "figure of their own"),
    ],
)
def test_what_cannot_hold_together_is_refused(carrier, text, reason):
    """Neither are two dates one period, nor is "or" an "and", nor one figure that of another."""
    reply = carrier.reply(Turn(text=text))
    assert reply.outcome == "unsupported"
    assert reason in reply.text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("how many parcels are heavy", 2),
        ("parcels that were heavy", 2),
        ("parcels not delivered", 1),
        ("how many parcels were not delivered yet", 1),
        ("parcels that are not delivered yet in May 2026", 1),
    ],
)
def test_what_is_said_behind_the_records_tells_which_are_meant(carrier, text, value):
    """One figure of some of them, or those of which the deed has no time; not all of them beside it."""
    reply = carrier.reply(Turn(text=text))
    assert (reply.outcome, len(reply.request.metrics), reply.answer.value) == ("understood", 1, value)


def test_what_was_not_done_in_a_period_may_have_been_done_in_another(carrier):
    """That is no record without a time."""
    assert carrier.reply(Turn(text="parcels not delivered in May 2026")).outcome == "unsupported"


def test_records_beside_some_of_them_stay_two_figures(carrier):
    """Joined by "and", both are told."""
    assert carrier.reply(Turn(text="parcels and heavy parcels")).answer.rows == ({"parcels": 5, "heavy": 2},)


@pytest.mark.parametrize("text", ["were charges up in June 2026", "were charges down in June 2026 versus May 2026"])
def test_whether_something_is_up_is_told_against_the_time_before(carrier, text):
    """June's 90 against May's 60, whichever way was asked."""
    reply = carrier.reply(Turn(text=text))
    assert (reply.outcome, reply.request.analysis, reply.answer.value) == ("understood", "compare", 90)
    assert reply.request.compare.period.first.month == 5


@pytest.mark.parametrize(("text", "value"), [("parcels that expired in June 2026", 2), ("parcels expiring in July 2026", 2)])
def test_a_time_that_is_still_to_come_goes_by_its_verb(carrier, text, value):
    """`expires_on` is when something expired, or is expiring."""
    assert carrier.reply(Turn(text=text)).answer.value == value


@pytest.mark.parametrize(
    ("text", "value"), [("average transit time of leeds parcels", 45), ("charges of leeds parcels", 30), ("total weight for leeds parcels", 45)]
)
def test_a_figure_of_some_records_is_told_of_those(carrier, text, value):
    """Parcels 1 and 2 are from Leeds, which is the condition that the figure of them has; their number is not told beside it."""
    reply = carrier.reply(Turn(text=text))
    assert (reply.outcome, len(reply.request.metrics), reply.answer.value) == ("understood", 1, value)
    assert [(one.dimension, one.values) for one in reply.request.filters] == [("depot", ("Leeds",))]


def test_without_a_number_may_mean_nought(carrier):
    """No arrival delay: one of parcel 4, and those of 3 and 5 that nobody knows."""
    text = "parcels without arrival delay"
    told = {}
    for choice in ("1", "2"):
        reply = carrier.reply(Turn(text=text, conversation=f"nought {choice}"))
        assert reply.outcome == "clarify"
        told[reply.choices[int(choice) - 1].label] = carrier.reply(Turn(text=choice, conversation=f"nought {choice}")).answer.value
    assert told == {"arrival delay is 0": 1, "arrival delay is not known": 2}


@pytest.mark.parametrize("text", ["breakage", "breakage rate"])
def test_a_part_of_one_is_a_rate_too(carrier, text):
    """Two of five, under the name that it has and as people say it."""
    reply = carrier.reply(Turn(text=text))
    assert (reply.request.metrics, reply.answer.value) == (("breakage",), 0.4)
