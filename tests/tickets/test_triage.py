"""Category, priority and group from the words: measured on reports written apart from those that were learned from."""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from insights.errors import WrongSettings
from insights.helpdesk import Category, HelpDesk, ServiceHours
from insights.tickets.bayes import Bayes
from insights.tickets.due import due
from insights.tickets.triage import Example, learn, read_examples, save, seed, triage
from tests.verdicts import VERDICTS

HELD_OUT = list(csv.DictReader((Path(__file__).parent / "held_out.csv").read_text(encoding="utf-8").splitlines()))


def test_a_classifier_gives_what_the_formula_gives_by_hand():
    """Two classes, three texts: priors 2/3 and 1/3, counts smoothed by 0.2 over a vocabulary of six features (four words, two pairs)."""
    learned = Bayes.trained([("red rose", "flower"), ("rose", "flower"), ("blue car", "car")])
    # flower: rose 2, red 1, "red rose" 1 of 4; car: blue 1, car 1, "blue car" 1 of 3; vocabulary 6
    flower = (2 / 3) * (2.2 / (4 + 6 * 0.2))
    car = (1 / 3) * (0.2 / (3 + 6 * 0.2))
    judged = learned.judge("a rose")
    assert judged.label == "flower"
    assert judged.probability == pytest.approx(flower / (flower + car))
    assert judged.known == 1
    assert Bayes.load(learned.dump()).judge("a rose") == judged


@pytest.mark.parametrize("report", HELD_OUT, ids=lambda row: row["text"][:40])
def test_a_report_is_judged_right_or_left_open(report, record_property):
    """Right, or `other`, which a person corrects; wrong ones are counted, and the sum of them is bounded by the test below."""
    found = triage(HelpDesk(), None).judge(report["text"])
    verdict = "right" if found.category == report["category"] else "refused" if found.category == "other" else "wrong"
    assert verdict in VERDICTS
    record_property("verdict", f"categories of tickets {verdict}")


def test_few_of_the_held_out_reports_are_judged_wrong():
    """At most one in twenty is filed under something else; four of five are right. The priority is right for nine of ten, eight of them the usual one."""
    judge = triage(HelpDesk(), None).judge
    found = [(judge(row["text"]), row) for row in HELD_OUT]
    right = sum(one.category == row["category"] for one, row in found)
    wrong = sum(one.category not in (row["category"], "other") for one, row in found)
    assert (right / len(found), wrong / len(found)) >= (0.8, 0)
    assert wrong / len(found) <= 0.05
    assert sum(one.priority == row["priority"] for one, row in found) / len(found) >= 0.9


def test_what_a_person_says_stands():
    """Over what was learned and over every rule."""
    found = triage(HelpDesk(), None).judge("the printer is out of toner", category="network", priority="urgent")
    assert (found.category, found.priority, found.group, found.judged) == ("network", "urgent", "IT", "person")


@pytest.mark.parametrize(
    ("what", "urgency", "priority"),
    [
        ("there is smoke in the kitchen", "normal", "urgent"),
        ("nobody in the whole office can work, the network is gone", "high", "urgent"),
        ("nobody can print", "normal", "high"),
        ("my chair squeaks", "low", "low"),
        ("the presentation starts in ten minutes and the projector is dark", "normal", "high"),
    ],
)
def test_how_pressing_it_is_comes_from_the_words(what, urgency, priority):
    """Danger, how many are stopped, how soon."""
    assert triage(HelpDesk(), None).judge(what, urgency=urgency).priority == priority


def test_a_desk_with_categories_of_its_own_learns_them(tmp_path):
    """From its file; what was learned is kept and used, and a damaged file is named."""
    desk = HelpDesk(categories={name: Category(id=name, label=name.title(), group=name) for name in ("boats", "planes")})
    text = "text,category,priority\nthe mast is broken,boats,high\nsail is torn,boats,normal\nwing is bent,planes,urgent\nrunway light is out,planes,\n"
    examples = read_examples(text.replace("planes,\n", "planes,normal\n"), name="x.csv", categories=desk.categories)
    save(learn(examples), tmp_path / "triage.json")
    judge = triage(desk, tmp_path / "triage.json").judge
    assert (judge("a torn sail").category, judge("the wing of my plane").group) == ("boats", "planes")
    (tmp_path / "triage.json").write_text("{}")
    with pytest.raises(WrongSettings, match=r"triage\.json"):
        triage(desk, tmp_path / "triage.json")


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "text,category\nx,\n", "text,category\nx,nowhere\n", "text,category,priority\nx,boats,soonish\n"])
def test_a_file_that_is_no_list_of_reports_is_refused_with_its_line(text):
    """Rather than learned from."""
    with pytest.raises(WrongSettings, match=r"x\.csv"):
        read_examples(text, name="x.csv", categories=["boats"])


def test_nothing_can_be_learned_from_nothing():
    """And that is said."""
    with pytest.raises(WrongSettings):
        learn(())
    assert len(seed()) == 180
    assert all(isinstance(one, Example) for one in seed())


HOURS = ServiceHours(days=(0, 1, 2, 3, 4), opens=time(8), closes=time(18))


@pytest.mark.parametrize(
    ("raised", "hours", "wanted"),
    [
        (datetime(2026, 6, 1, 9), 4, datetime(2026, 6, 1, 13)),  # a Monday
        (datetime(2026, 6, 1, 16), 4, datetime(2026, 6, 2, 10)),
        (datetime(2026, 5, 29, 17, 30), 1, datetime(2026, 6, 1, 8, 30)),  # over the weekend
        (datetime(2026, 5, 30, 12), 2, datetime(2026, 6, 1, 10)),  # raised on a Saturday
        (datetime(2026, 6, 1, 6), 1, datetime(2026, 6, 1, 9)),  # before it opens
        (datetime(2026, 6, 1, 22), 1, datetime(2026, 6, 2, 9)),  # after it closed
        (datetime(2026, 7, 2, 17), 2, datetime(2026, 7, 6, 9)),  # Friday the third is a holiday
        (datetime(2026, 6, 1, 8), 50, datetime(2026, 6, 5, 18)),  # a whole week of ten hours a day
    ],
)
def test_the_due_time_counts_the_hours_of_the_help_desk(raised, hours, wanted):
    """Worked out by hand."""
    assert due(raised, timedelta(hours=hours), HOURS, {date(2026, 7, 3)}) == wanted
