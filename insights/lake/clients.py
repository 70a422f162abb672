"""Clients of AWS as the settings say how it is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from insights.errors import WrongSettings

CONNECT = 1.0
"""Seconds for one attempt to connect."""
WAITING = 64
"""Connections of a client at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How AWS, or what speaks its language, is reached; what is not said is boto3's own chain of files, environment and machine roles."""

    endpoint_url: str | None = None
    region: str | None = None
    profile: str | None = None
    role_arn: str | None = None


def client(service: str, access: Access, section: str, *, read: float, at: str | None, tries: int = 1) -> Any:
    """A boto3 client; `read` are the seconds of silence it stands, `at` its address. Raises WrongSettings, naming the `section` of them."""
    import boto3
    import botocore.session
    from botocore.config import Config
    from botocore.credentials import DeferredRefreshableCredentials, create_assume_role_refresher
    from botocore.exceptions import BotoCoreError

    waits = Config(
        connect_timeout=CONNECT,
        read_timeout=read,
        retries={"total_max_attempts": tries, **({"mode": "standard"} if tries > 1 else {})},
        max_pool_connections=WAITING,
        s3={"addressing_style": "path"} if access.endpoint_url else {},
    )
    try:
        session = boto3.session.Session(profile_name=access.profile, region_name=access.region)
        if access.role_arn is not None:
            caller = session.client("sts", config=waits)
            assumed = create_assume_role_refresher(caller, {"RoleArn": access.role_arn, "RoleSessionName": "insights"})
            core = botocore.session.get_session()
            core._credentials = DeferredRefreshableCredentials(method="assume-role", refresh_using=assumed)
            session = boto3.session.Session(botocore_session=core, region_name=access.region or session.region_name)
        return session.client(service, config=waits, endpoint_url=at)
    except (BotoCoreError, ValueError) as error:
        raise WrongSettings(f"AWS cannot be reached as [{section}] says: {error}", remedy="Correct region, profile or role_arn.") from error
