"""The things that facts are about: markets, regions, plans, devices, publishers, titles, campaigns, and the rates of currencies."""

from __future__ import annotations

from datetime import date, timedelta

from insights.demo.chance import chance
from insights.demo.days import months_of
from insights.demo.stories import Stories

Row = tuple[object, ...]

MARKETS: list[Row] = [(1, "Americas", "New York"), (2, "EMEA", "London"), (3, "APAC", "Singapore")]
REGIONS: list[Row] = [
    (1, "North America", 1, "USD"),
    (2, "Latin America", 1, "BRL"),
    (3, "United Kingdom", 2, "GBP"),
    (4, "DACH", 2, "EUR"),
    (5, "France", 2, "EUR"),
    (6, "Nordics", 2, "SEK"),
    (7, "Southern Europe", 2, "EUR"),
    (8, "Middle East", 2, "AED"),
    (9, "India", 3, "INR"),
    (10, "Japan", 3, "JPY"),
    (11, "Southeast Asia", 3, "SGD"),
    (12, "Australia", 3, "AUD"),
]
RATES = {"USD": 1.0, "BRL": 0.18, "GBP": 1.27, "EUR": 1.08, "SEK": 0.095, "AED": 0.2723, "INR": 0.012, "JPY": 0.0068, "SGD": 0.745, "AUD": 0.66}
"""US dollars for one unit, on average over the years."""
PLANS: list[tuple[int, str, str, float]] = [
    (1, "Basic", "Personal", 6.99),
    (2, "Standard", "Personal", 10.99),
    (3, "Premium", "Personal", 17.99),
    (4, "Family", "Shared", 21.99),
    (5, "Student", "Personal", 4.99),
    (6, "No plan", "None", 0.0),
]
DEVICES: list[tuple[int, str, str]] = [
    (1, "Smart TV", "Tizen"),
    (2, "Smart TV", "webOS"),
    (3, "Smart TV", "Android TV"),
    (4, "Phone", "iOS"),
    (5, "Phone", "Android"),
    (6, "Tablet", "iPadOS"),
    (7, "Tablet", "Android"),
    (8, "Laptop", "Windows"),
    (9, "Laptop", "macOS"),
    (10, "Streaming Stick", "Fire OS"),
    (11, "Streaming Stick", "Roku"),
    (12, "Game Console", "PlayStation"),
    (13, "Game Console", "Xbox"),
    (14, "Smart Speaker", "Alexa"),
]
CHANNELS = ("Search", "Social", "Video", "Radio", "Affiliate", "Newsletter")
_THEMES = ("First Light", "Open House", "Second Screen", "Story Season", "Bright Nights", "Homecoming")
_STUDIOS = (
    "Halcyon Originals", "Bluebird Studios", "Northlight Pictures", "Paper Lantern", "Redwood House", "Saltmarsh Films", "Tandem Media", "Umbra Press",
    "Violet Hour", "Westerly Audio", "Yonder Books", "Zephyr Sound", "Anchor and Oak", "Brightwater", "Cinder Lane", "Driftwood Tales",
    "Ember Works", "Foxglove Press", "Greyhound Pictures", "Hilltop Radio", "Inkwell House", "Juniper Films", "Kestrel Audio", "Larkspur Books",
)  # fmt: skip
_ADJECTIVES = (
    "Silent", "Crimson", "Hollow", "Golden", "Wandering", "Broken", "Electric", "Paper", "Velvet", "Distant", "Frozen", "Hidden",
    "Iron", "Amber", "Painted", "Salt", "Glass", "Scarlet", "Quiet", "Northern", "Borrowed", "Copper", "Wild", "Forgotten",
)  # fmt: skip
_NOUNS = (
    "Harbor", "Garden", "River", "Orchard", "Lantern", "Compass", "Kingdom", "Letters", "Mirror", "Island",
    "Railway", "Forest", "Cathedral", "Circus", "Tide", "Bridge", "Atlas", "Sparrow", "Theatre", "Lighthouse",
)  # fmt: skip
_KINDS = ("Film", "Film", "Film", "Series", "Series", "Series", "Series", "Documentary", "Audiobook", "Podcast")
_MINUTES = {"Film": (85, 60), "Series": (24, 36), "Documentary": (45, 50), "Audiobook": (30, 30), "Podcast": (15, 45)}
_GENRES = ("Drama", "Drama", "Comedy", "Comedy", "Thriller", "Crime", "Romance", "Science Fiction", "Kids", "Sport", "Music", "History")
_LANGUAGES = ("English", "English", "English", "English", "German", "French", "Spanish", "Hindi", "Japanese", "Swedish")
OLD_TITLES, NEW_TITLES = 400, 80


def publishers() -> list[Row]:
    """Rows of (publisher_id, publisher, publisher_kind); the first is the house itself."""
    kinds = ("Studio", "Independent", "Licensor")
    return [(n, name, "In-house" if n == 1 else kinds[n % 3]) for n, name in enumerate(_STUDIOS, start=1)]


def titles(stories: Stories, seed: int) -> list[Row]:
    """Rows of (title_id, title, kind, genre, language, publisher_id, released_on, minutes), by day of release; old ones first, new ones evenly since."""
    return [_title(number, stories, seed) for number in range(OLD_TITLES + NEW_TITLES)]


def released_on(number: int, stories: Stories) -> date:
    """When the title was released, `number` counting from 0."""
    if number < OLD_TITLES:
        return stories.first_day - timedelta(days=10 * (OLD_TITLES - number))
    whole = (stories.last_day - stories.first_day).days
    return stories.first_day + timedelta(days=(number - OLD_TITLES) * whole // NEW_TITLES)


def _title(number: int, stories: Stories, seed: int) -> Row:
    def one_of(column: int, choices: tuple[str, ...]) -> str:
        return choices[int(chance(number, column, seed) * len(choices))]

    word = number * 7919 % (len(_ADJECTIVES) * len(_NOUNS))
    name = f"{_ADJECTIVES[word // len(_NOUNS)]} {_NOUNS[word % len(_NOUNS)]}"
    kind = one_of(31, _KINDS)
    least, spread = _MINUTES[kind]
    publisher = 1 + int(chance(number, 34, seed) ** 2 * len(_STUDIOS))
    minutes = least + int(chance(number, 35, seed) * spread)
    return (number + 1, name, kind, one_of(32, _GENRES), one_of(33, _LANGUAGES), publisher, released_on(number, stories), minutes)


def campaigns(stories: Stories) -> list[Row]:
    """Rows of (campaign_id, campaign, channel, objective, started_on, ended_on); every channel has one campaign each half-year."""
    halves = [_months_later(stories.first_day, 6 * half) for half in range(len(_THEMES) + 1)]
    found: list[Row] = []
    for channel in CHANNELS:
        objective = "Retention" if channel == "Newsletter" else "Acquisition"
        for theme, start, end in zip(_THEMES, halves, halves[1:], strict=False):
            found.append((len(found) + 1, f"{theme} {channel}", channel, objective, start, end - timedelta(days=1)))
    return found


def rates(stories: Stories, seed: int) -> list[tuple[date, str, float]]:
    """Rows of (date, currency, rate): US dollars for one unit from that day on, a new rate each month, within two percent of the average."""
    found = []
    for column, (currency, usual) in enumerate(RATES.items()):
        for month in range(months_of(stories)):
            drift = sum(chance(month + n, 40 + column, seed) for n in range(4)) / 4 - 0.5
            rate = usual if currency in ("USD", "AED") else round(usual * (1 + 0.04 * drift), 6)
            found.append((_months_later(stories.first_day, month), currency, rate))
    return found


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, day.day)
