"""People taken up from SCIM list responses (as in RFC 7643) and from a Slack export."""

import json

import pytest
from click.testing import CliRunner

from insights.catalog.company import read_organization
from insights.cli.people import people
from insights.company.importing import entries, read
from insights.errors import WrongCatalog

BEFORE = """# Who works here.
people:
  - {id: ada, name: Ada, email: ada@halcyon.example, roles: [finance, board], delegates: [sam], hours: {from: 9:00, to: 17:30}, responsible_for: [budget]}
  - {id: sam, name: Sam, slack: U02}
  - {id: mallory, name: Mallory, email: mallory@halcyon.example}
  - {id: gone, name: Gone, email: gone@halcyon.example, active: false}

# Where they meet.
rooms:
  - {id: oak, name: Oak, capacity: 4}
"""
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]}
BABS = {
    "schemas": [USER, ENTERPRISE], "id": "2819c223-7f76-453a-919d-413861904646", "externalId": "701984", "userName": "bjensen@example.com",
    "name": {"formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen", "givenName": "Barbara"}, "displayName": "Babs Jensen",
    "emails": [{"value": "babs@jensen.org", "type": "home"}, {"value": "bjensen@example.com", "type": "work", "primary": True}],
    "phoneNumbers": [{"value": "555-555-4444", "type": "mobile"}, {"value": "555-555-5555", "type": "work"}],
    "userType": "Employee", "title": "Tour Guide", "timezone": "America/Los_Angeles", "active": True, ENTERPRISE: {"department": "Tour Operations"},
}  # fmt: skip
"""The full enterprise user of RFC 7643, section 8.3, shortened."""


def scim(id_, handle, **more):
    """A user."""
    return {"schemas": [USER], "id": id_, "userName": handle} | more


def group(id_, name, *members):
    """A group."""
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": id_, "displayName": name, "members": [{"value": one} for one in members],
    }  # fmt: skip


@pytest.fixture
def put(tmp_path):
    """Import these documents into an organization: what came of it, what was said, and what was left out."""
    (tmp_path / "organization.yaml").write_text(BEFORE, encoding="utf-8")

    def run(*documents, options=()):
        files = []
        for number, document in enumerate(documents):
            files.append(tmp_path / f"{number}.json")
            files[-1].write_text(json.dumps(document), encoding="utf-8")
        return CliRunner().invoke(people, ["import", *map(str, files), "--into", str(tmp_path), *options])

    run.people = lambda: read_organization(tmp_path).people
    run.text = lambda: (tmp_path / "organization.yaml").read_text(encoding="utf-8")
    return run


def test_a_user_of_scim_becomes_a_person_with_what_scim_says_of_them(put):
    """And nothing that gives a right: no role, no attribute."""
    ran = put(LIST | {"totalResults": 1, "Resources": [BABS]})
    assert ran.exit_code == 0, ran.output
    babs = put.people()["bjensen"]
    assert (babs.name, babs.email, babs.title, babs.phone, babs.timezone) == (
        "Babs Jensen", "bjensen@example.com", "Tour Guide", "555-555-5555", "America/Los_Angeles",
    )  # fmt: skip
    assert (babs.roles, babs.attributes, babs.active) == (frozenset(), {}, True)
    assert "1 new, 0 brought up to date" in ran.output
    assert "# Who works here." in put.text()
    assert "\n# Where they meet.\nrooms:" in put.text()


def test_who_is_known_keeps_what_the_other_system_says_nothing_of(put):
    """Hours as they were written, delegates, what they see to."""
    put(LIST | {"Resources": [scim("1", "a.okafor", displayName="Ada Okafor", emails=[{"value": "ADA@halcyon.example"}], title="Director")]})
    ada = put.people()["ada"]
    assert (ada.name, ada.title, ada.delegates, ada.responsible_for, ada.roles) == ("Ada Okafor", "Director", ("sam",), ("budget",), {"finance", "board"})
    assert (ada.hours.start.hour, ada.hours.end.minute) == (9, 30)


def test_groups_give_roles_only_where_that_is_said_and_take_them_too(put):
    """A group in a group counts; a cycle of groups ends; a role that no group was named for is kept."""
    users = [scim("1", "ada@halcyon.example"), scim("2", "ben@halcyon.example"), scim("3", "eve@halcyon.example")]
    groups = [group("g1", "Finance team", "2", "g2"), group("g2", "Controllers", "3", "g1"), group("g3", "Admins", "1", "2", "3")]
    put(LIST | {"totalResults": 3, "Resources": users}, LIST | {"totalResults": 3, "Resources": groups}, options=["--role", "Finance team=finance"])
    found = put.people()
    assert {id_: found[id_].roles for id_ in ("ada", "ben", "eve")} == {"ada": {"board"}, "ben": {"finance"}, "eve": {"finance"}}
    ran = put(LIST | {"Resources": users + groups}, options=["--role", "Finanse team=finance"])
    assert ran.exit_code != 0
    assert "Did you mean 'Finance team'?" in str(ran.exception)


