"""What was used on a day is counted for all who count together, and never beyond what is allowed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

TODAY, TOMORROW = date(2026, 5, 1), date(2026, 5, 2)


def test_a_day_and_a_person_have_their_own_most(ledger):
    """What is refused is not counted; less is counted back; another day begins with nothing."""
    assert ledger.spend(TODAY, "ada", 60, person_most=100, day_most=150) is None
    assert ledger.spend(TODAY, "ada", 41, person_most=100, day_most=150) == (60, 60)
    assert ledger.spend(TODAY, "", 90, person_most=100, day_most=150) is None
    assert ledger.spend(TODAY, "sam", 1, person_most=100, day_most=150) == (0, 150)
    assert ledger.spend(TODAY, "ada", -50) is None
    assert ledger.spend(TODAY, "sam", 50, person_most=100, day_most=150) is None
    assert ledger.spend(TOMORROW, "ada", 100, person_most=100, day_most=150) is None


def test_many_at_once_never_use_more_than_there_is(ledger):
    """Of forty who take three each out of a hundred, thirty-three get it."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: ledger.spend(TODAY, f"p{n % 4}", 3, day_most=100), range(40)))
    assert found.count(None) == 33
