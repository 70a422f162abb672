"""Phrases that ask for an analysis, for a part of time, for steps of a number, for columns of a list and for members over time."""

from __future__ import annotations

from typing import Literal

ANALYSES: dict[str, str] = {
    "drivers": (
        "why|what caused|what drove|what is driving|what drives|what explains|explain|explains|reason for|reasons for|the reason|the reasons|drivers of|"
        "driver of|root cause|root cause of|causes of|cause of|what is behind|what was behind|how come|what led to|what happened to|key drivers|"
        "key drivers of|due to|what made|because of|caused by|responsible for|reason behind|reasons behind|the reason behind|the reasons behind|"
        "contributed to|contributed most to|what contributed to|what is causing|what was driving|what 's driving|what 's behind|what pushed|what moved"
    ),
    "forecast": (
        "forecast|forecasts|forecasted|predict|predicted|prediction|predictions|projection|projections|project|projected|expected|expect|will|"
        "going to be|estimate for|outlook|outlook for|what will|how will|extrapolate|shall|should we expect|are we going to|forecast of|forecast for|"
        "projection of|projection for|prediction of|prediction for|forecasting|will be|can we expect|do you expect|likely to be|how much will|"
        "how many will|chance of|the chance of|chance that|the chance that|chances of|the chances of|chances that|the chances that|odds of|the odds of|"
        "odds that|the odds that|probability of|the probability of|probability that|the probability that|likelihood of|the likelihood of|likelihood that|"
        "the likelihood that|how likely is it that|how likely is it|how likely is|how likely are we to|how likely are|chance to|the chance to|"
        "chances to|will have|will we have|where will|what is going to happen to|what 's going to happen to|what will happen to|going to happen to"
    ),
    "anomalies": (
        "anomaly|anomalies|anomalous|anything unusual|anything unusual in|unusual|unusually|outlier|outliers|anything strange|anything strange in|strange|"
        "anything weird|weird|spike|spikes|spiked|anything odd|anything abnormal|abnormal|odd|suspicious|anything suspicious|out of the ordinary|"
        "anything out of the ordinary|unexpected|anything unexpected|irregular|irregularities|anything wrong|anything wrong with|look normal|looks normal"
    ),
    "concentration": (
        "concentration|concentration of|concentrated|how dependent are|how dependent is|how reliant are|how reliant is|reliance on|"
        "how much do we depend on|pareto|80 20|eighty twenty|long tail|gini"
    ),
    "segments": (
        "cluster|clusters|clusters of|cluster of|clustering|clustering of|segmentation|segmentation of|segment our|segment the|segments of|segment|"
        "group our|behavioral groups|behavioural groups|natural groups|natural groups of|alike|look alike|behave alike|most alike"
    ),
    "cohorts": (
        "cohort|cohorts|cohort analysis|cohort analysis of|retention curve|retention by cohort|cohort retention|retention|retention of|retained|"
        "came back|come back|coming back|returned after|keep coming back|stick around|stay with us|repeat rate|after they join|after they joined|"
        "after joining|after signing up|after they sign up|after they signed up"
    ),
    "funnel": (
        "funnel|funnels|where do we lose people|where do we lose them|where do we lose customers|where do people drop out|where people drop out|"
        "drop off|drop-off|drop offs|drop out|conversion funnel"
    ),
    "experiment": (
        "experiment|experiments|a/b test|ab test|a b test|a / b test|split test|uplift|treatment|statistically significant|significant|which variant won|"
        "variant won|outcome of|did the test"
    ),
    "pace": (
        "on track|on pace|pace|pacing|versus plan|versus budget|against plan|against target|against budget|vs plan|vs target|vs budget|versus target|"
        "to target|hit our target|hit the target|target|targets|the target|our target|budget|goal|goals|our goal|the goal|behind plan|ahead of plan|"
        "meet our target|reach our target|reach the target|quota|run rate|compared to plan|compared to target|compared to budget|compared with plan|"
        "compared with target|compared with budget|against the plan|against the target|against the budget|against our target|versus the plan|"
        "versus the target|versus our target|vs the plan|vs the target|vs our target|vs the budget|versus the budget|behind target|ahead of target|"
        "on plan for|are we on plan|on budget|"
        "on target|how far along are we|how far along is|how far are we|how close are we|under plan|over plan|below plan|above plan|to plan|"
        "hit our goal|meet the target|meet our goal|ahead of or behind plan|"
        "how far behind target|how far behind the target|how far behind our target|how far behind plan|"
        "how far behind the plan|how far behind our plan|how far behind budget|how far ahead of target|how far ahead of the target|"
        "how far ahead of our target|how far ahead of plan|how far off target|how far off the target|how far off our target|how far from target|"
        "how far from the target|how far from our target|behind the target|behind our target|ahead of the target|ahead of our target"
    ),
    "list": (
        "list all|list the|list all the|list every|list our|list me the|list|records|records of|rows|rows of|details of|detail of|raw data|"
        "individual records|every single|show all the individual|line items|show the records|list of|a list of|the list of|show the individual"
    ),
    "briefing": (
        "brief me|briefing|morning briefing|my briefing|what should i know|what do i need to know|what should i know this morning|"
        "what do i need to know this morning|brief me this morning|anything i should know|anything i should know this morning|anything i need to know|"
        "whats new|what is new|what 's new|what changed|"
        "summary of the day|how are we doing|how is business|how is the business doing|how are things|how is the business|how is the company doing|"
        "give me a briefing|give me an overview|how 's business|how are things going|what happened|summary|summary of|a summary of|quick summary|"
        "quick summary of|recap|recap of|a recap of|catch me up|give me the highlights|the highlights"
    ),
    "running": (
        "cumulative|cumulatively|cumulated|accumulated|running total|running total of|running sum|running sum of|a running total of|the running total of|"
        "to date total|running totals|running totals of|cumulative total of|cumulative sum of|cumulative number of"
    ),
    "smoothed": (
        "moving average|moving average of|moving averages|moving averages of|rolling average|rolling average of|rolling mean|rolling mean of|moving mean|"
        "moving mean of|trailing average|trailing average of"
    ),
    "growth": (
        "growth|growth rate|growth in|growth of|growth rate of|growth rates|growth rates of|percent change|percentage change|percent change in|"
        "percentage change in|"
        "rate of growth|rate of change|how fast is|how fast are|how quickly is|how quickly are|change rate of"
    ),
    "compound": "compound|accelerating|compounded",
    "moving": (
        "trending up|trending down|trending upward|trending upwards|trending downward|trending downwards|an upward trend|a downward trend|"
        "growing|shrinking|growing or shrinking|"
        "going up or down|rising or falling|up or down trend|is the trend|what is the trend|what is the trend of|what is the trend in|trending|"
        "going in the right direction|increasing or decreasing|getting worse|getting better|getting bigger|getting smaller|getting higher|"
        "getting lower|worsening|deteriorating|slowing down|picking up|seasonal|seasonality|seasonality of|seasonality in|a seasonal pattern|"
        "a seasonal pattern in|seasonal pattern in|seasonal patterns in"
    ),
}
"""What each analysis is asked for by."""

