"""Direct messages from a worker: the right person, once, and honest about what became of them."""

import base64

import pytest

from insights.delivery.port import Poster
from insights.errors import OutcomeUnknown, OutsideFailed
from insights.organization import Person
from insights.turns import Reply
from slackbot import configuration
from slackbot.door import door
from slackbot.messenger import SlackMessenger

REPLY = Reply(outcome="understood", utterance="", speech="", text="Revenue: $3")
ADA = Person(id="ada", name="Ada Okafor", slack="U01")
SAM = Person(id="sam", name="Sam Lee", email="sam@halcyon.example")
POST = "/api/chat.postMessage"


GUEST = {"id": "UG", "team_id": "T0HOME", "is_restricted": True, "profile": {"email": "sam@halcyon.example"}}


@pytest.fixture
def waits():
    """The seconds that were waited."""
    return []


@pytest.fixture
def messenger(settings, waits):
    """The door's messenger, with a clock that does not wait."""
    return SlackMessenger(configuration.read(settings), sleep=waits.append)


@pytest.fixture
def poster(assistant, settings_of, slack):
    """The messenger of the whole app, which knows who there is; it is not to write in C9CLOSED1."""
    return door.messenger(assistant, settings_of(signing_secret="s", bot_token="xoxb-1", base_url=slack.base_url, channels_denied="C9CLOSED1"))


def test_a_message_reaches_the_person_in_their_direct_messages(slack, messenger):
    """Text and blocks go to the user id; the key is in the metadata, and makes the message's id."""
    messenger.send(ADA, REPLY, key="digest:1")
    messenger.send(ADA, REPLY, key="digest:1")
    messenger.send(ADA, REPLY, key="digest:2")
    first, again, other = slack.to(POST)
    assert (first["channel"], first["text"], first["metadata"]["event_payload"]) == ("U01", "Revenue: $3", {"key": "digest:1"})
    assert first["blocks"]
    assert first["client_msg_id"] == again["client_msg_id"] != other["client_msg_id"]


def test_someone_without_a_slack_id_is_found_by_address(slack, messenger):
    """The account is looked up when the message is sent."""
    slack.accounts["U02"] = {"id": "U02", "profile": {"email": "sam@halcyon.example"}}
    messenger.send(SAM, REPLY, key="k")
    assert [message["channel"] for message in slack.to(POST)] == ["U02"]


@pytest.mark.parametrize("flag", ["deleted", "is_bot", "is_stranger", None])
def test_an_address_without_an_account_of_ours_is_a_failure(slack, messenger, flag):
    """Nothing is sent to an account that left, is a bot or belongs elsewhere."""
    if flag:
        slack.accounts["U02"] = {"id": "U02", flag: True, "profile": {"email": "sam@halcyon.example"}}
    with pytest.raises(OutsideFailed):
        messenger.send(SAM, REPLY, key="k")
    assert slack.to(POST) == []


def test_who_can_be_reached(messenger):
    """An id or an address is needed."""
    assert [messenger.reaches(person) for person in (ADA, SAM, Person(id="x", name="X"))] == [True, True, False]
    assert messenger.name == "slack"


def test_a_rate_limit_is_waited_out(slack, messenger, waits):
    """Slack says how long; then the same message goes out."""
    slack.script(POST, (429, {"retry-after": "7"}, {"ok": False, "error": "ratelimited"}))
    messenger.send(ADA, REPLY, key="k")
    assert waits == [7.0]
    assert len({message["client_msg_id"] for message in slack.to(POST)}) == 1


def test_a_long_rate_limit_is_a_failure_to_be_tried_later(slack, messenger, waits):
    """A worker does not sleep for an hour."""
    slack.script(POST, (429, {"retry-after": "3600"}, {"ok": False, "error": "ratelimited"}))
    with pytest.raises(OutsideFailed, match="3600"):
        messenger.send(ADA, REPLY, key="k")
    assert waits == []


def test_refused_blocks_go_out_as_text(slack, messenger):
    """The same text, the same id."""
    slack.script(POST, (200, {}, {"ok": False, "error": "invalid_blocks"}))
    messenger.send(ADA, REPLY, key="k")
    first, second = slack.to(POST)
    assert "blocks" in first
    assert "blocks" not in second
    assert (second["text"], second["client_msg_id"]) == (first["text"], first["client_msg_id"])


@pytest.mark.parametrize(
    "answer",
    [(None, {}, ""), (503, {}, "busy"), (200, {}, {"ok": False, "error": "fatal_error"}), (500, {}, {"ok": False, "error": "internal_error"})],
    ids=["connection dropped", "503", "fatal_error", "internal_error"],
)
def test_when_nobody_can_tell_it_says_so(slack, messenger, answer):
    """It may have gone out, so it is not simply tried again: not by us, and not by the client beneath us."""
    slack.script(POST, answer)
    with pytest.raises(OutcomeUnknown):
        messenger.send(ADA, REPLY, key="k")
    assert len(slack.to(POST)) == 1


