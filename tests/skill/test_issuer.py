"""Account linking: only tokens that the company's issuer signed for us, and that hold now, make somebody known. The issuer is a server on loopback."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm

from insights.errors import WrongSettings
from insights.introductions import Introductions
from insights.organization import Organization, Person
from insights.settings import Settings
from skill import configuration as settings_of
from skill.configuration import Configuration
from skill.identity import Speaker, identify
from skill.issuer import Issuer
from tests.skill.conftest import APPLICATION, NobodyKnown
from tests.skill.test_identity import envelope

FOREVER = 4_000_000_000


class Server:
    """An issuer: its discovery document and its keys, and how often they were fetched."""

    def __init__(self) -> None:
        self.keys = {"one": rsa.generate_private_key(public_exponent=65537, key_size=2048)}
        self.fetched = 0
        self.issuer_named = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.fetched += 1
                body = json.dumps(outer.jwks() if self.path == "/keys" else outer.discovery()).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *said) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._http.server_port}"

    def discovery(self):
        """What /.well-known/openid-configuration says."""
        return {"issuer": self.issuer_named or self.address, "jwks_uri": f"{self.address}/keys"}

    def jwks(self):
        """The public keys."""
        return {"keys": [{**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "RS256"} for kid, key in self.keys.items()]}

    def token(self, *, key=None, kid="one", algorithm="RS256", **claims):
        """A token, sound unless told otherwise; a claim of None is left out."""
        said = {"iss": self.address, "aud": "alexa", "sub": "u1", "exp": FOREVER, "email": "ada@halcyon.example", "email_verified": True, **claims}
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(said, key or self.keys["one"], algorithm=algorithm, headers={"kid": kid} if kid else None)

    def close(self) -> None:
        """Stop it."""
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture(scope="module")
def server():
    """The issuer, once."""
    served = Server()
    yield served
    served.close()


@pytest.fixture
def issuer(server):
    """Ours, without any key yet."""
    return Issuer(address=server.address, audience="alexa")


def test_a_token_of_the_issuer_for_us_is_believed(issuer, server):
    """Its keys are fetched once."""
    before = server.fetched
    for _ in range(3):
        assert issuer.claims(server.token())["email"] == "ada@halcyon.example"
    assert server.fetched - before == 2


OTHERS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    "spoil",
    [
        {"exp": 1_000_000_000},
        {"exp": None},
        {"nbf": FOREVER},
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"sub": None},
        {"key": OTHERS},
        {"key": OTHERS, "kid": "two"},
        {"kid": ""},
        {"key": CURVE, "algorithm": "ES256"},
    ],
    ids=lambda spoil: " ".join(f"{name}={value}" if isinstance(value, (str, int)) else name for name, value in spoil.items()),
)
def test_any_other_token_is_not(spoil, issuer, server):
    """Expired, for others, by others, with a key that is not the issuer's."""
    assert issuer.claims(server.token(**spoil)) is None


def test_no_algorithm_of_the_callers_choice_is_believed(issuer, server):
    """Neither "none" nor the public key taken for a shared secret, nor a changed body, nor what is no token."""
    good = server.token()
    head, body, signature = good.split(".")
    public = server.keys["one"].public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    import base64
    import hashlib
    import hmac

    def b64(raw):
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    none = b64(json.dumps({"alg": "none", "kid": "one"}).encode())
    shared = b64(json.dumps({"alg": "HS256", "kid": "one"}).encode())
    forged = b64(hmac.new(public, f"{shared}.{body}".encode(), hashlib.sha256).digest())
    other = b64(json.dumps({"iss": server.address, "aud": "alexa", "sub": "u1", "exp": FOREVER, "email": "omar@halcyon.example"}).encode())
    for bad in (f"{none}.{body}.", f"{shared}.{body}.{forged}", f"{head}.{other}.{signature}", "", "a.b.c", "x" * 100_000, "\ud800.\x00."):
        assert issuer.claims(bad) is None


def test_a_new_key_is_fetched_and_not_more_than_twice_a_minute(server):
    """Keys are rotated; strangers' key ids do not make us ask again and again."""
    clock = [0.0]
    issuer = Issuer(address=server.address, audience="alexa", clock=lambda: clock[0])
    assert issuer.claims(server.token())
    server.keys["new"] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    fresh = server.token(key=server.keys["new"], kid="new")
    before = server.fetched
    for _ in range(5):
        assert issuer.claims(fresh) is None
    assert server.fetched == before
    clock[0] = 31.0
    assert issuer.claims(fresh)
    del server.keys["new"]


def test_an_issuer_that_cannot_be_reached_or_names_another_knows_nobody(server):
    """Then nobody is known, and nothing fails."""
    assert Issuer(address="http://127.0.0.1:9", audience="alexa").claims(server.token()) is None
    server.issuer_named = "https://elsewhere.example"
    assert Issuer(address=server.address, audience="alexa").claims(server.token()) is None
    server.issuer_named = ""


def test_who_signed_in_is_known_where_the_account_is_theirs(issuer, server):
    """The token in the account's place or in the voice's; in a room an account stands for nobody, and a deactivated person is nobody's sign-in."""
    people = {
        p.id: p for p in (Person(id="ada", name="Ada", email="Ada@halcyon.example"), Person(id="zoe", name="Zoe", email="zoe@halcyon.example", active=False))
    }
    known = Introductions(Organization(people=people), NobodyKnown, lambda: None)
    ours = Configuration(skill_id=APPLICATION, issuer=issuer)

    def who(token, *, voice=None):
        raw = envelope("amzn1.ask.device.NEW", voice, "amzn1.ask.account.X")
        raw["context"]["System"]["person" if voice else "user"]["accessToken"] = token
        return identify(raw, known, ours)

    assert who(server.token()) == Speaker(person="ada", device=None, audience="room", confidence="owner")
    assert who(server.token(), voice="amzn1.ask.person.V") == Speaker(person="ada", device=None, audience="room", confidence="voice")
    for bad in (
        server.token(email="zoe@halcyon.example"),
        server.token(email_verified=False),
        server.token(email_verified=None),
        server.token(email=None),
        server.token(key=OTHERS),
    ):
        assert who(bad).person is None


@pytest.mark.parametrize(
    ("section", "named"),
    [
        ({"issuer": "http://login.example", "audience": "x"}, "alexa.issuer"),
        ({"issuer": "https://login.example"}, "alexa.audience"),
        ({"issuer": 3}, "alexa.issuer"),
    ],
)
def test_a_setting_that_would_not_be_safe_is_refused(section, named, tmp_path):
    """Keys come over https, and a token must be meant for us."""
    with pytest.raises(WrongSettings, match=named):
        settings_of.read(Settings(home=tmp_path, sections={"alexa": {"skill_id": APPLICATION, **section}}))
