"""The certificate table: what does not come from Alexa, now and for this skill, is refused; with chains of our own making."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from skill.certificates import BadChainUrl, Chains, chain_url, public_roots
from skill.verify import NotFromAlexa, Verifier
from tests.skill.conftest import APPLICATION, CHAIN_URL, NOW, issue


class Store:
    """Serves one PEM file, and counts how often it was asked."""

    def __init__(self, pem):
        self.pem = pem
        self.urls = []

    def __call__(self, url):
        """The file, whatever the URL."""
        self.urls.append(url)
        if self.pem is None:
            raise TimeoutError("no answer")
        return self.pem


def body_of(event, **changes):
    """The bytes of an envelope sent half a minute ago."""
    envelope = event("ask")
    envelope["request"] |= changes
    return json.dumps(envelope).encode()


def headers_of(signer, body, url=CHAIN_URL):
    """The headers as Alexa sends them."""
    return {"signaturecertchainurl": url, "signature-256": base64.b64encode(signer.sign(body)).decode(), "signature": "c2hhMQ=="}


def verifier_of(authority, pem, clock=NOW):
    """A verifier that trusts the test root only."""
    return Verifier(skill_id=APPLICATION, fetch=Store(pem), roots=lambda: [authority.root.certificate], clock=lambda: clock)


def test_a_sound_request_is_let_in(authority, event):
    """Chain, name, moment, signature and skill all fit: the envelope comes back."""
    leaf, body = authority.leaf(), body_of(event)
    verifier = verifier_of(authority, leaf.pem + authority.intermediate.pem + authority.root.pem)
    assert verifier.verify(headers_of(leaf, body), body) == json.loads(body)


CERTIFICATES = {
    "expired": lambda a: (leaf := a.leaf(last=NOW - timedelta(seconds=1)), leaf.pem + a.intermediate.pem),
    "not valid yet": lambda a: (leaf := a.leaf(first=NOW + timedelta(hours=1)), leaf.pem + a.intermediate.pem),
    "wrong name": lambda a: (leaf := a.leaf(names=("evil.example",)), leaf.pem + a.intermediate.pem),
    "name of a subdomain": lambda a: (leaf := a.leaf(names=("x.echo-api.amazon.com",)), leaf.pem + a.intermediate.pem),
    "name only in the subject": lambda a: (leaf := a.leaf(names=()), leaf.pem + a.intermediate.pem),
    "missing intermediate": lambda a: (leaf := a.leaf(), leaf.pem),
    "unknown root": lambda a: stranger_chain(a),
    "self-signed": lambda a: (leaf := issue("echo-api.amazon.com", a.leaf_key, None, names=("echo-api.amazon.com",), ca=False), leaf.pem),
    "a leaf that issues": lambda a: (leaf := a.leaf(by=a.leaf()), leaf.pem + a.leaf().pem + a.intermediate.pem),
    "made for clients": lambda a: (leaf := a.leaf(usage=ExtendedKeyUsageOID.CLIENT_AUTH), leaf.pem + a.intermediate.pem),
    "intermediate expired": lambda a: old_intermediate_chain(a),
    "not a certificate": lambda a: (a.leaf(), b"<html>not found</html>"),
    "nothing": lambda a: (a.leaf(), b""),
    "not to be had": lambda a: (a.leaf(), None),
    "somebody else's first": lambda a: (leaf := a.leaf(), a.intermediate.pem + leaf.pem),
}


def stranger_chain(authority):
    """A whole chain that ends in a root nobody trusts."""
    root = issue("Other Root", ec.generate_private_key(ec.SECP256R1()), None, ca=True)
    leaf = authority.leaf(by=root)
    return leaf, leaf.pem + root.pem


def old_intermediate_chain(authority):
    """A chain whose middle ran out yesterday."""
    old = issue("Old", ec.generate_private_key(ec.SECP256R1()), authority.root, ca=True, last=NOW - timedelta(days=1))
    leaf = authority.leaf(by=old)
    return leaf, leaf.pem + old.pem


@pytest.mark.parametrize("case", CERTIFICATES)
def test_a_certificate_that_is_not_sound_is_refused(case, authority, event):
    """Each way in which a chain can be wrong."""
    signer, pem = CERTIFICATES[case](authority)
    body = body_of(event)
    with pytest.raises(NotFromAlexa, match="certificate"):
        verifier_of(authority, pem).verify(headers_of(signer, body), body)


def test_a_key_that_is_not_rsa_is_refused(authority, event):
    """Alexa signs with RSA; anything else cannot be checked as its signature."""
    other = authority.leaf(key=ec.generate_private_key(ec.SECP256R1()))
    body = body_of(event)
    with pytest.raises(NotFromAlexa, match="not RSA"):
        verifier_of(authority, other.pem + authority.intermediate.pem).verify(headers_of(authority.leaf(), body), body)


@pytest.mark.parametrize(
    "url",
    [
        "http://s3.amazonaws.com/echo.api/cert.pem",
        "https://evil.example/echo.api/cert.pem",
        "https://s3.amazonaws.com.evil.example/echo.api/cert.pem",
        "https://s3.amazonaws.com@evil.example/echo.api/cert.pem",
        "https://user@s3.amazonaws.com/echo.api/cert.pem",
        "https://s3.amazonaws.com/EcHo.aPi/cert.pem",
        "https://s3.amazonaws.com/invalid.path/cert.pem",
        "https://s3.amazonaws.com/echo.api/../other/cert.pem",
        "https://s3.amazonaws.com/echo.api/%2e%2e/other/cert.pem",
        "https://s3.amazonaws.com/echo.api/%252e%252e/other/cert.pem",
        "https://s3.amazonaws.com//echo.api/cert.pem",
        "https://s3.amazonaws.com/echo.api/cert.pem?versionId=1",
        "https://s3.amazonaws.com/echo.api/cert.pem#x",
        "https://s3.amazonaws.com/echo.api/a\r\nHost: evil.example",
        "https://s3.amazonaws.com:563/echo.api/cert.pem",
        "https://s3.amazonaws.com:bad/echo.api/cert.pem",
        "https://[::1/echo.api/cert.pem",
        "file:///echo.api/cert.pem",
        "cert.pem",
        "",
    ],
)
def test_a_chain_from_anywhere_else_is_refused_and_not_fetched(url, authority, event):
    """Wrong scheme, host, path, port: no download is even tried."""
    leaf, body = authority.leaf(), body_of(event)
    store = Store(leaf.pem + authority.intermediate.pem)
    verifier = Verifier(skill_id=APPLICATION, fetch=store, roots=lambda: [authority.root.certificate], clock=lambda: NOW)
    with pytest.raises(NotFromAlexa, match="SignatureCertChainUrl"):
        verifier.verify(headers_of(leaf, body, url), body)
    assert store.urls == []


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com:443/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/../echo.api/echo-api-cert.pem",
        "HTTPS://S3.AmazonAWS.com/echo.api/echo-api-cert.pem",
    ],
)
def test_the_published_examples_of_right_urls_pass(url):
    """The four valid examples of Amazon's documentation, all of them the same file."""
    assert chain_url(url) == "https://s3.amazonaws.com/echo.api/echo-api-cert.pem"


