"""What an utterance was read as: a request, a question back, or why it cannot be done."""

from __future__ import annotations

from dataclasses import dataclass

from insights.requests.kinds import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to read what was said, in the company's own words (`label`)."""

    label: str
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One reading, with what was taken for granted (sentences) and the words that were not used."""

    request: Request
    assumed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarify:
    """Several readings fit, or something is missing: ask back. At most three choices; none when a free answer is wanted (`missing` names the slot).

    `about` is the word or slot the question is about; `partial` is what was understood so far, to be completed by the reply. Whoever picks a choice of an
    `offer` has agreed to it: nothing of it is confirmed once more. `prompt` is the question where it is not one of ours: that of a form.
    `said` is a sentence that goes before the question.
    """

    about: str
    choices: tuple[Choice, ...] = ()
    missing: str | None = None
    partial: Request | None = None
    assumed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    prompt: str | None = None
    offer: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """It cannot be done here: `reason` is a whole sentence that says why; `suggestions` are utterances that do work.

    `firm`: what was meant is clear, so nothing else is made of it.
    """

    reason: str
    suggestions: tuple[str, ...] = ()
    firm: bool = False


Reading = Understood | Clarify | Unsupported
