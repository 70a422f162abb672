"""Questions that people ask about the handbook, written by somebody who had not seen how it is searched: hardly one is answered wrongly."""

from __future__ import annotations

from contextlib import closing

from benchmarks.handbook import measure, questions
from insights.wiring import open_catalog


def test_hardly_a_question_about_the_handbook_is_answered_wrongly(company, demo_home):
    """At most 2 % wrong, the answers of 150 held-out questions being words of the right passage; what is private is told to nobody else."""
    with closing(open_catalog(company.folder, home=demo_home)) as assistant:
        result = measure(assistant, tuple(questions()))
    asked = sum(result.counts.values())
    print(f"handbook: {asked} questions, {dict(result.counts)}, recall at 5 {result.found / result.answerable:.1%}")
    assert asked == 150
    assert result.counts["wrong"] <= 0.02 * asked, result.told
    assert result.found / result.answerable >= 0.55
