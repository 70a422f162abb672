"""The five questions of a shop asked of sidemantic: seconds of planning, and of everything. Prints JSON. Runs in an environment of its own."""

import json
import statistics
import sys
import time
from importlib import metadata

from sidemantic import Dimension, Metric, Model, Relationship, SemanticLayer

ASKED = (
    {"metrics": ["orders.revenue"]},
    {"metrics": ["orders.revenue"], "dimensions": ["customers.region"]},
    {"metrics": ["orders.revenue"], "dimensions": ["orders.ordered_on__month"]},
    {
        "metrics": ["orders.revenue"],
        "dimensions": ["customers.city"],
        "filters": ["orders.status = 'shipped'"],
        "order_by": ["orders.revenue DESC"],
        "limit": 10,
    },
    {"metrics": ["orders.refund_rate"], "dimensions": ["customers.region"]},
)


def main(folder, repetitions):
    """Ask; the tables are views over the files, as its users declare them."""
    layer = SemanticLayer()
    layer.adapter.execute(f"CREATE VIEW orders AS FROM read_parquet('{folder}/data/orders/*.parquet')")
    layer.adapter.execute(f"CREATE VIEW customers AS FROM read_parquet('{folder}/data/customers.parquet')")
    true = ["{model}.status <> 'test'"]
    layer.add_model(
        Model(
            name="customers",
            table="customers",
            primary_key="customer_id",
            dimensions=[Dimension(name="region", type="categorical"), Dimension(name="city", type="categorical")],
        )
    )
    layer.add_model(
        Model(
            name="orders",
            table="orders",
            primary_key="order_id",
            relationships=[Relationship(name="customers", type="many_to_one", foreign_key="customer_id")],
            dimensions=[Dimension(name="ordered_on", type="time", granularity="day"), Dimension(name="status", type="categorical")],
            metrics=[
                Metric(name="revenue", agg="sum", sql="amount", filters=true),
                Metric(name="refunds", agg="sum", sql="refunded", filters=true),
                Metric(name="refund_rate", type="ratio", numerator="orders.refunds", denominator="orders.revenue"),
            ],
        )
    )
    planning, whole, rows = [], [[] for _ in ASKED], []
    for repetition in range(int(repetitions) + 1):
        for number, asked in enumerate(ASKED):
            began = time.perf_counter()
            sql = layer.compile(**asked)
            planned = time.perf_counter() - began
            found = layer.adapter.execute(sql).fetchall()
            if repetition:
                planning.append(planned)
                whole[number].append(time.perf_counter() - began)
            else:
                rows.append(sorted([list(map(str, row)) for row in found]))
    print(json.dumps({"version": metadata.version("sidemantic"), "planning": planning, "total": sum(statistics.median(one) for one in whole), "rows": rows}))


if __name__ == "__main__":
    main(*sys.argv[1:])
