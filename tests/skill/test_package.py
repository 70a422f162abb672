"""What is deployed: a manifest that follows the official schema, the committed models, and a function with all it imports and nothing of the other door."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile

import jsonschema
import pytest

from insights.errors import OutsideFailed, WrongSettings
from insights.settings import Settings
from skill import package, words
from skill.issuer import Issuer
from skill.linking import linking
from skill.locales import LOCALES
from skill.manifest import manifest
from tests.skill.test_model import SPECIFICATION, TOP

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:insights"
ADDRESS = "https://insights.example/alexa"


@pytest.mark.parametrize("endpoint", [FUNCTION, ADDRESS])
def test_the_manifest_follows_the_official_schema(endpoint):
    """`spec.json` of ask-smapi-model describes what the skill management API accepts; a wrong value is found by it."""
    if not SPECIFICATION.is_file():
        assert not os.environ.get("CI"), f"{SPECIFICATION} is missing: run npm install in tests/node"
        pytest.skip("ask-smapi-model is not installed: run npm install in tests/node")
    definitions = json.loads(SPECIFICATION.read_text("utf-8"))["definitions"]
    schema = jsonschema.Draft4Validator({"$ref": "#/definitions/v1.skill.Manifest.SkillManifestEnvelope", "definitions": definitions})
    made = json.loads(json.dumps(manifest(name="Company Insights", endpoint=endpoint)))
    schema.validate(made)
    made["manifest"]["publishingInformation"]["distributionMode"] = "SECRET"
    assert not schema.is_valid(made)


def test_the_manifest_says_what_the_skill_needs():
    """Private, in every locale, with screens and recognised voices; example phrases begin with the invocation name."""
    made = manifest(name="Company Insights", endpoint=ADDRESS)["manifest"]
    published = made["publishingInformation"]
    assert published["distributionMode"] == "PRIVATE"
    assert set(published["locales"]) == set(LOCALES) == {"en-US", "en-GB", "en-AU", "en-CA", "en-IN"}
    assert [one["type"] for one in made["apis"]["custom"]["interfaces"]] == ["ALEXA_PRESENTATION_APL"]
    assert made["permissions"] == [{"name": "alexa::person_id:read"}]
    assert made["apis"]["custom"]["endpoint"]["sslCertificateType"] == "Trusted"
    assert "sslCertificateType" not in manifest(name="x", endpoint=FUNCTION)["manifest"]["apis"]["custom"]["endpoint"]
    for local in published["locales"].values():
        assert len(local["summary"]) <= 160
        assert len(local["examplePhrases"]) == 3
        assert all("company insights" in phrase for phrase in local["examplePhrases"])


def test_the_package_is_what_ask_cli_deploys(tmp_path):
    """Manifest, resources file and the models, which are the committed ones."""
    models = {f"interaction-models/{locale}.json": (TOP / "interaction-models" / f"{locale}.json").read_text("utf-8") for locale in LOCALES}
    written = package.write(tmp_path, models, name="Company Insights", endpoint=ADDRESS)
    names = {str(path.relative_to(tmp_path)) for path in written}
    assert names == {"ask-resources.json", "skill-package/skill.json", *(f"skill-package/interactionModels/custom/{locale}.json" for locale in LOCALES)}
    for locale in LOCALES:
        assert (tmp_path / f"skill-package/interactionModels/custom/{locale}.json").read_text("utf-8") == models[f"interaction-models/{locale}.json"]
    source = json.loads((tmp_path / "ask-resources.json").read_text())["profiles"]["default"]["skillMetadata"]["src"]
    assert (tmp_path / source / "skill.json").is_file()


@pytest.mark.parametrize("endpoint", ["http://insights.example/alexa", "insights.example", "arn:aws:s3:::bucket", "", "https://"])
def test_an_endpoint_that_alexa_would_not_take_is_refused(endpoint, tmp_path):
    """Before anything is written."""
    with pytest.raises(WrongSettings, match="no endpoint"):
        package.write(tmp_path, {}, name="x", endpoint=endpoint)
    assert list(tmp_path.iterdir()) == []


ISSUER = {
    "issuer": "https://login.halcyon.example",
    "authorization_endpoint": "https://login.halcyon.example/authorize",
    "token_endpoint": "https://login.halcyon.example/token",
}
CLIENT = {"issuer": ISSUER["issuer"], "audience": "insights", "client_id": "alexa", "client_secret": "s3cret"}


@pytest.fixture
def issuer(monkeypatch):
    """What the issuer says of itself, to be changed by tests; by what address it was asked is in `asked`."""
    told = dict(ISSUER)
    told_at = {f"{ISSUER['issuer']}/.well-known/openid-configuration": told}
    monkeypatch.setattr("skill.configuration.Issuer", lambda **named: Issuer(**named, fetch=told_at.__getitem__))
    return told


def linked(tmp_path, **section):
    """What is asked of Alexa with these settings."""
    return linking(Settings(home=tmp_path, sections={"alexa": section}))


def test_the_sign_in_of_the_company_is_what_alexa_is_told(issuer, tmp_path):
    """As the schema of the skill management API has it; people can use a room without signing in."""
    issuer["scopes_supported"] = ["openid", "email", "offline_access"]
    made = linked(tmp_path, **CLIENT)
    assert made == {
        "accountLinkingRequest": {
            "type": "AUTH_CODE",
            "authorizationUrl": "https://login.halcyon.example/authorize",
            "accessTokenUrl": "https://login.halcyon.example/token",
            "accessTokenScheme": "HTTP_BASIC",
            "clientId": "alexa",
            "clientSecret": "s3cret",
            "scopes": ["openid", "email", "offline_access"],
            "skipOnEnablement": True,
        }
    }
    if not SPECIFICATION.is_file():
        assert not os.environ.get("CI"), f"{SPECIFICATION} is missing: run npm install in tests/node"
        pytest.skip("ask-smapi-model is not installed: run npm install in tests/node")
    definitions = json.loads(SPECIFICATION.read_text("utf-8"))["definitions"]
    schema = jsonschema.Draft4Validator({"$ref": "#/definitions/v1.skill.accountLinking.AccountLinkingRequest", "definitions": definitions})
    schema.validate(made)
    assert set(made["accountLinkingRequest"]) <= set(definitions["v1.skill.accountLinking.AccountLinkingRequestPayload"]["properties"])
    made["accountLinkingRequest"]["accessTokenScheme"] = "BASIC"
    assert not schema.is_valid(made)


def test_the_client_says_who_it_is_as_the_issuer_wants_it(issuer, tmp_path):
    """In the body, where the issuer does not take it otherwise; scopes as they are set."""
    issuer["token_endpoint_auth_methods_supported"] = ["client_secret_post", "private_key_jwt"]
    made = linked(tmp_path, **CLIENT, scopes=["openid", "api://insights/read"])["accountLinkingRequest"]
    assert (made["accessTokenScheme"], made["scopes"]) == ("REQUEST_BODY_CREDENTIALS", ["openid", "api://insights/read"])


@pytest.mark.parametrize(
    ("spoil", "section", "error", "named"),
    [
        ({}, {**CLIENT, "client_secret": ""}, WrongSettings, "client_secret is missing"),
        ({}, {**CLIENT, "client_id": ""}, WrongSettings, "client_id is missing"),
        ({}, {**CLIENT, "scopes": []}, WrongSettings, "scopes"),
        ({"issuer": "https://login.other.example"}, CLIENT, OutsideFailed, "where people sign in"),
        ({"token_endpoint": None}, CLIENT, WrongSettings, "https"),
        ({"authorization_endpoint": "http://login.halcyon.example/authorize"}, CLIENT, WrongSettings, "https"),
    ],
)
def test_a_sign_in_that_would_not_work_is_not_written(spoil, section, error, named, issuer, tmp_path):
    """It is said what is missing, or who does not answer."""
    issuer |= spoil
    with pytest.raises(error, match=named):
        linked(tmp_path, **section)


def test_without_an_issuer_or_a_client_there_is_no_account_linking(tmp_path):
    """Voices and accounts are then known by codes, or linked in the console."""
    assert linked(tmp_path) is None
    assert linked(tmp_path, issuer=ISSUER["issuer"], audience="insights") is None


def test_the_package_has_the_account_linking_while_it_is_configured(tmp_path):
    """Only its owner may read it, because it holds the client's secret; it goes when accounts are not linked any more."""
    made = {"accountLinkingRequest": {"clientSecret": "s3cret"}}
    written = package.write(tmp_path, {}, name="x", endpoint=ADDRESS, linked=made)
    path = tmp_path / "skill-package" / "accountLinking.json"
    assert path in written
    assert json.loads(path.read_text()) == made
    assert path.stat().st_mode & 0o777 == 0o600
    package.write(tmp_path, {}, name="x", endpoint=ADDRESS)
    assert not path.exists()


