"""MetricFlow's own answers over its sample project, recorded so that ours can be compared with them without it.

Run it with the python of an environment that holds `dbt-metricflow dbt-duckdb "dbt-core<1.12"` (nothing of it is shipped or imported by the tests):

    python benchmarks/metricflow.py tests/external/metricflow

It makes the project of `mf tutorial`, adds the models beside it in `extra/`, builds it with dbt, asks every metric in several ways, and writes the manifest,
the seeds and `results.json`.
"""

from __future__ import annotations

import datetime
import decimal
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != Path(__file__).resolve().parent]  # or it would import itself
SPINED = ("metric_time", "metric_time__week", "metric_time__month", "metric_time__retail_period")
OVER = {
    "transactions": (
        "transaction__is_large",
        "transaction__quick_buy_transaction",
        "customer__customer_country",
        "customer__country__region",
        "customer__tier",
    ),
    "customers": ("customer__customer_country", "customer__country__region"),
    "visits": ("visit__channel", "customer__customer_country", "customer__country__region", "customer__tier"),
    "balances": ("customer__customer_country", "customer__country__region"),
    "shared": ("customer__customer_country", "customer__country__region"),
}
WHERE = {
    "transactions": ("{{ Dimension('customer__customer_country') }} = 'MX'", "{{ Dimension('transaction__is_large') }}"),
    "customers": ("{{ Dimension('customer__customer_country') }} IN ('MX', 'US')",),
    "visits": ("{{ Dimension('visit__channel') }} <> 'mail'", "{{ Dimension('country__region', entity_path=['customer']) }} = 'NA'"),
    "balances": ("{{ Dimension('customer__customer_country') }} = 'MX'",),
    "shared": ("{{ Dimension('customer__customer_country') }} = 'MX'",),
}
START, END = "2022-03-07", "2022-04-03"  # whole weeks: MetricFlow widens a period to whole buckets


def main(folder: Path) -> None:
    """Make the project in a folder of its own and record what it answers."""
    with tempfile.TemporaryDirectory() as place:
        project = _project(Path(place) / "mf_tutorial_project", folder / "extra")
        shutil.copy(project / "target" / "semantic_manifest.json", folder / "semantic_manifest.json")
        for seed in (project / "seeds").rglob("*.csv"):
            if not (folder / "extra" / seed.name).exists():
                shutil.copy(seed, folder / seed.name)
        os.chdir(project)
        answers = _answers(project)
    versions = {name: metadata.version(name) for name in ("dbt-core", "dbt-duckdb", "dbt-metricflow", "metricflow", "duckdb")}
    text = ",\n".join(json.dumps(answer) for answer in answers)
    (folder / "results.json").write_text(f'{{"versions": {json.dumps(versions)},\n"answers": [\n{text}\n]}}\n')
    print(f"{len(answers)} answers, {sum('error' in answer for answer in answers)} of them errors")


def _project(project: Path, extra: Path) -> Path:
    """The project of the tutorial with the extra models, built."""
    from dbt_metricflow.cli.tutorial import dbtMetricFlowTutorialHelper

    dbtMetricFlowTutorialHelper.generate_dbt_project(project)
    dbtMetricFlowTutorialHelper.generate_model_files(project / "models" / "sample_model")
    dbtMetricFlowTutorialHelper.generate_seed_files(project / "seeds" / "sample_seeds")
    for file in sorted(extra.iterdir()):
        shutil.copy(file, project / ("seeds" if file.suffix == ".csv" else "models") / file.name)
    dbt = Path(sys.executable).parent / "dbt"
    environment = os.environ | {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    subprocess.run([dbt, "build", "--quiet", "--project-dir", project, "--profiles-dir", project], check=True, cwd=project, env=environment)  # our own
    return project


def _answers(project: Path) -> list[dict[str, object]]:
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration

    cli = CLIConfiguration()
    cli.setup(dbt_profiles_path=project, dbt_project_path=project, configure_file_logging=False)
    manifest = json.loads((project / "target" / "semantic_manifest.json").read_text())
    answers = []
    for metric in manifest["metrics"]:
        model = _model(metric, manifest)
        for group in ((), *((time,) for time in SPINED), *((name,) for name in OVER[model]), ("metric_time__month", OVER[model][0])):
            answers.append(_ask(cli.mf, metric, group, None))
        for where in WHERE[model]:
            answers += [_ask(cli.mf, metric, (), where), _ask(cli.mf, metric, ("metric_time__month",), where)]
        answers += [_ask(cli.mf, metric, group, None, START, END) for group in ((), ("metric_time",), ("metric_time__week",))]
    return answers


def _model(metric: dict, manifest: dict) -> str:
    """The semantic model that all measures of a metric are of, or `shared`."""
    measures = {measure["name"] for measure in metric["type_params"]["input_measures"]}
    models = {model["name"] for model in manifest["semantic_models"] for measure in model["measures"] if measure["name"] in measures}
    return models.pop() if len(models) == 1 else "shared"


def _ask(engine: object, metric: dict, group: tuple[str, ...], where: str | None, start: str | None = None, end: str | None = None) -> dict[str, object]:
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    asked = {"metric": metric["name"], "type": metric["type"], "group_by": list(group), "where": where, "start": start, "end": end}
    try:
        request = MetricFlowQueryRequest.create(
            metric_names=[metric["name"]],
            group_by_names=list(group) or None,
            where_constraints=[where] if where else None,
            time_constraint_start=datetime.datetime.fromisoformat(start) if start else None,
            time_constraint_end=datetime.datetime.fromisoformat(end) if end else None,
            order_by_names=list(group) or None,
        )
        table = engine.query(request).result_df
    except Exception as error:  # whatever it refuses is part of what it answers
        return asked | {"error": " ".join(str(error).split()).partition("Message: ")[2][:160] or type(error).__name__}
    return asked | {"columns": list(table.column_names), "rows": [[_plain(cell) for cell in row] for row in table.rows]}


def _plain(cell: object) -> object:
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.isoformat()[:10]
    if isinstance(cell, decimal.Decimal):
        return float(cell)
    return None if isinstance(cell, float) and math.isnan(cell) else cell


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
