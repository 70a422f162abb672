"""A metric that an endpoint of SageMaker predicts: asked over HTTP as the real one is, with everything that goes wrong there."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from insights import Turn, wiring
from insights.errors import WrongCatalog, WrongSettings
from insights.settings import Settings

FIELD = "          - {{name: {0}, expression: {{dialects: [{{dialect: ANSI_SQL, expression: {0}}}]}}{1}}}\n"
MODEL = (
    """
version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: orders
        source: orders.csv
        primary_key: [id]
        fields:
"""
    + FIELD.format("id", "")
    + FIELD.format("day", ", dimension: {is_time: true}")
    + FIELD.format("region", ", dimension: {is_time: false}")
    + FIELD.format("device", ", dimension: {is_time: false}")
    + FIELD.format("amount", "")
    + """    metrics:
      - {name: revenue, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(orders.amount)}]}}
      - {name: orders, expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(orders.id)}]}}
      - {name: margin, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(orders.amount) * 0.2}]}}
"""
)
OVERLAY = """
version: 1
today: 2026-05-31
metrics:
  revenue: {label: Revenue, unit: USD, good: up, time: orders.day}
  orders: {label: Orders, time: orders.day}
  margin: {label: Margin, unit: USD, time: orders.day, sensitivity: confidential}
  demand: {label: Planned demand, unit: USD, good: up}
models:
  demand_net: {metric: demand, owner: data science, trained_through: 2026-03-31, error: 8%, error_measure: MAPE over 2025,
    endpoint: demand-net, inputs: [region, month, revenue, orders], grain: month, ahead: 1}
