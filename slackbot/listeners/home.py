"""Which workspace we serve, as Bolt found out from our token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slackbot.identity import Home

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncBoltContext


def home_of(context: AsyncBoltContext) -> Home:
    """The workspace of the token; nobody belongs to it when Bolt could not tell."""
    found = context.authorize_result
    return Home(team=found.team_id, enterprise=found.enterprise_id) if found else Home(team=None)
