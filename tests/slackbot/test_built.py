"""Whatever a reply holds, a builder that no one here wrote accepts its blocks, and finds in them what we put there."""

import os

from hypothesis import HealthCheck, given, settings

from slackbot.reply import dress
from tests.slackbot.accepted import problems
from tests.slackbot.built import built, without_defaults
from tests.slackbot.test_reply import replies

CASES = int(os.environ.get("CASES", "60"))


@settings(max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(replies())
def test_any_reply_is_accepted_by_the_builder_and_within_the_limits(reply):
    """Lengths, counts, ids and kinds as slackblocks checks them, and as they are counted here by hand from what Slack publishes."""
    message = dress(reply, turn="t", conversation="slack:T:C:U")
    assert problems(message) == []
    assert without_defaults(built(message)) == without_defaults(message["blocks"])
