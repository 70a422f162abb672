"""What people say about what was said: "when I say sales I mean net revenue", "that's wrong, I meant orders", "forget that", "ask the data team"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from insights.language.patterns import Pattern
from insights.language.pieces import words_of
from insights.language.words import tokenise

Form = Literal["means", "meant", "wrong", "remember", "forget", "ask_team", "reply"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """`means`: `said` is to be taken as `meaning`. `meant`: the last answer was wrong, `meaning` is right. `wrong`: it was, without what is right.

    `remember` and `forget` are about the last correction (`forget` may name its phrase as `said`), `ask_team` about the last question or `meaning`; `reply`
    answers the enquiry `said` with `meaning`. What is not `firm` may as well be an ordinary question.
    """

    form: Form
    said: str = ""
    meaning: str = ""
    firm: bool = True


_LEAD = r"(?:(?:please|hey|hi|hello|ok|okay|well|so|but|and|sorry|alexa|actually|listen|also|can you|could you|would you|i want you to) )*"
_WE = r"(?:i|we|people|they|you|somebody|someone|anyone|everybody|everyone)"
_MEAN = r"(?:always |usually |really |actually |just |only |do )*(?:mean|means|meant|am talking about|are talking about|am asking for|am asking about|want)"
_TELL = r"(?:(?:remember|note|learn|know|keep in mind)(?: that)? |from now on |in future |in the future |here |for me |at our company )*"
_NAME = r"(?:the (?:word|words|term|phrase|name) )?"
_MEANS = tuple(
    Pattern(_LEAD + _TELL + pattern)
    for pattern in (
        rf"(?:when|if|whenever) {_WE} (?:say|says|said|write|type|ask for|ask about|talk about|speak of|speak about) {_NAME}(?P<said>.+?)"
        rf"(?: then)? (?:{_WE} {_MEAN}|it means|that means|take it as|take that as|read it as|it is|it 's) (?P<meaning>.+)",
        rf"(?:by|with) {_NAME}(?P<said>.+?) {_WE} {_MEAN} (?P<meaning>.+)",
        rf"{_NAME}(?P<said>.+?) (?:always |really |actually |usually )*(?:means|stands for|is short for|is shorthand for|refers to|should mean"
        r"|is (?:another|our|just another|our own) (?:word|name|term) for|is (?:a )?synonym (?:for|of)|is the same (?:thing )?as) (?P<meaning>.+)",
    )
)
_BAD = (
    r"(?:no|nope|wrong|that is wrong|that 's wrong|that was wrong|this is wrong|it is wrong|it 's wrong|you are wrong|that is not right|that 's not right"
    r"|that is not correct|that 's not correct|that is incorrect|that 's incorrect|incorrect|not correct|not right"
    r"|that is not what i (?:meant|asked(?: for)?|wanted|said)"
    r"|that 's not what i (?:meant|asked(?: for)?|wanted|said)|not what i (?:meant|asked(?: for)?|wanted|said)|that is a mistake|that 's a mistake"
    r"|you misunderstood(?: me)?|you got (?:it|that|me) wrong|you have misunderstood(?: me)?|wrong answer|wrong metric|wrong number|wrong figure)"
)
_MEANT = tuple(
    Pattern(_LEAD + pattern)
    for pattern in (
        rf"(?:{_BAD} )+(?:and |but )?(?:by (?:that|this|it) )?"
        r"(?:i|we) (?:meant to ask (?:for|about)|meant|mean|wanted|want|was asking (?:for|about)|asked for) (?P<meaning>.+)",
        rf"(?:{_BAD} )*by (?:that|this|it) (?:i|we) (?:meant|mean) (?P<meaning>.+)",
        rf"(?:{_BAD} )+(?:it|that|this) (?:should (?:be|have been)|is|means|meant) (?P<meaning>.+)",
    )
)
_WRONG = Pattern(_LEAD + rf"(?:no )?(?!no$|nope$){_BAD}")
_REMEMBER = Pattern(_LEAD + r"(?:remember|keep|save|learn|note) (?:that|this|it)(?: for (?:me|later|next time|the future)| in mind| please)*")
_FORGET = Pattern(
    _LEAD + r"(?:forget (?:that|this|it|what i (?:just )?(?:said|taught(?: you)?|told you)|my (?:last )?correction|the last correction|about that correction)"
    r"|undo (?:that|this|my|the)(?: last)? correction|unlearn (?:that|this|it)"
    r"|(?:forget|unlearn)(?: that| what i (?:said|taught you|told you) about| my correction of)? (?P<said>.+?)(?: (?:means|is) (?P<meaning>.+))?)"
)
_TEAM = (
    r"(?:(?:the|our|a|an|my|some) )?(?:data (?:team|owners?|people|folks|department|analysts?|experts?|stewards?)|owners?|analysts?|analytics(?: team)?|human"
    r"|human being|real person|metric owner|owner of (?:the|this|that) (?:metric|figure|number|data))"
)
_ASK_TEAM = Pattern(
    _LEAD + r"(?:ask|check with|contact|consult"
    rf"|(?:send|pass|forward|hand|put|give|escalate)(?: it| this| that| the question| my question)?(?: on| over)? to) {_TEAM}"
    r"(?: about(?: it| this| that)| for me| please| instead| to (?:check|look at|look into) (?:it|this|that)| then)*(?P<meaning> .+)?"
)
_ASKING = frozenset(
    "what which who whom whose how why where when is are was were do does did can could may shall should would tell show give list compare".split()
)
_PRONOUNS = frozenset("it that this these those they he she you i we nothing something anything what one".split())
_REPLY = Pattern(
    r"\s*(?:answer|reply)(?: to)?(?: the)?(?: question| enquiry)? (?P<id>q-?\d{1,12})\s*(?::|,|-|with|saying)?\s+(?P<text>.+)", re.IGNORECASE | re.DOTALL
)
_MEANT_SOFTLY = Pattern(_LEAD + r"(?:no )?(?:sorry )?(?:i|we) (?:meant|mean)(?: to ask (?:for|about))? (?P<meaning>.+)")
_JOINTS = frozenset("by of in for per with and or the to from no any some all at on as than".split())
_LONGEST = 6
_MOST = 300
_ARTICLES = ("the ", "a ", "an ", "our ", "my ", "by ", "of ", "about ")


def remark(text: str) -> Remark | None:
    """What an utterance says about what was said before or about how words are meant; None when it is an ordinary one."""
    match = _REPLY.fullmatch(text) if text[:9].casefold().startswith(("answer", "reply")) else None
    if match is not None:
        return Remark(form="reply", said=match["id"].upper(), meaning=match["text"].strip())
    if len(text) > _MOST:
        return None
    words = words_of(tokenise(text))
    plain = " ".join(word.text for word in words)
    found = _team(plain) or _meant(plain) or _means(plain) or _about_the_last(plain)
    if found is None or found.form != "ask_team" or not found.meaning:
        return found
    return replace(found, meaning=text[words[-len(found.meaning.split())].start :].strip())  # it is passed on as it was said


def _means(plain: str) -> Remark | None:
    for number, pattern in enumerate(_MEANS):
        match = pattern.fullmatch(plain)
        if match is None:
            continue
        said, meaning = match["said"].strip(), _bare(match["meaning"])
        words = said.split()
        if number == 2 and (words[0] in _ASKING or words[-1] in _JOINTS or match["meaning"].startswith("of ")):
            return None
        if not meaning or len(words) > _LONGEST or len(meaning.split()) > 2 * _LONGEST or said in _PRONOUNS or meaning in _PRONOUNS:
            return None
        return Remark(form="means", said=_bare(said), meaning=meaning, firm=number < 2)
    return None


def _meant(plain: str) -> Remark | None:
    for pattern in _MEANT:
        match = pattern.fullmatch(plain)
        if match is not None and _bare(match["meaning"]):
            return Remark(form="meant", meaning=_bare(match["meaning"]))
    return Remark(form="wrong") if _WRONG.fullmatch(plain) else None


def _team(plain: str) -> Remark | None:
    match = _ASK_TEAM.fullmatch(plain)
    if match is None:
        return None
    about = (match["meaning"] or "").strip()
    for opening in ("about ", "whether ", "if ", "to tell me ", "to find out "):
        about = about.removeprefix(opening)
    return Remark(form="ask_team", meaning=about)


def _about_the_last(plain: str) -> Remark | None:
    if _REMEMBER.fullmatch(plain):
        return Remark(form="remember")
    match = _FORGET.fullmatch(plain)
    return Remark(form="forget", said=_bare(match["said"] or "")) if match is not None else None


def meant_softly(text: str) -> str:
    """What "I meant net revenue" names, which only reads the last question anew; empty for anything else."""
    match = _MEANT_SOFTLY.fullmatch(" ".join(word.text for word in words_of(tokenise(text)))) if len(text) <= _MOST else None
    return _bare(match["meaning"]) if match is not None else ""


def _bare(phrase: str) -> str:
    """A phrase without its article."""
    phrase = phrase.strip()
    for article in _ARTICLES:
        phrase = phrase.removeprefix(article)
    return phrase.removesuffix(" please").removesuffix(" instead").strip()
