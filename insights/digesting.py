"""What people follow, looked at and told: what is due, whether it is to be told, and what is said. Each is permitted anew, with the place it goes to."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from insights import analysis, charts
from insights.analysis.comparison import whole_before
from insights.answers import DigestAnswer, MetricAnswer
from insights.catalog.model import FieldId
from insights.delivery import outbox
from insights.delivery.port import Channel
from insights.delivery.worker import Composed
from insights.errors import AskerCanFix, InsightsError, NotPermitted, OutsideFailed, WrongDefinition
from insights.findings import Compared, Drivers, Unusual
from insights.following.desk import followed_by
from insights.following.rolling import GRAIN_OF, LATEST, before, latest_whole, rolled
from insights.language.timing import calendar_of
from insights.ledger.following import Change, KeptSubscription, Threshold
from insights.ledger.port import WorkItem
from insights.parts import Parts
from insights.permit import Asker
from insights.requests import ComparePeriod, Grain, MetricQuestion, Period
from insights.turns import Reply

log = logging.getLogger(__name__)

_WEEK_STARTS = {"monday": 1, "sunday": 7, "saturday": 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a look at an alert found: whether its condition holds, in which bucket (its first day), and the figures."""

    holds: bool
    bucket: str
    answer: MetricAnswer | None = None