def test_silence_is_an_unknown_outcome(slack, settings_of):
    """A timeout may come after the message went out."""
    import dataclasses
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = settings_of(signing_secret="s", bot_token="xoxb-1", base_url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        impatient = dataclasses.replace(configuration.read(settings), api_timeout=1)
        with pytest.raises(OutcomeUnknown):
            SlackMessenger(impatient).send(ADA, REPLY, key="k")


def test_what_did_not_go_out_is_a_plain_failure(slack, messenger, settings_of, assistant):
    """A refused connection and a refusal by Slack are safe to try again; a bad token names the setting."""
    slack.script(POST, (200, {}, {"ok": False, "error": "invalid_auth"}))
    with pytest.raises(OutsideFailed, match=r"slack\.bot_token") as refused:
        messenger.send(ADA, REPLY, key="k")
    assert not isinstance(refused.value, OutcomeUnknown)
    unreachable = door.messenger(assistant, settings_of(signing_secret="s", bot_token="xoxb-1", base_url="http://127.0.0.1:9/"))
    with pytest.raises(OutsideFailed) as failed:
        unreachable.send(ADA, REPLY, key="k")
    assert not isinstance(failed.value, OutcomeUnknown)


def test_a_channel_is_found_by_its_name_or_id_with_who_reads_there(slack, poster):
    """Over pages; those we are not in and those that are archived are not there; a guest and whom nobody knows are strangers, apps are not."""
    slack.accounts |= {"UG": GUEST, "U02": {"id": "U02", "team_id": "T0HOME", "profile": {"email": "sam@halcyon.example"}}}
    slack.channels = {
        "C0000001": {"name": "random"},
        "C0000002": {"name": "elsewhere", "is_member": False},
        "C0000003": {"name": "old", "is_archived": True},
        "C0000004": {"name": "sales"},
    }
    slack.members["C0000004"] = ["U01", "U02", "UG", "UBOT"]
    by_name, by_id = poster.channel("Sales"), poster.channel("c0000004")
    assert (by_name.id, by_name.members, by_name.strangers) == (by_id.id, by_id.members, by_id.strangers) == ("C0000004", ("ada", "sam"), 1)
    assert [poster.channel(name) for name in ("elsewhere", "old", "nowhere", "C0000002")] == [None] * 4
    assert isinstance(poster, Poster)


def test_who_reads_along_is_looked_at_each_time(slack, poster):
    """Somebody joins between two digests."""
    slack.channels, slack.members["C0000004"] = {"C0000004": {"name": "sales"}}, ["U01"]
    assert poster.channel("sales").strangers == 0
    slack.members["C0000004"].append("UG")
    slack.accounts["UG"] = GUEST
    assert poster.channel("sales").strangers == 1


def test_where_who_reads_along_cannot_be_told_it_is_tried_again_later(slack, poster):
    """Slack refuses for a moment: that is no reason to call the channel empty."""
    slack.channels = {"C0000004": {"name": "sales"}}
    slack.script("/api/conversations.members", (200, {}, {"ok": False, "error": "ratelimited_for_good"}))
    with pytest.raises(OutsideFailed):
        poster.channel("sales")


def test_a_channel_that_is_denied_says_so(slack, poster):
    """Nobody is told that we are not in it."""
    slack.channels = {"C9CLOSED1": {"name": "board"}}
    assert "not to write" in poster.channel("board").closed


def test_a_post_reaches_its_channel_once(slack, poster):
    """Its key makes its id, as in direct messages."""
    slack.channels = {"C0000004": {"name": "sales"}}
    channel = poster.channel("sales")
    poster.post(channel, REPLY, key="digest:1")
    poster.post(channel, REPLY, key="digest:1")
    first, again = slack.to(POST)
    assert (first["channel"], first["text"], first["metadata"]["event_payload"]) == ("C0000004", "Revenue: $3", {"key": "digest:1"})
    assert first["client_msg_id"] == again["client_msg_id"]


@pytest.fixture
def installed(assistant, ledger, settings_of, slack):
    """The messenger of an app that workspaces installed themselves: there is no token in the settings."""
    from slackbot.installed import Shelf, site_of
    from slackbot.vault import vault_of

    key = base64.b64encode(b"k" * 32).decode()
    shelf = Shelf(ledger=lambda: ledger, vault=vault_of(key))
    for team in ("T1", "T2"):
        shelf.keep(site_of(None, team), {"user_id": "U1", "bot_token": f"xoxb-{team}", "team_id": team})
    section = {"signing_secret": "s", "client_id": "1", "client_secret": "s", "encryption_key": key, "teams": "T1,T2", "base_url": slack.base_url}
    return settings_of(**section)


def test_what_is_promised_arrives_without_a_token_in_the_settings(assistant, slack, installed):
    """The workspace that knows the person is written in, by the door's own desk as by a worker."""
    from slackbot.app import desk_of

    slack.accounts["U01"] = {"id": "U01", "profile": {}}
    slack.script("/api/users.info", (200, {}, {"ok": False, "error": "user_not_found"}))
    desk_of(assistant, configuration.read(installed)).messenger.send(ADA, REPLY, key="k")
    assert [message["channel"] for message in slack.to(POST)] == ["U01"]


def test_a_name_that_two_workspaces_have_is_not_guessed(assistant, slack, installed):
    """The fake is asked with either token."""
    slack.channels = {"C0000004": {"name": "sales"}}
    assert "More than one" in door.messenger(assistant, installed).channel("sales").closed