def test_a_body_that_was_tampered_with_is_refused(authority, event):
    """One byte is enough."""
    leaf, body = authority.leaf(), body_of(event)
    headers = headers_of(leaf, body)
    with pytest.raises(NotFromAlexa, match="signature does not fit"):
        verifier_of(authority, leaf.pem + authority.intermediate.pem).verify(headers, body.replace(b"revenue", b"payroll"))


@pytest.mark.parametrize("signature", [None, "", "!!!", "AAAA", "é"])
def test_a_signature_that_is_none_is_refused(signature, authority, event):
    """Missing, empty, not base64, or of nothing; the old SHA-1 header does not count."""
    leaf, body = authority.leaf(), body_of(event)
    headers = headers_of(leaf, body)
    headers.pop("signature-256")
    if signature is not None:
        headers["signature-256"] = signature
    with pytest.raises(NotFromAlexa, match="ignature"):
        verifier_of(authority, leaf.pem + authority.intermediate.pem).verify(headers, body)


@pytest.mark.parametrize(
    ("timestamp", "accepted"),
    [
        ((NOW - timedelta(seconds=150)).isoformat(), True),
        ((NOW - timedelta(seconds=151)).isoformat(), False),
        ((NOW + timedelta(seconds=149)).isoformat(), True),
        ((NOW + timedelta(seconds=151)).isoformat(), False),
        ("2026-11-23T15:04:05", True),
        ("2026-11-23T10:04:05-05:00", True),
        ("yesterday", False),
        ("", False),
        (None, False),
        (1763910245, False),
        ("9999-12-31T23:59:59+23:59", False),
    ],
)
def test_a_request_is_good_for_150_seconds(timestamp, accepted, authority, event):
    """Late, early, or at no time that can be read."""
    leaf, body = authority.leaf(), body_of(event, timestamp=timestamp)
    verifier = verifier_of(authority, leaf.pem + authority.intermediate.pem)
    if accepted:
        assert verifier.verify(headers_of(leaf, body), body)
    else:
        with pytest.raises(NotFromAlexa, match="timestamp"):
            verifier.verify(headers_of(leaf, body), body)


