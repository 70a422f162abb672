"""Names of columns and tables as people say them: `dep_delay` is "dep delay", also "departure delay"."""

from __future__ import annotations

import re

EXPANSIONS = {
    "addr": "address", "alt": "altitude", "dir": "direction", "tzone": "time zone", "src": "source", "orig": "origin", "curr": "currency",
    "acct": "account", "adj": "adjusted", "amt": "amount", "approx": "approximate", "arr": "arrival", "attr": "attribute",
    "avail": "available", "avg": "average", "bal": "balance", "bday": "birthday", "bldg": "building", "cat": "category", "cd": "code", "chg": "change",
    "cnt": "count", "co": "company", "comm": "commission", "conv": "conversion", "ctry": "country", "cust": "customer", "dep": "departure",
    "dept": "department", "desc": "description", "dest": "destination", "dewp": "dew point", "diff": "difference", "disc": "discount", "dist": "distance",
    "dob": "date of birth", "dt": "date", "dur": "duration", "emp": "employee", "est": "estimated", "exp": "expense", "flg": "flag", "fname": "first name",
    "freq": "frequency", "govt": "government", "hr": "hour", "hrs": "hours", "humid": "humidity", "img": "image", "inv": "invoice", "lang": "language",
    "lat": "latitude", "lname": "last name", "loc": "location", "lon": "longitude", "lng": "longitude", "max": "maximum", "mfr": "manufacturer",
    "mgr": "manager", "mi": "miles", "min": "minimum", "mins": "minutes", "mo": "month", "mpg": "miles per gallon", "mth": "month", "mthly": "monthly",
    "nbr": "number", "nm": "name", "no": "number", "num": "number", "occ": "occupation", "ord": "order", "org": "organization", "pct": "percent",
    "perf": "performance",
    "pmt": "payment", "pop": "population", "pos": "position", "precip": "precipitation", "prev": "previous", "prod": "product", "proj": "project",
    "pub": "published", "purch": "purchase", "qtr": "quarter", "qty": "quantity", "rcvd": "received", "recd": "received", "ref": "reference",
    "reg": "region", "rev": "revenue", "sched": "scheduled", "seg": "segment", "sess": "session", "sku": "product code", "std": "standard",
    "sub": "subscription", "subs": "subscriptions", "svc": "service", "sz": "size", "tailnum": "tail number", "tel": "telephone", "temp": "temperature",
    "tix": "tickets", "tm": "time", "tot": "total", "trans": "transaction", "ts": "time", "txn": "transaction", "tz": "time zone", "usr": "user",
    "val": "value", "visib": "visibility", "vol": "volume", "wk": "week", "wt": "weight", "yr": "year", "yoy": "year over year",
}  # fmt: skip
_SILENT_TAILS = ("id", "key", "sk", "fk", "pk", "code", "cd", "name", "nm")
_LAYERS = frozenset("dim dims dimension fact facts fct stg stage staging src raw tbl table vw view mart dwh".split())
"""What the layers of a warehouse put before (or behind) the names of tables; people say none of it."""
_UNITS = {
    **{code: code.upper() for code in ("usd", "eur", "gbp", "chf", "jpy", "cad", "aud", "inr", "sek", "nok", "dkk", "pln", "brl", "mxn", "cny")},
    "km": "km", "kg": "kg", "ms": "milliseconds", "secs": "seconds", "mins": "minutes", "hrs": "hours",
}  # fmt: skip
"""What the ends of names measure in, which are left out of what is said."""
_SPELT = frozenset({"seconds", "minutes", "hours", "days"})
_LASTING = frozenset("delay duration dur time elapsed wait waiting length".split())
_BIRTH = frozenset({"birth", "birthday", "birthdate", "born", "dob", "bday"})
_SPLIT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SPLIT_ANY = re.compile(r"[^\W\d_]+|\d+")


