"""What we ask of Zoom, and what its stand-in answers, judged by the OpenAPI document that Zoom publishes."""

from datetime import datetime

import pytest

from insights.calls.zoom import ZoomMeetings
from tests.calls.fakes import FakeZoom
from tests.published import MISSING, has, judged


@pytest.mark.skipif(not has("zoom.us"), reason=MISSING)
def test_meetings_are_made_and_looked_for_as_published(tmp_path):
    """One made, found again by our reference among the others, and not made twice."""
    fake = FakeZoom()
    with judged("zoom.us", ("/users/{userId}/meetings", "/meetings/{meetingId}"), fake.url, tmp_path) as base:
        meetings = ZoomMeetings(account="acc", client="client", secret=lambda: "hush", host="me", api=base, oauth=fake.url)
        made = meetings.make("Stand-up", key="k", now=datetime(2026, 12, 1, 10))
        assert meetings.make("Stand-up", key="k", now=datetime(2026, 12, 1, 10)) == made
        assert len(fake.meetings) == 1
        meetings.close()
    fake.close()
