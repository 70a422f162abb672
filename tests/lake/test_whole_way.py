"""The whole way: a catalog whose rows are in S3, asked at the shell; a manifest beside it."""

import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from insights import wiring
from insights.cli import group
from insights.errors import WrongCatalog
from insights.turns import Turn

MODEL = """\
version: "0.1.1"
semantic_model:
  - name: shop
    datasets:
      - name: orders
        source: {source}
        primary_key: [id]
        fields:
          - {{name: id, expression: {{dialects: [{{dialect: ANSI_SQL, expression: id}}]}}}}
          - {{name: ordered_on, expression: {{dialects: [{{dialect: ANSI_SQL, expression: ordered_on}}]}}, dimension: {{is_time: true}}}}
          - {{name: region, expression: {{dialects: [{{dialect: ANSI_SQL, expression: region}}]}}, dimension: {{is_time: false}}}}
    metrics:
      - name: revenue
        expression: {{dialects: [{{dialect: ANSI_SQL, expression: SUM(orders.amount)}}]}}
"""
ASKED = "revenue by region in May 2023"


def catalog(folder, source):
    """A catalog folder with one dataset."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.yaml").write_text(MODEL.format(source=source))
    return folder


@pytest.fixture
def run(bucket, tmp_path, monkeypatch):
    """The program, with settings that lead to the bucket."""
    monkeypatch.setenv("INSIGHTS_LAKE__ENDPOINT_URL", bucket.proxy.endpoint)
    monkeypatch.setenv("INSIGHTS_LAKE__REGION", "us-east-1")
    monkeypatch.setenv("INSIGHTS_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(group, [str(word) for word in words])


def test_a_catalog_over_s3_answers_as_over_the_files(run, bucket, months, tmp_path):
    """The same rows; without a manifest the answer says that the files were trusted on first use."""
    there, here = catalog(tmp_path / "there", f"s3://{bucket.name}/orders/"), catalog(tmp_path / "here", f"{months}/")
    answers = [json.loads(run("ask", "--catalog", place, "--today", "2024-03-31", ASKED, "--format", "json").stdout)["answer"] for place in (there, here)]
    assert answers[0]["rows"] == answers[1]["rows"]
    assert len(answers[0]["rows"]) == 5
    assert answers[0]["trust"] == "first use"
    assert "trusted on first use" in answers[0]["text"]


def test_a_manifest_is_written_checked_and_kept_to(run, bucket, tmp_path):
    """From then on the answer says so, and a file that differs is named and refused."""
    place = catalog(tmp_path / "there", f"s3://{bucket.name}/orders/")
    assert "6 files" in run("lake", "manifest", "--catalog", place).output
    assert run("lake", "check", "--catalog", place).exit_code == 0
    assert json.loads(run("ask", "--catalog", place, "--today", "2024-03-31", ASKED, "--format", "json").stdout)["answer"]["trust"] == "manifest"
    assert "vouched for" in run("lake", "status", "--catalog", place).output
    whole = bucket.client.get_object(Bucket=bucket.name, Key=bucket.key(2023, 5))["Body"].read()
    bucket.put(bucket.key(2023, 5), whole[:-20])
    checked = run("lake", "check", "--catalog", place)
    assert checked.exit_code == 1
    assert "month=05/part-0.parquet: it has" in checked.output
    with pytest.raises(WrongCatalog, match=r": orders/year=2023/month=05/part-0.parquet is not the file that was vouched for"):
        wiring.open_catalog(place, home=tmp_path / "home", lake={"endpoint_url": bucket.proxy.endpoint, "region": "us-east-1"})


def test_a_server_refuses_what_was_replaced_under_it(run, bucket, tmp_path, monkeypatch):
    """With the name of the file and the age of the last good answer, in words."""
    from insights.lake import listings

    place = catalog(tmp_path / "there", f"s3://{bucket.name}/orders/")
    run("lake", "manifest", "--catalog", place)
    options = {"endpoint_url": bucket.proxy.endpoint, "region": "us-east-1"}
    monkeypatch.setattr(listings, "CURRENT", 0.0)
    with closing(wiring.open_catalog(place, home=tmp_path / "home", lake=options)) as assistant:
        assert assistant.reply(Turn(ASKED)).answer is not None
        bucket.put(bucket.key(2023, 5), b"PAR1 something else PAR1")
        reply = assistant.reply(Turn(ASKED))
        assert reply.answer is None
        assert "art-0.parquet is not the file that was vouched for" in reply.text
        assert "last good answer" in reply.text


def test_a_server_takes_up_a_manifest_that_was_written_again(run, bucket, tmp_path, monkeypatch):
    """New data are refused until somebody vouches for them, and answered then without starting anew."""
    from insights.lake import listings

    place = catalog(tmp_path / "there", f"s3://{bucket.name}/orders/")
    run("lake", "manifest", "--catalog", place)
    options = {"endpoint_url": bucket.proxy.endpoint, "region": "us-east-1"}
    monkeypatch.setattr(listings, "CURRENT", 0.0)
    with closing(wiring.open_catalog(place, home=tmp_path / "home", lake=options)) as assistant:
        before = assistant.reply(Turn("revenue in May 2023")).answer.value
        data = bucket.client.get_object(Bucket=bucket.name, Key=bucket.key(2023, 5))["Body"].read()
        bucket.put("orders/year=2023/month=05/part-1.parquet", data)
        assert assistant.reply(Turn("revenue in May 2023")).answer is None
        run("lake", "manifest", "--catalog", place)
        assert assistant.renew()
        assert assistant.reply(Turn("revenue in May 2023")).answer.value == 2 * before
