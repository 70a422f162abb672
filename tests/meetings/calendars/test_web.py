"""One request to a calendar system: its deadline, what is tried again, and what is never left unsaid."""

import time

import httpx
import pytest

from insights.errors import DeadlinePassed, OutcomeUnknown, OutsideFailed, WrongSettings
from insights.meetings.calendars.authority import Password, client_credentials
from insights.web import Web, fate
from tests.meetings.calendars.front import Front

FATES = {
    "unsent": {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"},
    "wrong": {"InvalidURL", "LocalProtocolError", "UnsupportedProtocol"},
    "unsure": {
        "CloseError", "CookieConflict", "DecodingError", "HTTPError", "HTTPStatusError", "NetworkError", "ProtocolError", "ReadError", "ReadTimeout",
        "RemoteProtocolError", "RequestError", "RequestNotRead", "ResponseNotRead", "StreamClosed", "StreamConsumed", "StreamError", "TimeoutException",
        "TooManyRedirects", "TransportError", "WriteError", "WriteTimeout",
    },
}  # fmt: skip


def echo(method, path, headers, body):
    """Answer with what was asked."""
    return 200, {"content-type": "text/plain"}, f"{method} {path} {headers.get('authorization', '')} {body.decode()}".encode()


@pytest.fixture
def front():
    """A server that answers with what was asked."""
    with Front(echo) as front:
        yield front


@pytest.fixture
def web():
    """Whoever asks it, for two seconds at most."""
    web = Web("The calendar", patience=2)
    yield web
    web.close()


def test_every_exception_of_httpx_has_its_meaning():
    """A new one fails here before it surprises anybody."""
    every = {name for name in httpx.__all__ if isinstance(kind := getattr(httpx, name), type) and issubclass(kind, Exception)}
    assert set().union(*FATES.values()) == every
    for expected, names in FATES.items():
        for name in names:
            kind = getattr(httpx, name)
            assert fate(kind.__new__(kind)) == expected, name


@pytest.mark.parametrize("method", ["GET", "REPORT", "POST", "PUT"])
@pytest.mark.parametrize("kind", ["busy", "throttled"])
def test_a_server_that_is_busy_is_asked_again(front, web, method, kind):
    """Whatever the request: it was turned away."""
    front.fail(kind, times=2)
    assert web.send(method, f"{front.url}/x").status == 200
    assert len(front.seen) == 3


@pytest.mark.parametrize("kind", ["lost", "dropped", "broken"])
def test_what_only_reads_is_asked_again_when_the_answer_is_lost(front, web, kind):
    """It does no harm."""
    front.fail(kind, times=2)
    assert web.send("GET", f"{front.url}/x").text.startswith("GET /x")


@pytest.mark.parametrize("kind", ["lost", "dropped", "broken"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_what_writes_is_unknown_when_the_answer_is_lost(front, web, method, kind):
    """And is not sent again behind anybody's back."""
    front.fail(kind)
    with pytest.raises(OutcomeUnknown):
        web.send(method, f"{front.url}/x")
    assert len(front.seen) == 1


def test_a_slow_server_is_waited_for_until_the_deadline(front, web):
    """And not much longer; what was to be written is unknown then."""
    front.fail("slow", times=2, seconds=5)
    for method, kind in (("GET", DeadlinePassed), ("PUT", OutcomeUnknown)):
        started = time.monotonic()
        with pytest.raises(kind):
            web.send(method, f"{front.url}/x", until=started + 0.5)
        assert time.monotonic() - started < 3


def test_a_server_that_asks_for_more_patience_than_there_is_is_believed(front, web):
    """It is said how long it wants."""
    front.fail("throttled", times=9, seconds=30)
    started = time.monotonic()
    with pytest.raises(OutsideFailed, match="30 seconds"):
        web.send("GET", f"{front.url}/x")
    assert time.monotonic() - started < 2


def test_a_server_that_is_not_there_is_said_to_be_unreachable():
    """Before the deadline is long past, and for writing too: nothing was sent."""
    web = Web("The calendar", patience=0.5)
    for method in ("GET", "PUT"):
        with pytest.raises(OutsideFailed, match=r"cannot be reached|in time") as failed:
            web.send(method, "http://127.0.0.1:9/x")
        assert not isinstance(failed.value, OutcomeUnknown)
    web.close()


@pytest.mark.parametrize("address", ["calendar", "ftp://127.0.0.1/x", "", "http://127.0.0.1/\x00"])
def test_an_address_that_is_none_is_a_setting_to_be_mended(web, address):
    """Told to whoever runs the service."""
    with pytest.raises(WrongSettings):
        web.send("GET", address)


def test_an_answer_that_is_too_large_is_refused(front):
    """Nobody's calendar has that much to say."""
    web = Web("The calendar", largest=100)
    with pytest.raises(OutsideFailed, match="more than"):
        web.send("REPORT", f"{front.url}/x", content=b"x" * 500)
    web.close()


def test_a_redirect_is_followed_on_the_same_host_only():
    """Our password goes nowhere else."""

    def send_on(method, path, headers, body):
        if path == "/here":
            return 301, {"location": "/there"}, b""
        if path == "/away":
            return 301, {"location": "http://example.invalid/x"}, b""
        if path == "/round":
            return 302, {"location": "/round"}, b""
        return echo(method, path, headers, body)

    web = Web("The calendar", authority=Password("ada", lambda: "pw"), patience=2)
    with Front(send_on) as front:
        assert "Basic YWRhOnB3" in web.send("PROPFIND", f"{front.url}/here").text
        assert web.send("GET", f"{front.url}/away").status == 301
        assert web.send("PUT", f"{front.url}/here").status == 301
        with pytest.raises(OutsideFailed):
            web.send("GET", f"{front.url}/round")
    web.close()


def test_a_token_is_kept_and_asked_for_anew_when_it_is_refused():
    """Once for two requests, and once more after a 401."""
    asked = []

    def answer(method, path, headers, body):
        if path == "/token":
            asked.append(body)
            return 200, {}, b'{"access_token": "t%d", "expires_in": 3600}' % len(asked)
        return (200, {}, b"") if headers["authorization"] == f"Bearer t{expected}" else (401, {}, b"")

    with Front(answer) as front:
        tokens = client_credentials(Web("Us"), f"{front.url}/token", client="id", secret=lambda: "s&t", scope="all")
        web = Web("The calendar", authority=tokens, patience=2)
        expected = 1
        assert [web.send("GET", f"{front.url}/x").status for _ in range(2)] == [200, 200]
        expected = 2
        assert web.send("GET", f"{front.url}/x").status == 200
        expected = 99
        assert web.send("GET", f"{front.url}/x").status == 401
        web.close()
    assert len(asked) == 3
    assert b"client_secret=s%26t" in asked[0]


def test_credentials_that_are_refused_are_a_setting_to_be_mended(web):
    """Not a server that failed."""
    with Front(lambda *_: (401, {}, b'{"error": "invalid_client"}')) as front:
        tokens = client_credentials(Web("Us"), f"{front.url}/token", client="id", secret=lambda: "no", scope="all")
        signed = Web("The calendar", authority=tokens, patience=2)
        with pytest.raises(WrongSettings, match="credentials"):
            signed.send("GET", f"{front.url}/x")
        signed.close()
