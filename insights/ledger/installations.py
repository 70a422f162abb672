"""What the store promises about where a door is installed, and about what is accepted once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a door is installed: a team, or a whole enterprise where the team is empty. `account` is somebody whose own tokens are meant."""

    door: str
    enterprise: str = ""
    team: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What is kept of an installation: `sealed` as the door encrypted it, empty once it was withdrawn."""

    site: Site
    sealed: str
    installed: datetime
    withdrawn: datetime | None = None


class Installations(Protocol):
    """Where doors are installed. Each change is in the audit log."""

    def install(self, site: Site, sealed: str, *, now: datetime) -> None:
        """Keep it; what was there, or was withdrawn, makes room."""

    def reseal(self, site: Site, sealed: str, *, was: str) -> bool:
        """The same installation, encrypted anew; False when it is not any more what it was."""

    def installed(self, site: Site) -> Installed | None:
        """The installation, withdrawn or not; None when there never was one."""

    def all_installed(self, door: str) -> tuple[Installed, ...]:
        """Every installation of a door that was not withdrawn."""

    def withdraw(self, site: Site, *, now: datetime) -> int:
        """Forget the tokens of a site: with an account that one's alone, else everything there; that it was withdrawn stays known. How many there were."""


class OneTime(Protocol):
    """What is accepted once, such as the state of a sign-in. Only digests are kept."""

    def issue_once(self, secret: str, *, now: datetime, until: datetime) -> None:
        """It may be redeemed once, until then."""

    def redeem_once(self, secret: str, *, now: datetime) -> bool:
        """Whether it was issued, is not too old, and was not redeemed before; from now on it was."""
