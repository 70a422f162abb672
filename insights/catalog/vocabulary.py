"""The operations and functions that definitions may use, by the names their parser has for them, and what they give."""

from __future__ import annotations

from insights.lake.source import Kind
from insights.requests import AggregateFunction

AGGREGATES: dict[str, AggregateFunction] = {"sum": "sum", "avg": "avg", "median": "median", "min": "min", "max": "max", "count": "count", "countif": "count"}
PERCENTILES = frozenset({"percentilecont", "percentiledisc"})
ALLOWED = (
    frozenset(
        (
            "abs add and anonymous between boolean case cast ceil coalesce column concat concatws contains date dateadd datediff datefromparts datesub "
            "datetrunc datatype datatypeparam day dayofmonth dayofweek dayofweekiso dayofyear distinct div dpipe endswith eq escape exp extract filter "
            "floor greatest gt gte hour identifier if ilike in initcap intdiv interval is least left length like literal ln log lower lt lte minute mod "
            "month mul neg neq not null nullif nullsafeeq nullsafeneq or pad paren pow quarter regexplike replace right round second sign splitpart sqrt "
            "star startswith strposition strtodate strtotime sub substring timestamp timestampadd timestampdiff timestamptrunc timetostr trim trycast "
            "tsordsadd tsordsdiff tsordstodate tsordstotimestamp tuple upper var week weekofyear where xor year"
        ).split()
    )
    | frozenset(AGGREGATES)
    | PERCENTILES
    | {"withingroup", "order", "ordered"}
)
FUNCTIONS_BY_NAME: dict[str, Kind] = {"make_date": "date", "make_timestamp": "timestamp", "isoyear": "number", "dayname": "text", "monthname": "text"}
REFUSED = {
    "select": "a query inside an expression",
    "subquery": "a query inside an expression",
    "window": "a window function",
    "currentdate": "the clock of the engine (periods say what is asked; answers must be repeatable)",
    "currenttimestamp": "the clock of the engine (periods say what is asked; answers must be repeatable)",
    "alias": "a name given with AS",
    "placeholder": "a parameter",
    "parameter": "a parameter",
}
NUMBERS = frozenset(
    (
        "abs ceil datediff day dayofmonth dayofweek dayofweekiso dayofyear div exp extract floor hour intdiv length ln log minute mod month mul neg "
        "pow quarter round second sign sqrt strposition timestampdiff tsordsdiff week weekofyear year"
    ).split()
)
TEXTS = frozenset("concat concatws dpipe initcap left lower pad replace right splitpart substring timetostr trim upper".split())
BOOLEANS = frozenset(
    "and between boolean contains endswith eq gt gte ilike in is like lt lte neq not nullsafeeq nullsafeneq or regexplike startswith xor".split()
)
DATES = frozenset({"date", "datefromparts", "strtodate", "tsordstodate"})
TIMESTAMPS = frozenset({"strtotime", "timestamp", "tsordstotimestamp"})
RESULTS: dict[Kind, frozenset[str]] = {"number": NUMBERS, "text": TEXTS, "boolean": BOOLEANS, "date": DATES, "timestamp": TIMESTAMPS}
FIRST_OPERAND = frozenset("coalesce dateadd datesub datetrunc greatest least nullif paren timestampadd timestamptrunc tsordsadd add sub".split())