class Digesting:
    """Looks at what is followed and puts what is to be told into words; keeps nothing itself."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def look(self, now: datetime) -> Mapping[str, int]:
        """One round over what is due (`now` aware): how many were to be `told`, and how many could not be looked at and stay due.

        What is to be told stands in the outbox before the look is written down, under a key of subscription and time: a crash in between puts it there again,
        which changes nothing, and of two workers one is first.
        """
        ledger = self._parts.office().ledger
        told = failed = 0
        for kept in ledger.due_subscriptions(self._parts.catalog.name, now=now):
            try:
                tell, seen = self._looked(kept, now)
            except Exception:  # one that cannot be looked at must not stop the others; it stays due
                log.exception("subscription %s cannot be looked at", kept.id)
                failed += 1
                continue
            if tell and (kept.muted_until is None or kept.muted_until <= now):
                key = f"{kept.id}:{kept.next.isoformat()}"
                outbox.follow_up(ledger, key=key, person=kept.person, subscription=kept.id, channel=followed_by(kept).channel)
            told += ledger.looked(kept, seen=seen, now=now) and tell
        return {"told": told, "failed": failed}

    def compose(self, item: WorkItem, channel: Channel | None) -> Composed:
        """What is told of something that is followed or sent on, as it is now. Raises OutsideFailed where it cannot be found at present."""
        return self._sent_on(item, channel) if item.kind == outbox.SHARED else self._told(item, channel)

    def _looked(self, kept: KeptSubscription, now: datetime) -> tuple[bool, str]:
        """Whether it is to be told, and what to remember of the look: never a figure."""
        if kept.kind == "digest":
            return True, ""
        try:
            watched = self._watched(kept, self._asker(kept, None), now)
        except (AskerCanFix, WrongDefinition) as error:
            return kept.seen != "refused", "refused" if not isinstance(error, OutsideFailed) else kept.seen
        before_this = _seen(kept.seen)
        crossed = watched.holds and (not before_this[1] or (not isinstance(kept.condition, Threshold) and before_this[0] != watched.bucket))
        return crossed, json.dumps({"bucket": watched.bucket, "holds": watched.holds})

    def _told(self, item: WorkItem, channel: Channel | None) -> Composed:
        office = self._parts.office()
        kept = office.ledger.subscription_of(item.person or "", outbox.followed(item))
        if kept is None or kept.state != "active":
            return Composed(reply=None)  # it was ended or paused since
        now, shown = self._now(), office.follows.shown(kept)
        utterance = f"{kept.id}: {shown.about}"
        wanted = followed_by(kept).channel
        try:
            if wanted is not None and channel is None:
                raise NotPermitted(f"I am not in the channel '{wanted}'.", remedy=f"Invite me there, or say 'unfollow {kept.id}'.")
            if channel is not None and channel.closed:
                raise NotPermitted(channel.closed, remedy=f"Say 'unfollow {kept.id}', or have it told in another channel.")
            asker = self._asker(kept, channel)
            if kept.kind == "alert":
                watched = self._watched(kept, asker, now)
                if not watched.holds or watched.answer is None:
                    return Composed(reply=None)  # the data has changed since it was looked at
                digest = DigestAnswer(answer=watched.answer, followed=shown)
                digest = self._explained(digest, self._question(kept, now), asker, now)
            else:
                digest = self._digest(kept, asker, now)
        except (AskerCanFix, WrongDefinition) as error:
            return Composed(reply=self._refused(utterance, kept.id, error))
        return Composed(reply=self._reply(utterance, replace(digest, followed=shown)), channel=channel)

    def _sent_on(self, item: WorkItem, channel: Channel | None) -> Composed:
        shared, people = outbox.shared(item), self._parts.organization.people
        by, to, wanted = people.get(shared.by), people.get(item.person or ""), outbox.channel_of(item)
        assert isinstance(shared.request, MetricQuestion)
        if by is None or to is None or not by.active:
            return Composed(reply=None)
        try:
            if wanted is not None and channel is None:
                raise NotPermitted(f"I am not in the channel '{wanted}'.", remedy="Invite me there.")
            if channel is not None and channel.closed:
                raise NotPermitted(channel.closed, remedy="Name another channel.")
            permit = self._parts.permit
            asker = (
                permit.post(shared.request, by=by, listeners=channel.members, strangers=channel.strangers)
                if channel is not None
                else permit.share(shared.request, by=by, to=to)
            )
            answer = analysis.answer(shared.request, self._data(asker, self._now()))
        except AskerCanFix as error:
            return Composed(reply=self._refused("", None, error)) if to.id == by.id else Composed(reply=None)
        name = by.name if to.id != by.id or channel is not None else None
        return Composed(reply=self._reply("", DigestAnswer(answer=answer, shared_by=name)), channel=channel)

    def _digest(self, kept: KeptSubscription, asker: Asker, now: datetime) -> DigestAnswer:
        """What was asked for; one figure is set beside the period before, with what carries the change."""
        question = self._question(kept, now)
        answer = analysis.answer(question, self._data(asker, now))
        return self._explained(DigestAnswer(answer=answer), question, asker, now)

    def _question(self, kept: KeptSubscription, now: datetime) -> MetricQuestion:
        """What to ask now: the period goes on, and one figure without a period is that of the last whole day, week or month that the data covers."""
        catalog, created = self._parts.catalog, self._local(kept.created)
        what = followed_by(kept).what
        assert what is not None
        question = rolled(what, created, now, calendar_of(catalog, None))
        period = question.period
        if not _one_figure(question):
            latest = self._latest(question, GRAIN_OF[kept.schedule.every], now) if period is None and question.analysis in LATEST else None
            return question if latest is None else replace(question, period=latest)
        if period is None:
            grain: Grain = question.grain or GRAIN_OF[kept.schedule.every]
            period = self._latest(question, grain, now)
            if period is None:
                return question
            question = replace(question, period=period, grain=None, analysis="value", compare=ComparePeriod(period=before(period, grain)))
        if question.compare is None and period.first is not None and period.last is not None and period.last < now.date():
            earlier = whole_before(period)
            question = replace(question, compare=ComparePeriod(period=earlier)) if earlier is not None else question
        return question

    def _latest(self, question: MetricQuestion, grain: Grain, now: datetime) -> Period | None:
        field = self._time_of(question)
        if field is None:
            return None
        coverage = self._parts.contents.coverage.get(field)
        starts = _WEEK_STARTS[self._parts.catalog.week_starts]
        return latest_whole(grain if grain in ("day", "week", "month") else "day", now, coverage.last if coverage else None, starts)

    def _time_of(self, question: MetricQuestion) -> FieldId | None:
        """The time field that a period of the question applies to; None where it has none."""
        catalog = self._parts.catalog
        if question.time_field is not None:
            return next(iter(catalog.field_ids(question.time_field)), None)
        metric = catalog.metrics.get(question.metrics[0]) if question.metrics else None
        return metric.time if metric is not None else None

    def _explained(self, digest: DigestAnswer, question: MetricQuestion, asker: Asker, now: datetime) -> DigestAnswer:
        """With what carries the change, and whether the figure is out of the ordinary, as far as either can be told."""
        if not _one_figure(question) or question.compare is None or not isinstance(digest.answer.finding, Compared):
            return digest
        data = self._data(asker, now)
        with suppress(InsightsError):
            found = analysis.answer(replace(question, analysis="drivers"), data)
            digest = replace(digest, why=found) if isinstance(found.finding, Drivers) else digest
        period = question.period
        grain = _grain_of(period)
        if grain is not None and period is not None:
            with suppress(InsightsError):
                watched = analysis.answer(replace(question, analysis="anomalies", compare=None, grain=grain, period=period), data)
                digest = _judged(digest, watched, period)
        return digest

    def _watched(self, kept: KeptSubscription, asker: Asker, now: datetime) -> Watched:
        """Whether the condition of an alert holds in the latest whole bucket, or in the period it names."""
        question = self._question(kept, now)
        data = self._data(asker, now)
        period = question.period
        bucket = period.first.isoformat() if period is not None and period.first is not None else ""
        match kept.condition:
            case Threshold(op=op, value=limit):
                answer = analysis.answer(question, data)
                value = answer.value
                holds = value is not None and {">": value > limit, ">=": value >= limit, "<": value < limit, "<=": value <= limit}[op]
            case Change(by=by, direction=direction):
                answer = analysis.answer(question, data)
                ratio = answer.comparison.ratio if answer.comparison is not None else None
                holds = ratio is not None and {"up": ratio >= by, "down": ratio <= -by, "either": abs(ratio) >= by}[direction]
            case _:
                grain = _grain_of(period) or "day"
                answer = analysis.answer(question, data)
                watched = analysis.answer(replace(question, analysis="anomalies", compare=None, grain=grain), data)
                found = watched.finding
                stories = found.stories if isinstance(found, Unusual) else ()
                holds = bool(stories)
                bucket = stories[0].first.isoformat() if stories else bucket
        return Watched(holds=holds, bucket=bucket, answer=answer)

    def _asker(self, kept: KeptSubscription, channel: Channel | None) -> Asker:
        """Whose question it is: the follower's alone, or the follower's before everybody in the channel. Raises NotPermitted."""
        permit, what = self._parts.permit, followed_by(kept).what
        assert what is not None
        person = self._parts.organization.people.get(kept.person)
        if person is None:
            raise NotPermitted("The person is not known here any more.", remedy="")
        if channel is not None:
            return permit.post(what, by=person, listeners=channel.members, strangers=channel.strangers)
        asker = permit.asker(person=kept.person, device=None, audience="private", place="chat", confidence="account")
        permit.decide(what, asker)
        return asker

    def _data(self, asker: Asker, now: datetime) -> analysis.Data:
        parts, permit = self._parts, self._parts.permit
        view = parts.hearing.view(permit.grant(asker))
        return analysis.Data(
            questions=parts.questions,
            decide=lambda question: permit.decide(question, asker),
            catalog=view.catalog,
            contents=view.contents,
            predictions=parts.predictions,
            now=now,
        )

    def _reply(self, utterance: str, digest: DigestAnswer) -> Reply:
        said = self._parts.wording.digest(digest)
        chart = charts.describe(digest.answer, name=self._parts.wording.name, alt=said.speech)
        id_ = digest.followed.id if digest.followed is not None else None
        suggestions = (f"pause {id_}", f"mute {id_} for a week", f"unfollow {id_}") if id_ else ()
        return Reply(outcome="understood", utterance=utterance, speech=said.speech, text=said.text, answer=digest, chart=chart, suggestions=suggestions)

    def _refused(self, utterance: str, id_: str | None, error: InsightsError) -> Reply:
        said = self._parts.wording.error(error)
        outcome = "denied" if isinstance(error, NotPermitted) else "failed"
        suggestions = (f"unfollow {id_}",) if id_ else ()
        lead = f"You follow {utterance}. " if id_ else ""
        return Reply(
            outcome=outcome, utterance=utterance, speech=lead + said.speech, text=lead + said.text, reason=str(error), suggestions=suggestions  # type: ignore[arg-type]  # one of two
        )  # fmt: skip

    def _now(self) -> datetime:
        now = self._parts.clock()
        return now if now.tzinfo is None else self._local(now)

    def _local(self, moment: datetime) -> datetime:
        """An instant on the clock of the company, without offset."""
        return moment.astimezone(ZoneInfo(self._parts.catalog.timezone)).replace(tzinfo=None)


def _one_figure(question: MetricQuestion) -> bool:
    """Whether it is one figure, which can be set beside what it was before."""
    return question.analysis in ("value", "series", "compare") and len(question.metrics) == 1 and not question.group_by


def _grain_of(period: Period | None) -> Grain | None:
    """Which bucket a period is: a day, a week or a whole month."""
    if period is None or period.first is None or period.last is None:
        return None
    if period.days == 1:
        return "day"
    if period.days == 7:
        return "week"
    return "month" if period.first.day == 1 and before(period, "month").last is not None and (period.days or 0) in (28, 29, 30, 31) else None


def _judged(digest: DigestAnswer, watched: MetricAnswer, period: Period) -> DigestAnswer:
    """With what level and season let expect of the period, where it is one bucket of what was watched."""
    found = watched.finding
    point = next((one for one in found.points if one.start == period.first), None) if isinstance(found, Unusual) else None
    if not isinstance(found, Unusual) or point is None or point.low is None or point.high is None:
        return digest
    usual: Literal["usual", "regular", "unusual"] | None = "usual" if point.low <= point.value <= point.high else None
    usual = "unusual" if found.stories else "regular" if found.known else usual
    return replace(digest, usual=usual, expected=(point.low + point.high) / 2)


def _seen(seen: str) -> tuple[str, bool]:
    """In which bucket the condition held at the last look, and whether it did."""
    try:
        facts = json.loads(seen)
        return str(facts["bucket"]), bool(facts["holds"])
    except (ValueError, KeyError, TypeError):
        return "", False
