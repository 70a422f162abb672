"""What ASK CLI deploys: `python -m skill.package` writes the manifest, the interaction models and, for Lambda, the function with everything it imports."""

from __future__ import annotations

import argparse
import json
import marshal
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import MAGIC_NUMBER, source_hash
from pathlib import Path
from typing import Any

from insights.errors import WrongSettings
from skill.configuration import SECTION
from skill.linking import COMMAND, FILE, linking
from skill.manifest import manifest

TOP = Path(__file__).resolve().parents[1]
OURS = ("insights", "skill")
# The Lambda runtime has boto3; a skill needs no Slack, no server and no terminal.
LEFT_OUT = frozenset({"boto3", "botocore", "s3transfer", "jmespath", "urllib3", "slack-bolt", "slack-sdk", "insights-assistant", "pip", "setuptools"})
MORE = ("pyjwt", "cryptography")
MOST_UNPACKED = 250 * 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def write(out: Path, models: Mapping[str, str], *, name: str, endpoint: str, linked: Mapping[str, Any] | None = None) -> tuple[Path, ...]:
    """Manifest, models and ask-resources.json under `out`, and how accounts are linked where they are (a file for its owner's eyes, as it holds a secret).

    Gives the files written. Raises WrongSettings for an endpoint that Alexa would not take.
    """
    if not re.fullmatch(r"https://[^\s/]+/\S*|arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:\S+", endpoint):
        raise WrongSettings(
            f"'{endpoint[:80]}' is no endpoint of a skill.", remedy="Give an https address that ends in /alexa, or the ARN of a Lambda function."
        )
    files = {
        "ask-resources.json": _json({"askcliResourcesVersion": "2020-03-31", "profiles": {"default": {"skillMetadata": {"src": "./skill-package"}}}}),
        "skill-package/skill.json": _json(manifest(name=name, endpoint=endpoint)),
    }
    if linked is not None:
        files[f"skill-package/{FILE}"] = _json(linked)
    for path, text in models.items():
        files[f"skill-package/interactionModels/custom/{Path(path).name}"] = text
    for relative, text in files.items():
        (out / relative).parent.mkdir(parents=True, exist_ok=True)
        if relative.endswith(FILE):
            (out / relative).touch(mode=0o600)
            (out / relative).chmod(0o600)
        (out / relative).write_text(text, encoding="utf-8")
    if linked is None:
        (out / "skill-package" / FILE).unlink(missing_ok=True)  # of an earlier time, when accounts were linked
    return tuple(out / relative for relative in files)


def function(path: Path) -> int:
    """Write the Lambda function as a zip: our packages and what they need, as they are installed here; its bytes unpacked. The same files give the same zip.

    Modules come with their compiled form for this Python, as long as all of it fits: where they run nothing can be written, so every cold start would
    compile them anew.

    Raises WrongSettings when it is more than Lambda takes.
    """
    files = {name: source.read_bytes() for name, source in sorted(_files())}
    compiled = {place: made for name, source in files.items() if name.endswith(".py") for place, made in _compiled(name, source)}
    compiled |= _methods()
    size = sum(map(len, files.values()))
    more = sum(map(len, compiled.values()))
    if size + more <= MOST_UNPACKED:
        files, size = files | compiled, size + more
    if size > MOST_UNPACKED:
        raise WrongSettings(
            f"The function is {size // 1024 // 1024} MB unpacked, and Lambda takes {MOST_UNPACKED // 1024 // 1024}.", remedy="Use an https endpoint."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, source in files.items():
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, source)
    return size


def _compiled(name: str, source: bytes) -> Iterator[tuple[str, bytes]]:
    """Where a module's compiled form lies, and the form: believed without a look at the source (PEP 552). Nothing for a template that is no module."""
    try:
        code = compile(source, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return
    unchecked = (1).to_bytes(4, "little")
    # Marshalled by the second form, which does not depend on what else is in memory.
    folder, _, module = name.rpartition("/")
    place = f"{folder}/__pycache__/{module.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc".lstrip("/")
    yield place, MAGIC_NUMBER + unchecked + source_hash(source) + marshal.dumps(code, 2)


def _methods() -> dict[str, bytes]:
    """What `insights.compiled` keeps of a process that starts here as it starts there, and where."""
    with tempfile.TemporaryDirectory() as kept:
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        python = [sys.executable, "-c", "import insights.wiring, skill.handler"]
        subprocess.run(python, check=True, cwd=kept, env=clean | {"PYTHONPYCACHEPREFIX": kept, "PYTHONPATH": str(TOP)})  # noqa: S603 - our own modules
        return {f"insights/__pycache__/{file.name}": file.read_bytes() for file in Path(kept).rglob("*.methods")}


def _files() -> Iterator[tuple[str, Path]]:
    for package in OURS:
        for path in (TOP / package).rglob("*"):
            if path.is_file() and path.parent.name != "__pycache__":
                yield str(path.relative_to(TOP)), path
    for found in _needed():
        for file in found.files or ():
            if not file.is_absolute() and ".." not in file.parts and file.suffix != ".pyc" and "tests" not in file.parts:
                source = Path(str(found.locate_file(file)))
                if source.is_file():
                    yield str(file), source


def _needed() -> list[Distribution]:
    """The distributions that ours stand on, without extras."""
    found: dict[str, Distribution] = {}
    wanted = [*_requirements(distribution("insights-assistant")), *MORE]
    while wanted:
        name = wanted.pop().lower().replace("_", "-")
        if name in LEFT_OUT or name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # for another platform, or optional
        wanted += _requirements(found[name])
    return list(found.values())


def _requirements(found: Distribution) -> list[str]:
    """Names of what a distribution needs here; extras are not."""
    names = []
    for line in found.requires or ():
        requirement, _, marker = line.partition(";")
        if "extra" not in marker and (name := _NAME.match(requirement.strip())):
            names.append(name[0])
    return names


def _json(document: Any) -> str:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Read the settings, write the package, and say what was written."""
    from contextlib import closing

    from insights import settings as insights_settings
    from insights.errors import InsightsError
    from insights.wiring import open_catalog, open_settings
    from skill.door import door

    parser = argparse.ArgumentParser(prog="python -m skill.package", description=__doc__)
    parser.add_argument("--endpoint", required=True, help="https://.../alexa, or the ARN of the Lambda function")
    parser.add_argument("--out", type=Path, default=Path("build/alexa"))
    parser.add_argument("--catalog", type=Path, default=None, help="in place of the one in insights.toml")
    parser.add_argument("--function", action="store_true", help="write function.zip for Lambda as well")
    given = parser.parse_args(arguments)
    try:
        settings = insights_settings.read()
        with closing(open_catalog(given.catalog) if given.catalog else open_settings(settings)) as assistant:
            models = door.generate(assistant)
        linked = linking(settings)
        written = write(given.out, models, name=str(settings.section(SECTION).get("name") or "Company Insights"), endpoint=given.endpoint, linked=linked)
        print(*written, sep="\n")
        if linked is not None:
            print(f"Account linking is set, once the skill is deployed, by: {COMMAND.format(path=given.out / 'skill-package' / FILE)}")
        elif settings.section(SECTION).get("issuer"):
            print(f"{FILE} is not written: set {SECTION}.client_id and {SECTION}.client_secret, or link accounts in the developer console.")
        if given.function:
            size = function(given.out / "function.zip")
            print(f"{given.out / 'function.zip'} ({size / 1024 / 1024:.0f} MB unpacked)")
    except InsightsError as error:
        print(f"skill.package: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
