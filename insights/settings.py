"""insights.toml and the environment; the only reader of either."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from insights.errors import WrongSettings, nearest

_CORE = {
    "catalog": (str,),
    "data": (list, str),
    "home": (str,),
    "ledger": (dict,),
    "organization": (str,),
    "today": (str,),
    "server": (dict,),
    "warehouse": (dict,),
}
_DOOR_PREFIX = "INSIGHTS_"
_NOT_SETTINGS = frozenset({"INSIGHTS_CONFIG", "INSIGHTS_HOME"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that is configured; `sections` holds what each door and provider reads for itself, secrets included.

    `home` is the folder of ledger and caches. `where` is the file the settings came from, None without one. `on_lambda`: this is a function on AWS Lambda,
    whose disk does not last.
    """

    home: Path
    where: Path | None = None
    catalog: Path | None = None
    data: tuple[str, ...] = ()
    on_lambda: bool = False
    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def section(self, name: str) -> Mapping[str, Any]:
        """The settings under `[name]`, environment included; empty when there are none."""
        return self.sections.get(name, {})

    def warehouse_of(self, catalog: Path) -> Mapping[str, Any]:
        """The settings under [warehouse] where they are about this catalog: the configured one, or whichever where none is configured."""
        here = {catalog.absolute(), catalog.absolute().parent}
        return self.section("warehouse") if self.catalog is None or here & {self.catalog, self.catalog.parent} else {}

    def secret(self, section: str, key: str) -> str | None:
        """A secret, resolved when it is a reference into AWS Secrets Manager (`secretsmanager:NAME`) or SSM (`ssm:NAME`).

        Raises WrongSettings naming the setting when the reference cannot be read.
        """
        value = self.section(section).get(key)
        if value is None or value == "":
            return None
        return _resolved(str(value), f"{section}.{key}")


def read(*, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Read `insights.toml` (its path in INSIGHTS_CONFIG, else in `folder`, the working directory by default) and INSIGHTS_SECTION__KEY variables.

    The environment wins. Raises WrongSettings naming the file or the setting.
    """
    environ = os.environ if environ is None else environ
    folder = Path.cwd() if folder is None else folder
    named = environ.get("INSIGHTS_CONFIG")
    where = Path(named) if named else folder / "insights.toml"
    document: dict[str, Any] = {}
    if where.is_file():
        document = _parse(where)
    elif named:
        raise WrongSettings(f"INSIGHTS_CONFIG names {where}, which is not a file.", remedy="Correct the path or unset the variable.")
    base = where.parent if where.is_file() else folder
    sections = _sections(document, environ)
    home = environ.get("INSIGHTS_HOME") or document.get("home") or ".insights"
    catalog = environ.get("INSIGHTS_CATALOG") or document.get("catalog")
    data = document.get("data", [])
    return Settings(
        home=(base / home).absolute(),
        where=where if where.is_file() else None,
        catalog=(base / catalog).absolute() if catalog else None,
        data=tuple(str(base / path) if "://" not in path else path for path in ([data] if isinstance(data, str) else data)),
        on_lambda=bool(environ.get("AWS_LAMBDA_FUNCTION_NAME")),
        sections=sections,
    )


def _parse(where: Path) -> dict[str, Any]:
    import tomllib

    try:
        document = tomllib.loads(where.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise WrongSettings(f"{where} cannot be read: {error}.", remedy="Mend the file or remove it.") from None
    for key, value in document.items():
        if key in _CORE:
            if not isinstance(value, _CORE[key]):
                raise WrongSettings(f"{where}: '{key}' must be {' or '.join(t.__name__ for t in _CORE[key])}, not {type(value).__name__}.")
        elif not isinstance(value, dict):
            raise WrongSettings(f"{where}: unknown setting '{key}'.", remedy=nearest(key, _CORE))
    return document


def _sections(document: Mapping[str, Any], environ: Mapping[str, str]) -> Mapping[str, Mapping[str, Any]]:
    """Tables of the file overlaid with INSIGHTS_SECTION__KEY; a switch may be written true or false."""
    sections: dict[str, dict[str, Any]] = {name: dict(value) for name, value in document.items() if isinstance(value, dict)}
    for name, value in environ.items():
        if name.startswith(_DOOR_PREFIX) and name not in _NOT_SETTINGS and "__" in name:
            section, _, key = name[len(_DOOR_PREFIX) :].lower().partition("__")
            sections.setdefault(section, {})[key] = {"true": True, "false": False}.get(value.lower(), value)
    return sections


def _resolved(value: str, setting: str) -> str:
    scheme, _, name = value.partition(":")
    if scheme not in ("secretsmanager", "ssm") or not name:
        return value
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        if scheme == "ssm":
            return str(boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
        return str(boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])
    except (BotoCoreError, ClientError) as error:
        raise WrongSettings(f"The setting {setting} refers to {value}, which cannot be read: {type(error).__name__}.") from None
