"""`insights ask`: forms, batches, conversations, who asks and where, and what it ends with."""

from __future__ import annotations

import json

import jsonschema
import pytest

from insights.schema import schema

VALID = jsonschema.Draft202012Validator(schema())
BOOK = "book a room for four tomorrow at three for an hour"


def documents(ran):
    """Each line as a valid document of the contract."""
    found = [json.loads(line) for line in ran.lines]
    for document in found:
        VALID.validate(document)
    return found


def test_text_is_the_answer_with_what_it_stands_on(ask):
    """Plain when piped: no escape sequence, the whole footer."""
    ran = ask("what was revenue last month")
    assert ran.status == 0
    assert ran.lines[0] == "Revenue in April 2026: $300,385.62"
    assert [line.split(":")[0] for line in ran.lines[1:]] == ["Period", "Definition", "Source", "Assumed"]
    assert "\x1b" not in ran.out


def test_speech_is_one_breath(ask):
    """What Alexa would say."""
    assert ask("what was revenue last month", "--format", "speech").out == "Revenue was 300,000 US dollars in April 2026.\n"


def test_json_is_the_contract(ask):
    """One document with the answer, valid against the schema."""
    ran = ask("top 3 regions by revenue last quarter", "--format", "json")
    document = json.loads(ran.out)
    VALID.validate(document)
    assert (document["outcome"], document["request"]["analysis"], document["request"]["limit"]) == ("understood", "ranking", 3)
    assert document["request"]["period"]["first"] == "2026-01-01"
    assert len(document["answer"]["rows"]) == 3
    assert set(document["answer"]["rows"][0]) == {"region", "revenue"}
    assert {"understand", "permit", "plan", "query", "word"} <= set(document["timings"])


def test_doors_dress_the_reply(ask):
    """As the payload that Alexa or Slack would get."""
    spoken = json.loads(ask("what was revenue last month", "--format", "alexa").out)
    assert "300,000 US dollars" in json.dumps(spoken)
    blocks = json.loads(ask("revenue by market last month", "--format", "slack").out)
    assert blocks["text"].startswith("Revenue by market in April 2026")
    assert blocks["blocks"]


def test_an_unknown_form_names_the_doors(ask):
    """With the nearest."""
    ran = ask("what was revenue last month", "--format", "slak")
    assert (ran.status, ran.out) == (2, "")
    assert "There is no door 'slak'" in ran.err
    assert "Did you mean 'slack'?" in ran.err


@pytest.mark.parametrize(
    ("question", "options", "outcome", "status"),
    [
        ("what was revenue last month", (), "understood", 0),
        ("revenue for Narnia", (), "clarify", 0),
        (BOOK, ("--as", "ada"), "confirm", 0),
        ("what is the meaning of life", (), "unsupported", 1),
        ("", (), "unsupported", 1),
        ("gross margin last month", (), "denied", 1),
        (BOOK, (), "denied", 1),
        ("what was revenue last month", ("--as", "jo"), "denied", 1),
        ("what was revenue last month", ("--as", "nobody"), "unsupported", 1),
        ("what was revenue last month", ("--device", "echo-nowhere"), "unsupported", 1),
        ("book Willow tomorrow at three for five hours", ("--as", "ada"), "denied", 1),
    ],
)
def test_the_status_says_whether_it_was_answered(ask, question, options, outcome, status):
    """Nought for an answer or a question back, one for a refusal."""
    ran = ask(question, *options, "--format", "json")
    document = json.loads(ran.out)
    VALID.validate(document)
    assert (document["outcome"], ran.status) == (outcome, status)
    if status:
        assert document["reason"]


def test_a_batch_is_a_document_a_line(ask):
    """Plain lines and JSON Lines mixed; empty lines are passed over; the text comes back as it was."""
    stdin = 'revenue last month\n\n{"text": "orders in May"}\n  {"text": "revenue yesterday", "today": "2026-03-02"}\n'
    found = documents(ask("--batch", "--format", "json", stdin=stdin))
    assert [document["text"] for document in found] == ["revenue last month", "orders in May", "revenue yesterday"]
    assert found[2]["request"]["period"]["first"] == "2026-03-01"


def test_follow_ups_in_a_batch_belong_together_by_conversation(ask):
    """Two threads at once, each with its own memory."""
    lines = [("a", "revenue last month"), ("b", "orders in March"), ("a", "and by market?"), ("b", "and by market?")]
    stdin = "".join(json.dumps({"text": text, "conversation": thread}) + "\n" for thread, text in lines)
    found = documents(ask("--batch", "--format", "json", stdin=stdin))
    assert [(d["request"]["metrics"], d["request"]["group_by"], d["request"]["period"]["first"]) for d in found] == [
        (["revenue"], [], "2026-04-01"),
        (["orders"], [], "2026-03-01"),
        (["revenue"], ["market"], "2026-04-01"),
        (["orders"], ["market"], "2026-03-01"),
    ]


