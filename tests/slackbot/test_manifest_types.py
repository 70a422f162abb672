"""The manifest against the types that Slack publishes of it, by the compiler that everybody uses for them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from slackbot import manifest
from tests.servers import missing

NODE = Path(__file__).parents[1] / "node"
UNLISTED = ("assistant:write",)  # docs.slack.dev/reference/scopes has it, the types of 8.2.0 do not


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What tsc says of the manifest, and of one with two mistakes."""
    node, modules = shutil.which("node"), NODE / "node_modules"
    if node is None or not (modules / "typescript").is_dir() or not (modules / "@slack" / "web-api").is_dir():
        missing("typescript and @slack/web-api are not installed: run npm --prefix tests/node install")
    folder = tmp_path_factory.mktemp("manifest")
    (folder / "node_modules").symlink_to(modules)
    right = manifest.manifest()
    scopes = right["oauth_config"]["scopes"]["bot"]
    right["oauth_config"]["scopes"]["bot"] = [scope for scope in scopes if scope not in UNLISTED]
    wrong = json.loads(json.dumps(right))
    wrong["settings"]["interactivity"] = {"is_enabld": True}
    wrong["settings"]["socket_mode_enabled"] = "no"
    for name, document in (("right.ts", right), ("wrong.ts", wrong)):
        source = 'import type { AppsManifestCreateArguments } from "@slack/web-api";\n'
        source += f"const manifest: AppsManifestCreateArguments['manifest'] = {json.dumps(document)};\nexport default manifest;\n"
        (folder / name).write_text(source)
    flags = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--types", "node"]
    command = [node, str(modules / "typescript" / "bin" / "tsc"), *flags, "right.ts", "wrong.ts"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600).stdout


def test_the_manifest_is_one_by_slacks_own_types(said):
    """Every key and value is one that apps.manifest.create takes."""
    assert "right.ts" not in said


def test_a_misspelt_key_would_be_found(said):
    """The check checks: a wrong key in the depth, and a wrong kind of value."""
    assert "wrong.ts" in said
    assert "is_enabld" in said
    assert "not assignable to type 'boolean" in said
