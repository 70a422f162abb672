"""English that the grammar knows: the words that steer a question, those that may be dropped, and those that are never a misspelling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from insights.language import analysis_words, charting

MarkerKind = Literal[
    "by", "top", "bottom", "best", "worst", "which", "how_many", "function", "distinct", "grain", "trend", "compare", "versus", "not", "only", "than",
    "between", "share", "divided", "times", "plus", "minus", "and", "or", "of", "in", "for", "from", "to", "on", "with", "is", "missing", "known",
    "sign", "starts", "moved", "split", "analysis", "drawn", "axis", "relates", "counted", "bins", "before", "same", "sort", "everything",
    "part", "which_part", "name_part", "started", "columns", "aim",
    "verb", "again", "swing", "last", "more",
    "bucket", "unit", "percentile",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marker:
    """A phrase that steers the reading: its kind and what it says exactly ("over" is kind "than" with ">")."""

    kind: MarkerKind
    says: str = ""


_TABLE: dict[tuple[MarkerKind, str], str] = {
    ("by", ""): (
        "by|per|for each|for every|each|every|across|across all|across the|split by|split up by|broken down by|break down by|breakdown by|"
        "broken out by|grouped by|group by|by each|by every|per each|in each|in every|within each|at each|from each|of each|on each|with each|"
        "according to|sliced by|segmented by|split across|divided up by|depending on|for all|for all the|for the different|for the various|by the|"
        "by different|broken down per|split per|as a function of|broken into|split into|sorted into|for the individual|for individual"
    ),
    ("top", ""): ("top|highest|longest|largest|biggest|most|greatest|leading|strongest|maximum number of|the most|with the most|with the highest"),
    ("bottom", ""): ("bottom|lowest|shortest|smallest|least|fewest|weakest|the least|the fewest|with the least|with the fewest|with the lowest"),
    ("best", ""): "best|best performing|best-performing|top performing|best selling",
    ("worst", ""): "worst|worst performing|poorest",
    ("which", ""): "which|what|who",
    ("how_many", ""): ("how many|number of|the number of|count of|the count of|total number of|amount of times|count"),
    ("distinct", ""): "distinct|unique|different|individual",
    ("function", "avg"): "average|avg|mean|on average|the average|average of|mean of|averaged",
    ("function", "median"): "median|median of|typical",
    ("function", "sum"): "total|sum|sum of|sum up|total of|combined|overall|altogether|in total|summed",
    ("function", "max"): "maximum|max|maximum of",
    ("function", "min"): "minimum|min|minimum of",
    ("grain", "hour"): "hourly|by hour|per hour|by the hour|each hour|every hour|for each hour|hour by hour",
    ("grain", "day"): (
        "daily|by day|per day|by the day|each day|every day|for each day|day by day|by date|per date|day to day|on a daily basis|for every day|a day"
    ),
    ("grain", "week"): ("weekly|by week|per week|by the week|each week|every week|for each week|week by week|on a weekly basis|for every week|a week"),
    ("grain", "month"): (
        "monthly|by month|per month|by the month|each month|every month|for each month|month by month|on a monthly basis|for every month|a month|"
        "by calendar month"
    ),
    ("grain", "quarter"): (
        "quarterly|by quarter|per quarter|by the quarter|each quarter|every quarter|for each quarter|quarter by quarter|for every quarter|a quarter"
    ),
    ("grain", "year"): ("yearly|annually|annual|by year|per year|by the year|each year|every year|for each year|year by year|per annum|for every year|a year"),
    ("trend", ""): (
        "over time|trend|trends|trending|trend of|trend in|trend for|evolution|evolution of|develop|developed|development of|history of|timeline|"
        "timeline of|through time|over the course of time|evolve|evolved|time series|time series of|as a line|changed over time|changing over time|"
        "change over time|develop over time"
    ),
    ("compare", ""): ("compare|comparing|comparison of|comparison between|a comparison of|difference between|the difference between|difference in|compare the"),
    ("versus", ""): (
        "compare it to|compare it with|compare that to|compare that with|compare this to|compare this with|compare them to|compare them with|"
        "versus|vs|vs.|against|than|up on|down on|up from|down from|"
        "compared to|compared with|in comparison to|in comparison with|relative to|as compared to|as opposed to|compare to|"
        "compare with|comparing to|compared against|than in|than during|"
        "change from|change since|up or down from|change compared to|differ from|different from|compares to|"
        "compares with"
    ),
    ("not", ""): (
        "not|excluding|except|except for|without|other than|but not|besides|apart from|ignoring|not in|not from|not for|outside|outside of|exclude|"
        "leaving out|but without|and not|that are not|which are not|not including|aside from|leave out|that is not|is not|are not|was not|"
        "were not|not on|not with|not by|not the"
    ),
    ("only", ""): ("only|just|solely|exclusively|limited to|restricted to|only for|only in|just for|just in|only from|only on"),
    ("than", ">"): (
        "over|above|more than|greater than|higher than|larger than|exceeding|exceeds|exceed|exceeded|bigger than|longer than|beyond|in excess of|>|"
        "is over|is above|of more than|of over|worth more than|worth over|older than|later than"
    ),
    ("than", ">="): ("at least|no less than|not less than|no fewer than|minimum of|at minimum|> =|or more|greater than or equal to|not under|not below"),
    ("than", "<"): (
        "under|below|less than|fewer than|lower than|smaller than|shorter than|younger than|<|is under|is below|of less than|of under|worth less than|"
        "worth under"
    ),
    ("than", "<="): ("at most|no more than|not more than|up to|maximum of|at maximum|< =|less than or equal to|not over|not above"),
    ("than", "="): "exactly|equal to|equals|equal|=",
    ("between", ""): "between|ranging from|in the range of|in between",
    ("share", ""): (
        "share of|share|percent of|percentage of|what percentage|what percent|what share|proportion of|what proportion|what fraction|fraction of|"
        "contribution of|contribution to|as a percentage of|as a percent of|as a share of|makeup of|percentage|proportion|percent|the share of|"
        "what part of|contribute|contributes"
    ),
    ("sign", "+"): "+",
    ("sign", "-"): "-",
    ("sign", "*"): "*|×",
    ("sign", "/"): "/|÷",
    ("divided", ""): "divided by|over the number of|relative to the number of|ratio of|the ratio of|ratio between",
    ("times", ""): "times|multiplied by",
    ("plus", ""): "plus|added to|and added",
    ("minus", ""): "minus|less|net of|subtracting|subtract|after subtracting",
    ("and", ""): (
        "and|as well as|along with|together with|and also|&|plus also|and the|also|and for|and in|and from|and on|and by|and per|and each|nor|"
        "and what about|and then"
    ),
    ("or", ""): "or|either|or the|and/or|or in|or from|or on",
    ("of", ""): "of|of the|of our|of all|of all the|'s",
    (
        "in",
        "",
    ): (
        "the same days in|same days in|the same days of|same days of|the same period in|same period in|the same period of|the same stretch of|"
        "in|in the|in our|during|during the|throughout|throughout the|within|within the|inside|at|at the|into"
    ),
    ("for", ""): "for|for the|for our",
    ("from", ""): (
        "from|from the|from our|out of|leaving|departing|departing from|leaving from|originating from|originating in|coming from|starting from|"
        "starting at|starting in"
    ),
    ("to", ""): "to|to the|going to|arriving at|arriving in|bound for|flying to|headed to|heading to|towards|into the",
    ("on", ""): "on|on the|on our|via|through|using|by way of|when using",
    ("with", ""): (
        "with|with a|with the|with an|but with|having|that have|that had|which have|which had|who have|who had|has|have|had|that has|whose|where|where the|"
        "where there is|for which|in which|when|when the|that were|that are|which were|which are|who are|who were|that is|that was|which is|which was|"
        "operated by|made by|run by|flown by"
    ),
    ("is", ""): "is|are|was|were|be|been|named|called",
    ("missing", ""): (
        "missing|unknown|unknowns|unknown ones|missing ones|missing values|unknown values|"
        "no known|unspecified|blank|is missing|is empty|is unknown|is null|is not known|are missing|has no|have no|without any|with missing|"
        "with no|with unknown|with an unknown|where there is no"
    ),
    ("starts", ""): (
        "starting with|start with|starts with|beginning with|begin with|begins with|that start with|that begin with|which start with|"
        "whose name starts with|that starts with"
    ),
    ("before", ""): (
        "the month before|the week before|the year before|the quarter before|the day before|month before|week before|year before|quarter before|"
        "day before|the period before|period before|the previous period|previous period|the preceding period|preceding period|prior period|"
        "the prior period|the one before|the time before|the previous one|the one before that|the month before that|the week before that|"
        "the year before that|the quarter before that|the previous month|the previous week|the previous quarter|the prior month|the prior week|"
        "the prior quarter|the preceding month|the preceding week|the preceding quarter|prior month|prior week|prior quarter|before that|"
        "the days before|before"
    ),
    ("before", "year"): (
        "a year ago|a year earlier|one year earlier|one year ago|the prior year|prior year|same period last year|the same period last year|"
        "same time last year|the same time last year|same month last year|the same month last year|same quarter last year|the same quarter last year|"
        "same week last year|the same week last year|same day last year|the same day last year|the same period a year ago|"
        "the same period a year earlier|year over year|year on year|yoy|the same period of last year|same month a year ago|the same month a year ago|"
        "same quarter a year ago|the same quarter a year ago|the same month of last year|the previous year|previous year|the year earlier|"
        "same point last year|the same point last year|this point last year|same stage last year|the same stage last year|"
        "12 months earlier|12 months ago|twelve months earlier|the same month the year before|the same period the year before|same period of last year"
    ),
    ("before", "month"): (
        "same point last month|the same point last month|same time last month|the same time last month|this time last month|same point in the last month|"
        "same stage last month|the same period last month|same period last month|a month earlier|one month earlier|at the same point last month"
    ),
    ("before", "quarter"): (
        "same point last quarter|the same point last quarter|same time last quarter|the same time last quarter|this time last quarter|"
        "same stage last quarter|the same period last quarter|same period last quarter|a quarter earlier|one quarter earlier"
    ),
    ("before", "week"): (
        "same point last week|the same point last week|same stage last week|the same period last week|same period last week|a week earlier|one week earlier"
    ),
    ("before", "chain"): (
        "month over month|month on month|mom|week over week|week on week|wow|quarter over quarter|quarter on quarter|qoq|day over day|period over period"
    ),
    ("sort", ""): (
        "sorted by|ordered by|order by|sort by|ranked by|rank by|in order of|ranked on|ranking by|rank|ranking of|ranking|sorted|ordered|rated by|"
        "in terms of|measured by|judged by|when it comes to|with respect to"
    ),
    ("sort", "desc"): (
        "descending|desc|from highest to lowest|from high to low|highest first|largest first|in descending order|from most to least|from best to worst|"
        "in decreasing order|decreasing order|from largest to smallest|from biggest to smallest|largest to smallest|highest to lowest|biggest first"
    ),
    ("sort", "asc"): (
        "ascending|asc|from lowest to highest|from low to high|lowest first|smallest first|in ascending order|in increasing order|increasing order|"
        "from smallest to largest|from smallest to biggest|smallest to largest|lowest to highest"
    ),
    ("everything", ""): (
        "everywhere|worldwide|across the whole world|in the whole world|the whole world|across the world|around the world|all over the world|"
        "around the globe|globally|global|company wide|companywide|across the company|all of them|everything|everyone|everybody|"
        "from everyone|from everybody|for everyone|for everybody"
    ),
    ("analysis", "correlation"): (
        "correlate|correlates|correlated|correlation|correlation between|relationship between|relation between|affect|affects|affected|influence|"
        "influences|impact|impact of|impact on|depend on|depends on|related to|linked to|effect of|effect on|associated with|relationship of|"
        "go with|goes with|go along with|goes along with|go together with|go hand in hand with|move with|moves with|move together with|tied to"
    ),
    ("analysis", "distribution"): (
        "distribution|distribution of|histogram|histogram of|spread of|distributed|percentile|percentiles|quartile|quartiles|box plot|variance of|"
        "standard deviation|standard deviation of|variance"
    ),
    ("bucket", "hour"): "hour|hours",
    ("bucket", "day"): "day|days|date|dates",
    ("bucket", "week"): "week|weeks",
    ("bucket", "month"): "month|months",
    ("bucket", "quarter"): "quarter|quarters",
    ("bucket", "year"): "year|years",
    ("unit", "USD"): "dollar|dollars|usd|us dollars|bucks",
    ("unit", "EUR"): "euro|euros|eur",
    ("unit", "GBP"): "pound sterling|pounds sterling|gbp|quid",
    ("unit", "minutes"): "minute|minutes|mins",
    ("unit", "seconds"): "second|seconds|secs",
    ("unit", "percent"): "percentage points|points",
    ("unit", "miles"): "mile|miles",
    ("unit", "kilometers"): "kilometer|kilometers|kilometre|kilometres|km",
    ("moved", ""): (
        "go up|went up|gone up|going up|go down|went down|gone down|going down|increase|increased|increases|increasing|decrease|decreased|decreases|"
        "decreasing|rise|rose|rises|risen|rising|fall|fell|falls|fallen|falling|drop|dropped|drops|dropping|decline|declined|declining|change|changed|"
        "changes|changing|improve|improved|improving|worsen|worsened|grow|grew|grown|shrink|shrank|shrunk|up or down|move|moved|changed over|"
        "evolve since"
    ),
    ("moved", "most"): "lost the most|lost most|losing the most|losing most|lose the most|gained the most|gained most|gaining the most|gain the most",
    ("split", ""): (
        "broken down|break down|split|breakdown|breakdown of|a breakdown of|the breakdown of|break it down|break that down|break them down|split it|split that"
    ),
    ("same", ""): "same|the same|likewise|ditto|same thing",
}

FILLERS: tuple[str, ...] = (
    tuple(
        (
            "a|an|the|this|that|these|those|please|can you|could you|would you|will you|can i|could i|may i|can we|could we|i want|i would like|i 'd like|"
            "i want to|i need|i need to|i 'd like to|i would like to|we want|we need|tell me|tell me about the|show me|show|give me|get me|get|let me|"
            "let 's|let us|let me know|let me see|i wonder|i was wondering|do you know|i 'm looking for|looking for|find me|find|know|see|hear|say|hey|hi|"
            "hello|good morning|good afternoon|good evening|"
            "ok|okay|so|well|right|now|then|thanks|thank you|thx|pls|plz|kindly|actually|basically|like|you know|i mean|what is|what are|what was|"
            "what were|what 's|whats|what 're|what has been|what have been|how much|how much is|how much was|how is|how was|how are|how were|how did|"
            "how does|how do|how 's|how has|how have|do|does|did|done|doing|we|us|our|ours|me|i|you|your|it|its|there|here|they|their|them|he|she|"
            "is there|are there|was there|were there|would|could|should|much|many|some|any|all|of ours|value of|the value of|values of|"
            "level of|figures for|figure for|the figures for|numbers for|the numbers for|numbers on|data on|data for|information on|info on|the value|"
            "for me|to me|to know|to see|quickly|again|once|as|out|'s|'re|'d|'ve|'ll|'m|'|s|which of our|which of the|of them|how|hows|wanna|gonna|"
            "want to know|want to see|would like to know|would like to see|curious|question|quick question|one question|ask|asking|about|regarding|"
            "concerning|wrt|display|present|pull up|pull|bring up|look up|give|provide|calculate|compute|work out|figure out|check|look at|"
            "take a look at|view|report|happen to|by any chance|simply|really|indeed|exactly how|overall|dear|alexa|ever|break down|grouped|"
            "was it|is it|were they|it was|it is|in terms|whether|too|o|oh|come on|yo|maybe|perhaps|possible|possibly|ones|make it|make that|change it to|"
            "change that to|switch to|switch it to|show it|show that|do it|do that|group it|sort it|rank it|rank them|instead|also|additionally|limit it|"
            "limit it to|what about|how about|same for|same with|the same for|the same with|drill down|drill into|filter|filter for|filter by"
        ).split("|")
    )
    + charting.FILLERS
    + analysis_words.FILLERS
)
"""Dropped without a word: politeness, question frames, articles and pronouns."""

COMMANDS: frozenset[str] = frozenset(
    "show list give tell report order group filter find get plot chart display see play drop change move increase decrease improve".split()
)
"""Verbs that open a request; there they are never the names that they can be elsewhere."""

OPENING: frozenset[str] = frozenset({"return"})
"""Verbs that say nothing where a request opens, and are words like any other elsewhere: "return on spend"."""

NEUTRAL: frozenset[str] = (
    frozenset(
        (
            "make made makes making generate generated generates generating earn earned earns earning bring brought get got gotten gets achieve achieved "
            "see saw seen receive received receives take took taken record recorded log logged happen happened occur occurred collect collected come came "
            "incur incurred perform performed performing run ran produce produced yield company company's business firm organisation organization numbers "
            "number figures figure data chart graph plot table diagram picture bar bars line visualize visualise visualization currently roughly "
            "approximately about around today's exactly altogether total amount amounts level levels result results performance stand stood standing look "
            "looks looked looking go went gone going goes fare fared stats statistics statistic kpi metric metrics count counts value values report "
            "overview my mine money placed sold sell period handled bought"
        ).split()
    )
    | charting.NEUTRAL
    | analysis_words.NEUTRAL
)
"""Dropped, and named among the words that were not used: they add nothing that a catalog could hold."""


def _families() -> Iterable[tuple[tuple[MarkerKind, str], str]]:
    return analysis_words.phrases().items()  # type: ignore[return-value]  # its kinds are among ours


def _said_fiscal(kind: str, says: str, phrases: str) -> Iterable[str]:
    """A quarter or a year of a calendar that is named: "by fiscal quarter"."""
    for phrase in phrases.split("|") if kind in ("grain", "bucket") and says in ("quarter", "year") else ():
        for which in ("fiscal", "financial", "calendar"):
            named = " ".join(f"{which} {word}" if word in (says, f"{says}s") else word for word in phrase.split())
            if named != phrase:
                yield named


def markers() -> dict[tuple[str, ...], Marker]:
    """Every marker phrase as words."""
    tables = (*charting.TABLE.items(), *_TABLE.items(), *_families())
    found = {tuple(phrase.replace("/", " / ").split()): Marker(kind, says) for (kind, says), phrases in tables for phrase in phrases.split("|")}
    return found | {tuple(phrase.split()): Marker(kind, says) for (kind, says), phrases in _TABLE.items() for phrase in _said_fiscal(kind, says, phrases)}


UNITS: dict[str, str] = {
    phrase: says if kind == "unit" else f"{says}s" for (kind, says), phrases in _TABLE.items() if kind in ("unit", "bucket") for phrase in phrases.split("|")
}
"""The unit that each word stands for behind a number; of time in the plural, as fields have it."""

TURNING: frozenset[str] = frozenset("but not no never none neither nor if unless except without until else otherwise instead versus times".split())
"""Words that turn a meaning round: a question is never offered without them."""

FUNCTION_WORDS: frozenset[str] = frozenset(
    "a an the this that these those of in for from to on at by per with is are was were be been do does did we us our my me i you it its there "
    "they he she and or not no as up out so if all any some how what which who why when where than over under above below more less most least "
    "only just about can could will would should may might must has have had get got go show tell give see new now here top best worst both each "
    "every other first last hour day week month quarter year date".split()
)
"""Words of the language itself: a value spelt like one is meant only when it is written as the data has it."""


@cache
def english() -> frozenset[str]:
    """Common English words of five letters or more; read on first use."""
    text = resources.files("insights.language").joinpath("english.txt").read_text(encoding="ascii")
    return frozenset(text.splitlines())  # a line of the notice at its top is no word, and is never asked for
