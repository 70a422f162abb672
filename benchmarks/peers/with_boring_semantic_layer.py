"""The five questions of a shop asked of boring-semantic-layer: seconds of planning, and of everything. Prints JSON. Runs in an environment of its own."""

import json
import statistics
import sys
import time
from importlib import metadata

import ibis
from boring_semantic_layer import to_semantic_table


def main(folder, repetitions):
    """Ask; planning is from the query to its SQL."""
    database = ibis.duckdb.connect()
    orders = database.read_parquet(f"{folder}/data/orders/*.parquet", table_name="orders")
    customers = database.read_parquet(f"{folder}/data/customers.parquet", table_name="customers")
    people = to_semantic_table(customers, name="customers").with_dimensions(
        customer_id=lambda t: t.customer_id, region=lambda t: t.region, city=lambda t: t.city
    )
    shop = (
        to_semantic_table(orders, name="orders")
        .with_dimensions(
            customer_id=lambda t: t.customer_id,
            status=lambda t: t.status,
            month=lambda t: t.ordered_on.truncate("M"),
        )
        .with_measures(
            revenue=lambda t: t.amount.sum(where=t.status != "test"),
            refunds=lambda t: t.refunded.sum(where=t.status != "test"),
        )
        .with_measures(refund_rate=lambda t: t.refunds / t.revenue)
    )
    joined = shop.join_one(people, lambda left, right: left.customer_id == right.customer_id)
    asked = (
        lambda: shop.aggregate("revenue"),
        lambda: joined.group_by("customers.region").aggregate("orders.revenue"),
        lambda: shop.group_by("month").aggregate("revenue"),
        lambda: (
            joined.filter(lambda t: t.status == "shipped")
            .group_by("customers.city")
            .aggregate("orders.revenue")
            .order_by(ibis.desc("orders.revenue"))
            .limit(10)
        ),
        lambda: joined.group_by("customers.region").aggregate("orders.refund_rate"),
    )
    planning, whole, rows = [], [[] for _ in asked], []
    for repetition in range(int(repetitions) + 1):
        for number, ask in enumerate(asked):
            began = time.perf_counter()
            sql = ibis.to_sql(ask().to_untagged(), dialect="duckdb")
            planned = time.perf_counter() - began
            found = database.raw_sql(sql).fetchall()
            if repetition:
                planning.append(planned)
                whole[number].append(time.perf_counter() - began)
            else:
                rows.append(sorted([list(map(str, row)) for row in found]))
    version = metadata.version("boring-semantic-layer")
    print(json.dumps({"version": version, "planning": planning, "total": sum(statistics.median(one) for one in whole), "rows": rows}))


if __name__ == "__main__":
    main(*sys.argv[1:])
