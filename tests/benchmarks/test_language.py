"""The table of understanding and what it is measured on; nothing here asserts a time."""

from __future__ import annotations

from benchmarks import big, language, nlv, one_understanding


def test_a_line_says_parts_and_whether_the_target_is_met():
    """Counts with their part of the cases, a figure where there is one, yes or no; every row has as many cells as the title."""
    counted = language.Line(what="questions", cases=200, counts={"right": 180, "asked": 15, "refused": 3, "wrong": 2}, target="1 % wrong", met=True)
    timed = language.Line(what="an utterance", cases=1_000, figure="6.00 ms", target="5 ms", met=False)
    lines = language.table([counted, timed])
    assert lines[2] == "| questions | 200 | 180 (90.0 %) | 15 (7.5 %) | 3 (1.5 %) | 2 (1.0 %) |  | 1 % wrong | yes |"
    assert lines[3] == "| an utterance | 1,000 |  |  |  |  | 6.00 ms | 5 ms | no |"
    assert len({line.count("|") for line in lines}) == 1


def test_a_target_is_missed_by_too_few_right_or_too_many_wrong():
    """Of a hundred rows, 92 must be right in full and no more than one wrong; the right fields in another form are neither."""

    def row(verdict: str) -> nlv.Row:
        return nlv.Row(chart="1", said=("x",), verdict=verdict, note="", seconds=0.0)

    def met(**counts: int) -> bool:
        return language._scored("x", [row(verdict) for verdict, count in counts.items() for _ in range(count)], ("full",), 0.92).met

    assert met(full=92, exact=7, wrong=1)
    assert not met(full=91, exact=9)
    assert not met(full=98, wrong=2)


def test_the_big_company_is_as_big_as_it_says():
    """Fifty metrics and a hundred dimensions; the same utterances each time."""
    kinds = sum(len(columns) for _, columns in big._DIMENSIONS)
    assert kinds + big._FEW == 100
    assert len(list(big._few_names())) == big._FEW
    assert len(big._model({fact: {} for fact in big.FACTS})["semantic_model"][0]["metrics"]) == 50
    assert big.utterances(40) == big.utterances(80)[:40]


def test_the_peak_of_memory_is_told_in_bytes():
    """More than ten megabytes and less than what any machine has."""
    assert 10_000_000 < one_understanding.peak() < 10**13
