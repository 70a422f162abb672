"""Envelopes, a core that is only as clever as these tests need, and certificates of our own making."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from insights.catalog.model import Catalog, Dataset, Field, FieldId, Metric, RowPolicy
from insights.introductions import Introductions
from insights.lake.source import Source
from insights.organization import Device, Organization, Person, Room
from insights.turns import Reply, Turn
from skill.configuration import Configuration
from skill.handler import Skill
from skill.spoken import spoken

HERE = Path(__file__).parent
APPLICATION = "amzn1.ask.skill.11111111-2222-3333-4444-555555555555"
FERN, ADAS_DESK = "amzn1.ask.device.AFERNROOM", "amzn1.ask.device.AADADESK"
ADAS_VOICE, SAMS_VOICE, ADAS_ACCOUNT = "amzn1.ask.person.AADA", "amzn1.ask.person.ASAM", "amzn1.ask.account.AADA"


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """An intent as the core declares it."""

    name: str
    kind: str
    samples: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    afterwards: tuple[str, ...] = ()


DECLARED = (
    Declaration(name="ask", kind="metric_question", carriers=("what is", "how many", "why", "show me", "what about")),
    Declaration(name="book_room", kind="book_room", samples=("book a room",), carriers=("book", "reserve", "i need {query} for a meeting")),
    Declaration(name="my_calendar", kind="my_calendar", samples=("what have I booked?", "what's on my calendar")),
)


class NobodyKnown:
    """What a ledger says of accounts and devices before anybody was met."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        known = {"bound": None, "bindings_of": (), "known_devices": (), "meet_device": SimpleNamespace(state="unknown")}
        return lambda *given, **named: known[name]


class NothingRecalled:
    """A core that remembers nothing, and sends nothing later."""

    def keep(self, turn: Turn, reply: Reply, *, place: str) -> None:
        """Forget it."""

    def again(self, turn: Turn, *, place: str) -> Reply:
        """Nothing was said."""
        return Reply(outcome="understood", utterance=turn.text, speech="Nothing yet.", text="Nothing yet.")

    def can_wait(self, turn: Turn) -> bool:
        """Nothing can."""
        return False


@dataclass
class FakeAssistant:
    """Says what it is told to say, and remembers the turns it got."""

    catalog: Catalog
    organization: Organization
    answer: Callable[[Turn], Reply]
    introductions: Any = None
    recalling: Any = None
    wording: Any = None
    turns: list[Turn] = field(default_factory=list)
    clock: datetime = datetime(2026, 11, 23, 10, 5, 5)

    def __post_init__(self) -> None:
        """Know nobody but whom the organization has, and remember nothing."""
        self.introductions = self.introductions or Introductions(self.organization, NobodyKnown, self.now)
        self.recalling = self.recalling or NothingRecalled()

    def now(self) -> datetime:
        """A minute after the envelopes were sent."""
        return self.clock

    def reply(self, turn: Turn) -> Reply:
        """Answer one turn."""
        self.turns.append(turn)
        return self.answer(turn)


def answered(turn: Turn) -> Reply:
    """An answer, as the core gives it."""
    return Reply(outcome="understood", utterance=turn.text, speech="Revenue was 4.2 million dollars.", text="Revenue, October 2026: $4,213,777")


def asked_back(turn: Turn) -> Reply:
    """A question back."""
    question = "Do you mean net revenue or gross revenue?"
    return Reply(outcome="clarify", utterance=turn.text, speech=question, text=question, question=question)


@pytest.fixture
def declared() -> tuple[Declaration, ...]:
    """What people can say, in miniature."""
    return DECLARED


def _field(dataset: str, name: str, role: str, **more: Any) -> Field:
    return Field(id=FieldId(dataset, name), expression=(name,), kind="text", role=role, label=name.replace("_", " "), **more)


def _dataset(name: str, *fields: Field, **more: Any) -> Dataset:
    return Dataset(name=name, source=Source(paths=(f"{name}.parquet",), format="parquet"), fields={f.id.name: f for f in fields}, **more)


@pytest.fixture
def catalog() -> Catalog:
    """Orders of customers (rows by policy), salaries (confidential), and plans that everybody may know."""
    datasets = (
        _dataset("plans", _field("plans", "plan", "dimension", synonyms=("tariff",), values={"Basic": ("starter",), "Premium": ()})),
        _dataset("customers", _field("customers", "region", "dimension", values={"EMEA": ("europe",)})),
        _dataset("salaries", _field("salaries", "pay_band", "dimension", values={"Directors": ()}), sensitivity="confidential"),
    )
    metrics = (
        Metric(name="revenue", label="Revenue", formula=("1",), synonyms=("turnover", "sales")),
        Metric(name="orders", label="Orders", formula=("1",), synonyms=("sales",)),
        Metric(name="payroll", label="Payroll cost", formula=("1",), synonyms=("wage bill",), sensitivity="confidential"),
    )
    return Catalog(
        name="halcyon",
        version="1",
        timezone="America/New_York",
        datasets={d.name: d for d in datasets},
        metrics={m.name: m for m in metrics},
        policies=(RowPolicy(dataset="customers", roles=("regional_manager",), where={"region": "{person.region}"}),),
    )


