"""What every ledger promises about backups: whole, from either engine into either, and nothing is done twice after one is put back."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest

from insights.delivery.outbox import enqueue
from insights.delivery.reconcile import reconcile
from insights.delivery.worker import work
from insights.errors import NotAnswerable, OutsideFailed, WrongSettings
from insights.ledger.following import Schedule, Subscription
from insights.ledger.identity import Account, NotLinked
from insights.ledger.once import once
from insights.ledger.port import Done, Fault, RoomHold
from insights.organization import Person
from insights.wording import Wording

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
ADA = Person(id="ada", name="Ada Okafor", slack="U01")
DIGEST = Subscription(
    key="s", catalog="shop", person="ada", kind="digest", words="revenue at eleven", request="{}", schedule=Schedule(every="hourly"), timezone="UTC"
)  # fmt: skip


def hold(key, hour, room="fern"):
    """A wish for an hour of a room."""
    start = NOW + timedelta(hours=hour)
    return RoomHold(key=key, room=room, person="ada", start=start, end=start + timedelta(hours=1), title="Überblick 日本")


def fill(ledger):
    """Something of everything, an action in each state among it."""
    ledger.hold_room(hold("b", 24), now=NOW)
    ledger.file_ticket(Fault(key="t", person="ada", what="The projector is dark."), now=NOW)
    ledger.save_conversation("c", '{"said": "ü"}', person="ada", now=NOW)
    ledger.bind(Account(kind="slack", id="U01"), "ada", now=NOW)
    ledger.set_pin("ada", "4821", now=NOW)
    ledger.follow(DIGEST, now=NOW)
    for key in ("intended", "attempted", "doubted", "confirmed", "failed"):
        ledger.begin(key, "book_room", "{}", person="ada", now=NOW)
    ledger.attempted("attempted", now=NOW)
    ledger.doubt("doubted", now=NOW)
    ledger.confirm("confirmed", '{"id": "B-1"}', now=NOW)
    ledger.fail("failed", "taken", now=NOW)
    for key, due in (("due", NOW), ("being sent", None), ("tomorrow", NOW + timedelta(days=1))):
        enqueue(ledger, key=key, person="ada", speech=key, text=key, due=due)
    ledger.claim_work("message", now=NOW, lease=timedelta(minutes=2))  # "being sent", due since ever


@pytest.fixture
def copied(ledger, tmp_path):
    """A backup of a ledger with something of everything, and what is in it."""
    fill(ledger)
    copied = ledger.back_up(tmp_path / "copy.backup")
    return tmp_path / "copy.backup", copied


def test_a_backup_restored_is_the_same_ledger(ledger, another, copied):
    """From either engine into either: bookings with their ids, PINs, conversations, the audit log to the last hash."""
    file, told = copied
    trail = ledger.audit_trail()
    assert (told.entries, told.head) == (trail[-1].number, trail[-1].hash)
    restored = another.restore(file, now=LATER)
    assert restored.rows == told.rows
    assert restored.broken is None
    assert another.hold_with_key("b") == ledger.hold_with_key("b")
    assert another.ticket_with_key("t") == ledger.ticket_with_key("t")
    assert another.load_conversation("c") == '{"said": "ü"}'
    assert another.check_pin("ada", "4821", now=LATER) == "right"
    assert another.bound(Account(kind="slack", id="U01")) == "ada"
    assert another.audit_trail()[: len(trail)] == trail
    assert another.first_broken() is None


def test_numbers_go_on_after_those_that_were_restored(another, copied):
    """A name that people know is not given to something else, and rules hold again: the room is taken."""
    another.restore(copied[0], now=LATER)
    assert another.hold_room(hold("b2", 24), now=LATER) is None
    assert another.hold_room(hold("b3", 25), now=LATER).id != another.hold_with_key("b").id
    with pytest.raises(OutsideFailed, match="given up"):
        another.hold_room(hold("failed", 30), now=LATER)


def test_a_restore_sends_nothing_again(another, copied):
    """What was due or being sent may have arrived since, so it is held; what is due later is sent at its time."""
    sent = []

    class Messenger:
        name = "slack"

        def reaches(self, person):
            return True

        def send(self, person, reply, *, key):
            sent.append(key)

    restored = another.restore(copied[0], now=LATER)
    assert restored.held == 2
    messengers, people = {"slack": Messenger()}, {"ada": ADA}
    work(another, messengers, people, lambda: LATER)
    assert sent == []
    assert {item.key: item.problem[:9] for item in another.work_in("message", "unknown")} == {"due": "held back", "being sent": "held back"}
    work(another, messengers, people, lambda: NOW + timedelta(days=1))
    assert sent == ["tomorrow"]


def test_a_restore_repeats_no_action(another, copied):
    """Unfinished ones are looked up by their key before anything: what had happened is told, what had not may be asked for again, nothing is attempted."""
    attempts, looked = [], []

    class Elsewhere:
        """A provider that was not restored: it knows what happened since the backup."""

        def found(self, key):
            looked.append(key)
            return '{"id": "B-7"}' if key == "attempted" else None

        def answer(self, result):
            raise NotImplementedError

        def undone(self, request):
            return NotAnswerable("It was not booked.")

    def ask(key):
        return once(
            another, key=key, kind="book_room", request="{}", person="ada", now=LATER, attempt=lambda: attempts.append(key) or "{}",
            found=lambda: Elsewhere().found(key),
        )  # fmt: skip

    assert another.restore(copied[0], now=LATER).doubted == 3
    assert ask("confirmed") == '{"id": "B-1"}'
    assert ask("attempted") == '{"id": "B-7"}'
    assert looked == ["attempted"]
    for key in ("intended", "doubted"):
        with pytest.raises(OutsideFailed, match="given up"):
            ask(key)
    assert attempts == []
    assert reconcile(another, {"book_room": Elsewhere()}, Wording(), LATER) == (0, 2)
    assert attempts == []
    assert {key: another.find(key).state for key in ("intended", "attempted", "doubted", "confirmed", "failed")} == {
        "intended": "failed", "attempted": "confirmed", "doubted": "failed", "confirmed": "confirmed", "failed": "failed",
    }  # fmt: skip
    assert another.begin("attempted", "book_room", "{}", person="ada", now=LATER) == Done(result='{"id": "B-7"}')


def test_what_people_follow_waits_for_its_next_time_and_codes_stop_working(ledger, another, tmp_path):
    """A digest that fell due in between was told by the ledger that is lost; a code may have been used."""
    kept = ledger.follow(DIGEST, now=NOW)
    code = ledger.new_code("ada", now=LATER)
    ledger.back_up(tmp_path / "copy.backup")
    assert another.restore(tmp_path / "copy.backup", now=LATER).skipped == 1
    assert kept.next < LATER
    assert another.due_subscriptions("shop", now=LATER) == ()
    assert another.subscription_of("ada", kept.id).next == LATER + timedelta(hours=1)
    assert another.redeem_code(code, Account(kind="slack", id="U02"), now=LATER) == NotLinked(why="wrong")


def test_a_ledger_that_holds_something_is_replaced_only_when_told_so(ledger, copied):
    """And then it is exactly the backup; what came after it is gone."""
    ledger.hold_room(hold("after", 48), now=LATER)
    with pytest.raises(WrongSettings, match="not empty"):
        ledger.restore(copied[0], now=LATER)
    assert ledger.hold_with_key("after")
    ledger.restore(copied[0], replace=True, now=LATER)
    assert ledger.hold_with_key("after") is None
    assert ledger.hold_with_key("b")
    assert ledger.first_broken() is None


def test_a_backup_is_one_moment_while_others_write(ledger, tmp_path):
    """Every action in it has its audit entry and every entry its action, whenever it was taken."""
    from threading import Event, Thread

    stop = Event()

    def act():
        number = 0
        while not stop.is_set():
            ledger.begin(f"k{number}", "book_room", "{}", person="ada", now=NOW)
            number += 1

    writer = Thread(target=act)
    writer.start()
    try:
        for number in range(5):
            sleep(0.02)
            ledger.back_up(tmp_path / f"{number}.backup")
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        with closing(sqlite3.connect(tmp_path / f"{number}.backup")) as copy:
            actions, entries = (copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("actions", "audit"))
        assert actions == entries


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a ledger" * 500])
def test_what_is_no_backup_changes_nothing(ledger, tmp_path, content):
    """An empty file, another file, no file."""
    fill(ledger)
    before = ledger.audit_trail()
    file = tmp_path / "wrong.backup"
    with pytest.raises(WrongSettings):
        ledger.restore(file, replace=True, now=NOW)
    file.write_bytes(content)
    with pytest.raises(WrongSettings):
        ledger.restore(file, replace=True, now=NOW)
    assert ledger.audit_trail() == before


def test_a_backup_never_takes_the_place_of_a_file(ledger, copied, tmp_path):
    """Nor can it be written where nothing can be; only its owner may read it."""
    file, _ = copied
    before = file.read_bytes()
    with pytest.raises(WrongSettings, match="exists"):
        ledger.back_up(file)
    with pytest.raises(WrongSettings, match="cannot be written"):
        ledger.back_up(tmp_path / "nowhere" / "copy.backup")
    assert file.read_bytes() == before
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".backup")] == []


def test_a_changed_audit_log_in_a_backup_is_told(another, copied):
    """It is restored all the same, for it may be all there is."""
    with closing(sqlite3.connect(copied[0])) as other:
        other.execute("DROP TRIGGER audit_is_not_changed")
        other.execute("UPDATE audit SET event = 'nothing happened' WHERE number = 2")
        other.commit()
    assert another.restore(copied[0], now=LATER).broken == 2
    assert another.first_broken() == 2
