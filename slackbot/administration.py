"""What administrators see in Slack: a page with where it is answered, how much is used, what nobody was told, who may ask what; and its forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from slackbot import views
from slackbot.blocks import Block, actions, button, context, header, linked, section
from slackbot.limits import MESSAGE_TEXT, lines_within, more
from slackbot.places import WHERE

if TYPE_CHECKING:
    from insights.administering import Administration, Rights, Taught, Unanswered, Usage
    from insights.organization import Person
    from insights.permit import Places
    from slackbot.delivering import Origin
    from slackbot.reply import Message

ADMIN = "admin"
"""How the action ids of the page begin, and what stands behind the command for it."""
CHANNELS, TEACH = "form:channels", "form:teach"
_MOST = 5


def page(administration: Administration, person: Person, configured: Places, *, now: datetime) -> Message:
    """The page. Raises NotPermitted for who is no administrator, before anything is looked at."""
    usage = administration.usage(person, now=now)
    unanswered, waiting = administration.unanswered(person, now=now), administration.waiting(person)
    used = _used(usage)
    blocks: list[Block] = [header("Administration"), section("Where I answer", bold=True), *_where(administration.places(), configured)]
    blocks.append(actions([button("Change channels", f"{ADMIN}:channels")]))
    blocks += [section("How much I am used", bold=True), section("\n".join(used))]
    blocks += [section("Questions without an answer", bold=True), *_questions(unanswered, waiting)]
    blocks.append(section("Who may ask what", bold=True))
    who = {"type": "users_select", "action_id": f"{ADMIN}:who", "placeholder": {"type": "plain_text", "text": "What may this person ask?"}}
    blocks.append(actions([who, button("Everybody, as a CSV file", f"{ADMIN}:rights"), button("Export the audit log", f"{ADMIN}:audit")]))
    text = "\n".join(["Administration", *used, f"{len(unanswered)} questions that nobody was told the answer to."])
    return {"text": lines_within(text, MESSAGE_TEXT), "blocks": blocks}


def _where(kept: Places, configured: Places) -> list[Block]:
    """The rules of administrators, and those of the settings that hold besides."""
    if kept.allowed:
        blocks = [linked("Before others only in", sorted(kept.allowed))]
    elif kept.denied:
        blocks = [linked("In every channel that I am in, but not in", sorted(kept.denied))]
    else:
        blocks = [section("In every channel that I am in, for whoever may have it there.")]
    if configured.allowed:
        blocks.append(linked("The settings of the service allow no other channels than", sorted(configured.allowed)))
    if configured.denied:
        blocks.append(linked("The settings of the service deny", sorted(configured.denied)))
    return blocks


def _used(usage: Usage) -> list[str]:
    lines = []
    for period, used in (("7 days", usage.week), ("30 days", usage.month)):
        failed = f", {used.failed:,} of which failed" if used.failed else ""
        lines.append(f"In {period}: {_count(used.people, 'person', 'people')} talked with me; {_count(used.done + used.failed, 'request')} in Slack{failed}.")
    done = ", ".join(f"{kind.replace('_', ' ')} {number:,}" for kind, number in usage.month.actions.items())
    lines += [f"Done in 30 days: {done}."] if done else []
    if usage.metrics:
        asked = ", ".join(f"{label} ({number:,})" for label, number in usage.metrics)
        lines.append(f"Asked for most: {asked}." + (f" Half of all figures were found within {usage.seconds * 1000:,.0f} ms." if usage.seconds else ""))
    lines.append(f"Thumbs: {usage.up:,} up, {usage.down:,} down.")
    return lines


def _questions(unanswered: Sequence[Unanswered], waiting: Sequence[tuple[str, tuple[str, ...]]]) -> list[Block]:
    blocks: list[Block] = []
    for one in unanswered[:_MOST]:
        blocks.append(section(f'"{one.text}", asked by {_count(one.people, "person", "people")}, last on {one.last.date().isoformat()}'))
        blocks.append(actions([button("Teach", f"{ADMIN}:teach:{one.number}", str(one.number))]))
    if len(unanswered) > _MOST:
        blocks.append(context([more(len(unanswered) - _MOST)]))
    if waiting:
        named = "; ".join(f"{id_} for {' and '.join(people)}" for id_, people in waiting[:_MOST])
        rest = f" {more(len(waiting) - _MOST)}" if len(waiting) > _MOST else ""
        blocks.append(section(f"Waiting for the data team: {named}{rest}."))
    return blocks or [section("Nothing is open.")]


def told_rights(found: Rights) -> str:
    """Who may ask what, in words."""
    person = found.person
    roles = ", ".join(sorted(person.roles)) or "no role"
    lines = [f"{person.name} ({roles}){', an administrator' if found.administrator else ''}{'' if person.active else ', no longer active here'}"]
    lines.append(f"May ask in private: {', '.join(found.metrics) or 'nothing'}.")
    for label, whom in found.withheld.items():
        lines.append(f"May not: {label}, which is for {whom}.")
    if found.unnamed:
        lines.append(f"{_count(found.unnamed, 'other definition')} I may not name to you.")
    lines += [f"Rows of {dataset}: {said}." for dataset, said in found.rows.items()]
    lines.append("In a channel less: what everybody who reads along there may have.")
    return "\n".join(lines)


def told_taught(taught: Taught, question: str) -> str:
    """What came of teaching, in words."""
    if taught.holds:
        return f'"{question}" is read as {taught.means} from now on ({taught.lesson.id}). Whoever asked it is told.'
    first = f'"{question}" is read as {taught.means} for you ({taught.lesson.id}).'
    if taught.objections:
        return "\n".join([first, "Not for everybody, for:", *taught.objections])
    return f"{first} Who answers for what it means can accept it for everybody; it waits on their page."


def channels_form(places: Places, origin: Origin) -> dict[str, Any]:
    """Where it is answered."""
    rule, chosen = ("allowed", places.allowed) if places.allowed else ("denied", places.denied)
    fields = [views.choice("rule", "Before others I answer", WHERE, given=rule), views.channels("channels", "Channels", sorted(chosen))]
    return views.modal("Channels", CHANNELS, fields, submit="Save", waiting=origin.written())


def teach_form(question: Unanswered, origin: Origin) -> dict[str, Any]:
    """How a question is read from now on."""
    asked = section(f'"{question.text}"')
    field = views.entry("reading", "Read it from now on as", placeholder="net revenue last month", longest=300)
    return views.modal("Teach a reading", TEACH, [asked, field], submit="Teach", waiting=origin.written(question=str(question.number)))


def chosen_channels(filled: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The rule and the channels of the form."""
    return ("allowed" if filled.get("rule") == "allowed" else "denied"), tuple(filled.get("channels") or ())


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
