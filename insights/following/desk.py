"""What people follow: taken up, listed, paused, muted and ended. Nothing is told from here; it is looked at, permitted and told by `insights work`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from insights.answers import FollowAnswer, Followed
from insights.catalog.model import Catalog
from insights.contract import decode_request, encode
from insights.errors import NotAnswerable, UnknownThing
from insights.following.acting import Act, Doing
from insights.following.rolling import GRAIN_OF, LATEST, goes_on
from insights.following.schedules import schedule_of
from insights.language.periods.model import Calendar
from insights.language.phrasing import Phrasing
from insights.ledger.following import Change, Condition, KeptSubscription, Schedule, Subscription, SubscriptionState, Threshold, Unusual
from insights.ledger.port import Ledger
from insights.organization import Organization
from insights.permit import Asker
from insights.requests import Follow, Following, MetricQuestion, Operator

FOREVER = timedelta(days=36500)
MOST = 50
"""What one person may follow at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowDesk:
    """Keeps what people follow in the ledger. `calendar` tells which periods go on, by which "last month" is another one next month."""

    ledger: Callable[[], Ledger]
    organization: Organization
    catalog: Catalog
    calendar: Callable[[], Calendar]

    @property
    def following(self) -> Doing[FollowAnswer]:
        """Taking something up."""
        return Doing(answer_type=FollowAnswer, ledger=self.ledger, attempt=self._follow, found=self._followed, undone_words="you don't follow that yet")

    @property
    def managing(self) -> Doing[FollowAnswer]:
        """Changing what is followed."""
        return Doing(answer_type=FollowAnswer, ledger=self.ledger, attempt=self._manage, found=lambda _: None, undone_words="what you follow is as it was")

    def settle(self, request: Follow, *, now: datetime) -> tuple[Follow, tuple[str, ...]]:
        """The request with what it is about made to last, and what was taken for granted. Raises NotAnswerable for what cannot be followed."""
        if request.what is None:
            raise NotAnswerable("There is nothing to follow yet.", remedy="Say 'follow' and the name of a figure.")
        schedule, is_said = schedule_of(request.repeats)
        assumed: list[str] = []
        what, period = request.what, request.what.period
        if period is not None and not goes_on(period, now, self.calendar()):
            what = replace(what, period=None, compare=None)
            assumed.append(f"'{period.words or 'that period'}' does not change any more, so I follow it as time goes on")
        condition = condition_of(request)
        if condition is None and not is_said:
            assumed.append("I took every Monday at nine; say another day or time to change that")
        if condition is None and what.period is None and what.analysis in (*LATEST, "series") and not (what.analysis == "series" and what.group_by):
            assumed.append(f"it is about the last whole {GRAIN_OF[schedule.every]} each time")
        if condition is not None:
            if len(what.metrics) != 1 or what.group_by:
                raise NotAnswerable("I can watch one figure at a time.", remedy="Name one, with its conditions.")
            if period is None or what.period is None:
                assumed.append(f"I look at each whole {what.grain or 'day'}")
        if schedule.every == "hourly" and condition is None:
            raise NotAnswerable("I can tell you of a figure once a day at most.", remedy="Say a time of the day, or a limit to be told of at once.")
        return replace(request, what=what), tuple(assumed)

    def take_up(self, request: Follow, *, asker: Asker, key: str, now: datetime) -> FollowAnswer:
        """Follow it. Raises NotAnswerable where nothing can be sent to the asker."""
        return self.following.once(Act(request=request, person=self._who(asker), key=key, now=now))

    def mine(self, *, asker: Asker) -> FollowAnswer:
        """What the asker follows."""
        kept = self.ledger().subscriptions_of(self._who(asker))
        return FollowAnswer(status="listed", followed=tuple(self.shown(one) for one in kept))

    def change(self, request: Following, *, asker: Asker, key: str, now: datetime) -> FollowAnswer:
        """Pause, resume, mute, hear again or end what is meant."""
        return self.managing.once(Act(request=request, person=self._who(asker), key=key, now=now))

    def meant(self, request: Following, person: str) -> tuple[KeptSubscription, ...]:
        """What a request is about. Raises UnknownThing with what there is."""
        kept = self.ledger().subscriptions_of(person)
        if not kept:
            raise NotAnswerable("You don't follow anything.", remedy="Say 'follow' and the name of a figure.")
        if request.every:
            return kept
        if request.subscription is not None:
            found = tuple(one for one in kept if one.id.casefold() == request.subscription.casefold())
        elif request.what is not None:
            found = tuple(one for one in kept if same(one, request.what))
            found = found or tuple(one for one in kept if _question(one).metrics == request.what.metrics)
        else:
            found = kept if len(kept) == 1 else ()
        if not found:
            raise UnknownThing(
                "I don't know which of what you follow is meant.", remedy="Say its number.", options=[f"{one.id} ({self.about(one)})" for one in kept]
            )
        return found

    def shown(self, kept: KeptSubscription) -> Followed:
        """A subscription as its person is told of it, on their clock."""
        zone = ZoneInfo(kept.timezone)
        request = followed_by(kept)
        return Followed(
            id=kept.id,
            kind=kept.kind,
            about=self.about(kept),
            every=kept.schedule.every,
            state=kept.state,
            next=kept.next.astimezone(zone).replace(tzinfo=None),
            muted_until=kept.muted_until.astimezone(zone).replace(tzinfo=None) if kept.muted_until is not None else None,
            op=kept.condition.op if isinstance(kept.condition, Threshold) else None,
            limit=kept.condition.value if isinstance(kept.condition, Threshold) else None,
            unit=self._unit(request),
            change=kept.condition.by if isinstance(kept.condition, Change) else None,
            direction=kept.condition.direction if isinstance(kept.condition, Change) else None,
            unusual=isinstance(kept.condition, Unusual),
            channel=request.channel,
            forever=kept.muted_until is not None and kept.muted_until.year > kept.next.year + 50,
        )

    def about(self, kept: KeptSubscription) -> str:
        """What it is about, in the company's own words."""
        return said(_question(kept), self.catalog) or kept.words

    def _unit(self, request: Follow) -> str | None:
        name = request.what.metrics[0] if request.what is not None and request.what.metrics else ""
        return self.catalog.metrics[name].unit if name in self.catalog.metrics else None

    def _follow(self, act: Act) -> FollowAnswer:
        request, person = act.request, self.organization.people[act.person]
        assert isinstance(request, Follow)
        assert request.what is not None
        before = self.ledger().subscriptions_of(act.person)
        if len(before) >= MOST:
            raise NotAnswerable(f"You follow {len(before)} things already.", remedy="End some of them first; ask 'what do I follow' for the list.")
        condition = condition_of(request)
        schedule, is_said = schedule_of(request.repeats)
        subscription = Subscription(
            key=act.key,
            catalog=self.catalog.name,
            person=act.person,
            kind="digest" if condition is None else "alert",
            words=said(request.what, self.catalog),
            request=json.dumps(encode(request)),
            schedule=schedule if condition is None or is_said else Schedule(every="hourly"),
            timezone=person.timezone or self.catalog.timezone,
            condition=condition,
        )
        kept = self.ledger().follow(subscription, now=act.now)
        replaced = [
            one for one in before
            if one.key != act.key and one.kind == kept.kind and same(one, request.what) and followed_by(one).channel == request.channel
            and _alike(one.condition, condition) and _question(one).grain == request.what.grain
        ]  # fmt: skip
        for one in replaced:
            self.ledger().set_subscription(act.person, one.id, "ended", now=act.now)
        return FollowAnswer(status="changed" if replaced else "followed", followed=(self.shown(kept),))

    def _followed(self, act: Act) -> FollowAnswer | None:
        found = next((one for one in self.ledger().subscriptions_of(act.person) if one.key == act.key), None)
        return None if found is None else FollowAnswer(status="followed", followed=(self.shown(found),))

    def _manage(self, act: Act) -> FollowAnswer:
        request = act.request
        assert isinstance(request, Following)
        meant = self.meant(request, act.person)
        for one in meant:
            self._change(request, one, act)
        after = {one.id: one for one in self.ledger().subscriptions_of(act.person)}
        status = {"pause": "paused", "resume": "resumed", "mute": "muted", "unmute": "unmuted", "end": "ended"}[request.act]
        return FollowAnswer(status=status, followed=tuple(self.shown(after.get(one.id, one)) for one in meant))  # type: ignore[arg-type]  # one of the five

    def _change(self, request: Following, kept: KeptSubscription, act: Act) -> None:
        ledger, state = self.ledger(), dict[str, SubscriptionState](pause="paused", resume="active", end="ended").get(request.act)
        if state is not None:
            ledger.set_subscription(act.person, kept.id, state, now=act.now)
        match request.act:
            case "mute":
                until = request.until.replace(tzinfo=act.now.tzinfo) if request.until is not None else act.now + FOREVER
                if until <= act.now:
                    raise NotAnswerable("That has passed.", remedy="Say until when, or for how long.")
                ledger.mute_subscription(act.person, kept.id, until=until, now=act.now)
            case "unmute" | "resume":
                ledger.mute_subscription(act.person, kept.id, until=act.now, now=act.now)
            case "pause" | "end" | "list":
                pass
            case _:
                assert_never(request.act)

    def _who(self, asker: Asker) -> str:
        if asker.person is None:
            raise NotAnswerable("I need to know who you are to tell you later.", remedy="Say who you are with --as, or link your account.")
        return asker.person.id


