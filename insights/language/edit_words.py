"""The words that change the question before: patterns by the name of what they do."""

from __future__ import annotations

from insights.language.patterns import Pattern

_IT = r"(?: (?:it|that|this|them|these|those|the list|the order|the results?|the rows))?"
_LEAD = (
    r"(?:(?:ok|okay|so|and|now|then|but|please|well|oh|hey|alright|great|thanks|thank you|actually|can you|could you|would you|let s|let us|i want to"
    r"|i would like to) )*"
)
_TAIL = r"(?: please| now| then| instead| again)*"
_SORT = rf"(?:(?:sort|order|rank|show|list|put)(?: me)?{_IT} )?(?:by |in |from )?(?:the )?"
_UNIT = r"(?P<unit{n}>year|quarter|month|week|day|period|one)"
_ABOUT = r"(?:what about |how about |for |in |show me )?"
_REMOVE = r"(?:drop|remove|lose|delete|clear|scrap|discard|take out|take off|take away|get rid of|leave out"
_PATTERNS: dict[str, str] = {
    "flip": (
        rf"(?:(?:sort|order|rank|show|list|do|put|turn|give me|make)(?: me)?{_IT} )?"
        r"(?:(?:in |to )?(?:the )?(?:other|opposite|reverse) (?:way(?: round| around| about)?|direction|order|end)|in reverse|reversed|backwards|upside down)"
        rf"|(?:reverse|flip|invert|swap|turn round|turn around){_IT}|turn (?:it|that|them) (?:round|around)|the opposite|vice versa"
    ),
    "up": _SORT
    + r"(?:ascending(?: order)?|(?:lowest|smallest|least|fewest) (?:ones )?first|low(?:est)? to high(?:est)?|small(?:est)? to (?:large|larg|bigg)(?:est)?)",
    "down": (
        _SORT + r"(?:descending(?: order)?|(?:highest|largest|biggest|most|greatest) (?:ones )?first|high(?:est)? to low(?:est)?|(?:large|larg"
        r"|bigg)(?:est)? to small(?:est)?)"
    ),
    "all": (
        r"(?:(?:show|give|list|tell|display|see|read)(?: me| us)? )?(?:all(?: of)?(?: them| it| the rest)?|them all|it all|everything|the rest|all the others"
        r"|the others|every one|the (?:whole|full|complete|entire) (?:list|table|thing|ranking)|all (?:the )?(?:rows|results|entries"
        r"|lines))(?: of (?:them|it))?"
    ),
    "records": (
        r"(?:list|name|show|see|give me|show me|list me|tell me|let me see)(?: me)? (?:them|those|these|the (?:single |individual )?(?:records|rows)"
        r"|each of them|every one of them|which ones)(?: all| one by one| in detail)*|which (?:ones|ones are (?:they|those)|are (?:they|those))(?: exactly)?"
        r"|what are they"
    ),
    "total": (
        r"(?:(?:show|give|tell)(?: me| us)? |what (?:is|s|was) )?"
        r"(?:just |only |simply )*(?:the )?(?:grand |overall |whole |sum )?(?:total|totals|sum|overall|headline)"
        r"(?: (?:number|figure|value|only|please))*|in total|altogether|all together|just (?:the |one )(?:number|figure)|as one (?:number|figure)"
        r"|without (?:the |a |any )?(?:breakdown|split|grouping|groups)|(?:not|don t|do not) (?:break|split) (?:it|that|them) (?:down|up)"
    ),
    "share": (
        rf"(?:(?:show|give|make|tell|put|express|do)(?: me| us)?{_IT} )?(?:as|in) (?:a |an )?(?:shares?|percent|per cent|percentages?|proportions?"
        rf"|fractions?)"
        r"(?: of (?:the |its |their )?(?:total|whole|all|sum))?|percentages|shares|in relative terms|as parts of (?:the )?(?:total|whole)"
        r"|what (?:share|percent|percentage|proportion|part) (?:of (?:the )?(?:total|whole) )?(?:is|was|does|did|are|were|do) (?:that|it|this|each"
        r"|they|those)"
        r"(?: make(?: up)?| represent| account for)?(?: of (?:the )?(?:total|whole))?"
    ),
    "why": (
        r"(?:(?:do you know|tell me|any idea) )?why(?: (?:is|was|did|does|s|are|were|has|have) (?:that|it|this|they|those)(?: so)?"
        r"(?: (?:happen|happened|change|changed|high|low|much|little|so))?| (?:that|it|this) (?:is|was)| so| that| though)?"
        r"|how come(?: (?:that|it|this)(?: is| was)?)?|what (?:caused|explains|drove|drives|causes|is driving|is behind|s behind|was behind"
        r"|led to) (?:that|it|this)(?: change)?"
        r"|what happened(?: there| here| then)?|explain (?:that|it|this) change|what (?:is|was|s) (?:the )?(?:reason|cause|driver|drivers)(?: (?:for"
        r"|of|behind) (?:that|it|this))?"
    ),
    "forecast": (
        r"(?:forecast|predict|project|extrapolate) (?:that|it|this|them)|what (?:is|s|comes|will come) next|how will (?:that|it|this) (?:develop"
        r"|go on|continue|look)"
        r"(?: in the future)?|where (?:is|s) (?:that|it|this) (?:going|heading)"
    ),
    "judge": (
        r"(?:is|was|are|were) (?:that|it|this|they|those)(?: (?:a )?(?:good|bad|ok|okay|fine|normal|usual|typical|a lot|much|high|low|better|worse"
        r"|an improvement"
        r"|up|down|more|less))(?: or (?:bad|good|not|down|up|worse|better|less|more|low|high))?(?: (?:number|figure|result|value))?(?: than (?:before"
        r"|usual|last time|it was))?"
        r"|how good (?:is|was) (?:that|it|this)|should i (?:worry|be worried|be happy|be concerned)(?: about (?:that|it|this))?|how does (?:that|it"
        r"|this) compare"
        r"|compare (?:that|it|this)|better or worse(?: than before)?|up or down|compared to before|than before|how was (?:it|that) before"
    ),
    "earlier": (
        rf"{_ABOUT}(?:the )?(?:same )?{_UNIT.format(n=1)} (?:before(?: that)?|earlier|prior|previously)|{_ABOUT}(?:the )?(?:previous|preceding"
        rf"|prior) {_UNIT.format(n=2)}"
        rf"|{_ABOUT}(?:the )?same (?:period|time|month|quarter|week|day|days|months|weeks) (?:of )?(?:the )?(?:last|previous|prior) year"
        rf"|{_ABOUT}(?:the |a )year ago"
        rf"|{_ABOUT}before that|{_ABOUT}(?:one|a) {_UNIT.format(n=3)} (?:earlier|back|before)"
    ),
    "later": (
        rf"{_ABOUT}(?:the )?(?:same )?{_UNIT.format(n=1)} (?:after(?: that)?|later|afterwards)|{_ABOUT}(?:the )?following {_UNIT.format(n=2)}"
        rf"|{_ABOUT}after that"
        rf"|{_ABOUT}(?:one|a) {_UNIT.format(n=3)} later"
    ),
    "drop": (
        _REMOVE + r"|undo|skip|without|minus|not) (?:that|it|this|the last(?: one| thing| change| filter| condition| part)?)"
        r"|(?:take|leave) (?:that|it|this) (?:out|away|off|back)"
    ),
    "drop_named": (
        _REMOVE + r"|forget|ignore|reset|(?P<weak>without|no|no more|stop|not by|not split by)) (?:(?:the|that|this|any|all|my|these|those) )*(?P<what>.+?)"
    ),
    "aggregate": (
        r"(?:(?:what|how) about |make it |make that |show(?: me)? |give me |use )?(?:the |an |a )?(?P<function>average|mean|median|total|sum|maximum"
        r"|max|minimum|min)"
        r"(?: (?:of (?:it|that|them)|one|value|values|figure))?(?: only)?"
    ),
    "known": (
        r"(?:exclude|excluding|without|remove|drop|hide|leave out|ignore|skip|only the known|not) (?:the )?(?:unknown|unknowns|missing|nulls|null"
        r"|blanks|blank|empty|n a)"
        r"(?: (?:ones|values|rows|entries|one))?"
    ),
    "deeper": (
        r"(?:break|split|drill|go|dig)(?: (?:it|that|this|them|these|those))?(?: (?:down|up|deeper|further|into (?:it|that|them)))+|drill down"
        r"|(?:in )?(?:more|greater) detail"
        r"|(?:more |the )?details"
    ),
}
EDITS: dict[str, Pattern] = {name: Pattern(f"{_LEAD}(?:{pattern}){_TAIL}") for name, pattern in _PATTERNS.items()}