@pytest.mark.parametrize(
    "line", ['{"text": 5}', "{not json", '{"text": "x", "today": "tomorrow"}', '{"text": "x", "today": "9999-12-31"}', "{}", '{"text": "x", "conversation": 7}']
)
def test_a_line_that_cannot_be_read_is_named(ask, line):
    """By its number, with the way to write it; what came before is answered."""
    ran = ask("--batch", "--format", "json", stdin=f"revenue last month\n{line}\n")
    assert ran.status == 2
    assert "Line 2 of the batch" in ran.err
    assert '{"text": "..."}' in ran.err
    assert len(ran.lines) == 1


def test_a_conversation_lives_from_one_call_to_the_next(ask):
    """Follow-ups refer to it; another one does not know it."""
    ask("revenue last month", "--conversation", "c1")
    assert ask("and by market?", "--conversation", "c1").lines[0] == "Revenue by market in April 2026:"
    assert ask("and by market?", "--conversation", "c2").lines[0] != "Revenue by market in April 2026:"


def test_a_question_back_is_answered_by_number_or_name(ask):
    """The next utterance of the conversation."""
    asked = json.loads(ask("revenue for Narnia", "--conversation", "c1", "--format", "json").out)
    assert asked["outcome"] == "clarify"
    chosen = json.loads(ask("1", "--conversation", "c1", "--format", "json").out)
    assert (chosen["outcome"], chosen["request"]) == ("understood", asked["alternatives"][0]["request"])


def test_an_action_waits_for_a_yes(ask):
    """In its conversation; said twice, it is done once."""
    first = ask(BOOK, "--as", "ada", "--conversation", "c1")
    assert first.lines[0].startswith("Shall I book ")
    assert ask("what have I booked?", "--as", "ada").out.startswith("You have nothing booked")
    booked = ask("yes", "--as", "ada", "--conversation", "c1")
    assert booked.lines[0].startswith("Booked: ")
    assert "Nothing here waits" in ask("yes", "--as", "ada", "--conversation", "c1").out
    assert len(ask("what have I booked?", "--as", "ada").lines) == 2


def test_yes_in_advance_acts_at_once(ask):
    """`--yes` needs no conversation; the same `--id` acts once."""
    for _ in range(2):
        ran = ask(BOOK, "--as", "ada", "--yes", "--conversation", "c9", "--id", "t1", "--format", "json")
        assert json.loads(ran.out)["answer"]["status"] == "booked"
    assert len(ask("what have I booked?", "--as", "ada").lines) == 2


def test_without_a_conversation_the_way_to_confirm_is_said(ask):
    """Each call stands alone then."""
    document = json.loads(ask(BOOK, "--as", "ada", "--format", "json").out)
    assert document["outcome"] == "confirm"
    assert "--yes" in document["question"]


def test_who_asks_decides_what_is_shown(ask):
    """Confidential figures are for finance, in private: in a room or a channel they are sent and not told, and nobody else gets them."""
    margin = "gross margin last month"
    assert ask(margin, "--as", "omar").status == 0
    for options in (("--as", "ada"), (), ("--as", "omar", "--audience", "channel"), ("--as", "omar", "--device", "echo-fern")):
        ran = ask(margin, *options)
        assert ran.status == (0 if "omar" in options else 1)
        assert ("I'll send it to you privately" in ran.out) == ("omar" in options)
        assert "%" not in ran.out


def test_the_device_says_which_room_it_is(ask):
    """ "This room" on the Echo in Fern."""
    ran = ask("the screen in this room is broken", "--as", "ada", "--device", "echo-fern", "--format", "json")
    assert json.loads(ran.out)["answer"]["ticket"]["room"] == "fern"


def test_the_clock_can_be_fixed(ask):
    """By day or by instant; a wrong one is explained."""
    for options in (("--today", "2025-03-15"), ("--now", "2025-03-15T23:59")):
        document = json.loads(ask("revenue last month", *options, "--format", "json").out)
        assert document["request"]["period"]["first"] == "2025-02-01"
    for option, value in (("--today", "15.3.2025"), ("--now", "soon"), ("--today", "2025-02-30"), ("--today", "0001-01-01")):
        ran = ask("revenue last month", option, value)
        assert ran.status == 2
        assert "ISO 8601" in ran.err


def test_nothing_to_ask_or_two_things_is_a_usage_error(ask):
    """A question, or a batch, and not both."""
    assert ask().status == 2
    assert ask("revenue", "--batch").status == 2
    assert "Say what to ask" in ask().err


def test_without_a_catalog_the_ways_to_name_one_are_said(run):
    """No settings, no option."""
    ran = run("ask", "revenue")
    assert ran.status == 2
    for way in ("--catalog", "--data", "insights.toml", "insights demo"):
        assert way in ran.err


def test_files_nobody_prepared_are_asked_at_once(run, tmp_path):
    """Several paths behind one --data, and the question last."""
    (tmp_path / "sales.csv").write_text("day,region,amount\n2026-01-01,North,10\n2026-01-02,South,30\n2026-02-01,North,5\n")
    (tmp_path / "visits.csv").write_text("day,region,visits\n2026-01-01,North,100\n")
    ran = run("ask", "--data", tmp_path / "sales.csv", tmp_path / "visits.csv", "total amount by region", "--format", "json")
    assert ran.status == 0, ran.out + ran.err
    rows = json.loads(ran.out)["answer"]["rows"]
    assert {row["sales.region"]: row["sum(sales.amount)"] for row in rows} == {"North": 15, "South": 30}