@pytest.fixture
def organization() -> Organization:
    """A room with a device, Ada's desk with one, and Sam."""
    people = (Person(id="ada", name="Ada"), Person(id="sam", name="Sam"))
    devices = (Device(id="echo-fern", room="fern"), Device(id="echo-ada", person="ada"))
    return Organization(people={p.id: p for p in people}, rooms={"fern": Room(id="fern", name="Fern", capacity=6)}, devices={d.id: d for d in devices})


@pytest.fixture
def configuration() -> Configuration:
    """Two devices and two voices are mapped."""
    return Configuration(
        skill_id=APPLICATION,
        devices={FERN: "echo-fern", ADAS_DESK: "echo-ada"},
        people={ADAS_VOICE: "ada", SAMS_VOICE: "sam", ADAS_ACCOUNT: "ada"},
    )


@pytest.fixture
def assistant(catalog: Catalog, organization: Organization) -> FakeAssistant:
    """A core that answers everything."""
    return FakeAssistant(catalog=catalog, organization=organization, answer=answered)


@pytest.fixture
def skill(assistant: FakeAssistant, configuration: Configuration) -> Skill:
    """The skill on that core."""
    return Skill(configuration=configuration, open_assistant=lambda: assistant, intents=lambda: {i.name: i for i in spoken(DECLARED)})


@pytest.fixture
def event() -> Callable[[str], dict[str, Any]]:
    """A fresh copy of an envelope by the name of its file."""

    def load(name: str) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((HERE / "envelopes" / f"{name}.json").read_text("utf-8"))
        return loaded

    return load


@pytest.fixture
def check_response() -> Callable[[Any], str]:
    """Assert that a response is one Alexa accepts; gives the words that are spoken."""
    return _check_response


def _check_response(response: Any) -> str:
    document = json.dumps(response).encode("utf-8")
    assert len(document) <= 24 * 1024
    assert response["version"] == "1.0"
    body = response["response"]
    assert isinstance(body, dict)
    heard = [_spoken(body["outputSpeech"])] if "outputSpeech" in body else []
    if body.get("shouldEndSession") is False:
        assert _spoken(body["reprompt"]["outputSpeech"]), "the microphone is open and nothing says so"
    else:
        assert "reprompt" not in body
    if "card" in body:
        card = body["card"]
        assert card["type"] in ("Simple", "LinkAccount")
        if card["type"] == "Simple":
            assert card["content"].strip()
            assert len(card["title"] + card["content"]) <= 8000
            (card["title"] + card["content"]).encode("utf-8")  # a lone surrogate cannot be
    return heard[0] if heard else ""


def _spoken(speech: dict[str, Any]) -> str:
    assert speech["type"] == "SSML"
    assert len(speech["ssml"]) <= 8000
    root = ElementTree.fromstring(speech["ssml"].encode("utf-8"))
    assert root.tag == "speak"
    slowly = list(root)
    assert [(one.tag, one.attrib) for one in slowly] in ([], [("prosody", {"rate": "slow"})]), "nothing that was said may become an element"
    words = "".join(root.itertext())
    assert words.strip()
    return words


NOW = datetime(2026, 11, 23, 15, 4, 35, tzinfo=UTC)
CHAIN_URL = "https://s3.amazonaws.com/echo.api/echo-api-cert-13.pem"


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Any

    @property
    def pem(self) -> bytes:
        """The certificate alone."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def sign(self, body: bytes) -> bytes:
        """An RSA signature over SHA-256."""
        signed: bytes = self.key.sign(body, padding.PKCS1v15(), hashes.SHA256())
        return signed


@dataclass
class Authority:
    """Makes certificates; keys are reused, because making them is slow and tells nothing."""

    root: Issued
    intermediate: Issued
    leaf_key: rsa.RSAPrivateKey

    def leaf(
        self,
        *,
        names: tuple[str, ...] = ("echo-api.amazon.com",),
        first: datetime = NOW - timedelta(days=30),
        last: datetime = NOW + timedelta(days=30),
        by: Issued | None = None,
        key: Any = None,
        ca: bool = False,
        usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    ) -> Issued:
        """A signing certificate, sound unless told otherwise."""
        return issue("echo-api.amazon.com", key or self.leaf_key, by or self.intermediate, names=names, first=first, last=last, ca=ca, usage=usage)


def issue(
    name: str,
    key: Any,
    by: Issued | None,
    *,
    names: tuple[str, ...] = (),
    first: datetime = NOW - timedelta(days=365),
    last: datetime = NOW + timedelta(days=365),
    ca: bool,
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
) -> Issued:
    """A certificate for `name`, signed by `by` or by itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = by.key if by else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, content_commitment=False, key_encipherment=False,
                data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
    )  # fmt: skip
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
    if not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    return Issued(certificate=builder.sign(signer, hashes.SHA256()), key=key)


@pytest.fixture(scope="session")
def authority() -> Authority:
    """A root, an intermediate below it, and a key for leaves."""
    root = issue("Test Root", ec.generate_private_key(ec.SECP256R1()), None, ca=True)
    intermediate = issue("Test Intermediate", ec.generate_private_key(ec.SECP256R1()), root, ca=True)
    return Authority(root=root, intermediate=intermediate, leaf_key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
