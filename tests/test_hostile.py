"""Bad input, as it is said and as it stands in data: a clear reply or a clear error, never a traceback, and the next question works."""

from __future__ import annotations

import csv
import json
import os
import re
from contextlib import closing
from datetime import datetime

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights import Turn, wiring
from insights.contract import encode_reply
from insights.schema import schema
from tests.cli.conftest import home, run  # noqa: F401 - fixtures

VALID = jsonschema.Draft202012Validator(schema())
SANE = "what was revenue last month"
SANE_ANSWER = "Revenue in April 2026: $300,385.62"
TEMPLATES = ["{{ 7*7 }}", "{% include '/etc/passwd' %}", "{{ config.__class__ }}", "${7*7}", "#{7*7}", "%(x)s {0} {}"]
SAID = {
    "nothing": "",
    "white space": " \t\n ",
    "100 KB": "a" * 100_000,
    "100 KB of words": "revenue " * 12_500,
    "binary": bytes(range(256)).decode("latin-1"),
    "SQL": "'; DROP TABLE orders; --",
    "SQL in a name": "revenue for ' OR 1=1 --",
    "SQL of another table": "revenue UNION SELECT * FROM read_csv('/etc/passwd')",
    "SSML": "<speak><audio src='https://evil.example/x.mp3'/></speak>",
    "mrkdwn": "*bold* <!channel> <@U01> <https://evil.example|click>",
    "half a surrogate pair": "\ud800 revenue \udfff",
    "NUL": "revenue\x00 last month",
    "right to left": "\u202erevenue last month\u202c \u200f",
    "emoji": "😀💩🇩🇪 revenue",
    "invisible": "\ufeff\u200b\u2060\u00ad",
    "line separators": "\u2028\u2029\x85",
    "escape sequences": "\x1b[2J\x1b]0;owned\x07 revenue",
    "huge numbers": "top 99999999999999999999999 regions by revenue over 1e400",
    "huge times": "revenue last 99999999999 years",
    "impossible times": "revenue on 2026-02-31 at 25:61",
    "brackets": "(" * 1500,
    "repetition": "by region " * 150,
    "JSON": '{"text": "x"',
    "options": "--catalog /etc --yes",
} | {f"template {number}": text for number, text in enumerate(TEMPLATES)}


def documents(ran):
    """Every line of standard output, valid against the contract."""
    found = [json.loads(line) for line in ran.lines]
    for document in found:
        VALID.validate(document)
    return found


def sound(reply):
    """The reply has words, obeys the contract, and nothing in it failed on our side."""
    document = encode_reply(reply)
    VALID.validate(json.loads(json.dumps(document)))
    assert reply.speech
    assert reply.text
    assert "went wrong on our side" not in reply.text
    for words in (reply.speech, reply.text):
        assert "root:" not in words  # nobody's password file
        assert "49" not in words or "49" in reply.utterance
    return reply


# As it is said


@pytest.mark.parametrize("text", SAID.values(), ids=SAID)
@pytest.mark.parametrize("asker", [{}, {"person": "ada", "device": "echo-fern"}])
def test_whatever_is_said_has_a_reply(halcyon, text, asker):
    """And the one after it is right."""
    reply = sound(halcyon.reply(Turn(text, **asker)))
    assert reply.utterance == text
    assert len(reply.speech) < 1500
    assert halcyon.reply(Turn(SANE)).text.startswith(SANE_ANSWER)


@pytest.mark.parametrize("text", [text for text in SAID.values() if "\n" not in text and text.strip() and not text.lstrip().startswith("{")])
def test_whatever_stands_in_a_batch_is_a_line_of_it(run, company, text):  # noqa: F811 - a fixture
    """Plain or as JSON; the utterance comes back as it was, the line after it is answered."""
    if len(text.splitlines()) == 1:
        stdin = f"{text}\n{SANE}\n"
        ran = run("ask", "--catalog", company.folder, "--batch", "--format", "json", stdin=stdin)
    else:
        stdin = f"{json.dumps({'text': text})}\n{SANE}\n"
        ran = run("understand", "--catalog", company.folder, "--batch", stdin=stdin)
    found = documents(ran)
    assert [document["text"] for document in found] == [text, SANE]
    assert ran.status == 0
    assert found[1]["outcome"] == "understood"