"""
ROWS = [
    *((2026, 3, "North", 40.0), (2026, 3, "South", 25.0), (2026, 4, "North", 100.0), (2026, 4, "North", 20.0)),
    *((2026, 4, "South", 50.0), (2026, 5, "North", 70.0), (2026, 5, "South", 30.0), (2026, 5, "South", 31.5)),
]


class Runtime(BaseHTTPRequestHandler):
    """Speaks like SageMaker's runtime. Its model predicts 3 times the revenue plus the orders; `script` holds what goes otherwise, call by call."""

    def do_POST(self) -> None:
        """One invocation."""
        server = self.server
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        server.calls.append((self.path, self.headers["Content-Type"], sent, self.headers.get("Authorization", "")))
        status, kind, body = server.script.pop(0) if server.script else (200, None, None)
        if kind == "slow":
            server.woken.wait(5)
        if status == 200:
            body = body if body is not None else self.predicted(sent)
        self.send_response(status)
        if status != 200:
            self.send_header("x-amzn-ErrorType", kind)
            self.send_header("Content-Type", "application/json")
        else:
            self.send_header("Content-Type", self.headers["Content-Type"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def predicted(self, sent: bytes) -> bytes:
        """What the model says to rows, in the format they came in."""
        if self.headers["Content-Type"] == "application/json":
            rows = [one["features"] for one in json.loads(sent)["instances"]]
            return json.dumps({"predictions": [{"score": 3 * float(row[2]) + float(row[3])} for row in rows]}).encode()
        return "\n".join(str(3 * float(row[2]) + float(row[3])) for row in csv.reader(io.StringIO(sent.decode()))).encode()

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def runtime(monkeypatch):
    """A runtime on loopback, and made-up credentials where boto3 looks for them."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": "/nowhere",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Runtime)
    server.calls, server.script, server.woken = [], [], threading.Event()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.woken.set()
    server.shutdown()
    server.server_close()


def shop(folder, overlay=OVERLAY):
    """A shop of three months and two regions."""
    (folder / "model.yaml").write_text(MODEL)
    (folder / "assistant.yaml").write_text(overlay)
    rows = [f"{n},{year}-{month:02d}-15,{region},{'phone' if n % 2 else 'tv'},{amount}" for n, (year, month, region, amount) in enumerate(ROWS)]
    ends = ["90,2026-03-01,North,tv,0", "91,2026-05-31,South,tv,0"]
    (folder / "orders.csv").write_text("\n".join(["id,day,region,device,amount", *rows, *ends]) + "\n")
    return folder


def opened(folder, runtime, **settings):
    """The assistant of a shop whose models are reached at the runtime."""
    said = {"endpoint_url": f"http://127.0.0.1:{runtime.server_port}", "region": "eu-west-1", **settings}
    made = Settings(home=folder / "home", sections={"models": said})
    return closing(wiring.open_catalog(folder, home=folder / "home", settings=made))


def by_hand(month: int, region: str) -> float:
    """What the model says of a month's rows: 3 times what they add up to, plus how many they are (those of nothing at either end too)."""
    amounts = [amount for _, at, where, amount in ROWS if (at, where) == (month, region)]
    return 3 * sum(amounts) + len(amounts) + ((month, region) in ((3, "North"), (5, "South")))


def test_an_endpoint_is_asked_with_the_figures_of_the_catalog(tmp_path, runtime) -> None:
    """Its inputs are the metrics of the month before by region, in the order declared; June is what it makes of May."""
    with opened(shop(tmp_path), runtime) as assistant:
        reply = assistant.reply(Turn("planned demand in June 2026"))
        assert reply.outcome == "understood", (reply.text, reply.request)
        assert reply.answer.value == pytest.approx(by_hand(5, "North") + by_hand(5, "South"))
        ((path, kind, sent, signed),) = runtime.calls
        assert path == "/endpoints/demand-net/invocations"
        assert kind == "text/csv"
        assert sorted(sent.decode().splitlines()) == ["North,2026-06-01,70.0,1", "South,2026-06-01,61.5,3"]
        assert "eu-west-1/sagemaker" in signed
        assert "Predicted by demand net (data science), trained through March 31, 2026; its error is 8% (MAPE over 2025)" in reply.text
        assert "That is a prediction, whose error is 8 percent." in reply.speech
        assert "1 month before" in reply.text
        assert reply.answer.definition[0].owner == "data science"


def test_predictions_are_told_by_group_over_time_in_order_and_compared(tmp_path, runtime) -> None:
    """The same figures whichever way they are asked for."""
    with opened(shop(tmp_path), runtime) as assistant:
        by = assistant.reply(Turn("planned demand by region in June 2026"))
        assert {row["region"]: row["demand"] for row in by.answer.rows} == {one: pytest.approx(by_hand(5, one)) for one in ("North", "South")}
        over = assistant.reply(Turn("planned demand by month from April 2026 to June 2026"))
        assert [row["demand"] for row in over.answer.rows] == [pytest.approx(by_hand(m, "North") + by_hand(m, "South")) for m in (3, 4, 5)]
        assert assistant.reply(Turn("trend of planned demand")).answer.rows == over.answer.rows
        told = assistant.reply(Turn("what will planned demand be in June 2026"))
        assert told.answer.value == pytest.approx(by_hand(5, "North") + by_hand(5, "South"))
        assert told.request.analysis == "forecast"
        top = assistant.reply(Turn("top region by planned demand in May 2026"))
        assert [(row["region"], row["demand"]) for row in top.answer.rows] == [("North", pytest.approx(by_hand(4, "North")))]
        only = assistant.reply(Turn("planned demand in South in May 2026"))
        assert only.answer.value == pytest.approx(by_hand(4, "South"))
        both = assistant.reply(Turn("compare planned demand in May 2026 with April 2026"))
        now, was = (by_hand(m, "North") + by_hand(m, "South") for m in (4, 3))
        assert (both.answer.value, both.answer.comparison.value, both.answer.comparison.change) == (
            pytest.approx(now),
            pytest.approx(was),
            pytest.approx(now - was),
        )


def test_the_mean_is_taken_by_weight_and_json_is_spoken(tmp_path, runtime) -> None:
    """Two regions, the second with more orders, weigh as many as they have."""
    overlay = OVERLAY.replace("ahead: 1}", "combine: average, weight: orders, format: json}")
    with opened(shop(tmp_path, overlay), runtime) as assistant:
        reply = assistant.reply(Turn("planned demand in May 2026"))
        assert runtime.calls[0][1] == "application/json"
        assert reply.answer.value == pytest.approx((by_hand(5, "North") * 1 + by_hand(5, "South") * 3) / 4)


def test_the_same_inputs_are_sent_once_until_the_data_changes(tmp_path, runtime) -> None:
    """Kept by what was sent: other data are other inputs."""
    with opened(shop(tmp_path), runtime) as assistant:
        first = assistant.reply(Turn("planned demand in June 2026")).answer.value
        assert assistant.reply(Turn("planned demand by region in June 2026")).outcome == "understood"
        assert len(runtime.calls) == 1
        (tmp_path / "orders.csv").write_text((tmp_path / "orders.csv").read_text() + "99,2026-05-20,North,tv,1000\n")
        assert assistant.reply(Turn("planned demand in June 2026")).answer.value == pytest.approx(first + 3001)
        assert len(runtime.calls) == 2


@pytest.mark.parametrize(
    ("script", "said", "calls"),
    [
        ([(429, "ThrottlingException", b'{"message": "slow down"}')], None, 2),
        ([(429, "ModelNotReadyException", b'{"message": "warming up"}')], None, 2),
        ([(503, "ServiceUnavailable", b'{"message": "later"}')] * 2, "has too much to do", 2),
        (
            [(424, "ModelError", b'{"Message": "boom", "OriginalStatusCode": 500, "OriginalMessage": "shape mismatch"}')],
            "Tell data science, who answers for it",
            1,
        ),
        ([(400, "ValidationError", b'{"message": "Endpoint demand-net of account 1 not found."}')], "Tell whoever runs this", 1),
        ([(403, "AccessDeniedException", b'{"message": "no"}')], "may not be asked from here", 1),
        ([(200, None, b"12.5")], "not one number for each row", 1),
        ([(200, None, b"12.5\nnan")], "not one number for each row", 1),
        ([(200, None, b"<html>")], "not one number for each row", 1),
    ],
)
def test_what_goes_wrong_there_is_told_with_the_way_out_and_never_a_number(tmp_path, runtime, script, said, calls) -> None:
    """Busy ones are asked again; a failing model is its owner's, a missing one that of whoever runs the service."""
    runtime.script += script
    with opened(shop(tmp_path), runtime) as assistant:
        reply = assistant.reply(Turn("planned demand in June 2026"))
        assert len(runtime.calls) == calls
        if said is None:
            assert reply.answer.value == pytest.approx(by_hand(5, "North") + by_hand(5, "South"))
        else:
            assert reply.outcome == "failed"
            assert said in reply.text
            assert not any(sign.isdigit() for sign in reply.speech)


def test_a_slow_model_is_given_up_at_the_deadline(tmp_path, runtime) -> None:
    """Long before the model answers."""
    runtime.script.append((200, "slow", b"1\n2"))
    with opened(shop(tmp_path), runtime) as assistant:
        began = time.monotonic()
        reply = assistant.reply(Turn("planned demand in June 2026", deadline=began + 1.5))
        assert time.monotonic() - began < 4
        assert "did not answer in time" in reply.text
        assert "in chat" in reply.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("planned demand by device in June 2026", "for each region"),
        ("planned demand on tv in June 2026", "for each region"),
        ("planned demand in July 2026", "2026-06-01 to 2026-06-30"),
        ("planned demand from June 3 to June 9 2026", "whole months"),
        ("planned demand by day in June 2026", "by month"),
        ("why did planned demand fall in May 2026", "A model predicts planned demand"),
        ("is planned demand trending up", "A model predicts planned demand"),
    ],
)
def test_what_the_model_is_not_made_for_is_refused_and_not_asked(tmp_path, runtime, asked, said) -> None:
    """Other groups, other times and unknown inputs would be another question than it learned to answer."""
    with opened(shop(tmp_path), runtime) as assistant:
        reply = assistant.reply(Turn(asked))
        assert reply.outcome in ("unsupported", "clarify"), reply.text
        assert said in reply.text
        assert not runtime.calls


