"""What people really said, changed at random: every text gets a reading, and the same one in another process."""

from __future__ import annotations

from benchmarks import campaign
from benchmarks.mutants import LONGEST, mutants, said


def test_changed_utterances_never_raise(understander):
    """A seeded sample; `make campaign` runs many thousands."""
    found = campaign.run(understander, 500)
    assert found.raised == ()
    assert sum(found.outcomes.values()) == 500
    assert min(found.outcomes.get(name, 0) for name in ("understood", "clarify", "unsupported")) > 0


def test_the_same_text_is_read_the_same_whatever_the_hash_seed():
    """Two processes whose sets are ordered otherwise agree on every reading."""
    assert campaign.elsewhere(150, campaign.SEED, 1) == campaign.elsewhere(150, campaign.SEED, 2)


def test_the_changes_are_the_same_each_time_and_never_too_long():
    """The same seed gives the same texts, another seed others; the sample holds other scripts and control characters."""
    texts = list(mutants(400, 1))
    assert texts == list(mutants(400, 1)) != list(mutants(400, 2))
    assert max(map(len, texts)) <= LONGEST
    assert not all(text.isascii() for text in texts)
    assert any(char < " " for text in texts for char in text)
    assert len(said()) > 1_500
