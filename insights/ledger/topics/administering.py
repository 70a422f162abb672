"""Where it may be answered, and how much is used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from insights.ledger.administering import ChannelRule, Used
from insights.ledger.database import Topic
from insights.ledger.instants import instant
from insights.ledger.topics.audit import note


class StoredAdministering(Topic):
    """Rules by channel; counts over what other topics keep."""

    def channel_rules(self) -> Mapping[str, ChannelRule]:
        """See the port."""
        with self._database.reading() as session:
            return {row["channel"]: row["rule"] for row in session.every("SELECT channel, rule FROM channel_rules ORDER BY channel")}

    def rule_channels(self, channels: Collection[str], rule: ChannelRule, *, person: str | None, now: datetime) -> None:
        """See the port."""
        chosen = sorted(set(channels))
        with self._database.writing() as session:
            session.run("DELETE FROM channel_rules")
            session.many("INSERT INTO channel_rules (channel, rule, at) VALUES (?, ?, ?)", ((one, rule, instant(now)) for one in chosen))
            note(session, "channels ruled", rule, person=person, detail=" ".join(chosen), now=now)

    def used(self, *, since: datetime) -> Used:
        """See the port."""
        at = instant(since)
        with self._database.reading() as session:
            people = session.one("SELECT COUNT(DISTINCT person) AS number FROM conversations WHERE saved_at >= ? AND person IS NOT NULL", at)
            received = session.every("SELECT state, COUNT(*) AS number FROM received WHERE received_at >= ? GROUP BY state ORDER BY state", at)
            actions = session.every("SELECT kind, COUNT(*) AS number FROM actions WHERE begun_at >= ? AND state = 'confirmed' GROUP BY kind ORDER BY kind", at)
        states = {row["state"]: int(row["number"]) for row in received}
        return Used(
            people=int(people["number"]) if people is not None else 0,
            done=states.get("done", 0),
            failed=states.get("failed", 0),
            actions={row["kind"]: int(row["number"]) for row in actions},
        )
