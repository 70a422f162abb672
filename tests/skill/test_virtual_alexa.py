"""npm virtual-alexa, a client that others wrote, speaks to the served skill over HTTP from the generated model, and hears what our simulator hears."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from insights.language.intents import load
from skill.handler import Skill
from skill.spoken import spoken
from skill.verify import Verifier
from skill.web import AlexaApp
from tests.skill.conftest import APPLICATION, CHAIN_URL, NOW
from tests.skill.simulator import Model
from tests.skill.test_every_sample import TODAY, expanded
from tests.skill.test_model import TOP, language_model

NODE = TOP / "tests" / "node"
MODEL = TOP / "interaction-models" / "en-US.json"
# It takes any utterance with one of these in it for "Alexa, open ...".
LAUNCHES = re.compile("ask|open|launch|tell")


class Signing(BaseHTTPRequestHandler):
    """What Alexa does to a request on its way: dates and signs it."""

    sign: staticmethod
    port: int

    def do_POST(self) -> None:
        """Pass it on, and the answer back."""
        envelope = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        envelope["request"]["timestamp"] = NOW.isoformat().replace("+00:00", "Z")
        body = json.dumps(envelope).encode()
        signed = {"Signature-256": base64.b64encode(self.sign(body)).decode(), "SignatureCertChainUrl": CHAIN_URL, "Content-Type": "application/json"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/alexa", body=body, headers=signed)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *said) -> None:
        """Say nothing."""


@pytest.fixture
def address(assistant, configuration, authority):
    """Where a client that signs nothing reaches the skill as `insights serve` serves it."""
    leaf = authority.leaf()
    intents = {intent.name: intent for intent in spoken(load())}
    skill = Skill(configuration=configuration, open_assistant=lambda: assistant, intents=lambda: intents)
    chain = leaf.pem + authority.intermediate.pem
    verifier = Verifier(skill_id=APPLICATION, fetch=lambda url: chain, roots=lambda: [authority.root.certificate], clock=lambda: NOW)
    routes = [Route("/alexa", endpoint=AlexaApp(skill, verifier))]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=0, log_level="warning"))
    served = threading.Thread(target=server.run, daemon=True)
    served.start()
    for _ in range(1200):
        if server.started:
            break
        served.join(0.05)
    assert server.started
    handler = type("Handler", (Signing,), {"sign": staticmethod(leaf.sign), "port": server.servers[0].sockets[0].getsockname()[1]})
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{proxy.server_port}/alexa"
    proxy.shutdown()
    proxy.server_close()
    server.should_exit = True
    served.join(60)


def talk(utterances, address):
    """What virtual-alexa makes of each utterance."""
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules" / "virtual-alexa").is_dir():
        assert not os.environ.get("CI"), "virtual-alexa is missing: run npm install in tests/node"
        pytest.skip("virtual-alexa is not installed: run npm install in tests/node")
    command = [node, "talk.js", str(MODEL), address, APPLICATION]
    done = subprocess.run(command, cwd=NODE, input=json.dumps(utterances), capture_output=True, text=True, timeout=300, check=True)
    return json.loads(done.stdout)


def test_an_independent_client_agrees(address, assistant, check_response):
    """A sample of every intent, over HTTP, signed: it is heard as the same intent, and the response is one that Alexa takes."""
    document = json.loads(MODEL.read_text("utf-8"))
    model = Model(document)
    first: dict[str, str] = {}
    for name, said in expanded(language_model(document)):
        if not LAUNCHES.search(said) and (found := model.hear(said, TODAY)) is not None and found.intent == name:
            first.setdefault(name, said)
    heard = talk([None, *first.values()], address)
    assert heard[0]["intent"] == "LaunchRequest"
    failed, differs = [], []
    for name, one in zip(first, heard[1:], strict=True):
        if "error" in one:
            failed.append((name, one["said"], one["error"]))
            continue
        check_response({key: value for key, value in one["response"].items() if key in ("version", "response", "sessionAttributes")})
        # A whole utterance is also a first word with free words behind it: then the core must be told the very same.
        same = name == "PhraseIntent" and any(turn.text == one["said"] for turn in assistant.turns)
        if one["intent"] != name and not same:
            differs.append((name, one["said"], one["intent"]))
    assert failed == []
    assert differs == []
    assert len(first) > 150
    assert len(assistant.turns) > 140