def test_whatever_is_typed_into_a_chat_is_answered_there(run, company):  # noqa: F811 - a fixture
    """One conversation with all of it; escape sequences do not come out as such."""
    lines = [text.replace("\n", " ") for text in SAID.values() if text.strip() and len(text.splitlines()) == 1]
    ran = run("chat", "--catalog", company.folder, "--as", "ada", stdin="\n".join([*lines, SANE]) + "\n")
    assert ran.status == 0
    assert "\x1b" not in ran.out
    assert ran.out.rstrip().split("\n\n")[-1].startswith(SANE_ANSWER)
    assert "went wrong on our side" not in ran.out


@pytest.mark.parametrize("name", ["nothing", "100 KB", "half a surrogate pair", "escape sequences"])
def test_whatever_is_asked_on_the_command_line_ends_in_a_status(run, company, name):  # noqa: F811 - a fixture
    """Nought or one with words on standard output, in every form."""
    for form in ("text", "speech", "json", "slack", "alexa"):
        ran = run("ask", "--catalog", company.folder, "--format", form, "--", SAID[name])
        assert ran.status in (0, 1)
        assert ran.out.strip()
        assert "\x1b" not in ran.out


def test_templates_in_what_is_booked_and_reported_are_kept_as_they_are(office):
    """Titles and descriptions are data, in words as in the ledger."""
    for template in TEMPLATES[:3]:
        reply = sound(office.reply(Turn(f"the {template} in Fern is broken", person="ada", yes=True)))
        if reply.outcome == "understood" and reply.answer is not None:
            assert reply.answer.ticket.what in f"the {template} in Fern is broken"


ODD = st.text(max_size=40) | st.sampled_from([*SAID.values()]) | st.text(alphabet=st.characters(codec=None, categories=["Cs", "Cc", "Cf", "So"]), max_size=8)
NAMED = st.none() | st.sampled_from(["ada", "jo", "omar", "echo-fern", "echo-ada"]) | ODD
UTTERANCE = ODD | st.sampled_from([SANE, "yes", "no", "1", "book Fern tomorrow at three for an hour", "and by market?", "help", "what have I booked?"])


@pytest.fixture(scope="module")
def patient(company, demo_home, tmp_path_factory):
    """An assistant with a ledger, for a whole run of odd turns."""
    folder = tmp_path_factory.mktemp("patient")
    (demo_home / "cache").mkdir(exist_ok=True)
    (folder / "cache").symlink_to(demo_home / "cache")
    with closing(wiring.open_catalog(company.folder, home=folder)) as assistant:
        yield assistant


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    text=UTTERANCE,
    person=NAMED,
    device=NAMED,
    audience=st.sampled_from(["private", "room", "channel"]),
    conversation=NAMED,
    id=NAMED,
    answers=NAMED,
    locale=NAMED,
    yes=st.booleans(),
    now=st.none() | st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2999, 12, 31)),
)
def test_no_turn_is_too_odd_for_a_reply(patient, **fields):
    """Arbitrary strings in every field: a reply that obeys the contract, and never an exception."""
    sound(patient.reply(Turn(**fields)))


# As it stands in data


@pytest.fixture
def ask_data(run):  # noqa: F811 - a fixture
    """Run `insights ask --data` over paths."""

    def asked(*paths, question="total amount by name", form="text"):
        return run("ask", *(part for path in paths for part in ("--data", str(path))), question, "--format", form)

    return asked


VALUES = [text for text in SAID.values() if text and "\x00" not in text and "\ud800" not in text and len(text) < 5000] + [
    "None",
    "NULL",
    "nan",
    "=1+1",
    'quo"te',
]