def said(question: MetricQuestion, catalog: Catalog) -> str:
    """A question in the company's own words, with its period as it was said; nothing where the catalog has no such thing any more."""
    try:
        told = Phrasing(catalog).request(replace(question, period=None, compare=None, time_field=None))
    except (KeyError, ValueError):
        return ""
    return f"{told} {question.period.words}".strip() if question.period is not None else told


def condition_of(request: Follow) -> Condition | None:
    """What must hold to be told, None for what is told on a schedule. Raises NotAnswerable for a limit that is none."""
    if request.unusual:
        return Unusual()
    if request.change is not None:
        return Change(by=request.change, direction=request.direction)
    if request.alert is None:
        return None
    op: Operator = request.alert.op
    (value,) = request.alert.values if len(request.alert.values) == 1 else (None,)
    if op not in (">", ">=", "<", "<=") or isinstance(value, bool) or not isinstance(value, int | float):
        raise NotAnswerable("I can watch whether a figure is over or under a number.", remedy="Say for example 'drops below 1,000'.")
    return Threshold(op=op, value=float(value))


def followed_by(kept: KeptSubscription) -> Follow:
    """What was asked for when it was taken up."""
    request = decode_request(json.loads(kept.request))
    assert isinstance(request, Follow)
    return request


def same(kept: KeptSubscription, question: MetricQuestion) -> bool:
    """Whether a subscription is about the same, whatever the days."""
    one = _question(kept)
    return _bare(one) == _bare(question)


def _alike(one: Condition | None, other: Condition | None) -> bool:
    """Whether one takes the place of the other: both look the same way."""
    match one, other:
        case Threshold(op=op), Threshold(op=another):
            return op[0] == another[0]
        case Change(direction=way), Change(direction=another_way):
            return way == another_way
        case _:
            return type(one) is type(other)


def _question(kept: KeptSubscription) -> MetricQuestion:
    what = followed_by(kept).what
    assert what is not None
    return what


def _bare(question: MetricQuestion) -> MetricQuestion:
    return replace(question, period=None, compare=None, grain=None, analysis="value" if question.analysis == "series" else question.analysis)
