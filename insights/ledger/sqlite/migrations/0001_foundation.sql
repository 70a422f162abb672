-- Conversations, actions, bookings, tickets, due work and the audit log. Instants are seconds since 1970, UTC.

CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    person TEXT,
    document TEXT NOT NULL,
    saved_at REAL NOT NULL
);

CREATE TABLE actions (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    person TEXT,
    request TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('intended', 'attempted', 'doubted', 'confirmed', 'failed')),
    result TEXT,
    reason TEXT,
    begun_at REAL NOT NULL,
    CHECK ((state = 'confirmed') = (result IS NOT NULL))
);
CREATE INDEX actions_unfinished ON actions (begun_at) WHERE state IN ('intended', 'attempted', 'doubted');

CREATE TABLE bookings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    room TEXT NOT NULL,
    person TEXT,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    timezone TEXT NOT NULL,
    local_start TEXT NOT NULL, -- as people in that zone read it on the wall, for whoever looks into the file
    local_end TEXT NOT NULL,
    title TEXT,
    state TEXT NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'released')),
    booked_at REAL NOT NULL,
    CHECK (end_at > start_at),
    CHECK (end_at - start_at <= 1209600) -- fourteen days: bounds how far back an overlap has to be looked for
);
CREATE INDEX bookings_by_room ON bookings (room, start_at) WHERE state = 'held';
CREATE INDEX bookings_by_start ON bookings (start_at) WHERE state = 'held';
CREATE INDEX bookings_by_person ON bookings (person, start_at) WHERE state = 'held';

CREATE TRIGGER bookings_never_overlap BEFORE INSERT ON bookings
WHEN NEW.state = 'held' AND EXISTS (
    SELECT 1 FROM bookings AS other
    WHERE other.room = NEW.room AND other.state = 'held'
      AND other.start_at < NEW.end_at AND other.end_at > NEW.start_at
      AND other.start_at > NEW.start_at - 1209600
)
BEGIN
    SELECT RAISE(ABORT, 'taken');
END;

CREATE TRIGGER moved_bookings_never_overlap BEFORE UPDATE OF room, start_at, end_at, state ON bookings
WHEN NEW.state = 'held' AND EXISTS (
    SELECT 1 FROM bookings AS other
    WHERE other.room = NEW.room AND other.state = 'held' AND other.number <> NEW.number
      AND other.start_at < NEW.end_at AND other.end_at > NEW.start_at
      AND other.start_at > NEW.start_at - 1209600
)
BEGIN
    SELECT RAISE(ABORT, 'taken');
END;

-- Once an action is given up, a process that slept meanwhile must not carry it out after all.
CREATE TRIGGER bookings_not_given_up BEFORE INSERT ON bookings
WHEN EXISTS (SELECT 1 FROM actions WHERE key = NEW.key AND state IN ('doubted', 'failed'))
BEGIN
    SELECT RAISE(ABORT, 'given up');
END;

CREATE TABLE tickets (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    person TEXT,
    what TEXT NOT NULL,
    room TEXT,
    urgency TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'in_progress', 'resolved', 'closed')),
    raised TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE INDEX tickets_by_person ON tickets (person, number);

CREATE TRIGGER tickets_not_given_up BEFORE INSERT ON tickets
WHEN EXISTS (SELECT 1 FROM actions WHERE key = NEW.key AND state IN ('doubted', 'failed'))
BEGIN
    SELECT RAISE(ABORT, 'given up');
END;

CREATE TABLE work (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    person TEXT,
    payload TEXT NOT NULL,
    due_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'doing', 'done', 'failed', 'unknown')),
    lease_until REAL,
    problem TEXT NOT NULL DEFAULT ''
);
CREATE INDEX work_due ON work (kind, state, due_at);

CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    person TEXT,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only appended to');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only appended to');
END;
