"""Fire, leak and injury in an utterance: what is to be said about them goes before everything else."""

from __future__ import annotations

import re

from insights.helpdesk import Emergency
from insights.language.patterns import Pattern

_LOOKED_AT = 300
_ASKS = Pattern(r"(?:what|which|how|why|who|when|where|show|compare|list|top|average|total|is there a (?:fire|first)|are there|do we|tell me|explain)\b")
_THERE = r"(?:there is|there's|there are|theres|we have|we've got|i see|i can see|i smell|we smell|smells? of|it smells like|smell)"
_KINDS: tuple[tuple[Emergency, Pattern], ...] = (
    (
        "leak",
        Pattern(
            r"\bgas leak|\bsmells? (?:of |like )?gas\b|\bi (?:can )?smell gas\b|\bburst (?:water )?pipe|\bpipe (?:has |is )?burst"
            r"|\b(?:water|gas|pipe|roof|ceiling|sprinkler|radiator|boiler|aquarium|tap|window)s?\b(?: \w+){0,4} (?:leak(?:s|ing)?|dripping|flooding|pouring)\b"
            rf"|\b{_THERE} (?:a |an )?(?:(?:big|huge|water|gas|bad|serious|roof|ceiling|massive) )*(?:leak|flood|flooding)\b|\b(?:is|are) flood(?:ed|ing)\b"
            r"|\bwater (?:is )?(?:coming|running|dripping|pouring) (?:through|from|out)\b|\b(?:is|are) leaking\b"
        ),
    ),
    (
        "fire",
        Pattern(
            rf"\b{_THERE} (?:a |an |some )?(?:(?:big|small|huge) )?(?:fire|smoke|flames|burning)\b"
            r"|\b(?:is|are|caught|it's|its|that's) (?:on|in) (?:fire|flames)\b"
            r"|\bcaught fire\b|^(?:help )*(?:fire|smoke)(?: (?:fire|help|alarm is ringing))*$"
            r"|^fire (?:in|on|at)\b|\b(?:is|are|it's|started) (?:burning|smoking)\b"
            r"|\b(?:smoke|flames) (?:is |are )?(?:coming|pouring)\b|\bsomething is burning\b"
        ),
    ),
    (
        "injury",
        Pattern(
            r"\b(?:is|are|got|been|i'm|am|he's|she's|somebody's|someone's)(?: \w+)? (?:hurt|injured|bleeding|unconscious|choking|electrocuted)\b"
            r"|\b(?:not|isn't|stopped) breathing\b|\b(?:having|had|has) a (?:heart attack|stroke|seizure)\b|\bmedical emergency\b"
            r"|\b(?:someone|somebody|he|she|colleague|person|visitor|guest|cleaner)(?: \w+)? (?:collapsed|fainted|passed out)\b"
            r"|\b(?:someone|somebody|he|she|i|colleague|visitor|guest|cleaner)(?: has| have| just)?"
            r" (?:fell|fallen|slipped|tripped)\b(?! (?:behind|asleep|short|for))"
            r"|\b(?:hurt|injured|burned|burnt|broke|cut) (?:my|his|her|their|him|them)"
            r"(?:self|selves| (?:arm|leg|hand|finger|head|back|foot|ankle|knee|wrist))\b"
            r"|\b(?:call|need|get)(?: \w+)? (?:ambulance|doctor|paramedics?)\b|\bhas (?:collapsed|fainted|passed out)\b"
        ),
    ),
)
_NOT_MEANT = Pattern(r"\b(?:data|memory|information|drill|extinguishers?|exits?|policy|tv|stick|test|training|sale|press|story) ?(?:leaks?|fire)?\b")
_HINTS = (
    "leak gas burst drip flood pour water running fire smok flames burning hurt injured bleeding unconscious choking electrocuted breathing attack stroke "
    "seizure emergency fell fallen slipped tripped broke cut burned burnt collapsed fainted passed ambulance doctor paramedic"
).split()
"""Each kind is said with one of these: without any, nothing is looked at more closely."""


def emergency(text: str) -> Emergency | None:
    """What somebody says is happening now; None for everything else, such as a question about it.

    >>> emergency("There's smoke in the kitchen!")
    'fire'
    >>> emergency("how many fire extinguishers did we sell")
    """
    looked_at = text[:_LOOKED_AT].casefold()
    if not any(hint in looked_at for hint in _HINTS):
        return None
    said = " ".join(re.sub(r"[^\w'\s]", " ", looked_at.replace("’", "'")).split())
    said = re.sub(r"^(?:(?:alexa|hey|hi|help|please|quick|quickly|oh no|my god|oh my god|report that|report|emergency) )+(?=\w)", "", said)
    if _ASKS.match(said) or _NOT_MEANT.search(said):
        return None
    return next((kind for kind, pattern in _KINDS if pattern.search(said)), None)