PEOPLE = """
people:
  - {id: ada, name: Ada, roles: [north]}
  - {id: tv, name: Tove, roles: [televisions]}
  - {id: bob, name: Bob, roles: [finance]}
  - {id: eve, name: Eve, roles: [nobody]}
"""


def test_rows_that_may_not_be_seen_are_not_predicted_from(tmp_path, runtime) -> None:
    """Held to regions, which the model takes one by one, a manager gets theirs; held to anything else, it would be given other sums, and is not asked."""
    rules = """
policies:
  - {dataset: orders, roles: [north], where: {region: North}}
  - {dataset: orders, roles: [televisions], where: {device: tv}}
  - {dataset: orders, roles: [finance], where: {}}
"""
    shop(tmp_path, OVERLAY + rules)
    (tmp_path / "organization.yaml").write_text(PEOPLE)
    with opened(tmp_path, runtime) as assistant:
        assert assistant.reply(Turn("planned demand in June 2026", person="ada")).answer.value == pytest.approx(by_hand(5, "North"))
        assert assistant.reply(Turn("planned demand in June 2026", person="bob")).answer.value == pytest.approx(by_hand(5, "North") + by_hand(5, "South"))
        asked = len(runtime.calls)
        for person in ("tv", "eve"):
            refused = assistant.reply(Turn("planned demand in June 2026", person=person))
            assert refused.outcome == "denied", refused.text
        assert len(runtime.calls) == asked


