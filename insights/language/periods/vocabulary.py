"""The words that times are made of."""

from __future__ import annotations

from insights.language.periods.conventions import MEALS, OURS
from insights.language.periods.model import Grain

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sep sept", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip

# Monday is 0, as `datetime.weekday` counts.
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday mon", "tuesday tue tues", "wednesday wed weds", "thursday thu thur thurs", "friday fri", "saturday sat", "sunday sun")
    )
    for name in names.split()
}
WEEKDAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAY_PLURALS = {f"{name}s": number for name, number in WEEKDAYS.items() if name.endswith("day")}

# These are English words before they are months or days.
DOUBTFUL = frozenset({"may", "march", "mar", "jan", "jun", "dec", "mon", "sun", "sat", "wed", "fri", "sep"})

_UNIT_NAMES: tuple[tuple[Grain, str], ...] = (
    ("second", "second seconds sec secs"),
    ("minute", "minute minutes min mins"),
    ("hour", "hour hours hr hrs"),
    ("day", "day days night nights"),
    ("week", "week weeks wk wks"),
    ("month", "month months mo mos mth mths"),
    ("quarter", "quarter quarters qtr qtrs"),
    ("half", "half halves"),
    ("year", "year years yr yrs"),
)
UNITS: dict[str, Grain] = {name: grain for grain, names in _UNIT_NAMES for name in names.split()}
# Letters that are units only when they are written to a number: "10d".
GLUED_UNITS: dict[str, Grain] = {"h": "hour", "d": "day", "w": "week", "y": "year"}
# Units that stand for several of a grain.
MULTIPLES: dict[str, tuple[int, Grain]] = {"fortnight": (2, "week"), "fortnights": (2, "week"), "decade": (10, "year"), "decades": (10, "year")}

MINUTES: dict[Grain, float] = {
    "second": 1 / 60,
    "minute": 1,
    "hour": 60,
    "day": 1440,
    "week": 10080,
    "month": 43200,
    "quarter": 129600,
    "half": 262800,
    "year": 525600,
}

THIS = frozenset({"this", "current", "present"})
LAST = frozenset({"last", "previous", "prior", "preceding"})
PAST = frozenset({"past", "trailing", "rolling"})
NEXT = frozenset({"next", "coming", "upcoming", "following"})
WHOLE = frozenset({"full", "complete", "completed", "whole", "entire", "calendar"})
FISCAL = frozenset({"fiscal", "financial"})

# Too fine for whole days: these count from the minute it is.
SHORT: frozenset[str] = frozenset({"second", "minute", "hour"})

PARTS_OF_DAY = frozenset(OURS.parts_of_day) - MEALS

# "Move it from three to four" names two times, not the time between them.
MOVES = frozenset("move moved reschedule rescheduled shift push postpone bring change swap".split())
PROLONGS = frozenset("extend prolong lengthen shorten delay push".split())
COMPARES = frozenset("vs versus than against compare compared comparing comparison compares with".split())
PRONOUNS = frozenset("i we you they he she it one people this that these those which who there".split())
# What may follow a bare number that is a clock time, or a bare ordinal that is a day: nothing that could be counted.
AFTER = frozenset(
    "and or but for at on in of by from to with until till through please instead if is was are were do does did will would can could "
    "today tomorrow tonight yesterday this next last every each sharp ish the a an my our then so because works work also too "
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri morning afternoon evening night not "
    "as when where what who vs versus compared against since before after during over under between show how give was has have had".split()
)
VERBS = frozenset("is was are were do does did will would can could have has had not also work works be get give show".split())
# A month follows these, whatever its name looks like.
BEFORE_MONTH = frozenset(
    "in of during since until till from by before after last next past previous early late mid beginning through thru between within for including".split()
)
ABBREVIATED_MONTHS = frozenset({"jan", "jun", "dec", "sep", "mar"})
# A number after these counts people or things.
COUNTED = frozenset("for of with seats fits least most than over under top bottom about all only".split())
BEFORE_PERIOD = frozenset(
    "in of during for since until till from to through thru between by before after last next this past previous early late mid beginning "
    "end start on at around within over and or vs versus than as late every each about compared against with under".split()
)
COMPARATORS = frozenset(
    "over above under below than exceeding exceed exceeds least most top bottom least about around roughly equals equal is was first last "
    "reach reached reaches hit hits times number numbers id code zip room flight order ticket invoice customer account building case claim sku "
    "model gate seat tail extension".split()
)
