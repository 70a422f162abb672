"""Questions about an answer itself: how it came about, and what it rests on."""

from __future__ import annotations

import re

from insights.conversation import State
from insights.requests import MetricQuestion

_THAT = r"(?:that|this|it|these|those|(?:(?:that|this|the|these|those) )?(?:number|figure|answer|result|value|total|data|numbers|figures|results|last answer))"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?:and |but |so |ok |okay )?how (?:did|do) you (?:get|come up with|arrive at|know|work out|calculate|compute|find) (?:to )?{_THAT}",
        rf"how (?:was|is|were|are) {_THAT} (?:calculated|computed|worked out|derived|made|found|measured)",
        rf"(?:and |but )?where (?:did|do|does|is|are) (?:you )?(?:get )?{_THAT}(?: (?:come|coming|taken) ?from| from)?",
        rf"what (?:is|was|are|were) {_THAT} (?:based on|made of|from)",
        rf"(?:show me |what is |what's |what was |give me )?(?:the )?(?:sql|query)(?: (?:for|behind|of) {_THAT})?",
        rf"(?:show me |what is |what's |explain )?(?:the )?(?:source|provenance|origin|lineage)(?: (?:for|of|behind) {_THAT})",
        rf"explain (?:to me )?how you got (?:to )?{_THAT}",
        rf"(?:says who|who says so|who owns {_THAT}|is {_THAT} (?:certified|official)|can i trust {_THAT})",
    )
)


_ASSUMED = re.compile(
    r"(?:and |but |so |ok |okay )?(?:what (?:did|do|have|are|were) you (?:assumed?|assuming|taken? for granted|taking for granted|take it to mean)"
    r"|what (?:assumptions did you make|were your assumptions|are your assumptions|was assumed|is assumed|was taken for granted)"
    r"|(?:did you|have you) (?:assumed?|taken? for granted) (?:anything|something))(?: (?:there|here|for that|in that))?"
)


def asks_assumed(text: str) -> bool:
    """Whether `text` asks what was taken for granted in the last answer.

    >>> asks_assumed("What did you assume?"), asks_assumed("what did you assume about revenue")
    (True, False)
    """
    said = " ".join(re.sub(r"[^\w' ]", " ", text[:80].casefold()).split())
    return _ASSUMED.fullmatch(said.removesuffix(" please")) is not None


def about_last(text: str, state: State) -> MetricQuestion | None:
    """The last question of the conversation when `text` asks how its answer came about.

    >>> about_last("How did you get that?", State()) is None
    True
    """
    last = state.request
    if not isinstance(last, MetricQuestion) or last.analysis == "about" or len(text) > 80:
        return None
    said = " ".join(re.sub(r"[^\w' ]", " ", text.casefold()).split())
    return last if any(form.fullmatch(said.removesuffix(" please")) for form in _FORMS) else None
