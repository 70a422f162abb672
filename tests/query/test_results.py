"""Results that are kept: never another asker's, never of older data unless that is allowed, and one query for all who ask at once."""

from __future__ import annotations

import threading
import time

import pytest

from insights.errors import DeadlinePassed, OutsideFailed
from insights.query.results import Key, Results
from insights.warehouse.port import Table


def key(query="q", identity="ada", version=1):
    """A key of a query."""
    return Key(query=query, identity=identity, version=version)


class Engine:
    """Answers with the number of its runs; `gate` holds it up until it is opened."""

    def __init__(self, *, rows=1, gate=None, failure=None):
        self.runs, self.rows, self.gate, self.failure = 0, rows, gate, failure
        self.started = threading.Event()

    def __call__(self, deadline):
        """Run once more."""
        self.runs += 1
        self.started.set()
        if self.gate is not None:
            assert self.gate.wait(10)
        if self.failure is not None:
            raise self.failure
        return Table(columns=("n",), rows=tuple((self.runs,) for _ in range(self.rows)))


def test_the_same_query_of_the_same_asker_in_the_same_data_runs_once():
    """And is marked as kept."""
    results, engine = Results(), Engine()
    first, second = results.of(key(), engine), results.of(key(), engine)
    assert (engine.runs, first.kept, second.kept) == (1, False, True)
    assert first.table == second.table


@pytest.mark.parametrize("other", [key(query="other"), key(identity="omar"), key(version=2)], ids=["query", "identity", "version"])
def test_another_query_asker_or_state_of_the_data_is_another_result(other):
    """Each part of the key tells results apart."""
    results, engine = Results(), Engine()
    assert results.of(key(), engine).table.rows == ((1,),)
    assert results.of(other, engine).table.rows == ((2,),)


def test_many_who_ask_at_once_share_one_query():
    """Twenty threads, one run."""
    gate = threading.Event()
    results, engine, found = Results(), Engine(gate=gate), []
    threads = [threading.Thread(target=lambda: found.append(results.of(key(), engine).table.rows)) for _ in range(20)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(10)
    assert (engine.runs, found) == (1, [((1,),)] * 20)


def test_who_waits_for_another_has_a_deadline_of_their_own():
    """The other goes on."""
    gate = threading.Event()
    results, engine = Results(), Engine(gate=gate)
    other = threading.Thread(target=lambda: results.of(key(), engine))
    other.start()
    assert engine.started.wait(10)
    with pytest.raises(DeadlinePassed):
        results.of(key(), engine, deadline=time.monotonic() + 0.01)
    gate.set()
    other.join(10)
    assert results.of(key(), engine).table.rows == ((1,),)


def test_a_shorter_deadline_of_another_is_not_passed_on():
    """Whoever has more time runs the query again."""
    gate = threading.Event()
    results, hasty = Results(), Engine(gate=gate, failure=DeadlinePassed("too long"))

    def ask():
        with pytest.raises(DeadlinePassed):
            results.of(key(), hasty)

    other = threading.Thread(target=ask)
    other.start()
    assert hasty.started.wait(10)
    patient, found = Engine(), []
    mine = threading.Thread(target=lambda: found.append(results.of(key(), patient).table.rows))
    mine.start()
    gate.set()
    other.join(10)
    mine.join(10)
    assert found == [((1,),)]


def test_a_failure_is_told_and_not_kept():
    """The next one tries again."""
    results = Results()
    with pytest.raises(OutsideFailed):
        results.of(key(), Engine(failure=OutsideFailed("gone")))
    assert results.of(key(), Engine()).table.rows == ((1,),)


def test_the_results_used_longest_ago_go_first():
    """Room for about four small tables; a table that would push out the others is not kept."""
    results, engine = Results(most_cells=40), Engine(rows=4)
    for name in "abcd":
        results.of(key(name), engine)
    assert results.of(key("a"), engine).kept
    results.of(key("e"), engine)
    assert results.of(key("a"), engine).kept
    assert not results.of(key("b"), engine).kept
    results.of(key("huge"), Engine(rows=100))
    assert not results.of(key("huge"), Engine(rows=100)).kept


def test_a_stale_result_is_given_with_its_age_only_where_that_is_allowed():
    """The newer one is worked out behind it, once, and given from then on."""
    now = [0.0]
    results, engine = Results(stale_within=60, clock=lambda: now[0]), Engine()
    results.of(key(version=1), engine, alone=True)
    now[0] = 30
    stale = results.of(key(version=2), engine, alone=True)
    assert (stale.table.rows, stale.age, stale.kept) == (((1,),), 30, True)
    for _ in range(1000):
        if engine.runs == 2 and results.of(key(version=2), engine, alone=True).age == 0:
            break
        time.sleep(0.01)
    assert results.of(key(version=2), engine, alone=True).table.rows == ((2,),)
    now[0] = 200
    assert results.of(key(version=3), engine, alone=True).table.rows == ((3,),)


def test_a_stale_result_is_never_another_askers():
    """Not even where stale ones are allowed."""
    results, engine = Results(stale_within=60), Engine()
    results.of(key(identity="ada", version=1), engine, alone=True)
    assert results.of(key(identity="omar", version=2), engine, alone=True).table.rows == ((2,),)


def test_what_is_put_together_from_several_results_is_of_one_state_of_the_data():
    """None of them is stale, also where stale ones are allowed."""
    results, engine = Results(stale_within=60), Engine()
    results.of(key(version=1), engine)
    assert results.of(key(version=2), engine).table.rows == ((2,),)
