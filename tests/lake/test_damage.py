"""Damaged files: with a manifest an answer is right or there is none."""

import os
from collections import Counter

from benchmarks.damage import campaign

CASES = int(os.environ.get("CASES", "1"))


def test_no_damaged_file_gives_a_wrong_answer(tmp_path):
    """Cut, flipped, zeroed, longer, replaced, also between two reads: two hundred here, five thousand in the campaign."""
    verdicts = campaign(200 * CASES, tmp_path)
    told: Counter[str] = Counter()
    for (_, verdict), number in verdicts.items():
        told[verdict] += number
    print(f"{sum(told.values()):,} damaged files: {dict(told)}")
    assert told["wrong"] == 0
    assert told["refused"] > 100
    assert told["right"] > 0