def test_an_attribute_that_decides_what_somebody_sees_is_taken_only_when_it_is_named(put):
    """From the enterprise extension; others are kept."""
    put(LIST | {"Resources": [BABS]}, options=["--attribute", "department"])
    assert put.people()["bjensen"].attributes == {"department": "Tour Operations"}


def test_whoever_left_is_not_active_and_nobody_comes_back_by_it(put):
    """Somebody unknown who is not active is not taken up at all; with --complete, who is missing is not active either."""
    users = [scim("1", "ada@halcyon.example", active=False), scim("2", "former@halcyon.example", active=False), scim("3", "gone@halcyon.example", active=True)]
    ran = put(LIST | {"Resources": users})
    found = put.people()
    assert (found["ada"].active, found["gone"].active, found["mallory"].active) == (False, False, True)
    assert "former" not in found
    assert "stays inactive" in ran.output
    put(LIST | {"Resources": users}, options=["--complete"])
    assert not put.people()["mallory"].active


def test_a_page_of_several_is_refused_until_all_are_there(put):
    """Half of a company would be taken for all of it."""
    pages = [LIST | {"totalResults": 2, "startIndex": 1, "itemsPerPage": 1, "Resources": [scim("1", "ben@halcyon.example")]}]
    ran = put(*pages)
    assert "1 of 2 users are in these files" in str(ran.exception)
    assert put.text() == BEFORE
    pages.append(LIST | {"totalResults": 2, "startIndex": 2, "Resources": [scim("2", "eve@halcyon.example")]})
    assert put(*pages).exit_code == 0
    assert {"ben", "eve"} <= set(put.people())


SLACK = [
    {
        "id": "U02",
        "name": "sreyes",
        "deleted": False,
        "tz": "America/Chicago",
        "profile": {"real_name": "Sam Reyes", "email": "sam@halcyon.example", "title": "PA"},
    },
    {"id": "U03", "name": "ada", "deleted": False, "profile": {"real_name": "Not Ada"}},
    {"id": "U04", "name": "mal", "deleted": True, "profile": {"real_name": "Mallory", "email": "mallory@halcyon.example"}},
    {"id": "U05", "name": "guest", "is_restricted": True, "profile": {"real_name": "A Guest"}},
    {"id": "B01", "name": "bot", "is_bot": True, "profile": {"real_name": "A Bot"}},
    {"id": "USLACKBOT", "name": "slackbot", "profile": {"real_name": "Slackbot"}},
]


def test_the_users_of_a_slack_export_are_matched_by_account_then_by_address(put):
    """Guests and bots are nobody, and a name that somebody chose for themselves makes them nobody else."""
    ran = put(SLACK)
    assert ran.exit_code == 0, ran.output
    found = put.people()
    assert (found["sam"].email, found["sam"].title, found["sam"].timezone) == ("sam@halcyon.example", "PA", "America/Chicago")
    assert found["ada"].slack is None
    assert next(one for one in found.values() if one.slack == "U03").id == "ada-2"
    assert (found["mallory"].active, found["mallory"].slack) == (False, "U04")
    assert not [one for one in found.values() if one.slack in ("U05", "B01", "USLACKBOT")]
    assert "A Guest: a guest of the workspace" in ran.output
    assert put({"ok": True, "members": SLACK}).exit_code == 0
    assert len(put.people()) == len(found)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "it cannot be read as JSON"),
        ('{"a": 1}', "neither a SCIM list response"),
        ("[]", "there is nobody in it"),
        ('{"Resources": [{"id": "1"}]}', "no user"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path, text, message):
    """By name."""
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WrongCatalog, match=message):
        entries(read([file]), {}, roles={})


def test_an_address_that_two_have_changes_nothing(put):
    """Each could be taken for the other."""
    ran = put(
        LIST | {"Resources": [scim("1", "new@x.example", emails=[{"value": "n@x.example"}]), scim("2", "other@x.example", emails=[{"value": "n@x.example"}])]}
    )
    assert ran.exit_code != 0
    assert "same email" in str(ran.exception)
    assert put.text() == BEFORE
