"""Questions about the data itself: what can be asked, what a name means, how fresh it is."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.model import Catalog
from insights.language import refusals
from insights.language.lexicon import DatasetLink, FieldLink, Lexicon, MetricLink, ValueLink
from insights.language.patterns import Pattern
from insights.requests import MetricQuestion, Reading, Request, Understood, Unsupported

_ASK = r"(?:please |can you |could you |tell me |i want to know |do you know |show me |and |ok |so |hey )*"
_GENERAL = Pattern(
    _ASK + r"(?:what (?:else )?(?:can|could|may|should) i (?:ask|know|find out|see|query|look up)(?: you| here| about| for| you about)*"
    r"|what (?:questions|things|kind of questions|kinds of questions|sort of questions) can (?:i|we) ask(?: you| about)*"
    r"|what can you (?:tell me|answer|tell)(?: about)?"
    r"|what do you know(?: about)?|what (?:data|information|metrics|figures|kpis|measures|numbers|dimensions|tables|datasets|topics)"
    r" (?:do you have|are there|is there|is available|are available|do we have|can i ask(?: you)?(?: about| for)?|can you tell me about"
    r"|do you know|have you got|exist|can i see)"
    r"|(?:which|list|list all|list the|list all the|show|show all|show the|what are the|what are your|what are all the)(?: available"
    r"| the)? (?:metrics|measures|kpis|dimensions|figures|datasets|tables)"
    r"(?: available| are there| do you have| do we have| can i ask(?: for| about)?| are available| can i use| exist)*)"
)  # fmt: skip
_FRESH = Pattern(
    _ASK + r"(?:is (?:it|this|that|the data|your data|everything|this data|the information)(?: still| all)? (?:up to date|current|fresh"
           r"|recent|live|real time|complete)"
    r"|how (?:fresh|recent|current|up to date|old|complete) (?:is|are) (?:it|this|that|the data|your data|the numbers|the figures|this data)"
    r"|when (?:was|were|is) (?:it|this|that|the data|your data|the numbers)(?: last)? (?:updated|refreshed|loaded|imported)(?: last)?"
    r"|how far back does (?:it|the data|your data) go|(?:what|which) (?:period|dates|time range|date range|years|time period) does (?:it"
    r"|the data|your data) cover"
    r"|(?:through|until|since|from) when (?:is|does|do|are) (?:it|the data|you|your data)(?: \w+){0,3}|how up to date is (?:it|the data)"
    r"|when does (?:it|the data) (?:end|start|begin))"
)  # fmt: skip
_THAT = r"(?:it|this|that|that number|this number|that figure|this figure|that metric|the number|these numbers|those numbers)"
_SOURCE_THAT = Pattern(
    _ASK + rf"(?:where (?:does|do|did) {_THAT} come from|where (?:is|are) {_THAT} from|(?:what is|what 's) the source(?: of {_THAT})?|how (?:is"
    rf"|was|are|were) {_THAT} "
    rf"(?:defined|calculated|computed|measured|worked out)|what does {_THAT} mean|who (?:owns|defined|is responsible for) {_THAT}"
    rf"|how do you (?:calculate|compute|define|measure) {_THAT}"
    rf"|(?:the )?definition(?: of {_THAT})?(?: please)?)"
)
_TOPICAL = tuple(
    Pattern(_ASK + pattern)
    for pattern in (
        r"what (?:do you know|(?:kind|kinds|sort|sorts|type|types) of (?:things|questions|figures) can i ask(?: you)?"
        r"|can you tell me|can i ask(?: you)?|can i know|can i find out|data do you have"
        r"|information do you have|do you have|have you got)"
        r" (?:about|on|for|regarding) (?P<topic>.+)",
        r"what (?:is|'s) (?:considered |meant by )?(?:a|an|one) (?P<topic>.+)",
        r"(?:what|which) (?:dimensions|fields|columns|breakdowns) (?:can|could|may) (?:i|we) (?:split|break down|break|group|slice|filter|see|have|get) "
        r"(?P<topic>.+?)(?: down)?(?: by| on| with)?",
        r"how (?:is|are|was|were|do you|do we|does one) (?P<topic>.+?) (?:defined|calculated|computed|measured|worked out|determined|derived|counted)",
        r"how (?:do|does|did) (?:you|we|one|the company) (?:define|calculate|compute|measure|work out|determine|count) (?P<topic>.+)",
        r"what (?:does|do) (?P<topic>.+?) mean(?: exactly)?",
        r"what (?:is|are) meant by (?P<topic>.+)",
        r"what (?:counts|qualifies|is counted) as (?P<topic>.+)",
        r"(?:just )?what (?P<topic>.+?) (?:means|stands for)",
        r"(?:what is |what 's |give me |show me )?the (?:definition|meaning|source|formula|owner) (?:of|for) (?P<topic>.+)",
        r"(?:definition|meaning|formula) (?:of|for) (?P<topic>.+)",
        r"(?:define|describe) (?P<topic>.+)",
        r"where (?:does|do|did) (?P<topic>.+?) come from",
        r"where (?:do|did|does) (?:you|we|one) (?:get|take|have) (?P<topic>.+?) from",
        r"(?:what is|what 's|which is) the source (?:of|for|behind) (?P<topic>.+)",
        r"who (?:owns|defined|is responsible for|is the owner of) (?P<topic>.+)",
        r"(?:is|are) (?P<topic>.+?) (?:still )?(?:up to date|current|fresh|certified)",
        r"how (?:fresh|recent|up to date|current) (?:is|are) (?P<topic>.+)",
        r"when (?:was|were) (?P<topic>.+?) last (?:updated|refreshed|loaded)",
        r"(?:what|which) (?:dimensions|fields|columns|breakdowns) (?:does|do) (?P<topic>.+?) have",
        r"(?:how can i|how could i|what can i|by what can i) (?:break down|split|group|slice|filter|break) (?P<topic>.+?)(?: by| down)*",
        r"(?:what|which) (?:values|options) (?:does|do|of|are there for|for|exist for|can) (?P<topic>.+?)(?: have| take| are there| exist)*",
    )
)  # fmt: skip
_VALUES = tuple(
    Pattern(_ASK + pattern)
    for pattern in (
        r"(?:what|which) (?P<topic>.+?) (?:are there|do we have|do you have|do you know|exist|are available|have we got)",
        r"(?:a list of|list of|list all|list me|list|name) (?:all |all the |the |our )?(?P<topic>.+)",
        r"(?:what|which|what all) are (?:all )?(?:the|our|your) (?P<topic>.+)",
    )
)
_ARTICLES = frozenset("the a an our your my this that all metric dimension dataset data field of".split())
_SAID = frozenset(
    "what which how where when who is are define describe definition meaning source formula owner list name from until since through "
    "metrics measures kpis dimensions figures datasets tables".split()
)
"""Each of these questions has one of these words."""


class About:
    """Recognises questions about one catalog."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon) -> None:
        self._catalog = catalog
        self._lexicon = lexicon

    def read(self, words: Sequence[str], previous: Request | None) -> Reading | None:
        """What is asked about: everything, what was talked of, or one name; None when it is no such question."""
        if _SAID.isdisjoint(words):
            return None
        plain = " ".join(words)
        if _GENERAL.fullmatch(plain):
            return _about(None)
        if _FRESH.fullmatch(plain) or _SOURCE_THAT.fullmatch(plain):
            topic = _topic_of(previous, self._catalog)
            return _about(topic) if topic is not None or _FRESH.fullmatch(plain) else None
        for pattern in _TOPICAL:
            match = pattern.fullmatch(plain)
            if match is not None:
                return self._topical(match["topic"].split(), pattern is _TOPICAL[0])
        for pattern in _VALUES:
            match = pattern.fullmatch(plain)
            if match is not None and (reading := self._members(match["topic"].split())) is not None:
                return reading
        return None

    def _members(self, words: list[str]) -> Reading | None:
        """The members of a dimension, where all the words name one."""
        for named in self._lexicon.at(words, words, 0):
            fields = [link.id for link in named.links if isinstance(link, FieldLink) and self._catalog.fields[link.id].role == "dimension"]
            datasets = [link.name for link in named.links if isinstance(link, DatasetLink)]
            if named.length == len(words) and not any(isinstance(link, MetricLink) for link in named.links):
                if fields:
                    return _about(self._catalog.written(fields[0]))
                return _about(datasets[0]) if datasets else None
        return None

    def _topical(self, words: list[str], broad: bool) -> Reading | None:
        """The one name that all the words make."""
        while len(words) > 1 and words[0] in _ARTICLES:
            words = words[1:]
        while len(words) > 1 and words[-1] in (
            "metric",
            "dimension",
            "dataset",
            "table",
            "field",
            "data",
            "please",
            "exactly",
            "numbers",
            "number",
            "figure",
            "figures",
        ):
            words = words[:-1]
        for named in self._lexicon.at(words, words, 0):
            if named.length == len(words):
                return _about(self._name(named.links, broad=broad))
        if broad:
            refusal = refusals.unknown([" ".join(words)], list(self._catalog.metrics), self._catalog)
            return Unsupported(reason=refusal.reason, suggestions=("what can I ask",))
        return None

    def _name(self, links: Sequence[MetricLink | FieldLink | DatasetLink | ValueLink], *, broad: bool) -> str:
        order = (DatasetLink, MetricLink, FieldLink, ValueLink) if broad else (MetricLink, FieldLink, DatasetLink, ValueLink)
        first = min(links, key=lambda link: order.index(type(link)))
        match first:
            case MetricLink(name) | DatasetLink(name):
                return name
            case FieldLink(id_) | ValueLink(id_, _):
                return self._catalog.written(id_)


def _about(topic: str | None) -> Understood:
    return Understood(request=MetricQuestion(analysis="about", options={"topic": topic}))


def _topic_of(previous: Request | None, catalog: Catalog) -> str | None:
    """The metric that was talked of."""
    if not isinstance(previous, MetricQuestion):
        return None
    if previous.analysis == "about":
        topic = previous.options.get("topic")
        return topic if isinstance(topic, str) else None
    return next((metric for metric in previous.metrics if metric in catalog.metrics), None)