def test_a_request_for_another_skill_is_refused(authority, event):
    """A sound signature of Amazon's is not enough."""
    envelope = event("ask")
    envelope["context"]["System"]["application"]["applicationId"] = "amzn1.ask.skill.other"
    leaf, body = authority.leaf(), json.dumps(envelope).encode()
    with pytest.raises(NotFromAlexa, match="another skill"):
        verifier_of(authority, leaf.pem + authority.intermediate.pem).verify(headers_of(leaf, body), body)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"request": 1}'])
def test_a_body_that_is_no_envelope_is_refused(body, authority):
    """Whatever it is signed with."""
    leaf = authority.leaf()
    with pytest.raises(NotFromAlexa):
        verifier_of(authority, leaf.pem + authority.intermediate.pem).verify(headers_of(leaf, body), body)


def test_the_same_request_is_let_in_once(authority, event):
    """A replay is refused while its timestamp would still pass; another request is not."""
    leaf, body, later = authority.leaf(), body_of(event), body_of(event, requestId="another")
    verifier = verifier_of(authority, leaf.pem + authority.intermediate.pem)
    verifier.verify(headers_of(leaf, body), body)
    with pytest.raises(NotFromAlexa, match="sent before"):
        verifier.verify(headers_of(leaf, body), body)
    assert verifier.verify(headers_of(leaf, later), later)


def test_a_forged_copy_does_not_use_up_the_real_request(authority, event):
    """Only what was let in is remembered."""
    leaf, body = authority.leaf(), body_of(event)
    verifier = verifier_of(authority, leaf.pem + authority.intermediate.pem)
    headers = headers_of(leaf, body)
    with pytest.raises(NotFromAlexa):
        verifier.verify(headers, body + b" ")
    assert verifier.verify(headers, body)


def test_what_was_seen_is_forgotten_when_it_is_too_old_to_pass(authority, event):
    """The memory of replays does not grow for ever."""
    moment = [NOW]
    leaf = authority.leaf()
    verifier = Verifier(
        skill_id=APPLICATION, fetch=Store(leaf.pem + authority.intermediate.pem), roots=lambda: [authority.root.certificate], clock=lambda: moment[0]
    )
    for minutes in (0, 2, 4, 20):
        moment[0] = NOW + timedelta(minutes=minutes)
        body = body_of(event, timestamp=moment[0].isoformat())
        verifier.verify(headers_of(leaf, body), body)
    assert len(verifier._seen) == 1


def test_a_chain_is_downloaded_once_an_hour(authority, event):
    """And a failed download is tried again by the next request."""
    clock = [0.0]
    store = Store(None)
    chains = Chains(store, clock=lambda: clock[0])
    with pytest.raises(Exception, match="cannot be downloaded"):
        chains.at(CHAIN_URL)
    store.pem = authority.leaf().pem
    for clock[0] in (1.0, 2.0, 3000.0):
        chains.at(CHAIN_URL)
    assert len(store.urls) == 2
    clock[0] = 4000.0
    chains.at(CHAIN_URL)
    assert len(store.urls) == 3


def test_a_kept_chain_still_expires(authority, event):
    """Validity is checked at every request, not at the download."""
    moment = [NOW]
    leaf = authority.leaf(last=NOW + timedelta(seconds=60))
    verifier = Verifier(
        skill_id=APPLICATION, fetch=Store(leaf.pem + authority.intermediate.pem), roots=lambda: [authority.root.certificate], clock=lambda: moment[0]
    )
    body = body_of(event, timestamp=NOW.isoformat())
    verifier.verify(headers_of(leaf, body), body)
    moment[0] = NOW + timedelta(seconds=61)
    body = body_of(event, timestamp=moment[0].isoformat())
    with pytest.raises(NotFromAlexa, match="certificate"):
        verifier.verify(headers_of(leaf, body), body)


def test_only_public_authorities_are_trusted_by_default(authority, event):
    """Without roots of its own a test chain is worth nothing."""
    leaf, body = authority.leaf(), body_of(event, timestamp=datetime.now(UTC).isoformat())
    verifier = Verifier(skill_id=APPLICATION, fetch=Store(leaf.pem + authority.intermediate.pem + authority.root.pem))
    with pytest.raises(NotFromAlexa, match="certificate"):
        verifier.verify(headers_of(leaf, body), body)


def test_amazons_roots_are_among_the_trusted():
    """The one that Alexa's chains pass through today, and no lack of others."""
    names = [root.subject.rfc4514_string() for root in public_roots()]
    assert any("CN=Amazon Root CA 1" in name for name in names)
    assert len(names) > 100


def test_a_bad_url_says_which_rule_it_breaks():
    """For the log of whoever runs the service."""
    with pytest.raises(BadChainUrl, match="port is not 443"):
        chain_url("https://s3.amazonaws.com:8443/echo.api/cert.pem")
