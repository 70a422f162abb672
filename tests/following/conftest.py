"""A company at any moment, with somebody who brings messages and keeps what was sent."""

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest

from insights import wiring
from insights.delivery.port import Channel
from insights.turns import Turn
from insights.wiring.working import work_once

ZONE = ZoneInfo("America/New_York")


@dataclass
class Post:
    """A messenger that keeps what it brought, to whom (an id, or a channel's name)."""

    name: str = "post"
    sent: list = field(default_factory=list)
    channels: dict = field(default_factory=lambda: {"sales": Channel(id="C1", name="sales", members=("ada", "nina"))})

    def reaches(self, person):
        """Everybody with an account."""
        return bool(person.slack)

    def send(self, person, reply, *, key):
        """Keep it."""
        self.sent.append((person.id, key, reply))

    def channel(self, name):
        """One of the channels."""
        return self.channels.get(name)

    def post(self, channel, reply, *, key):
        """Keep it."""
        self.sent.append((f"#{channel.name}", key, reply))

    def posted(self, channel, *, key):
        """Whether it was kept."""
        return channel.id if any((where, known) == (f"#{channel.name}", key) for where, known, _ in self.sent) else None


class Company:
    """The demo company over one ledger, opened at moments; whoever brings its messages."""

    def __init__(self, folder, home):
        self._folder, self._home = folder, home
        self.post = Post()
        self._turns = 0

    @contextmanager
    def at(self, moment):
        """The assistant at a moment of the company's clock."""
        with closing(wiring.open_catalog(self._folder, home=self._home, now=moment)) as assistant:
            yield assistant

    def say(self, assistant, text, person="ada", *, conversation="c", **more):
        """One turn."""
        self._turns += 1
        return assistant.reply(Turn(text, person=person, conversation=conversation, id=f"t{self._turns}", **more))

    def work(self, assistant, moment):
        """One round; what was brought by it."""
        before = len(self.post.sent)
        work_once(assistant, {"post": self.post}, clock=lambda: moment if moment.tzinfo else moment.replace(tzinfo=ZONE))
        return self.post.sent[before:]


@pytest.fixture
def halcyon_mail(company, demo_home, tmp_path):
    """The demo company with a ledger of its own and a messenger."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "cache").symlink_to(demo_home / "cache")
    return Company(company.folder, home)
