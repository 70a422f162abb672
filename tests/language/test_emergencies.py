"""Fire, leak and injury are heard in whatever words, and nowhere else."""

import pytest

from insights.language.emergencies import emergency


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("there is a fire in the kitchen", "fire"), ("Fire!", "fire"), ("fire fire", "fire"), ("the toaster is on fire", "fire"),
        ("there's smoke coming from the server room", "fire"), ("I smell smoke", "fire"), ("something is burning", "fire"),
        ("the ceiling is leaking", "leak"), ("there is a water leak on floor two", "leak"), ("water is coming through the ceiling", "leak"),
        ("I smell gas", "leak"), ("a pipe burst in the basement", "leak"), ("the bathroom is flooded", "leak"),
        ("someone collapsed in the lobby", "injury"), ("Sam is hurt", "injury"),
        ("he is not breathing", "injury"), ("call an ambulance", "injury"),
        ("a visitor fainted", "injury"), ("she's bleeding badly", "injury"), ("I think he is having a heart attack", "injury"),
        ("how many fire tablets did we sell", None), ("where is the fire exit", None), ("is there a fire drill today", None),
        ("show fire extinguishers by floor", None),
        ("the projector is broken", None), ("revenue is down", None), ("we had a data leak", None), ("what hurt our margin", None),
        ("ambulance arrivals by month", None), ("who fired Sam", None), ("when was the fire drill", None), ("burn rate last month", None), ("", None),
        ("gas revenue last quarter", None), ("smoke detectors sold", None), ("water consumption by building", None),
    ],
)  # fmt: skip
def test_what_is_happening_now_is_told_from_what_is_asked_about(said, kind):
    """Questions about data, drills and exits are none."""
    assert emergency(said) == kind


def test_any_text_is_read_quickly():
    """However long and however odd."""
    import time

    started = time.perf_counter()
    for text in ("water " * 20_000, "is " * 20_000, "\x00\ud800" * 1000, "smell " * 9_999 + "gas"):
        emergency(text)
    assert time.perf_counter() - started < 0.2