PARTS_OF_TIME: dict[str, str] = {
    "weekday": ("weekday|weekdays|day of the week|days of the week|day of week|day of the weeks|week day|day in the week"),
    "hour": "hour of day|hour of the day|hours of the day|time of day|time of the day|times of day|times of the day|hour in the day",
    "day_of_month": "day of month|day of the month|days of the month",
    "month_of_year": "month of year|month of the year|months of the year|calendar month of the year",
    "quarter_of_year": "quarter of year|quarter of the year|quarters of the year",
}
"""Recurring parts of time by what they are called."""

PICKING = ("which", "what", "at which", "at what", "on which", "on what", "in which", "in what")
GROUPING = ("by", "per", "by the", "for each", "each", "every", "for every", "across", "split by", "broken down by", "grouped by")

COLUMNS = (
    "with their|with its|along with their|along with its|including their|including its|together with their|and their|plus their|with his|with her|"
    "showing their|together with its|and its|with columns|with the columns"
)
"""Behind them stand the columns of a list."""
AIMS = (
    "reach|reaching|reached|crossed|surpassed|achieved|hit|hitting|get to|getting to|make it to|cross|surpass|reach at least|hit at least|achieve|come to|"
    "end up at|amount to|reaches|hits|gets to|crosses|surpasses|achieves"
)
"""Behind them stands a number that is aimed at."""
VERBS = (
    "comes from|come from|came from|stems from|stem from|came via|comes via|come via|comes in through|is generated by|are generated by|was generated by|"
    "are made by|is made by|were made by|was made by|happen on|happens on|happened on|"
    "come through|comes through|came through|falls on|fall on|fell on|accounts for|accounted for by"
)
"""Between the whole and its part: "what percent of revenue comes from EMEA"."""
AGAIN = {
    "not": (
        "and not since|but not since|and never since|but never since|but never again|and never again|and not again|but not again|and have not since|"
        "but have not since|and has not since|and not since then|but not since then|and not after that|but not after that|but not after|and not afterwards|"
        "but not afterwards|and have not come back|but have not come back|and did not come back|but did not come back|and never came back|"
        "but never came back|but have not|but has not|but had not|but did not|and have not|and had not|and did not|who had not|who have not|"
        "who did not|who has not|and did not return|but did not return|and have not been back|but have not been back|but have not returned"
    ),
    "also": (
        "and again|and again in|and came back in|and came back|and then again in|and then again|and once more in|and returned in|and both in|"
        "and also in|and also|also ordered in|also bought in|also purchased in|also ordered|also bought|also purchased|"
        "and ordered again in|and bought again in|and purchased again in|and ordered again|and bought again|and purchased again"
    ),
}
"""Whether the members of one time were there at another: "bought in May and not since"."""
SWINGS = {"up": "up|higher|so high|high|up so much|so much higher", "down": "down|lower|so low|low|down so much|so much lower"}
"""Which way something went, where its reasons are asked for."""
_STARTING = (
    "signup|sign up|signing up|join|joining|registration|registering|acquisition|first purchase|first order|start|starting|subscription start|"
    "enrolment|enrollment"
)
_SPANS = ("week", "month", "quarter", "year")


