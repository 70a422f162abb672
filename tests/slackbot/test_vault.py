"""Tokens at rest: unreadable, bound to whom they belong, renewable, with a key of ours or one that stays in AWS KMS."""

import base64
import json

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from insights.errors import OutsideFailed, WrongSettings
from slackbot.vault import KmsMaster, Vault, vault_of

KEYS = [base64.b64encode(bytes([number]) * 32).decode() for number in range(3)]
HERE, THERE = {"team": "T1"}, {"team": "T2"}


@pytest.fixture
def kms(monkeypatch):
    """A KMS of moto with one key."""
    for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-west-1"}.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        client = boto3.client("kms")
        yield client, client.create_key()["KeyMetadata"]["KeyId"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_opens_as_it_was(text):
    """Whatever the text, and no part of it is to be seen."""
    vault = vault_of(KEYS[0])
    sealed = vault.seal(text, HERE)
    assert vault.open(sealed, HERE) == text
    assert len(text) < 8 or text not in sealed


def test_the_same_token_is_never_sealed_twice_alike():
    """Each has a data key of its own, wrapped apart."""
    first, second = (json.loads(vault_of(KEYS[0]).seal("xoxb-1", HERE)) for _ in range(2))
    assert first["key"] == second["key"]
    assert first["wrapped"] != second["wrapped"]
    assert first["text"] != second["text"]


def test_it_opens_for_nobody_else_and_not_when_it_was_changed():
    """Moved to another team's row, or with one bit turned anywhere, it is refused."""
    vault = vault_of(KEYS[0])
    sealed = vault.seal("xoxb-1", HERE)
    with pytest.raises(OutsideFailed):
        vault.open(sealed, THERE)
    for part in ("wrapped", "text"):
        document = json.loads(sealed)
        raw = base64.b64decode(document[part])
        for place in (0, len(raw) // 2, len(raw) - 1):
            turned = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
            with pytest.raises(OutsideFailed):
                vault.open(json.dumps(document | {part: base64.b64encode(turned).decode()}), HERE)
    for rubbish in ("", "{}", "null", "[]", '{"key": 1, "wrapped": "%", "text": "x"}'):
        with pytest.raises(OutsideFailed):
            vault.open(rubbish, HERE)


def test_a_new_key_in_front_seals_and_the_old_one_still_opens():
    """Rotation: once nothing is sealed with the old key any more, it can go."""
    old, both, new = vault_of(KEYS[0]), vault_of(f"{KEYS[1]}, {KEYS[0]}"), vault_of(KEYS[1])
    sealed = old.seal("xoxb-1", HERE)
    assert both.open(sealed, HERE) == "xoxb-1"
    assert not both.is_current(sealed)
    anew = both.seal("xoxb-1", HERE)
    assert both.is_current(anew)
    assert new.open(anew, HERE) == "xoxb-1"
    with pytest.raises(OutsideFailed, match="not there any more"):
        new.open(sealed, HERE)


@pytest.mark.parametrize("setting", ["", " , ", "short", base64.b64encode(b"x" * 31).decode(), "not base64 at all!"])
def test_a_key_that_is_none_is_named_with_a_remedy(setting):
    """Nothing is sealed with half a key."""
    with pytest.raises(WrongSettings, match=r"slack\.encryption_key.*Make one with"):
        vault_of(setting)


def test_with_kms_the_master_key_never_comes_here(kms):
    """Sealed and opened through KMS, under the context that CloudTrail shows; another context is refused by KMS itself."""
    client, key = kms
    vault = vault_of(f"kms:{key}")
    sealed = vault.seal("xoxb-1", HERE)
    assert vault.open(sealed, HERE) == "xoxb-1"
    wrapped = base64.b64decode(json.loads(sealed)["wrapped"])
    assert len(client.decrypt(CiphertextBlob=wrapped, KeyId=key, EncryptionContext=HERE)["Plaintext"]) == 32
    with pytest.raises(OutsideFailed, match="KMS"):
        vault.open(sealed, THERE)


def test_a_key_that_kms_does_not_have_is_an_outside_failure(kms):
    """Nothing is kept unsealed because KMS cannot be asked."""
    with pytest.raises(OutsideFailed, match="kms:Encrypt"):
        Vault(masters=(KmsMaster(key="00000000-0000-0000-0000-000000000000"),)).seal("xoxb-1", HERE)
