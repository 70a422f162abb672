"""What the company knows is found by its words, told with its source, and only to those who may have it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from insights.catalog.company import read_organization
from insights.catalog.model import Catalog
from insights.company import CompanyDesk
from insights.company.documents import read
from insights.company.passages import LONGEST, Sheet, from_markdown, sentences
from insights.errors import OutsideFailed, WrongCatalog
from insights.organization import Fact, Organization, Person, Room
from insights.permit import Asker, Permit
from insights.requests import LookUp

ADA = Person(id="ada", name="Ada Okafor", roles=frozenset({"finance"}), responsible_for=("the budget",))
BEN = Person(id="ben", name="Ben Sharma", roles=frozenset({"marketing"}), title="Head of brand", phone="4711")
GONE = Person(id="jo", name="Jo Keller", roles=frozenset({"security"}), active=False)


@pytest.fixture
def folder(tmp_path):
    """A handbook of three documents, one of them a page of HTML and one for finance only."""
    book = tmp_path / "handbook"
    book.mkdir()
    (book / "leave.md").write_text("# Leave\n\nEverybody has 25 days of holiday.\n\n## Sick leave\nTell your manager before ten.\n")
    (book / "bonus.md").write_text("---\nroles: [finance]\nowner: ada\nupdated: 2026-01-15\n---\n# Bonus\n\nThe bonus pool is 12 million dollars.\n")
    (book / "parking.html").write_text(
        "<html><head><title>Parking</title><style>p {color: red}</style><body><nav>Home</nav><h2>Bicycles</h2>"
        "<p>Bicycles go into the <b>cage</b> behind Mill.</p>"
        "<script>alert('parking secret')</script></body></html>"
    )
    return book


@pytest.fixture
def desk(folder):
    """A desk over it, with facts of two rooms and three people."""

    def made(holidays: dict[date, str] | None = None, **changes: object) -> CompanyDesk:
        organization = Organization(
            people={person.id: person for person in (ADA, BEN, GONE)},
            rooms={"fern": Room(id="fern", name="Fern", capacity=4), "moss": Room(id="moss", name="Moss", capacity=4)},
            handbook=(str(folder),),
            facts=(
                Fact(about=("wi-fi password",), say="The password here is green fern.", rooms=("fern",)),
                Fact(about=("wi-fi password",), say="The password here is dry moss.", rooms=("moss",)),
                Fact(about=("safe code", "safe"), say="The code is 1234.", private=True),
            ),
        )
        organization = replace(organization, **changes)  # type: ignore[arg-type]
        return CompanyDesk(
            organization=organization,
            permit=Permit(Catalog(name="x", version="1", datasets={}, metrics={}), organization),
            holidays={date(2026, 12, 25): "Christmas"},
        )

    return made


def asked(desk, question, person=BEN, audience="private", room=None):
    """What is answered."""
    return desk.look_up(LookUp(question=question), asker=Asker(person=person, audience=audience, room=room))


@pytest.mark.parametrize(
    ("question", "extract", "heading"),
    [
        ("how many days of vacation do I get", "Everybody has 25 days of holiday.", None),
        ("what do I do when I am ill", "Tell your manager before ten.", "Sick leave"),
        ("where do bikes go?", "Bicycles go into the cage behind Mill.", "Bicycles"),
        ("who is Ben Sharma", "Ben Sharma, Head of brand. extension 4711", "Ben Sharma"),
        ("who runs the budget", "Ada Okafor, finance. Sees to the budget.", "Who is responsible for the budget"),
    ],
)
def test_a_clear_question_is_answered_with_its_passage(desk, question, extract, heading):
    """The sentence is the handbook's own, the source is named, other words for the same are understood."""
    answer = asked(desk(), question)
    assert (answer.status, answer.extract, answer.sources[0].heading) == ("answered", extract, heading)


def test_free_days_are_told_and_not_mixed_up_with_leave(desk):
    """The day that is asked about is said, and it is no answer to how many there are."""
    one = desk(holidays={date(2026, 12, 25): "Christmas", date(2027, 1, 1): "New Year"})
    assert "Christmas is on Friday, December 25, 2026." in asked(one, "when is Christmas").extract
    assert asked(one, "how many days of vacation do I get").extract == "Everybody has 25 days of holiday."