def phrases() -> dict[tuple[str, str], str]:
    """Every phrase by the kind of marker and what it says."""
    table = {("analysis", name): said for name, said in ANALYSES.items()}
    for part, said in PARTS_OF_TIME.items():
        names = said.split("|")
        table["part", part] = "|".join(f"{before} {name}" for before in GROUPING for name in names)
        table["which_part", part] = "|".join(f"{before} {name}" for before in PICKING for name in names)
        table["name_part", part] = "|".join(name for name in names if name != "weekdays")
    for span in _SPANS:
        table["started", span] = "|".join(f"{start} {span}" for start in _STARTING.split("|")) + f"|{span} of signup|{span} of joining|{span} of registration"
    for says, said in AGAIN.items():
        table["again", says] = said
    for says, said in SWINGS.items():
        table["swing", says] = said
    return {
        **table,
        ("than", ">="): "|".join(p for p, op in POSTFIX.items() if op == ">="),
        ("than", "<="): "|".join(p for p, op in POSTFIX.items() if op == "<="),
        ("columns", ""): COLUMNS,
        ("aim", ""): AIMS,
        ("verb", ""): VERBS,
        **MORE,
    }


_SAME = [
    f"{article}{same} {span} {when}"
    for article in ("", "the ")
    for same in ("same", "corresponding")
    for span in ("day", "week", "month", "quarter", "period", "time", "days", "weeks", "months")
    for when in ("last year", "of last year", "a year ago", "a year earlier", "a year before", "one year earlier", "the year before", "in the year before",
                 "the previous year", "of the previous year", "in the previous year", "one year ago", "the prior year")
]  # fmt: skip
MORE: dict[tuple[str, str], str] = {
    ("share", "total"): (
        "as a percentage of total|as a percentage of the total|as a percent of total|as a percent of the total|as a share of total|as a share of the total|"
        "as percent of total|as percentage of total|as percentages|as percentage|in percent|in percentages|in percentage terms|percentage wise|"
        "as a proportion of total|as a proportion of the total|as a fraction of the total|mix|as shares|as a share|relative to the total|out of the total|"
        "percent of total|percentage of total|share of total|share of the total|percent of the total|percentage of the total|as a percentage|in relative terms"
    ),
    ("share", ""): (
        "shares of|percentages of|how much of|how much of our|how much of the|what portion of|portion of|what part of|what fraction of|percentage share of|"
        "proportion|what fraction|contribution"
    ),
    ("share", "ranked"): "by share of|by percentage of|by proportion of|by their share of|by percent of",
    ("top", ""): (
        "busiest|most popular|number one|number 1|no 1|top selling|most common|most frequent|most recent|latest|newest|single largest|single biggest|"
        "single highest|single best"
    ),
    ("bottom", ""): "quietest|least popular|slowest|least common|least frequent|oldest|earliest|single smallest|single lowest",
    ("last", ""): "last",
    ("known", ""): "is known|are known|is given|is present|is not missing|is filled in|is recorded|are recorded|is not empty|is not null",
    ("starts", ""): (
        "whose name begins with|whose names begin with|whose names start with|whose name start with|with a name starting with|with names starting with|"
        "with a name beginning with|whose title starts with|which begin with|that begins with|which starts with|which begins with"
    ),
    ("not", ""): "everything but|all but|anything but|everything except|all except|everything other than|everything except for|all except for",
    ("between", ""): "worth between|priced between|costing between|valued between|of between",
    ("versus", ""): "next to|set against|beside",
    ("before", "year"): "|".join(_SAME),
    ("moved", ""): (
        "jump|jumped|jumping|surge|surged|surging|soar|soared|plunge|plunged|slump|slumped|dip|dipped|plummet|plummeted|the increase in|the decrease in|"
        "the drop in|the rise in|the fall in|the decline in|the change in|the jump in"
    ),
    ("with", ""): "because|because it was|because it is|because they were|because they are",
    (
        "more",
        "",
    ): (
        "more|fewer|better|worse|higher|lower|bigger|smaller|larger|"
        "greater|which is higher|which was higher|which is bigger|which was bigger|which has more|which had more|who has more|who had more"
    ),
    ("analysis", "correlation"): "move with|moves with|moved with|go hand in hand with|goes hand in hand with|move together with",
    ("in", ""): "fall into|falls into|fell into|falling into",
    ("bins", "after"): "steps|step|bands|brackets|increments",
    (
        "bins",
        "width",
    ): (
        "in steps of|in bands of|in brackets of|in ranges of|in groups of|with steps of|with a step of|in step of|bracket of|brackets of|band of|"
        "bands of|steps of|step of"
    ),
}
"""Phrases of kinds that the main vocabulary has too."""

FILLERS: tuple[str, ...] = tuple("yet|make up|makes up|made up|spot|detect|point out|break|people spend|do people spend|each time|going by".split("|"))
NEUTRAL: frozenset[str] = frozenset({"people", "brings", "bringing"})

POSTFIX: dict[str, Literal[">=", "<="]] = {
    **dict.fromkeys(("or more", "or above", "and above", "and up", "or over", "or greater", "or higher", "or longer", "and more", "and over"), ">="),
    **dict.fromkeys(("or less", "or fewer", "or under", "or below", "or lower", "or shorter", "and under", "and below"), "<="),
}  # fmt: skip
"""A comparison that stands behind its number: "three or more"."""
