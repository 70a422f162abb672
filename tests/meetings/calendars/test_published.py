"""The 96 calendars in the source of recurring-ical-events, and its own tests asked of ours too (LGPL: read where it was fetched, never copied in)."""

import os
import random
import re
import subprocess
import sys
import tarfile
from datetime import UTC, date, datetime, time
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from insights.meetings.calendars.expanding import expand

ROOT = Path(__file__).parents[3]
SAMPLE = int(os.environ.get("CALENDARS", "32"))
"""How many of the 96 calendars are expanded here, drawn alike each time; `make campaign` takes all of them, and all of its tests."""
FETCHED = ROOT / ".insights" / "published"
ZONE = ZoneInfo("America/New_York")
FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """The folder of its tests, unpacked. Where it was not fetched the test is skipped, in CI it fails."""
    archive = FETCHED / f"recurring_ical_events-{version('recurring-ical-events')}.tar.gz"
    if not archive.is_file():
        missing = f"{archive.name} is not in {FETCHED}: run `make published`"
        assert not os.environ.get("CI"), missing
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("published")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    tests = next(folder.glob("recurring*")) / "recurring_ical_events" / "test"
    return tests.rename(folder / "suite")  # under its own name it would be taken for that of the installed package


def moment(value):
    """An instant, a date being its midnight in New York."""
    if not isinstance(value, datetime):
        assert isinstance(value, date)
        return datetime.combine(value, time(), ZONE).timestamp()
    return (value if value.tzinfo is not None else value.replace(tzinfo=ZONE)).timestamp()


def raw(text):
    """Every occurrence as the library gives it for the calendar as a whole: start, end, whether it takes time."""
    found = []
    for calendar in icalendar.Calendar.from_ical(text, multiple=True):
        for event in recurring_ical_events.of(calendar, skip_bad_series=True).between(datetime(1989, 12, 1), datetime(2026, 2, 1)):
            start, end = moment(event["DTSTART"].dt), moment(event["DTEND"].dt)
            free = event.get("TRANSP") == "TRANSPARENT" or event.get("STATUS") == "CANCELLED" or event.get("X-MICROSOFT-CDO-BUSYSTATUS") == "FREE"
            if start < LAST.timestamp() and (end > FIRST.timestamp() or start == end >= FIRST.timestamp()):
                found.append((start, end, not free and start < end))
    return sorted(found)


def test_the_calendars_give_their_occurrences_and_which_of_them_are_busy(published):
    """Over 36 years; one of them holds a series that is broken on purpose, which is told by name."""
    files = sorted((published / "calendars").iterdir())
    assert len(files) == 96
    broken = "bad_rrule_missing_until_event.ics"
    others = [file for file in files if file.name != broken]
    told, total = {}, 0
    for file in [published / "calendars" / broken, *random.Random(96).sample(others, min(SAMPLE, 96) - 1)]:
        text = file.read_text(encoding="utf-8")
        agenda = expand(text, FIRST, LAST, zone=ZONE, name=file.name)
        expected = raw(text)
        assert [(one.start.timestamp(), one.end.timestamp()) for one in agenda.occurrences] == [span[:2] for span in expected], file.name
        assert sorted((one.start.timestamp(), one.end.timestamp(), one.busy) for one in agenda.occurrences) == expected, file.name
        told |= {file.name: agenda.unread} if agenda.unread else {}
        total += len(expected)
    assert total > (20_000 if SAMPLE >= 96 else 0)
    assert set(told) == {broken}
    assert all("blabla" in str(problem) and name in str(problem) for name, problems in told.items() for problem in problems)


@pytest.mark.slow
def test_whatever_its_own_tests_ask_of_a_calendar_ours_answers_the_same(published):
    """Its tests say what they expect; each of their questions is asked of ours too (see witness.py), and must pass."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "witness",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        "--rootdir",
        str(published),
    ]
    command += [str(published), "-k", "use_zoneinfo-Calendars", "--tb=line"]
    command += [f"--ignore={published / name}" for name in ("test_readme.py", "test_with_doctest.py")]  # which need packages of their own
    places = os.pathsep.join((str(Path(__file__).parent), str(ROOT)))
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, env={**os.environ, "PYTHONPATH": places}, cwd=published)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    compared = re.search(r"compared (\d+) queries, (\d+) occurrences", done.stdout)
    assert compared is not None
    assert int(compared[1]) > (2000 if SAMPLE >= 96 else 500)
    assert int(compared[2]) > (3000 if SAMPLE >= 96 else 500)
