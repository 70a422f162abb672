"""`make bench-skill`: the Alexa skill over HTTP on the demo company: the cold first answer, warm answers at ten requests a second, a back end that stalls."""

from __future__ import annotations

import argparse
import base64
import copy
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from starlette.applications import Starlette
from starlette.routing import Route

from benchmarks.figures import as_installed
from insights import wiring
from insights.demo.company import ROWS, SEED, make, standing
from insights.language.intents import load
from skill.configuration import Configuration
from skill.handler import Skill
from skill.model import written
from skill.verify import Verifier
from skill.web import AlexaApp
from tests.skill.conftest import APPLICATION, CHAIN_URL, Authority, issue
from tests.skill.simulator import ENVELOPE, Echo, Model

ROOT = Path(__file__).parents[1]
QUESTIONS = (
    *("what was revenue last month", "show me revenue by market last year", "how many orders were there last quarter", "what about last quarter"),
    *(
        "which rooms are free",
        "is this room free",
        "what's on my calendar",
        "show me revenue by month last year",
        "what can i ask",
        "top 3 markets by revenue in 2025",
    ),
    *("why did revenue fall in may", "what is the wifi password"),
)
COLD = """
import json, sys, time
began = time.perf_counter()
from skill.handler import Skill
from skill.configuration import Configuration
from pathlib import Path
def opened():
    from insights.wiring import open_catalog
    return open_catalog(Path(sys.argv[1]), home=Path(sys.argv[2]))
skill = Skill(configuration=Configuration(skill_id=sys.argv[3]), open_assistant=opened)
said = skill.handle(json.loads(sys.stdin.read()))
print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time(), "said": said["response"]["outputSpeech"]["ssml"]}))
"""


