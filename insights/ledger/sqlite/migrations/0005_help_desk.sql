-- The help desk: every ticket that was filed through us, wherever it is kept; who wants to hear of it, what was added to it, what is out of order for all.

CREATE TABLE desk_tickets (
    key TEXT PRIMARY KEY,
    system TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT,
    what TEXT NOT NULL,
    room TEXT,
    urgency TEXT NOT NULL,
    priority TEXT NOT NULL,
    category TEXT NOT NULL,
    team TEXT NOT NULL,
    judged TEXT NOT NULL,
    type TEXT,
    fields TEXT NOT NULL,
    status TEXT NOT NULL,
    raised TEXT NOT NULL,
    updated TEXT NOT NULL,
    due TEXT,
    url TEXT,
    approver TEXT,
    approval TEXT,
    answered TEXT,
    resolved TEXT,
    rating INTEGER,
    reopened INTEGER NOT NULL DEFAULT 0,
    UNIQUE (system, id)
);
CREATE INDEX desk_tickets_by_person ON desk_tickets (person, raised);
CREATE INDEX desk_tickets_by_status ON desk_tickets (status, raised);

CREATE TABLE desk_watchers (
    ticket TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (ticket, person)
);

CREATE TABLE desk_notes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    ticket TEXT NOT NULL,
    person TEXT,
    at TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX desk_notes_by_ticket ON desk_notes (ticket, number);

-- Who is filing a ticket right now: one at a time for each key, until the lease ends.
CREATE TABLE desk_filings (
    key TEXT PRIMARY KEY,
    lease_until REAL NOT NULL,
    attempts INTEGER NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE desk_outages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    person TEXT,
    what TEXT NOT NULL,
    category TEXT NOT NULL,
    room TEXT,
    since TEXT NOT NULL,
    ended TEXT
);
