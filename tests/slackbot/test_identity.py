"""Who is answered as whom, and who is not answered at all."""

import asyncio

import pytest

SAM = {"id": "U02", "team_id": "T0HOME", "is_email_confirmed": True, "profile": {"email": "Sam@Halcyon.example"}}


def _ask(workplace, slack, **options):
    async def scene():
        await workplace.command("revenue", **options)
        return (await slack.until(1))[0]

    return asyncio.run(scene())


def test_someone_with_a_known_address_is_found_by_it(workplace, slack, assistant):
    """Letter case of an e-mail address does not matter, and Slack is asked once, not for every question."""
    slack.accounts["U02"] = SAM

    async def scene():
        await workplace.command("one", user="U02")
        await slack.until(1)
        await workplace.command("two", user="U02")
        await slack.until(2)

    asyncio.run(scene())
    assert [turn.person for turn in assistant.turns] == ["sam", "sam"]
    assert len(slack.to("/api/users.info")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"profile": {"email": "stranger@elsewhere.example"}},
        {"profile": {}},
        {"deleted": True},
        {"is_bot": True},
        {"is_stranger": True},
        {"is_email_confirmed": False},
        {"team_id": "T0OTHER"},
        {"profile": {"email": "ada@halcyon.example"}},
        {"profile": {"email": "olga@halcyon.example"}},
    ],
    ids=["unknown", "no address", "deactivated", "a bot", "a stranger", "unconfirmed", "another workspace", "ada has another account", "has left"],
)
def test_who_cannot_be_known_for_sure_is_refused_and_told_how_to_be_added(workplace, slack, assistant, change):
    """The refusal names the id to add; the question reaches nobody."""
    slack.accounts["U02"] = SAM | change
    message = _ask(workplace, slack, user="U02")
    assert assistant.turns == []
    assert "U02" in message["text"]
    assert "organization.yaml" in message["text"]
    assert message["response_type"] == "ephemeral"


def test_whom_slack_does_not_show_us_is_somebody_unknown(workplace, slack, assistant):
    """It says `user_not_found` of an account of another company; that is nothing that went wrong on our side."""
    message = _ask(workplace, slack, user="UGONE")
    assert assistant.turns == []
    assert "organization.yaml" in message["text"]
    assert "went wrong" not in message["text"]


def test_a_user_id_of_another_workspace_is_not_ours(workplace, slack, assistant):
    """User ids are unique only within a workspace: U01 elsewhere is not Ada."""
    _ask(workplace, slack, user="U01", team="T0OTHER")
    assert assistant.turns == []


def test_someone_from_a_connected_workspace_is_not_answered_in_a_shared_channel(workplace, slack, assistant):
    """In a Slack Connect channel the event comes through our workspace, but its author does not belong to it."""
    event = {"type": "app_mention", "user": "U01", "user_team": "T0OTHER", "text": "<@UBOT> revenue", "channel": "C01", "ts": "7.7"}

    async def scene():
        await workplace.event(event, is_ext_shared_channel=True)
        await slack.until(1)

    asyncio.run(scene())
    assert assistant.turns == []
    assert len(slack.to("/api/chat.postEphemeral")) == 1


def test_someone_who_has_left_is_refused(workplace, slack, assistant):
    """The Slack id of an inactive person opens nothing."""
    _ask(workplace, slack, user="U09")
    assert assistant.turns == []


def test_when_slack_cannot_be_asked_nobody_is_answered(workplace, slack, assistant):
    """An unclear identity is a failure that is said, never a guess."""
    slack.script("/api/users.info", (200, {}, {"ok": False, "error": "ratelimited"}))
    message = _ask(workplace, slack, user="U02")
    assert assistant.turns == []
    assert "reference" in message["text"]


def test_without_a_valid_token_nobody_is_answered(workplace, slack, assistant):
    """Whose workspace it is cannot be told, so nobody belongs to it; that is acknowledged all the same, and said."""
    slack.script("/api/auth.test", (200, {}, {"ok": False, "error": "invalid_auth"}))
    message = _ask(workplace, slack)
    assert assistant.turns == []
    assert "reference" in message["text"]