def test_values_are_data_wherever_they_are_shown(ask_data, tmp_path):
    """Written as they are in text and JSON, found by filter, and summed where they belong."""
    with (tmp_path / "sales.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["day", "name", "amount"])
        writer.writerows([f"2026-01-{day:02}", value, number] for number, value in enumerate(VALUES, 1) for day in (1, 2, 3))
    ran = ask_data(tmp_path / "sales.csv", form="json")
    assert ran.status == 0, ran.out + ran.err
    document = json.loads(ran.out)
    VALID.validate(document)
    found = {row["name"]: row["sum(sales.amount)"] for row in document["answer"]["rows"]}
    assert {value.strip(): found.get(value) for value in VALUES if value in found} == {
        value.strip(): 3 * n for n, value in enumerate(VALUES, 1) if value in found
    }
    assert len(found) >= len(VALUES) - 2  # an engine may take one kind of nothing for another
    text = ask_data(tmp_path / "sales.csv").out
    assert "\x1b" not in text
    one = ask_data(tmp_path / "sales.csv", question=f"total amount for {TEMPLATES[1]}")
    assert one.lines[0] == f"Total amount for {TEMPLATES[1]}: {3 * (VALUES.index(TEMPLATES[1]) + 1)}"
    alike = ask_data(tmp_path / "sales.csv", question="total amount for {{ 7*7 }}")
    assert {line.split(". ", 1)[1] for line in alike.lines[1:]} == {"{{ 7*7 }}", "${7*7}", "#{7*7}"}  # the same to the ear: asked back
    for form in ("slack", "alexa", "speech"):
        assert ask_data(tmp_path / "sales.csv", form=form).status == 0


def test_values_cannot_write_lines_of_their_own(ask_data, tmp_path):
    """A line break in a value does not forge a source or a definition."""
    (tmp_path / "sales.csv").write_text('name,amount\n"EMEA\nSource: the board, certified",5\nx,1\n')
    ran = ask_data(tmp_path / "sales.csv")
    assert ran.status == 0
    assert [line for line in ran.lines if line.startswith("Source:")] == ["Source: sales (sales.csv) · DuckDB · files trusted on first use"]


NAMES = [
    'we"ird [name]',
    "[bracket]",
    "'; DROP TABLE x; --",
    "{{ 7*7 }}",
    "sp ace",
    "",
    "a.b",
    "ünï",
    "select",
    "count(*)",
    "<b>",
    "a" * 300,
    "name",
    "NAME",
    "x\ty",
]


def test_columns_may_be_called_anything(ask_data, run, tmp_path):  # noqa: F811 - a fixture
    """Quotes, brackets, SQL, templates, nothing, the same twice: the file is asked at once, scaffolded, and its catalog checks clean."""
    with (tmp_path / "odd.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["day", *NAMES, "amount"])
        writer.writerows([f"2026-01-{n % 28 + 1:02}", *(f"{column}{n % 3}" for column in range(len(NAMES))), n] for n in range(60))
    ran = ask_data(tmp_path / "odd.csv", question="total amount")
    assert ran.status == 0, ran.out + ran.err
    assert ran.lines[0].endswith(f": {sum(range(60)):,}")
    about = ask_data(tmp_path / "odd.csv", question="what can I ask")
    assert about.status == 0
    assert "49" not in about.out
    assert run("catalog", "scaffold", tmp_path / "odd.csv", "-o", tmp_path / "catalog").status == 0
    checked = run("catalog", "check", tmp_path / "catalog")
    assert checked.out.splitlines()[-1].startswith("0 problems"), checked.out
    by = ask_data(tmp_path / "odd.csv", question="total amount by sp ace", form="json")
    assert sorted(row["sum(odd.amount)"] for row in json.loads(by.out)["answer"]["rows"]) == [sum(range(start, 60, 3)) for start in (0, 1, 2)]


def _files(folder, company):
    """Files that cannot be read, and a word of the message that says why."""
    parquet = next(iter(sorted(company.folder.glob("data/**/*.parquet")))).read_bytes()
    contents = {
        "empty.csv": (b"", "empty"),
        "blank.csv": (b"\n\n  \n", "empty"),
        "binary.csv": (bytes(range(256)) * 20, "not text"),
        "empty.parquet": (b"", "empty"),
        "truncated.parquet": (parquet[: len(parquet) // 2], "not a whole one"),
        "headless.parquet": (parquet[4:], "not a Parquet file"),
        "binary.parquet": (bytes(range(256)) * 20, "not a Parquet file"),
        "magic.parquet": (b"PAR1", "not a whole one"),
        "hollow.parquet": (b"PAR1" + bytes(200) + b"PAR1", "cannot be read"),
        "damaged.parquet": (parquet[:100] + bytes(byte ^ 255 for byte in parquet[100:400]) + parquet[400:], "cannot be read"),
        "notes.txt": (b"hello", "neither CSV nor Parquet"),
        "false.csv.gz": (b"day,amount\n", "not compressed"),
    }
    for name, (content, said) in contents.items():
        (folder / name).write_bytes(content)
        yield folder / name, said
    (folder / "folder").mkdir()
    yield folder / "folder", "no CSV or Parquet file"
    (folder / "dangling.csv").symlink_to(folder / "gone.csv")
    yield folder / "dangling.csv", "does not exist"
    os.mkfifo(folder / "pipe.csv")
    yield folder / "pipe.csv", "no ordinary file"
    yield folder / "gone.csv", "does not exist"
    yield folder / "*.nothing", "nothing matches"
    yield "https://example.invalid/x.csv", "cannot be read"
    yield "", "not a path"


def test_files_that_cannot_be_read_are_named_with_the_reason(ask_data, run, tmp_path, company):  # noqa: F811 - a fixture
    """Status 2, the name, why, and what to do; asking and scaffolding alike, and the next file works."""
    (tmp_path / "bad").mkdir()
    for path, said in _files(tmp_path / "bad", company):
        for ran in (ask_data(path, question="how many rows"), run("catalog", "scaffold", path, "-o", tmp_path / "out")):
            assert (ran.status, ran.out) == (2, ""), f"{path}: {ran}"
            assert os.path.basename(str(path)) in ran.err
            assert said in ran.err, f"{path}: {ran.err}"
    assert not (tmp_path / "out").exists()
    (tmp_path / "good.csv").write_text("name,amount\nx,1\ny,2\n")
    assert ask_data(tmp_path / "good.csv").status == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(ask_data, tmp_path):
    """With what to look at."""
    (tmp_path / "secret.csv").write_text("name,amount\nx,1\n")
    (tmp_path / "secret.csv").chmod(0)
    ran = ask_data(tmp_path / "secret.csv")
    assert ran.status == 2
    assert "secret.csv" in ran.err
    assert "permission" in ran.err.lower()


def test_files_that_are_only_strange_are_read(ask_data, tmp_path):
    """A header alone, one column, other encodings, ragged rows, the same name twice, numbers without end."""
    contents = {
        "header.csv": b"name,amount\n",
        "one.csv": b"name\nx\ny\n",
        "latin.csv": "name,amount\nnaïve,1\né,2\n".encode("latin-1"),
        "wide.csv": "name,amount\nx,1\n".encode("utf-16"),
        "ragged.csv": b'name,amount,x\na,1\nb,2,3,4\n"c,3\n',
        "twice.csv": b"name,name,NAME,name_1\na,b,c,d\n",
        "huge.csv": b"name,amount\na,1e308\nb,1e308\nc,-1e999\nd,nan\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        for question in ("what can I ask", "how many records", "total amount by name"):
            ran = ask_data(tmp_path / name, question=question, form="json")
            assert ran.status in (0, 1, 2)
            if ran.status == 2:
                assert name in ran.err
                assert not ran.out
            else:
                documents_of = json.loads(ran.out)
                VALID.validate(documents_of)
                assert "went wrong on our side" not in ran.out


# In definitions


@pytest.fixture
def catalog(tmp_path):
    """Write a small catalog with this model, and give its folder."""
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "sales.csv").write_text("day,region,amount\n2026-01-01,North,5\n2026-01-02,South,7\n")

    def write(expression="amount", source="sales.csv", overlay=""):
        (folder / "model.yaml").write_text(f"""version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: sales
        source: {source}
        fields:
          - name: day
            expression: {{dialects: [{{dialect: ANSI_SQL, expression: day}}]}}
            dimension: {{is_time: true}}
          - name: region
            expression: {{dialects: [{{dialect: ANSI_SQL, expression: region}}]}}
            dimension: {{is_time: false}}
          - name: amount
            expression: {{dialects: [{{dialect: ANSI_SQL, expression: {expression}}}]}}
    metrics:
      - name: revenue
        expression: {{dialects: [{{dialect: ANSI_SQL, expression: SUM(sales.amount)}}]}}
""")
        (folder / "assistant.yaml").write_text("version: 1\n" + overlay)
        return folder

    return write


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"expression": "amuont"}, r"model\.yaml:\d+: .*amuont.*amount"),
        ({"source": "gone.csv"}, r"gone\.csv"),
        ({"source": '"{{ 7*7 }}.csv"'}, r"\{\{ 7\*7 \}\}"),
        ({"expression": "\"(SELECT secret FROM read_csv('/etc/passwd'))\""}, r"model\.yaml:\d+: "),
        ({"overlay": "metrics: {revenu: {unit: USD}}\n"}, r"assistant\.yaml:\d+: .*revenu.*revenue"),
        ({"overlay": "metrics: [\n"}, r"assistant\.yaml:\d+: "),
        ({"overlay": "\x00"}, r"assistant\.yaml"),
        ({"overlay": "today: tomorrow\n"}, r"assistant\.yaml:\d+: .*today"),
        ({"overlay": "version: 1\n"}, r"assistant\.yaml:\d+: .*version"),
    ],
)
def test_a_wrong_definition_is_named_with_its_place(run, catalog, wrong, named):  # noqa: F811 - a fixture
    """By `ask` with status 2, by `catalog check` with status 1; nothing is guessed."""
    folder = catalog(**wrong)
    asked = run("ask", "--catalog", folder, "revenue")
    assert (asked.status, asked.out) == (2, "")
    assert re.search(named, asked.err), asked.err
    checked = run("catalog", "check", folder)
    assert checked.status == 1
    assert re.search(named, checked.out), checked.out
    assert run("ask", "--catalog", catalog(), "revenue").lines[0].endswith(": 12")