def test_the_function_holds_what_the_skill_imports_and_no_more(tmp_path, monkeypatch):
    """Everything that ours stands on, without what the runtime has and without the other door; the same files give the same zip."""
    needed = {found.metadata["Name"].lower().replace("_", "-") for found in package._needed()}
    assert {"ask-sdk-core", "ask-sdk-model", "duckdb", "numpy", "babel", "jinja2", "sqlglot"} <= needed
    assert not needed & {"boto3", "botocore", "slack-bolt", "slack-sdk", "pytest", "starlette", "pyspark"}
    monkeypatch.setattr(package, "_needed", list)
    sizes = [package.function(tmp_path / name) for name in ("one.zip", "two.zip")]
    assert sizes[0] == sizes[1] < package.MOST_UNPACKED
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    names = set(zipfile.ZipFile(tmp_path / "one.zip").namelist())
    assert {"skill/handler.py", "insights/assistant.py", "insights/language/intents.yaml"} <= names
    assert not any(name.startswith(("slackbot/", "tests/")) for name in names)


def test_the_modules_of_the_function_are_compiled(tmp_path, monkeypatch):
    """An import takes the compiled form: with other words in the source it still says what the module says. What would be too much is left out."""
    monkeypatch.setattr(package, "_needed", list)
    whole = package.function(tmp_path / "one.zip")
    zipfile.ZipFile(tmp_path / "one.zip").extractall(tmp_path / "task")
    for source in (tmp_path / "task").rglob("*.py"):
        source.write_text("raise SystemExit('compiled anew')\n", "utf-8")
    code = "import insights.errors, skill.words; print(skill.words.NOT_SET_UP)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'task')!r}); {code}"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == words.NOT_SET_UP
    monkeypatch.setattr(package, "MOST_UNPACKED", whole - 1)
    assert package.function(tmp_path / "less.zip") < whole
    assert not any(name.endswith(".pyc") for name in zipfile.ZipFile(tmp_path / "less.zip").namelist())


COUNTED = """
import builtins, sys
sys.path.insert(0, sys.argv[1])
made, compiling = [], compile
builtins.compile = lambda *given, **more: made.append(str(given[0])) or compiling(*given, **more)
import insights.wiring
print(insights.__file__.startswith(sys.argv[1]), sum(text.startswith("def __create_fn__") for text in made))
"""


def test_the_methods_of_dataclasses_are_compiled_in_the_function(tmp_path, monkeypatch):
    """A process that starts from it compiles hardly any of their texts (long ones that two classes have in common); without the file all of them."""
    monkeypatch.setattr(package, "_needed", list)
    package.function(tmp_path / "one.zip")
    zipfile.ZipFile(tmp_path / "one.zip").extractall(tmp_path / "task")
    (kept,) = (tmp_path / "task").rglob("*.methods")
    started = [sys.executable, "-I", "-B", "-c", COUNTED, str(tmp_path / "task")]
    ours, few = subprocess.run(started, capture_output=True, text=True, check=True).stdout.split()
    kept.unlink()
    _, many = subprocess.run(started, capture_output=True, text=True, check=True).stdout.split()
    assert ours == "True"
    assert int(few) * 50 < int(many)
