"""What people say differently in each English locale; the core hears the same words everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

DEFAULT = "en-US"
_DIARY = (("on my calendar", "in my diary"), ("my calendar", "my diary"), ("wifi", "wi-fi"), ("on my calendar", "on my diary"))
_SAID: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en-US": (),
    "en-CA": (("wifi", "wi-fi"),),
    "en-GB": (*_DIARY, ("set up a meeting", "put in a meeting"), ("postpone", "put back"), ("raise a ticket", "log a fault")),
    "en-AU": (*_DIARY, ("set up a meeting", "lock in a meeting"), ("report a problem", "log a fault")),
    "en-IN": (*_DIARY, ("move my", "prepone my"), ("move the", "prepone the"), ("set up a meeting", "fix a meeting"), ("postpone", "defer")),
}
LOCALES = tuple(sorted(_SAID))


def variants(samples: Iterable[str], locale: str) -> tuple[str, ...]:
    """The samples, and each as it is said in this locale.

    >>> variants(("what's on my calendar", "check in"), "en-GB")
    ("what's on my calendar", "what's in my diary", "what's on my diary", 'check in')
    """
    found: list[str] = []
    for sample in samples:
        found.append(sample)
        found += [sample.replace(usual, local) for usual, local in _SAID[locale] if usual in sample]
    return tuple(dict.fromkeys(found))
