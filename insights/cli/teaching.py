"""`insights teach`: what people taught and asked of the data team, for those who answer for the definitions."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from insights.cli.arguments import Target, moment, target_options
from insights.cli.terminal import printable
from insights.errors import WrongSettings

if TYPE_CHECKING:
    from insights.assistant import Assistant
    from insights.ledger.lessons import KeptEnquiry
    from insights.organization import Person
    from insights.teaching.lessons import Listed

Command = TypeVar("Command", bound=Callable[..., Any])
EPILOG = """\b
Examples:
  insights teach list --as omar
  insights teach accept L-1001 --as omar
  insights teach answer Q-1001 "Burn multiple is net burn by net new revenue." --as omar
  insights teach export --as omar
"""


def _options(command: Command) -> Command:
    return target_options(click.option("--as", "person", metavar="PERSON", help="Who you are: a data owner judges what they answer for.")(command))


def _opened(catalog: Path | None, data: tuple[str, ...], today: date | None, now: datetime | None) -> Assistant:
    return Target(catalog=catalog, data=data, now=moment(today, now)).open()


def _who(assistant: Assistant, person: str | None) -> Person | None:
    return assistant.permit.asker(person=person, device=None, audience="private").person


@click.group(epilog=EPILOG)
def teach() -> None:
    """Corrections that people gave, and questions for the data team."""


@teach.command("list", epilog="\b\nExamples:\n  insights teach list --as omar\n  insights teach list --as omar --format json\n")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to write it.")
@_options
def list_(form: str, person: str | None, **target: Any) -> None:
    """List the corrections and questions that you gave or answer for, with what speaks against a correction."""
    with closing(_opened(**target)) as assistant:
        who = _who(assistant, person)
        lessons = assistant.teaching.lessons.listed(who, now=assistant.now())
        enquiries = assistant.teaching.enquiries.listed(who)
        if form == "json":
            written = [_lesson_document(one) for one in lessons] + [_enquiry_document(one, assistant) for one in enquiries]
            click.echo("\n".join(json.dumps(one) for one in written))
            return
        for lesson in lessons:
            _echo(_lesson_line(lesson, assistant))
        for enquiry in enquiries:
            _echo(_enquiry_line(enquiry, assistant))
        if not lessons and not enquiries:
            click.echo("There is nothing that you taught, asked or answer for.")


@teach.command(epilog="\b\nExamples:\n  insights teach show L-1001 --as omar\n")
@click.argument("which", metavar="ID")
@_options
def show(which: str, person: str | None, **target: Any) -> None:
    """Show one correction or question with all there is about it."""
    with closing(_opened(**target)) as assistant:
        who = _who(assistant, person)
        enquiry = next((one for one in assistant.teaching.enquiries.listed(who) if one.id == which.strip().upper()), None)
        if enquiry is not None:
            _echo(_enquiry_line(enquiry, assistant, whole=True))
            return
        found = assistant.teaching.lessons.shown(which, who, now=assistant.now())
        _echo(_lesson_line(found, assistant))
        _echo(f"  said in: {json.loads(found.lesson.context).get('text', '')}")


@teach.command(epilog="\b\nExamples:\n  insights teach accept L-1001 --as omar\n")
@click.argument("lesson", metavar="ID")
@_options
def accept(lesson: str, person: str | None, **target: Any) -> None:
    """Let a correction hold for everybody, unless it contradicts another or changes how a verified question is read. Status 1 when it does not hold."""
    with closing(_opened(**target)) as assistant:
        found, holds = assistant.teaching.lessons.accept(lesson, _who(assistant, person), now=assistant.now())
        if holds:
            _echo(f'{found.lesson.id} holds for everybody: "{found.lesson.said}" means {found.means}.')
            return
        _echo(f'{found.lesson.id} ("{found.lesson.said}" means {found.means}) was not accepted.')
        for objection in found.objections:
            _echo(f"  {objection.text}")
        sys.exit(1)


@teach.command(epilog='\b\nExamples:\n  insights teach reject L-1001 --reason "Sales is what was sold, before refunds." --as omar\n')
@click.argument("lesson", metavar="ID")
@click.option("--reason", default="", help="Why, for who taught it.")
@_options
def reject(lesson: str, reason: str, person: str | None, **target: Any) -> None:
    """Let a correction hold for nobody, also when it was accepted before."""
    with closing(_opened(**target)) as assistant:
        found = assistant.teaching.lessons.reject(lesson, _who(assistant, person), reason, now=assistant.now())
        _echo(f'{found.lesson.id} holds for nobody: "{found.lesson.said}" does not mean {found.means}.')


@teach.command(epilog='\b\nExamples:\n  insights teach answer Q-1001 "It is net revenue." --request "net revenue last month" --as omar\n')
@click.argument("enquiry", metavar="ID")
@click.argument("text")
@click.option("--request", "request", metavar="TEXT|JSON", help="How the question is to be read from now on: in words that are understood, or as a request.")
@_options
def answer(enquiry: str, text: str, request: str | None, person: str | None, **target: Any) -> None:
    """Reply to a question; with --request it becomes a verified question. Status 1 when that is not accepted."""
    with closing(_opened(**target)) as assistant:
        done = assistant.curator.answer(enquiry, text, _who(assistant, person), reading=request, now=assistant.now())
        _echo(f"Your reply to {_name(assistant, done.kept.person)} ({done.kept.id}) is on its way.")
        if done.lesson is None:
            return
        if done.judged is None:
            _echo(f'"{done.kept.text}" is read so for you; who answers for what it means can accept it for everybody ({done.lesson.id}).')
            sys.exit(1)
        read = "is read as" if done.holds else "is not yet read for everybody as"
        _echo(f'"{done.kept.text}" {read} {done.judged.means} ({done.lesson.id}).')
        for objection in () if done.holds else done.judged.objections:
            _echo(f"  {objection.text}")
        sys.exit(0 if done.holds else 1)


@teach.command(epilog="\b\nExamples:\n  insights teach export --as omar\n")
@click.option("--merge", "overlay", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="An overlay to put them into; comments are lost.")
@_options
def export(overlay: Path | None, person: str | None, **target: Any) -> None:
    """Write the accepted corrections that you answer for as YAML for assistant.yaml: synonyms, and verified questions that test them."""
    import yaml

    with closing(_opened(**target)) as assistant:
        who = _who(assistant, person)
        made = assistant.teaching.lessons.export(who, assistant.curator.value_for(who), now=assistant.now())
    if not made:
        raise WrongSettings("There is no accepted correction that you answer for.", remedy="`insights teach accept` accepts one.")
    if overlay is not None:
        from insights.teaching.export import merged

        made = merged(yaml.safe_load(overlay.read_text(encoding="utf-8")) or {}, made)
    click.echo(yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=120).rstrip())


def _echo(text: str) -> None:
    click.echo(printable(text))


def _name(assistant: Assistant, person: str | None) -> str:
    known = assistant.organization.people.get(person or "")
    return known.name if known else person or "Somebody unnamed"


def _lesson_line(one: Listed, assistant: Assistant) -> str:
    lesson = one.lesson
    by = f" by {_name(assistant, lesson.by)}" if lesson.by else ""
    reason = f" ({lesson.reason})" if lesson.reason else ""
    line = f'{lesson.id}  {lesson.state}{by}{reason}: "{lesson.said}" means {one.means}, says {_name(assistant, lesson.person)} on {lesson.taught:%Y-%m-%d}'
    return "\n".join([line, *(f"  {objection.text}" for objection in one.objections)])


def _lesson_document(one: Listed) -> dict[str, Any]:
    lesson = one.lesson
    return {
        "id": lesson.id, "kind": lesson.kind, "state": lesson.state, "said": lesson.said, "means": one.means, "person": lesson.person,
        "taught": lesson.taught.isoformat(), "by": lesson.by, "reason": lesson.reason, "yours_to_judge": one.is_owner,
        "objections": [{"kind": objection.kind, "text": objection.text} for objection in one.objections],
    }  # fmt: skip


def _enquiry_line(one: KeptEnquiry, assistant: Assistant, *, whole: bool = False) -> str:
    state = f"answered by {_name(assistant, one.by)}" if one.answer is not None else "open"
    lines = [f'{one.id}  {state}: "{one.text}", asks {_name(assistant, one.person)} on {one.asked:%Y-%m-%d}']
    enquiries = assistant.teaching.enquiries
    lines += [f"  read as: {reading}" if (reading := enquiries.read_as(one)) else "  not understood"]
    if whole and enquiries.sql(one):
        lines.append(f"  SQL: {enquiries.sql(one)}")
    if one.answer is not None:
        lines.append(f"  {one.answer}")
    return "\n".join(lines)


def _enquiry_document(one: KeptEnquiry, assistant: Assistant) -> dict[str, Any]:
    enquiries = assistant.teaching.enquiries
    return {
        "id": one.id, "kind": "enquiry", "state": "open" if one.answer is None else "answered", "said": one.text, "means": enquiries.read_as(one) or None,
        "sql": enquiries.sql(one) or None, "person": one.person, "asked": one.asked.isoformat(), "by": one.by, "answer": one.answer,
    }  # fmt: skip