def test_a_prediction_is_as_confidential_as_what_it_is_made_of(tmp_path, runtime) -> None:
    """Also where somebody declares it less so."""
    for declared in ("", ", sensitivity: internal"):
        overlay = OVERLAY.replace("revenue, orders]", "margin, orders]").replace("unit: USD, good: up}", "unit: USD, good: up" + declared + "}")
        shop(tmp_path, overlay + "access: {confidential: [finance]}\n")
        (tmp_path / "organization.yaml").write_text(PEOPLE)
        with opened(tmp_path, runtime) as assistant:
            assert assistant.reply(Turn("planned demand in June 2026", person="eve")).outcome == "denied"
            assert not runtime.calls
            assert assistant.reply(Turn("planned demand in June 2026", person="bob")).outcome == "understood"
            runtime.calls.clear()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("demand-net,", "demand_net!,"), "is not the name of an endpoint"),
        (("inputs: [region, month, revenue, orders], ", ""), "with at least one metric"),
        (("revenue, orders]", "revnue]"), "revnue"),
        (("revenue, orders]", "demand]"), "defined by itself"),
        (("grain: month, ", ""), "needs 'grain'"),
        (("ahead: 1", "combine: average"), "'average' and 'weight' go together"),
        (("endpoint: demand-net, ", ""), "goes with an endpoint"),
        (("metric: demand,", "metric: revenue,"), "defined besides"),
        (("good: up}\nmodels", "good: up, filter: \"orders.region = 'North'\"}\nmodels"), "filter and time of their own"),
        (("  demand: {label", "  double: {type: derived, expression: demand * 2}\n  demand: {label"), "which an endpoint predicts"),
    ],
)
def test_an_endpoint_that_is_described_wrongly_is_said_with_its_line(tmp_path, changed, said) -> None:
    """Before anybody asks."""
    assert changed[0] in OVERLAY
    with pytest.raises(WrongCatalog) as wrong:
        wiring.open_catalog(shop(tmp_path, OVERLAY.replace(*changed)), home=tmp_path / "home")
    assert said in str(wrong.value)
    assert "assistant.yaml" in str(wrong.value)


def test_wrong_settings_are_named(tmp_path, runtime) -> None:
    """With the nearest that there is."""
    with pytest.raises(WrongSettings, match=r"models\.regoin.*region"), opened(shop(tmp_path), runtime, regoin="x"):
        pass


def test_an_independent_server_understands_what_is_sent(tmp_path, runtime, monkeypatch) -> None:
    """moto's implementation of the runtime gives back what it was told to."""
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        import urllib.request

        at = f"http://127.0.0.1:{server.server_port}"
        results = {"results": [{"Body": "12.5\n30", "ContentType": "text/csv", "InvokedProductionVariant": "a", "CustomAttributes": ""}], "region": "eu-west-1"}
        told = urllib.request.Request(f"{at}/moto-api/static/sagemaker/endpoint-results", json.dumps(results).encode(), {"Content-Type": "application/json"})
        urllib.request.urlopen(told).close()
        with opened(shop(tmp_path), runtime, endpoint_url=at) as assistant:
            assert assistant.reply(Turn("planned demand in June 2026")).answer.value == pytest.approx(42.5)
    finally:
        server.shutdown()
        server.server_close()