def words_of(name: str) -> tuple[str, ...]:
    """The words a name is made of, in lower case.

    >>> words_of("SchedDepTime2")
    ('sched', 'dep', 'time', '2')
    >>> words_of("orders.net_revenue")
    ('orders', 'net', 'revenue')
    """
    if name.isascii():
        return tuple(word.lower() for word in _SPLIT.findall(name))
    return tuple(word.lower() for word in _SPLIT_ANY.findall(name))


def label_of(name: str) -> str:
    """The name as it is said, nothing expanded; the name itself when it holds no word.

    >>> label_of("dep_delay")
    'dep delay'
    """
    return " ".join(words_of(name)) or name


def table_label(name: str) -> str:
    """What is in a table, as it is said: without the layer of the warehouse that it belongs to.

    >>> table_label("fact_flights"), table_label("DimCustomer"), table_label("orders"), table_label("facts")
    ('flights', 'customer', 'orders', 'facts')
    """
    words = words_of(name)
    kept = words[1:] if words[:1] and words[0] in _LAYERS else words[:-1] if words[-1:] and words[-1] in ("dim", "fact", "tbl", "vw") else words
    return " ".join(kept) or label_of(name)


def synonyms_of(name: str) -> tuple[str, ...]:
    """Other ways to say a name, from the abbreviations people commonly use; the label itself is not among them.

    >>> synonyms_of("dep_delay")
    ('departure delay',)
    >>> synonyms_of("revenue")
    ()
    """
    words = words_of(name)
    spoken = " ".join(EXPANSIONS.get(word, word) for word in words)
    joined = "".join(words)
    found = [spoken]
    if len(words) > 1 and joined in EXPANSIONS:
        found.append(EXPANSIONS[joined])
    return tuple(phrase for phrase in dict.fromkeys(found) if phrase and phrase != label_of(name))


def thing_of(name: str) -> str:
    """What a column holds, without saying that it is the name of it.

    >>> thing_of("city_nm"), thing_of("svc_name"), thing_of("name"), thing_of("iata_cd")
    ('city', 'service', 'name', 'iata cd')
    """
    words = words_of(name)
    if len(words) < 2 or words[-1] not in ("name", "nm"):
        return label_of(name)
    return " ".join(EXPANSIONS.get(word, word) for word in words[:-1])


def measured_in(name: str) -> tuple[str, str] | None:
    """What a number is called and the unit that its name ends in; None where it ends in none.

    >>> measured_in("ticket_rev_eur"), measured_in("dep_delay_min"), measured_in("temp_min"), measured_in("TransitHours")
    (('ticket rev', 'EUR'), ('dep delay', 'minutes'), None, ('transit hours', 'hours'))
    """
    words = words_of(name)
    if len(words) < 2:
        return None
    *rest, last = words
    if last in _SPELT:
        return label_of(name), last
    unit = "minutes" if last == "min" and rest[-1] in _LASTING else _UNITS.get(last)
    return (" ".join(rest), unit) if unit else None


def stem_of(name: str) -> str:
    """What a key column is the key of: `customer_id` is a "customer", `dest_code` a "dest"; empty when nothing is left.

    >>> stem_of("customer_id")
    'customer'
    """
    words = list(words_of(name))
    while words and words[-1] in _SILENT_TAILS:
        words.pop()
    return " ".join(words)


def singular_of(word: str) -> str:
    """One of what a table's name says there are many of; only the regular English endings.

    >>> [singular_of(word) for word in ("airlines", "categories", "boxes", "status", "weather")]
    ['airline', 'category', 'box', 'status', 'weather']
    """
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "ews")) and len(word) > 3:
        return word[:-1]
    return word


def says_birth(*names: str) -> bool:
    """Whether a time is called a day of birth.

    >>> says_birth("date_of_birth"), says_birth("birthDate"), says_birth("booked_on")
    (True, True, False)
    """
    return any(word in _BIRTH for name in names for word in words_of(name))