def test_what_stands_nowhere_is_not_known(desk):
    """No passage, no guess: neither for strange words nor for words that only tell how one asks."""
    for question in ("what may I wear on casual days", "how do I get it", "???", "", "' OR 1=1 --", "NEAR(a b) AND *"):
        assert asked(desk(), question).status == "unknown"


def test_a_passage_for_some_roles_is_told_to_them_in_private_and_to_nobody_else(desk):
    """To others it does not exist: no source, no hint, no extract."""
    question = "how large is the bonus pool"
    assert asked(desk(), question, ADA).extract == "The bonus pool is 12 million dollars."
    assert (asked(desk(), question, ADA).sources[0].owner, asked(desk(), question, ADA).sources[0].updated) == ("Ada Okafor", date(2026, 1, 15))
    for person, audience in ((ADA, "room"), (ADA, "channel"), (BEN, "private"), (None, "private"), (replace(ADA, active=False), "private")):
        assert asked(desk(), question, person, audience).status == "unknown"


def test_what_is_private_is_not_said_where_others_hear_it(desk):
    """A code is told to a colleague alone, never in a room, in a channel, or to somebody unknown."""
    assert asked(desk(), "what is the code of the safe").extract == "The code is 1234."
    for person, audience in ((BEN, "room"), (BEN, "channel"), (None, "private")):
        assert asked(desk(), "what is the code of the safe", person, audience).status == "unknown"


def test_a_fact_of_a_room_is_told_in_it_and_where_it_is_named(desk):
    """Each room has its own password, and nobody hears that of another room."""
    assert asked(desk(), "what's the wifi password", room="fern").extract == "The password here is green fern."
    assert asked(desk(), "what's the wifi password in Moss", room="fern").extract == "The password here is dry moss."
    assert asked(desk(), "what's the wifi password").status == "unknown"


def test_nobody_who_left_is_told_of(desk):
    """Somebody inactive runs nothing any more."""
    assert asked(desk(), "who runs security").status == "unknown"


def test_a_document_that_changes_is_read_again(desk, folder):
    """What was said before is not said any more."""
    one = desk()
    assert "25 days" in asked(one, "how many days of holiday").extract
    (folder / "leave.md").write_text("# Leave\n\nEverybody has thirty days of holiday a year.\n")
    assert "thirty days" in asked(one, "how many days of holiday").extract


def test_where_several_passages_fit_they_are_shown(desk, folder):
    """No extract is picked at random: the places are named."""
    for name in ("lisbon", "porto"):
        (folder / f"{name}.md").write_text(f"# Lunch\n\nLunch is served from noon. This is the canteen of {name}.\n")
    answer = asked(desk(), "when is lunch")
    assert (answer.status, answer.extract) == ("sources", None)
    assert {source.source for source in answer.sources} == {"handbook/lisbon.md", "handbook/porto.md"}


def test_a_document_that_cannot_be_read_is_an_error_that_names_it(desk, folder):
    """Nothing is left out silently, and no restriction is taken for none."""
    (folder / "broken.md").write_bytes(b"\xff\xfe\x00bad")
    with pytest.raises(WrongCatalog, match=r"broken\.md.*cannot be read"):
        read([folder])
    with pytest.raises(OutsideFailed, match="can't be read"):
        asked(desk(), "how many days of holiday")
    (folder / "broken.md").write_text("---\naudience: secret\n---\nText.\n")
    with pytest.raises(WrongCatalog, match="'audience: secret' is not known"):
        read([folder])
    (folder / "broken.md").write_text("---\nrole: finance\n---\nText.\n")
    with pytest.raises(WrongCatalog, match="'role' is not known"):
        read([folder])


def test_markup_is_left_out_and_long_passages_are_cut_between_paragraphs():
    """Links, emphasis, tables and code keep their words only."""
    text = "# T\n\nSee [the *page*](http://x.example/a) and `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n1. first\n2. second\n"
    (passage,) = from_markdown(text, Sheet(source="s", title="t"))
    assert passage.text == "See the page and code.\na, b\n1, 2\nfirst\nsecond"
    long = "\n\n".join(["word " * 300] * 5)
    assert all(len(piece.text) <= LONGEST + 1600 for piece in from_markdown(long, Sheet(source="s", title="t")))
    assert sum(piece.text.count("word") for piece in from_markdown(long, Sheet(source="s", title="t"))) == 1500


