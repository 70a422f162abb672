"""People from elsewhere as entries of organization.yaml: from SCIM 2.0 list responses (RFC 7643, 7644), and from the users of a Slack export."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from insights.errors import Problem, WrongCatalog, nearest
from insights.organization import Person

_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ATTRIBUTES = ("department", "division", "organization", "costCenter", "employeeNumber", "userType")
"""What of a SCIM user can be taken for an attribute of a person."""
Entry = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Member:
    """Somebody as another system lists them. `source` is their id there, `groups` the names of the groups they are in."""

    source: str
    name: str
    handle: str
    active: bool = True
    email: str | None = None
    title: str | None = None
    phone: str | None = None
    timezone: str | None = None
    slack: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Everybody in some files. `left_out` says who is not taken and why, `groups` all groups there are."""

    members: tuple[Member, ...]
    left_out: tuple[str, ...] = ()
    groups: frozenset[str] = frozenset()


def read(files: Iterable[Path]) -> Listed:
    """Everybody in files of SCIM list responses, or of Slack users; pages and groups may be files of their own. Raises WrongCatalog with every mistake."""
    problems: list[Problem] = []
    users: dict[str, Any] = {}
    groups: dict[str, Any] = {}
    expected: dict[str, int] = {}
    members: list[Member] = []
    left_out: list[str] = []
    last = Path()
    for file in files:
        last = file
        found = _loaded(file, problems)
        if isinstance(found, Mapping) and (_LIST in (found.get("schemas") or ()) or "Resources" in found):
            _take_scim(file, found, users, groups, expected, problems)
        elif isinstance(found, list) or (isinstance(found, Mapping) and isinstance(found.get("members"), list)):
            _take_slack(found if isinstance(found, list) else found["members"], members, left_out)
        elif found is not None:
            hint = "Export /Users and /Groups of SCIM 2.0, or take users.json of a Slack export."
            problems.append(Problem(file=str(file), line=0, message="it is neither a SCIM list response nor a list of Slack users.", suggestion=hint))
    for kind, there in (("users", users), ("groups", groups)):
        if len(there) < expected.get(kind, 0):
            hint = "Name the files of all pages."
            problems.append(Problem(file=str(last), line=0, message=f"{len(there)} of {expected[kind]} {kind} are in these files.", suggestion=hint))
    members += [member for user in users.values() if (member := _scim_member(user, problems, last)) is not None]
    if not members and not problems:
        problems.append(Problem(file=str(last), line=0, message="there is nobody in it."))
    if problems:
        raise WrongCatalog(problems)
    _put_into_groups(members, groups)
    return Listed(members=tuple(members), left_out=tuple(left_out), groups=frozenset(str(one.get("displayName")) for one in groups.values()))


