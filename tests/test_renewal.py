"""Data that changes while the assistant runs."""

from __future__ import annotations

import time
from contextlib import closing

import httpx
import pytest

from insights import wiring
from insights.errors import WrongCatalog
from insights.server import build
from insights.settings import Settings
from insights.turns import Turn

MODEL = """
version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: orders
        source: orders.csv
        primary_key: [order_id]
        fields:
          - {name: order_id, expression: {dialects: [{dialect: ANSI_SQL, expression: order_id}]}}
          - {name: region, expression: {dialects: [{dialect: ANSI_SQL, expression: region}]}, dimension: {is_time: false}}
          - {name: day, expression: {dialects: [{dialect: ANSI_SQL, expression: day}]}, dimension: {is_time: true}}
    metrics:
      - name: orders
        expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(orders.order_id)}]}
"""
BEFORE = "order_id,region,day\n1,North,2026-01-05\n2,South,2026-01-06\n"
AFTER = BEFORE + ",North,2026-02-01\n4,Narnia,2026-02-02\n"


@pytest.fixture
def shop(tmp_path):
    """A catalog over one small file, and the file."""
    (tmp_path / "model.yaml").write_text(MODEL)
    data = tmp_path / "orders.csv"
    data.write_text(BEFORE)
    with closing(wiring.open_catalog(tmp_path, home=tmp_path / "home")) as assistant:
        yield assistant, data


def test_new_values_days_and_gaps_are_taken_up(shop) -> None:
    """A value, a month and an order without its number arrive: after renewal all three are answered as the file has them."""
    assistant, data = shop
    assert not assistant.renew()
    assert assistant.reply(Turn("orders for Narnia")).outcome != "understood"
    data.write_text(AFTER)
    assert assistant.renew()
    assert not assistant.renew()
    assert [assistant.reply(Turn(said)).answer.value for said in ("orders for Narnia", "orders in February 2026", "orders")] == [1, 1, 3]


def test_data_that_cannot_be_read_leaves_what_was_known(shop) -> None:
    """A file that is gone is an error of the renewal, and the assistant goes on saying what it can."""
    assistant, data = shop
    data.unlink()
    with pytest.raises(WrongCatalog):
        assistant.renew()
    assert assistant.reply(Turn("how is orders defined")).outcome == "understood"
    data.write_text(BEFORE)
    assert assistant.reply(Turn("orders")).answer.value == 2


def test_a_running_server_takes_up_changes_by_itself(shop, tmp_path) -> None:
    """Nobody has to restart it."""
    import asyncio

    assistant, data = shop

    async def run() -> None:
        app = build(assistant, Settings(home=tmp_path), renew_every=0.05)
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://insights.test") as client:
            assert (await client.get("/health")).status_code == 200
            data.write_text(AFTER)
            end = time.monotonic() + 10
            while assistant.reply(Turn("orders for Narnia")).outcome != "understood" and time.monotonic() < end:
                await asyncio.sleep(0.05)

    asyncio.run(run())
    assert assistant.reply(Turn("orders for Narnia")).answer.value == 1