def main() -> None:
    """Run and print all three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="how long the load lasts")
    parser.add_argument("--rate", type=float, default=10.0, help="requests a second")
    parser.add_argument("--stall", type=float, default=20.0, help="seconds the back end does not answer")
    given = parser.parse_args()
    folder = ROOT / ".insights" / "demo"
    company = standing(folder, rows=ROWS, seed=SEED) or make(folder, rows=ROWS, seed=SEED)
    with tempfile.TemporaryDirectory() as home:
        print(f"demo company, {ROWS:,} rows; {os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}")
        cold(company.folder, Path(home))
        with closing(wiring.open_catalog(company.folder, home=Path(home))) as assistant:
            warm(assistant, given.seconds, given.rate)
            stalled(assistant, given.stall)


def cold(folder: Path, home: Path) -> None:
    """A process that starts with the first question, with and without caches of an earlier one."""
    for label in ("", "without caches", "with caches", "with caches"):
        question = json.dumps(asked("AskIntent", "revenue last month"))
        command = [sys.executable, "-c", COLD, str(folder), str(home if label else home / "compiling"), APPLICATION]
        done = subprocess.run(command, input=question, capture_output=True, text=True, check=True, cwd=ROOT, env=as_installed(home))
        if not label:
            continue  # the program is compiled now, as it is when it is installed
        inside = json.loads(done.stdout.splitlines()[-1])
        took, cpu = f"{inside['seconds']:.2f} s", f"{inside['cpu']:.2f} s of processor time, start of the interpreter included"
        print(f"cold first answer, {label}: {took} ({cpu}): {inside['said'][7:60]}...")


def asked(intent: str, query: str) -> dict:
    """An envelope with a question."""
    envelope = copy.deepcopy(ENVELOPE)
    envelope["request"]["intent"] = {"name": intent, "confirmationStatus": "NONE", "slots": {"query": {"name": "query", "value": query}}}
    return envelope


def unsent(_address: str, _token: str, _body: bytes) -> None:
    """No word in between leaves this machine."""


def warm(assistant, seconds: int, rate: float) -> None:
    """Signed requests over HTTP, started at their times whether or not earlier ones are done."""
    root = issue("Root", ec.generate_private_key(ec.SECP256R1()), None, ca=True)
    intermediate = issue("Intermediate", ec.generate_private_key(ec.SECP256R1()), root, ca=True)
    now = datetime.now(UTC)
    authority = Authority(root=root, intermediate=intermediate, leaf_key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    leaf = authority.leaf(first=now.replace(year=now.year - 1, day=1), last=now.replace(year=now.year + 1, day=1))
    chain = leaf.pem + intermediate.pem
    people = {f"amzn1.ask.person.{person}": person for person in assistant.organization.people}
    skill = Skill(configuration=Configuration(skill_id=APPLICATION, people=people), open_assistant=lambda: assistant, sender=unsent)
    verifier = Verifier(skill_id=APPLICATION, fetch=lambda _: chain, roots=lambda: [root.certificate])
    served = Starlette(routes=[Route("/alexa", endpoint=AlexaApp(skill, verifier))])
    server = uvicorn.Server(uvicorn.Config(served, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    model = Model(json.loads(written(assistant.catalog, load(), rooms=assistant.organization.rooms.values())))

    def post(envelope: dict) -> dict:
        envelope["request"]["timestamp"] = datetime.now(UTC).isoformat()
        body = json.dumps(envelope).encode()
        headers = {"Signature-256": base64.b64encode(leaf.sign(body)).decode(), "SignatureCertChainUrl": CHAIN_URL, "Content-Type": "application/json"}
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/alexa", body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        assert answer.status == 200, answer.status
        return json.loads(content)

    def one(number: int) -> float:
        echo = Echo(model, post, device=("echo-fern", "echo-ada", "echo-boardroom")[number % 3], voice="amzn1.ask.person.ada")
        prepared = model.hear(QUESTIONS[number % len(QUESTIONS)], now.date())
        assert prepared is not None
        began = time.perf_counter()
        echo.intend(prepared)
        return time.perf_counter() - began

    for number in range(len(QUESTIONS)):
        one(number)
    count, start, worked = int(seconds * rate), time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(32) as pool:
        running = []
        for number in range(count):
            time.sleep(max(0.0, start + number / rate - time.perf_counter()))
            running.append(pool.submit(one, number))
        took = sorted(1000 * done.result() for done in running)
    quantiles = statistics.quantiles(took, n=100)
    figures = ", ".join(f"p{n} {quantiles[n - 1]:.0f} ms" for n in (50, 95, 99))
    print(f"warm at {rate:g} requests a second, {count} requests of {len(QUESTIONS)} kinds: {figures}, the slowest {took[-1]:.0f} ms")
    print(f"  processor time: {1000 * (time.process_time() - worked) / count:.0f} ms a request, the client that signs included")
    server.should_exit = True
    thread.join()


def stalled(assistant, seconds: float) -> None:
    """The core does not answer for so long; the person does not wait for it."""

    class Stalling:
        def __getattr__(self, name: str) -> object:
            return getattr(assistant, name)

        def reply(self, turn):
            time.sleep(seconds)
            return assistant.reply(turn)

    words: list[float] = []
    began = time.perf_counter()

    def note(_address: str, _token: str, _body: bytes) -> None:
        words.append(time.perf_counter() - began)

    people = {"amzn1.ask.person.ada": "ada"}
    configuration = Configuration(skill_id=APPLICATION, people=people)
    skill = Skill(configuration=configuration, open_assistant=Stalling, sender=note)
    envelope = asked("AskIntent", "revenue last month")
    envelope["context"]["System"]["person"] = {"personId": "amzn1.ask.person.ada"}
    began = time.perf_counter()
    said = skill.handle(envelope)["response"]["outputSpeech"]["ssml"]
    print(f"a back end that stalls for {seconds:g} s: a word after {words[0]:.1f} s, answered after {time.perf_counter() - began:.2f} s: {said}")


if __name__ == "__main__":
    main()
