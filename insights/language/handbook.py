"""Questions about the company itself, which its handbook answers: the Wi-Fi password, how to claim expenses, who runs facilities."""

from __future__ import annotations

from insights.language.patterns import Pattern
from insights.language.slots import Heard
from insights.requests import LookUp, Reading, Understood

_WHOEVER_ASKS = Pattern(
    r"(?:how (?:do|can|should|would|must) (?:i|we|you|one|people|someone)|how to|where (?:do|can|should) (?:i|we)|who (?:do|can|should|must) (?:i|we)"
    r"|whom (?:do|can|should) (?:i|we)"
    r"|(?:am i|are we) allowed to|(?:can|may|do|must|should) (?:i|we) (?:have to|need to|bring|work|take|expense|claim|park|use|get|leave|park|wear"
    r"|smoke|travel|book)"
    r"|what (?:happens|should i do|do i do|do i need|must i do) (?:if|when|to|for|about)|when (?:do|can|should|must) (?:i|we)|how (?:many"
    r"|much) .*\b(?:do|can|may) (?:i|we) (?:get|have|take|claim|expense))\b.*"
)
_OF_THE_COMPANY = Pattern(
    r"(?:what (?:is|are|'s|was)|tell me|give me|explain|where (?:is|are|'s)|do we have|is there|are there|when (?:is|are|does|do)|who (?:is|are|'s"
    r"|runs|handles|manages|heads|leads))\b.*"
    r"\b(?:wi-?fi|wireless|password|passcode|guest network|vpn|policy|policies|handbook|guidelines?|procedure|rules?|dress code|parking|car park"
    r"|canteen|cafeteria|kitchen|lunch|holidays|"
    r"vacation|time off|sick leave|parental leave|maternity|paternity|leave days|expenses?|reimburse(?:ment)?|per diem|payroll|pay ?day|pension"
    r"|benefits?|insurance|first aid|fire (?:exit|alarm|drill)|"
    r"assembly point|emergency|reception|mail ?room|printer|badge|key card|office hours|opening hours|office (?:open|close)|the office|head ?quarters"
    r"|address|phone number|extension|"
    r"facilities|help ?desk|service desk|human resources|hr|it support|security|cleaners?|gym|bike|shuttle|wellness|onboarding|probation"
    r"|notice period|training|dial-in|shower|lost and found)\b.*"
)
_RUNS = Pattern(
    r"who (?:runs|is in charge of|is responsible for|handles|manages|leads|heads|looks after|takes care of|do i ask about|can help (?:me )?with"
    r"|knows about)\b.+"
)
_FIRST = frozenset("how where who whom am are can may do must should what when tell give explain is".split())
"""The words that each of these can begin with."""


_ASKING = Pattern(
    r"(?:(?:and|so|but|ok|okay|well|hey|please|also) )*(?:who|whom|whose|what|when|where|which|why|how|whats|wheres|is|are|am|do|does|did|can|could|may|must"
    r"|should|will|would|tell|explain|until|since|from|by|at|for)\b.*"
)


def is_asked(text: str) -> bool:
    """Whether an utterance is a question in full, rather than a few words about what was answered: "only the first ten"."""
    return "?" in text or _ASKING.fullmatch(" ".join(text.casefold().split())) is not None


_OF_OURS = Pattern(r".*\b(?:can|may|do|must|should|am|are|could|does) (?:i|we|the (?:company|office)|anybody|anyone|somebody|someone)\b.*")


def is_of_ours(text: str) -> bool:
    """Whether it is asked what somebody here may or has to do, or what the company does: nobody but the office can tell, where the handbook cannot.

    >>> is_of_ours("Can I bring my dog?"), is_of_ours("does the company pay for it"), is_of_ours("revenue by region"), is_of_ours("can you sing")
    (True, True, False, False)
    """
    plain = " ".join(text.casefold().replace("?", " ").split())
    return is_asked(text) and _OF_OURS.fullmatch(plain) is not None


def look_up(heard: Heard) -> Reading | None:
    """The question as it was asked, when it is about the company and not about its data."""
    plain = heard.plain
    if heard.words[0].text not in _FIRST:
        return None
    asked = _WHOEVER_ASKS.fullmatch(plain) is not None
    if not asked and (_OF_THE_COMPANY.fullmatch(plain) or _RUNS.fullmatch(plain)) is None:
        return None
    if plain.startswith(("how many", "how much")) and heard.names_value():
        return None  # "how many films do we have" is about the data where films are a kind there
    return None if heard.names_data() else Understood(request=LookUp(question=" ".join(heard.text.split())))