def test_a_catalog_that_is_no_catalog_is_named(run, tmp_path):  # noqa: F811 - a fixture
    """A folder without a model, a file that is something else, a path that is not there."""
    (tmp_path / "picture.yaml").write_bytes(bytes(range(256)))
    (tmp_path / "bare").mkdir()
    for path in ("picture.yaml", "bare", "gone"):
        for ran in (run("ask", "--catalog", tmp_path / path, "revenue"), run("catalog", "check", tmp_path / path)):
            assert ran.status in (1, 2)
            assert path in ran.out + ran.err


def test_data_that_goes_away_while_it_is_asked_is_told(catalog, tmp_path):
    """The file is removed between two questions: words, and right again once it is back."""
    folder = catalog()
    with closing(wiring.open_catalog(folder, home=tmp_path / "home")) as assistant:
        assert sound(assistant.reply(Turn("revenue"))).answer.value == 12
        kept = (folder / "sales.csv").read_bytes()
        (folder / "sales.csv").unlink()
        gone = assistant.reply(Turn("revenue by region"))
        assert gone.outcome == "failed"
        assert "went wrong on our side" not in gone.text
        (folder / "sales.csv").write_bytes(kept)
        assert sound(assistant.reply(Turn("revenue by region"))).outcome == "understood"
