"""Days that have a name in every year, worldwide and by country, and how each is reckoned.

Lunar feasts are dates as published (for 2015 to 2035); those that every country fixes for itself by sighting the moon are not known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from insights.language.patterns import Pattern
from insights.language.periods.arithmetic import DAY, month_start
from insights.language.periods.reading import plain_name

# How a day is reckoned: "7-4" is 4 July; "11-thu-4+1" the day after the fourth Thursday of November ("-0": the last); "easter-2";
# "mon<5-25" the last Monday before 25 May; after "!" is a year's own date. Several names are one day.
_WORLDWIDE = """
new year, new year's day = 1-1; epiphany, three kings day = 1-6; burns night = 1-25; groundhog day = 2-2; valentine's, valentine's day = 2-14
st david's day = 3-1; women's day, international women's day = 3-8; pi day = 3-14; st patrick's, st patrick's day = 3-17
april fool's, april fool's day = 4-1; earth day = 4-22; st george's day = 4-23; anzac day = 4-25; king's day = 4-27
may day, international workers' day = 5-1; cinco de mayo = 5-5; ve day, v-e day = 5-8
juneteenth, freedom day, jubilee day = 6-19; canada day = 7-1; bastille day = 7-14; assumption, assumption day = 8-15
german unity day, day of german unity, german reunification day = 10-3; swiss national day = 8-1; gandhi jayanti = 10-2
halloween, reformation day = 10-31; all saints, all saints' day, all hallows day = 11-1; all souls' day, day of the dead = 11-2
guy fawkes, guy fawkes day, guy fawkes night, bonfire night = 11-5; veterans day, remembrance day, armistice day, singles' day = 11-11
st andrew's day = 11-30; st nicholas day = 12-6; immaculate conception = 12-8; christmas eve = 12-24; christmas, christmas day, xmas, xmas day = 12-25
xmas eve = 12-24; boxing day, st stephen's day, second christmas day, second day of christmas = 12-26; new year's eve, new years eve, hogmanay = 12-31
australia day = 1-26; juneteenth national independence day = 6-19; flag day = 6-14
martin luther king day, martin luther king jr day, mlk day = 1-mon-3; presidents' day, president's day, washington's birthday = 2-mon-3
patriots' day = 4-mon-3; memorial day = 5-mon-0; columbus day, indigenous peoples' day = 10-mon-2; election day = 11-mon-1+1
black friday = 11-thu-4+1; small business saturday = 11-thu-4+2; cyber monday = 11-thu-4+4; giving tuesday = 11-thu-4+5
victoria day = mon<5-25; early may bank holiday = 5-mon-1!2020-05-08; spring bank holiday = 5-mon-0!2022-06-02
august bank holiday, summer bank holiday = 8-mon-0
mardi gras, shrove tuesday, fat tuesday, pancake day = easter-47; rose monday = easter-48; ash wednesday = easter-46; palm sunday = easter-7
maundy thursday, holy thursday = easter-3; good friday = easter-2; holy saturday = easter-1; easter, easter sunday = easter+0
easter monday = easter+1; ascension, ascension day, ascension thursday = easter+39; pentecost, pentecost sunday, whit sunday = easter+49
pentecost monday, whit monday = easter+50; corpus christi = easter+60; mothering sunday = easter-21
"""
# The first country is the usual one where neither the company's nor another is said.
_BY_COUNTRY = """
independence day = US 7-4, IN 8-15, MX 9-16, BR 9-7, PL 11-11, FI 12-6, ID 8-17, AR 7-9, CL 9-18, CO 7-20, UA 8-24, PH 6-12
thanksgiving, thanksgiving day = US 11-thu-4, CA 10-mon-2
labor day, labour day = US 9-mon-1, CA 9-mon-1, NZ 10-mon-4, DE 5-1, FR 5-1, IT 5-1, ES 5-1, AT 5-1, CH 5-1, CN 5-1, IN 5-1, MX 5-1, BR 5-1, PL 5-1, GB 5-mon-1
mother's day = US 5-sun-2, CA 5-sun-2, AU 5-sun-2, DE 5-sun-2, IN 5-sun-2, IT 5-sun-2, GB easter-21, IE easter-21, MX 5-10, ES 5-sun-1, FR french
father's day = US 6-sun-3, CA 6-sun-3, GB 6-sun-3, FR 6-sun-3, IN 6-sun-3, MX 6-sun-3, DE easter+39, AU 9-sun-1, NZ 9-sun-1, ES 3-19, IT 3-19
national day = FR 7-14, CH 8-1, NO 5-17, SE 6-6, CN 10-1, ES 10-12, AT 10-26, SG 8-9, BE 7-21, LU 6-23, HU 8-20
victory day = FR 5-8, RU 5-9, CZ 5-8
liberation day = IT 4-25, NL 5-5
republic day = IN 1-26, IT 6-2, TR 10-29
constitution day = US 9-17, NO 5-17, ES 12-6, JP 5-3, IN 11-26, PL 5-3
unity day = DE 10-3, RU 11-4
family day = CA 2-mon-3
super bowl, super bowl sunday = US bowl
"""
_DATED = {
    "chinese new year, lunar new year, spring festival": (
        "2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 "
        "2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08"
    ),
    "diwali, deepavali, divali": (
        "2015-11-11 2016-10-30 2017-10-19 2018-11-07 2019-10-27 2020-11-14 2021-11-04 2022-10-24 2023-11-12 2024-10-31 2025-10-20 2026-11-08 "
        "2027-10-29 2028-10-17 2029-11-05 2030-10-26 2031-11-14 2032-11-02 2033-10-22 2034-11-10 2035-10-30"
    ),
    "holi": (
        "2015-03-06 2016-03-24 2017-03-13 2018-03-02 2019-03-21 2020-03-10 2021-03-29 2022-03-18 2023-03-08 2024-03-25 2025-03-14 2026-03-04 "
        "2027-03-22 2028-03-11 2029-03-01 2030-03-20 2031-03-09 2032-03-27 2033-03-16 2034-03-05 2035-03-24"
    ),
    "rosh hashanah": (
        "2015-09-14 2016-10-03 2017-09-21 2018-09-10 2019-09-30 2020-09-19 2021-09-07 2022-09-26 2023-09-16 2024-10-03 2025-09-23 2026-09-12 "
        "2027-10-02 2028-09-21 2029-09-10 2030-09-28 2031-09-18 2032-09-06 2033-09-24 2034-09-14 2035-10-04"
    ),
    "yom kippur": (
        "2015-09-23 2016-10-12 2017-09-30 2018-09-19 2019-10-09 2020-09-28 2021-09-16 2022-10-05 2023-09-25 2024-10-12 2025-10-02 2026-09-21 "
        "2027-10-11 2028-09-30 2029-09-19 2030-10-07 2031-09-27 2032-09-15 2033-10-03 2034-09-23 2035-10-13"
    ),
    "passover, pesach": (
        "2015-04-04 2016-04-23 2017-04-11 2018-03-31 2019-04-20 2020-04-09 2021-03-28 2022-04-16 2023-04-06 2024-04-23 2025-04-13 2026-04-02 "
        "2027-04-22 2028-04-11 2029-03-31 2030-04-18 2031-04-08 2032-03-27 2033-04-14 2034-04-04 2035-04-24"
    ),
}
COUNTRIES = {
    word: code
    for code, words in {
        "US": "us american", "GB": "uk british english", "CA": "canadian", "DE": "german", "FR": "french", "IT": "italian", "ES": "spanish",
        "MX": "mexican", "IN": "indian", "AU": "australian", "NZ": "kiwi", "CH": "swiss", "AT": "austrian", "NL": "dutch", "BE": "belgian",
        "SE": "swedish", "NO": "norwegian", "FI": "finnish", "PL": "polish", "IE": "irish", "BR": "brazilian", "CN": "chinese", "JP": "japanese",
        "SG": "singaporean", "TR": "turkish", "RU": "russian", "AR": "argentinian argentine", "CL": "chilean", "CO": "colombian",
        "UA": "ukrainian", "PH": "philippine filipino", "ID": "indonesian", "IL": "israeli", "HU": "hungarian", "CZ": "czech",
        "LU": "luxembourgish", "DK": "danish",
    }.items()
    for word in words.split()
}  # fmt: skip

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RULE = Pattern(
    r"(?:(?P<month>\d+)-(?:(?P<day>\d+)|(?P<weekday>[a-z]{3})-(?P<which>\d))|(?P<easter>easter)|(?P<last>[a-z]{3})<(?P<before>\d+-\d+))(?P<after>[+-]\d+)?"
)

Reckoned = Callable[[int], "datetime | None"]


def easter(year: int) -> datetime:
    """Return Easter Sunday of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher).

    >>> easter(2026)
    datetime.datetime(2026, 4, 5, 0, 0)
    """
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return datetime(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, which: int) -> datetime:
    """Return the `which`-th weekday (Monday is 0) of a month, the last one for 0."""
    first = month_start(year, month)
    if which:
        return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=which - 1)
    last = month_start(year, month + 1) - DAY
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _french_mothers_day(year: int) -> datetime:
    """The last Sunday of May, a week later when that is Pentecost (Code de l'action sociale et des familles, D215-1)."""
    day = nth_weekday(year, 5, 6, 0)
    return day + 7 * DAY if day == easter(year) + 49 * DAY else day


def _super_bowl(year: int) -> datetime:
    """The second Sunday of February since the season has seventeen games, the first before."""
    return nth_weekday(year, 2, 6, 2 if year >= 2022 else 1)


_SPECIAL: Mapping[str, Reckoned] = {"french": _french_mothers_day, "bowl": _super_bowl}


def _rule(text: str) -> Reckoned:
    if text in _SPECIAL:
        return _SPECIAL[text]
    usual, _, once = text.partition("!")
    if once:
        moved, rule = datetime.fromisoformat(once), _rule(usual)
        return lambda year: moved if year == moved.year else rule(year)
    match = _RULE.fullmatch(text)
    assert match, text
    after = int(match["after"] or 0) * DAY
    if match["easter"]:
        return lambda year: easter(year) + after
    if match["last"]:
        month, day = map(int, match["before"].split("-"))
        weekday = _DAYS.index(match["last"])

        def before(year: int) -> datetime:
            edge = datetime(year, month, day) - DAY
            return edge - timedelta(days=(edge.weekday() - weekday) % 7)

        return before
    month = int(match["month"])
    if match["day"]:
        day = int(match["day"])
        return lambda year: datetime(year, month, day)
    weekday, which = _DAYS.index(match["weekday"]), int(match["which"])
    return lambda year: nth_weekday(year, month, weekday, which) + after


def _dated(text: str) -> Reckoned:
    days = {day.year: day for day in map(datetime.fromisoformat, text.split())}
    return days.get


def _read() -> Mapping[str, Mapping[str, Reckoned]]:
    """Every name as `plain_name` writes it, with its day by country ("" for all)."""
    named: dict[str, Mapping[str, Reckoned]] = {}
    for entry in re.split(r"[;\n]", _WORLDWIDE.strip()):
        names, _, rule = entry.partition("=")
        for name in names.split(","):
            named[plain_name(name)] = {"": _rule(rule.strip())}
    for line in _BY_COUNTRY.strip().splitlines():
        names, _, rules = line.partition("=")
        by_country = {pair.split()[0]: _rule(pair.split()[1]) for pair in rules.split(",")}
        for name in names.split(","):
            named[plain_name(name)] = by_country
    for names, days in _DATED.items():
        for name in names.split(","):
            named[plain_name(name)] = {"": _dated(days)}
    return named


FEASTS = _read()
