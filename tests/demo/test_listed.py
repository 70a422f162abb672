"""Lists of records with a condition on one of their numbers: as many as SQL by hand finds."""

from __future__ import annotations

import pytest

from insights import Turn


@pytest.mark.parametrize(
    ("asked", "dataset", "where"),
    [
        ("list orders where quantity is at least 2", "orders", "quantity >= 2"),
        ("list orders with a quantity of more than 2", "orders", "quantity > 2"),
        ("list orders with quantity at most 1", "orders", "quantity <= 1"),
        ("list orders where quantity is at least 2 and order amount is under 20", "orders", "quantity >= 2 AND amount_usd < 20"),
        ("list titles with running time between 90 and 100", "titles", "minutes BETWEEN 90 AND 100"),
        ("list contacts where score is below 7 last month", "contacts", "score < 7 AND opened_at >= '2026-04-01' AND opened_at < '2026-05-01'"),
    ],
)
def test_a_number_in_a_condition_says_which_records(halcyon, sql, asked, dataset, where):
    """ "At least 2" is no order of them and no number of them."""
    reply = halcyon.reply(Turn(asked))
    assert (reply.outcome, reply.request.analysis, reply.request.options["dataset"]) == ("understood", "list", dataset), reply.text
    ((wanted,),) = sql(f"SELECT count(*) FROM {dataset} WHERE {where}")
    assert wanted > 10
    assert reply.answer.total_rows == wanted
    assert (reply.request.limit, reply.request.order) == (None, None)


def test_a_figure_in_a_condition_is_not_taken_for_another_number(halcyon):
    """Units are pieces and no dollars; units sold leaves test orders out, so that it is no number of each order: which one is, is said."""
    reply = halcyon.reply(Turn("list the orders with at least 2 units"))
    assert (reply.outcome, reply.answer) == ("unsupported", None)
    assert "'quantity at least 2'" in reply.text.casefold()
    assert halcyon.reply(Turn("list the orders with quantity at least 2")).outcome == "understood"
