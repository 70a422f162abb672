-- Rooms: who may know of a booking, what is out of use, which meeting it is for, how it was changed, who came. Meetings of people.

ALTER TABLE bookings ADD COLUMN private INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN block INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN meeting TEXT;
CREATE INDEX bookings_by_meeting ON bookings (meeting, start_at) WHERE meeting IS NOT NULL;

-- What a booking was before each change, and why it was given back before its time.
CREATE TABLE room_changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    booking INTEGER NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('changed', 'released', 'no_show', 'stale', 'displaced')),
    room TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX room_changes_by_booking ON room_changes (booking, number);

CREATE TABLE check_ins (
    booking TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    room TEXT NOT NULL,
    person TEXT,
    at TEXT NOT NULL
);

CREATE TABLE meetings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    organizer TEXT NOT NULL,
    title TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    timezone TEXT NOT NULL,
    local_start TEXT NOT NULL, -- as people in that zone read it on the wall, for whoever looks into the file
    rule TEXT, -- an RRULE of RFC 5545, by the clock in that zone
    first_at INTEGER NOT NULL, -- between these two are all its occurrences
    last_at INTEGER NOT NULL,
    room TEXT,
    description TEXT NOT NULL DEFAULT '',
    private INTEGER NOT NULL DEFAULT 0,
    link TEXT,
    state TEXT NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'off')),
    made_at REAL NOT NULL,
    CHECK (end_at > start_at)
);
CREATE INDEX meetings_by_organizer ON meetings (organizer, last_at) WHERE state = 'on';

CREATE TABLE invitations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    meeting INTEGER NOT NULL,
    person TEXT NOT NULL,
    UNIQUE (meeting, person)
);
CREATE INDEX invitations_by_person ON invitations (person, meeting);

CREATE TABLE answers (
    meeting INTEGER NOT NULL,
    person TEXT NOT NULL,
    occurrence INTEGER NOT NULL, -- 0: all of them
    response TEXT NOT NULL CHECK (response IN ('waiting', 'accepted', 'declined', 'tentative')),
    PRIMARY KEY (meeting, person, occurrence)
);

CREATE TABLE altered (
    meeting INTEGER NOT NULL,
    occurrence INTEGER NOT NULL, -- the start that the rule gives it
    off INTEGER NOT NULL DEFAULT 0,
    title TEXT,
    start_at INTEGER,
    end_at INTEGER,
    room TEXT,
    PRIMARY KEY (meeting, occurrence)
);

CREATE TABLE meeting_changes (
    key TEXT PRIMARY KEY,
    meeting INTEGER NOT NULL,
    what TEXT NOT NULL,
    at TEXT NOT NULL
);

-- Once an action is given up, a process that slept meanwhile must not carry it out after all.
CREATE TRIGGER room_changes_not_given_up BEFORE INSERT ON room_changes
WHEN EXISTS (SELECT 1 FROM actions WHERE key = NEW.key AND state IN ('doubted', 'failed'))
BEGIN
    SELECT RAISE(ABORT, 'given up');
END;
CREATE TRIGGER check_ins_not_given_up BEFORE INSERT ON check_ins
WHEN EXISTS (SELECT 1 FROM actions WHERE key = NEW.key AND state IN ('doubted', 'failed'))
BEGIN
    SELECT RAISE(ABORT, 'given up');
END;
CREATE TRIGGER meetings_not_given_up BEFORE INSERT ON meetings
WHEN EXISTS (SELECT 1 FROM actions WHERE key = NEW.key AND state IN ('doubted', 'failed'))
BEGIN
    SELECT RAISE(ABORT, 'given up');
END;
CREATE TRIGGER meeting_changes_not_given_up BEFORE INSERT ON meeting_changes
WHEN EXISTS (SELECT 1 FROM actions WHERE key = NEW.key AND state IN ('doubted', 'failed'))
BEGIN
    SELECT RAISE(ABORT, 'given up');
END;
