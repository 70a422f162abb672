"""What an Echo Show is shown: a picture with words for those who do not see it, only on a screen, never too large, and drawn as it was meant."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import datetime

import pytest

from insights.answers import Booking, CalendarAnswer, Column, MetricAnswer, RoomStatusAnswer
from insights.pictures import draw, gallery
from insights.pictures.of_answer import of_answer
from insights.pictures.table import TableColumn, table
from insights.pictures.timetable import Entry, timetable
from insights.turns import Reply
from skill.apl import document, weight
from tests.skill.apl_view import svg

NINE = datetime(2026, 11, 23, 9)


def booking(start, end, **more):
    """A booking of Fern that day."""
    return Booking(id="B-1", room="fern", room_name="Fern", start=NINE.replace(hour=start), end=NINE.replace(hour=end), **more)


def named(value, column):
    """A value as it is."""
    return str(value)


def shown(answer):
    """The words in the picture of an answer."""
    picture = of_answer(answer, None, alt="Fern is free.", name=named, locale="en-US")
    return picture and [shape.text for shape in picture.shapes if hasattr(shape, "text")]


NAMES = TableColumn(heading="Market", cells=["EMEA"] * 30)
FIGURES = TableColumn(heading="Revenue", cells=["$1,234.50"] * 30, figures=True)
MEETINGS = [Entry(start=NINE.replace(hour=h), end=NINE.replace(hour=h + 1), words=f"Meeting {h}") for h in range(6, 22)]
PICTURES = {
    **{name: draw(chart, "en-US") for name, (_, chart) in gallery.charts().items()},
    "table": table("Revenue", [NAMES, *[FIGURES] * 7], alt="Revenue by market."),
    "room": timetable("Fern", MEETINGS, alt="Fern is booked.", clock="%H:%M", now=NINE),
}


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_every_picture_becomes_a_document_that_can_be_drawn(name):
    """Each kind of chart, the table and the timetable: valid, with alt text, within what a response can hold."""
    made = document(PICTURES[name])
    root = ElementTree.fromstring(svg(made))
    assert root.get("aria-label")
    assert len(root) == len(PICTURES[name].shapes)
    assert weight(made) < 20_000
    assert json.loads(json.dumps(made)) == made


def test_what_apl_would_evaluate_is_text():
    """A value of the data is no expression."""
    made = document(table("${payload.secret}", [TableColumn(heading="x", cells=["${1+1}"])], alt="${viewport.width}"))
    assert "${" not in json.dumps(made)


def test_only_a_screen_gets_a_picture(event, skill, assistant, check_response):
    """The same answer: a document where the device shows one, words alone where it does not, and words alone where the picture is too large."""
    rows = tuple({"market": f"Market {n}", "revenue": float(n)} for n in range(12))
    columns = (Column(name="market", label="Market", role="dimension"), Column(name="revenue", label="Revenue", role="metric", unit="USD"))
    answer = MetricAnswer(analysis="breakdown", value=None, unit="USD", columns=columns, rows=rows, definition=(), source="orders", engine="duckdb")
    reply = Reply(outcome="understood", utterance="", speech="EMEA leads.", text="EMEA leads.", answer=answer)

    class Named:
        name, locale = staticmethod(named), "en-US"

        def speaking(self, locale):
            return self

    assistant.wording = Named()
    assistant.answer = lambda turn: reply
    plain, screen = event("ask"), event("ask")
    screen["context"]["System"]["device"]["supportedInterfaces"] = {"Alexa.Presentation.APL": {"runtime": {"maxVersion": "2024.2"}}}
    assert "directives" not in skill.handle(plain)["response"]
    response = skill.handle(screen)
    check_response(response)
    (directive,) = response["response"]["directives"]
    assert directive["type"] == "Alexa.Presentation.APL.RenderDocument"
    assert "EMEA leads." in json.dumps(directive["document"])
    assistant.answer = lambda turn: replace(reply, speech="é" * 5000, text="é" * 5000)
    crowded = skill.handle(screen)
    check_response(crowded)
    assert "directives" not in crowded["response"]


def test_a_room_shows_as_free_only_what_is_known_to_be():
    """Who comes after the next meeting is not known, and not shown as free."""
    status = RoomStatusAnswer(room="fern", room_name="Fern", at=NINE, free=True, until=NINE.replace(hour=11), next=booking(11, 12, title="Review"))
    picture = of_answer(status, None, alt="Fern is free until 11.", name=named, locale="en-US")
    (free,) = [shape for shape in picture.shapes if getattr(shape, "words", "") == "free"]
    (block,) = [shape for shape in picture.shapes if getattr(shape, "words", "") == "Review"]
    assert free.x + free.width == pytest.approx(block.x)
    assert "11:00 AM to 12:00 PM: Review" in shown(status)


def test_a_private_meeting_is_a_block_without_a_name():
    """What the asker may not know is not on the screen either."""
    hidden = RoomStatusAnswer(room="fern", room_name="Fern", at=NINE, free=False, booking=booking(8, 10, hidden=True, person_name=None))
    assert "8:00 AM to 10:00 AM: Booked" in shown(hidden)


def test_an_answer_that_a_sentence_tells_has_no_picture():
    """Nothing booked, one figure: nothing to look at."""
    assert shown(CalendarAnswer(period=None, bookings=())) is None
    assert of_answer(None, None, alt="", name=named, locale="en-US") is None


def test_a_browser_finds_every_word_inside_its_picture(tmp_path):
    """Drawn by Chromium from the documents: no text leaves its picture."""
    browser = shutil.which("chromium")
    if browser is None:
        assert not os.environ.get("CI"), "chromium is missing: apt-get install chromium"
        pytest.skip("chromium is not installed")
    pictures = "".join(f'<div id="{name}">{svg(document(picture))}</div>' for name, picture in PICTURES.items())
    script = """<script>const out = [];
    for (const text of document.querySelectorAll("text")) {
      const box = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) out.push(text.textContent);
    }
    document.title = "looked at " + document.querySelectorAll("text").length + ", outside: " + JSON.stringify(out);</script>"""
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{pictures}{script}", "utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True).stdout
    title = re.search(r"<title>(.*?)</title>", seen)
    assert title, seen[:500]
    assert re.fullmatch(r"looked at \d{2,}, outside: \[\]", title[1]), title[1]