def test_sentences_are_the_passage():
    """Nothing between them is lost."""
    text = "Ask Dr. Who. Ring 4100! Is it open? Yes."
    assert " ".join(sentences(text)) == text


def test_organization_yaml_names_handbook_and_facts(tmp_path):
    """A folder or room that is not there is an error with its line."""
    (tmp_path / "book").mkdir()
    file = tmp_path / "organization.yaml"
    file.write_text("rooms: [{id: fern, name: Fern, capacity: 2}]\nhandbook: book\nfacts:\n  - {about: wi-fi, say: Green., rooms: [fern], audience: private}\n")
    organization = read_organization(file)
    assert organization.handbook == (str(tmp_path / "book"),)
    assert organization.facts == (Fact(about=("wi-fi",), say="Green.", rooms=("fern",), private=True),)
    file.write_text("handbook: nowhere\nfacts:\n  - {about: wi-fi, say: Green., rooms: [moss]}\n  - {say: What?}\n")
    with pytest.raises(WrongCatalog) as error:
        read_organization(file)
    assert [(problem.line, problem.message) for problem in error.value.problems] == [
        (1, "there is no folder 'nowhere'."),
        (3, "there is no room 'moss'."),
        (4, "a fact needs 'about': what people call it."),
    ]


def test_a_day_that_cannot_be_read_is_an_error(folder):
    """When a document was looked at is told, so it must be right."""
    (folder / "leave.md").write_text("---\nupdated: last spring\n---\nText.\n")
    with pytest.raises(WrongCatalog, match="'updated: last spring' is no day"):
        read([folder])


def test_a_question_of_any_length_ends(desk):
    """A word of a hundred thousand letters is no misspelt one, and what stands far behind is not looked at."""
    one = desk()
    assert asked(one, "x" * 100_000).status == "unknown"
    assert asked(one, "how many days of vacation " + "do I get " * 20_000).extract == "Everybody has 25 days of holiday."


def test_a_word_that_heads_a_passage_makes_it_a_place_to_look_and_no_answer(desk):
    """However many other words people use; told as a place, never as the answer."""
    answer = asked(desk(), "my rusty bikes got scratched")
    assert (answer.status, answer.extract) == ("sources", None)
    assert answer.sources[0].heading == "Bicycles"


def test_what_is_no_question_needs_more_to_be_one_about_the_company(desk):
    """A report or a remark is not taken for a question because one word of it heads a passage."""
    asker = Asker(person=BEN, audience="private")
    assert desk().knows("can I scratch rusty bikes?", asker=asker) == "sources"
    assert desk().knows("rusty bikes scratched me", asker=asker) == "unknown"


@pytest.mark.parametrize(
    ("text", "question", "status"),
    [
        ("A main dish costs 6 dollars, and it is charged to your next salary.", "who is in charge of dish costs", "sources"),
        ("Dish costs are kept by Omar Haddad.", "who is in charge of dish costs", "answered"),
        ("There are 40 places, first come, first served; your badge opens the gate.", "when does the gate of the places open", "sources"),
        ("The gate of the places opens at seven in the morning.", "when does the gate of the places open", "answered"),
    ],
)
def test_who_is_answered_with_somebody_and_when_with_a_time(tmp_path, text, question, status):
    """A passage that has the words and nobody, or no time, is a place to look and no answer."""
    book = tmp_path / "book"
    book.mkdir()
    (book / "gate.md").write_text(f"# The company\n\n{text}\n")
    organization = Organization(people={"ada": ADA}, rooms={}, devices={}, handbook=(str(book),))
    desk = CompanyDesk(organization=organization, permit=Permit(Catalog(name="c", version="1", datasets={}, metrics={}), organization))
    assert desk.look_up(LookUp(question=question), asker=Asker(person=ADA, audience="private")).status == status


@pytest.mark.parametrize("said", ["can you put bicycles into the cage", "are they in the cage behind mill"])
def test_what_is_asked_of_the_assistant_is_no_question_about_the_company(desk, said):
    """Nor what is asked about something that was talked of before."""
    assert desk().knows(said, asker=Asker(person=ADA, audience="private")) == "unknown"
    assert desk().knows("where is the cage for bicycles behind mill", asker=Asker(person=ADA, audience="private")) == "answered"
