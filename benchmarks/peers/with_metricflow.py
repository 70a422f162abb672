"""The five questions of a shop asked of MetricFlow over dbt-duckdb: seconds of planning, and of everything. Prints JSON. Runs in an environment of its own."""

import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

PROJECT = {
    "dbt_project.yml": """
name: shop
version: "1.0"
profile: shop
model-paths: [models]
models: {shop: {+materialized: view}}
flags: {send_anonymous_usage_stats: false}
""",
    "profiles.yml": """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb, threads: 2}
""",
    "models/orders.sql": "select * from read_parquet('@/data/orders/*.parquet')",
    "models/customers.sql": "select * from read_parquet('@/data/customers.parquet')",
    "models/days.sql": "{{ config(materialized='table') }} select unnest(range(DATE '2023-01-01', DATE '2027-01-01', INTERVAL 1 DAY))::DATE AS date_day",
    "models/shop.yml": """
models:
  - name: days
    time_spine: {standard_granularity_column: date_day}
    columns: [{name: date_day, granularity: day}]
semantic_models:
  - name: orders
    model: ref('orders')
    defaults: {agg_time_dimension: ordered_on}
    entities:
      - {name: order, type: primary, expr: order_id}
      - {name: customer, type: foreign, expr: customer_id}
    dimensions:
      - {name: ordered_on, type: time, type_params: {time_granularity: day}}
      - {name: status, type: categorical}
    measures:
      - {name: amount, agg: sum}
      - {name: refunded, agg: sum}
  - name: customers
    model: ref('customers')
    entities: [{name: customer, type: primary, expr: customer_id}]
    dimensions:
      - {name: region, type: categorical}
      - {name: city, type: categorical}
metrics:
  - {name: revenue, label: Revenue, type: simple, type_params: {measure: amount}, filter: "{{ Dimension('order__status') }} <> 'test'"}
  - {name: refunds, label: Refunds, type: simple, type_params: {measure: refunded}, filter: "{{ Dimension('order__status') }} <> 'test'"}
  - {name: refund_rate, label: Refund rate, type: ratio, type_params: {numerator: refunds, denominator: revenue}}
""",
}
ASKED = (
    {"metric_names": ["revenue"]},
    {"metric_names": ["revenue"], "group_by_names": ["customer__region"]},
    {"metric_names": ["revenue"], "group_by_names": ["metric_time__month"]},
    {
        "metric_names": ["revenue"],
        "group_by_names": ["customer__city"],
        "where_constraints": ["{{ Dimension('order__status') }} = 'shipped'"],
        "order_by_names": ["-revenue"],
        "limit": 10,
    },
    {"metric_names": ["refund_rate"], "group_by_names": ["customer__region"]},
)


def main(folder, repetitions):
    """Make the project, build it, ask."""
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()):
        found = _asked(_project(Path(place), folder), int(repetitions))
    print(json.dumps(found))


def _project(project, folder):
    for name, text in PROJECT.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text.replace("@", folder))
    quiet = os.environ | {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    dbt = Path(sys.executable).parent / "dbt"
    subprocess.run([dbt, "build", "--quiet", "--project-dir", project, "--profiles-dir", project], check=True, cwd=project, env=quiet, capture_output=True)
    os.chdir(project)
    return project


def _asked(project, repetitions):
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    cli = CLIConfiguration()
    cli.setup(dbt_profiles_path=project, dbt_project_path=project, configure_file_logging=False)
    planning, whole, rows = [], [[] for _ in ASKED], []
    for repetition in range(repetitions + 1):
        for number, asked in enumerate(ASKED):
            began = time.perf_counter()
            cli.mf.explain(MetricFlowQueryRequest.create(**asked))
            planned = time.perf_counter() - began
            began = time.perf_counter()
            table = cli.mf.query(MetricFlowQueryRequest.create(**asked)).result_df
            if repetition:
                planning.append(planned)
                whole[number].append(time.perf_counter() - began)
            else:
                rows.append(sorted([list(map(str, row)) for row in table.rows]))
    return {"version": metadata.version("metricflow"), "planning": planning, "total": sum(statistics.median(one) for one in whole), "rows": rows}


if __name__ == "__main__":
    main(*sys.argv[1:])
