"""Files that people send along: read from Slack alone, and refused where Slack does not hand them over."""

import asyncio

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from insights.errors import NotAnswerable, OutsideFailed
from slackbot.downloads import LARGEST, MOST, brought
from tests.slackbot.workplace import FakeSlack

PATH = "/files-pri/T1-F1/download/photo.png"


@pytest.fixture
def slack():
    """A Slack on loopback."""
    fake = FakeSlack()
    yield fake
    fake.close()


def bring(slack, *files):
    """What comes of these files of an event."""
    return asyncio.run(brought(AsyncWebClient(token="xoxb-1", base_url=slack.base_url), files))


def photo(slack, **more):
    """A file as an event has it."""
    return {"name": "photo.png", "mimetype": "image/png", "url_private_download": f"{slack.origin}{PATH}"} | more


def test_a_file_is_read_whole_and_no_more_than_is_kept(slack):
    """One byte more than that, so that whoever decides sees that it is too large."""
    slack.script(PATH, (200, {"content-type": "image/png"}, "what is in it"), (200, {"content-type": "image/png"}, "x" * (LARGEST + 50)))
    (found,) = bring(slack, photo(slack))
    assert (found.name, found.type, found.data) == ("photo.png", "image/png", b"what is in it")
    assert len(bring(slack, photo(slack))[0].data) == LARGEST


@pytest.mark.parametrize("address", ["https://evil.example/photo.png", "https://slack.com.evil.example/x", "http://files.slack.com/x", "file:///x", ""])
def test_our_token_goes_to_slack_alone(slack, address):
    """Wherever else an event says that the file is."""
    with pytest.raises(NotAnswerable, match="does not let me read photo"):
        bring(slack, photo(slack, url_private_download=address))
    assert slack.sent == []


def test_what_slack_does_not_hand_over_is_said(slack):
    """A page to sign in, a redirect to one, nothing, and too many at once."""
    for answer in ((200, {"content-type": "text/html"}, "<html>"), (302, {"location": "https://slack.com/"}, ""), (404, {}, "")):
        slack.script(PATH, answer)
        with pytest.raises(NotAnswerable, match="files:read"):
            bring(slack, photo(slack))
    slack.script(PATH, *[(None, {}, "")] * 3)
    with pytest.raises(OutsideFailed, match="did not hand over"):
        bring(slack, photo(slack))
    with pytest.raises(NotAnswerable, match="more than"):
        bring(slack, *[photo(slack)] * (MOST + 1))
