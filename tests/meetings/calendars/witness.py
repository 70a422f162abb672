"""A pytest plugin for the suite of recurring-ical-events itself: whatever its tests ask of a calendar is asked of ours as well, and must agree.

Its tests say what they expect of each answer, so an answer that passes them and equals ours makes ours the expected one.
"""

import os
import random
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from recurring_ical_events.query import CalendarQuery

from insights.meetings.calendars.expanding import expand, instant

ZONE = ZoneInfo("UTC")
MARGIN = timedelta(hours=27)  # a span without zone means the clocks of each event
MOST = 12  # questions to one calendar: `after` and `all` ask thousands
compared = Counter()
asking = []  # ours stands on the same library: its own questions are not checked
_init, _between = CalendarQuery.__init__, CalendarQuery._occurrences_between


def pytest_collection_modifyitems(items):
    """A third of its tests, drawn alike each time, unless CALENDARS asks for all 96 calendars."""
    if int(os.environ.get("CALENDARS", "32")) < 96:
        drawn = set(random.Random(96).sample(range(len(items)), len(items) // 3))
        items[:] = [item for n, item in enumerate(items) if n in drawn]


def remember(self, calendar, *args, **options):
    """Keep the calendar that is asked, as text."""
    _init(self, calendar, *args, **options)
    plain = [name for name in options.get("components", args[1] if len(args) > 1 else ("VEVENT",)) if isinstance(name, str)]
    self.text = calendar.to_ical().decode() if plain == ["VEVENT"] and calendar.name == "VCALENDAR" else None


def check(self, start, end):
    """Their answer, after ours has been found to be the same."""
    theirs = _between(self, start, end)
    self.asked = getattr(self, "asked", 0) + 1
    if not asking and self.asked <= MOST and getattr(self, "text", None) is not None and type(self) is CalendarQuery:
        asking.append(self)
        try:
            agree(self.text, start, end, [(instant(one.start, ZONE).timestamp(), instant(one.end, ZONE).timestamp()) for one in theirs])
        finally:
            asking.clear()
    return theirs


def agree(text, start, end, theirs):
    """Theirs are all ours, and ours are theirs where the span is clear about the zone."""
    first, last = instant(start, ZONE), instant(end, ZONE)
    if not timedelta(0) <= last - first <= timedelta(days=20_000) or first.year < 1000:
        return
    clear = isinstance(start, datetime) and start.tzinfo is not None
    margin = timedelta(0) if clear else MARGIN
    agenda = expand(text, first - MARGIN, last + MARGIN, zone=ZONE)
    ours = Counter((one.start.timestamp(), one.end.timestamp()) for one in agenda.occurrences)
    missing = Counter(theirs) - ours
    inner, outer = (first + margin).timestamp(), (last - margin).timestamp()
    sure = Counter({span: count for span, count in ours.items() if span[0] < outer and span[1] > inner})
    extra = sure - Counter(theirs)
    assert not missing, f"{sorted(missing)} of {len(theirs)} are missing; unread: {agenda.unread}"
    assert not extra, f"{sorted(extra)} are too many"
    compared.update(queries=1, occurrences=len(theirs))


CalendarQuery.__init__ = remember
CalendarQuery._occurrences_between = check


def pytest_terminal_summary(terminalreporter):
    """How much was compared."""
    terminalreporter.write_line(f"compared {compared['queries']} queries, {compared['occurrences']} occurrences")