def entries(
    listed: Listed, known: Mapping[str, Person], *, roles: Mapping[str, str], attributes: Collection[str] = (), complete: bool = False
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """What is to stand in organization.yaml, and what was left out and why.

    Somebody who is known by their Slack account, their address or their id keeps what the other system says nothing of. `roles` gives the members of a
    group (its name) a role, and takes that role from everybody listed who is in none of its groups; other groups give nothing. Nobody becomes active again by
    it. `complete`: whoever is known and not listed is not active any more. Raises WrongCatalog for a group that is not there.
    """
    wrong = [name for name in roles if name not in listed.groups]
    if wrong:
        suggestion = nearest(wrong[0], listed.groups) or "There is " + (", ".join(sorted(listed.groups)[:8]) or "no group in these files") + "."
        raise WrongCatalog([Problem(file="--role", line=0, message=f"there is no group '{wrong[0][:60]}'.", suggestion=suggestion)])
    made: dict[str, Entry] = {}
    left_out = list(listed.left_out)
    taken = set(known)
    for member in listed.members:
        person = _known(member, known)
        if person is None and not member.active:
            left_out.append(f"{member.name}: not active, and not known here")
            continue
        id_ = person.id if person is not None else _id(member, taken)
        if id_ in made:
            left_out.append(f"{member.name}: listed twice, as {id_}")
            continue
        if person is not None and not person.active and member.active:
            left_out.append(f"{member.name}: stays inactive, as organization.yaml says so")
        taken.add(id_)
        made[id_] = _entry(id_, member, person, roles, attributes)
    for person in known.values() if complete else ():
        if person.id not in made and person.active:
            made[person.id] = {"id": person.id, "active": False}
    return tuple(made.values()), tuple(left_out)


def _loaded(file: Path, problems: list[Problem]) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        problems.append(Problem(file=str(file), line=getattr(error, "lineno", 0), message=f"it cannot be read as JSON: {error}."))
        return None


def _take_scim(file: Path, found: Mapping[str, Any], users: dict[str, Any], groups: dict[str, Any], expected: dict[str, int], problems: list[Problem]) -> None:
    """The resources of one page; what a server says of their number counts for the kind that the page is of."""
    kinds = set()
    for one in found.get("Resources") or ():
        schemas = one.get("schemas") or () if isinstance(one, Mapping) else ()
        kind = "users" if _USER in schemas or (isinstance(one, Mapping) and "userName" in one) else "groups" if _GROUP in schemas else None
        if kind is None or not one.get("id"):
            problems.append(Problem(file=str(file), line=0, message="a resource in it is no user and no group, or has no id."))
            continue
        kinds.add(kind)
        (users if kind == "users" else groups)[str(one["id"])] = one
    total = found.get("totalResults")
    if isinstance(total, int) and len(kinds) == 1:
        (kind,) = kinds
        expected[kind] = max(expected.get(kind, 0), total)


def _scim_member(user: Mapping[str, Any], problems: list[Problem], file: Path) -> Member | None:
    handle = str(user.get("userName") or "")
    name = user.get("name") if isinstance(user.get("name"), Mapping) else {}
    assert isinstance(name, Mapping)
    parts = " ".join(str(name[key]) for key in ("givenName", "familyName") if name.get(key))
    called = str(user.get("displayName") or name.get("formatted") or parts or handle).strip()
    if not handle or not called:
        problems.append(Problem(file=str(file), line=0, message=f"the user with id '{str(user.get('id'))[:60]}' has no userName."))
        return None
    enterprise = user.get(_ENTERPRISE) if isinstance(user.get(_ENTERPRISE), Mapping) else {}
    assert isinstance(enterprise, Mapping)
    own = {key: str(value) for key in ATTRIBUTES if (value := enterprise.get(key) or user.get(key))}
    email = _main(user.get("emails")) or (handle if re.fullmatch(r"[^@\s]+@[^@\s]+", handle) else None)
    return Member(
        source=str(user["id"]), name=called, handle=handle, active=user.get("active") is not False, email=email, title=_text(user.get("title")),
        phone=_main(user.get("phoneNumbers")), timezone=_text(user.get("timezone")), attributes=own,
    )  # fmt: skip


def _main(values: Any) -> str | None:
    """Of several, the one marked as primary, else that of work, else the first."""
    listed = [one for one in values or () if isinstance(one, Mapping) and one.get("value")]
    listed.sort(key=lambda one: (one.get("primary") is not True, one.get("type") != "work"))
    return _text(listed[0]["value"]) if listed else None


def _text(value: Any) -> str | None:
    said = str(value).strip() if value is not None else ""
    return said or None


def _put_into_groups(members: Iterable[Member], groups: Mapping[str, Mapping[str, Any]]) -> None:
    """Members of a group that is a member of a group are in both."""
    by_id = {member.source: member for member in members}
    for group in groups.values():
        waiting, seen = [group], set[str]()
        while waiting:
            for one in waiting.pop().get("members") or ():
                id_ = str(one.get("value"))
                if id_ in by_id:
                    by_id[id_].groups.add(str(group.get("displayName")))
                elif id_ in groups and id_ not in seen:
                    seen.add(id_)
                    waiting.append(groups[id_])


def _take_slack(users: Iterable[Any], members: list[Member], left_out: list[str]) -> None:
    """Full members of the workspace: bots, guests and people of other companies are nobody of this one."""
    for user in users:
        if not isinstance(user, Mapping) or not user.get("id"):
            continue
        profile = user.get("profile") if isinstance(user.get("profile"), Mapping) else {}
        assert isinstance(profile, Mapping)
        name = str(profile.get("real_name") or user.get("real_name") or user.get("name") or user["id"]).strip()
        if user.get("is_bot") or user.get("is_app_user") or user["id"] == "USLACKBOT":
            continue
        if user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger"):
            left_out.append(f"{name}: a guest of the workspace")
            continue
        members.append(
            Member(
                source=str(user["id"]), name=name, handle=str(user.get("name") or user["id"]), active=not user.get("deleted"),
                email=_text(profile.get("email")), title=_text(profile.get("title")), phone=_text(profile.get("phone")), timezone=_text(user.get("tz")),
                slack=str(user["id"]),
            )
        )  # fmt: skip


def _known(member: Member, known: Mapping[str, Person]) -> Person | None:
    """Who of the people here that is. A handle names only somebody of whom neither an address nor an account is known: it is no proof of who that is."""
    people = known.values()
    if member.slack is not None and (same := next((one for one in people if one.slack == member.slack), None)) is not None:
        return same
    if member.email is not None and (same := next((one for one in people if one.email and one.email.casefold() == member.email.casefold()), None)) is not None:
        return same
    named = known.get(_slug(member.handle.partition("@")[0]))
    return named if named is not None and not named.email and not named.slack else None


def _id(member: Member, taken: Collection[str]) -> str:
    """An id that nobody has: the name they sign in with, its domain too where that is taken, else a number."""
    first = _slug(member.handle.partition("@")[0]) or "person"
    if first not in taken:
        return first
    whole = _slug(member.handle)
    return whole if whole not in taken else next(f"{whole}-{number}" for number in range(2, len(taken) + 3) if f"{whole}-{number}" not in taken)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")


def _entry(id_: str, member: Member, person: Person | None, roles: Mapping[str, str], attributes: Collection[str]) -> Entry:
    entry: dict[str, Any] = {"id": id_, "name": member.name}
    entry |= {key: value for key in ("email", "slack", "title", "phone", "timezone") if (value := getattr(member, key)) is not None}
    if roles:
        given = {role for group, role in roles.items() if group in member.groups}
        kept = (set(person.roles) if person is not None else set()) - set(roles.values())
        entry["roles"] = sorted(kept | given) or None
    own = {name: member.attributes[name] for name in attributes if name in member.attributes}
    if attributes and (person is not None or own):
        before = {name: list(value) if isinstance(value, tuple) else value for name, value in (person.attributes if person else {}).items()}
        entry["attributes"] = ({name: value for name, value in before.items() if name not in attributes} | own) or None
    return entry if member.active else entry | {"active": False}
