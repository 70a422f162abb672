-- What the doors were given to do and what they send, where they are installed, and what can be used once. Instants are seconds since 1970, UTC.

CREATE TABLE received (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    queue TEXT NOT NULL,
    payload TEXT NOT NULL, -- empty once it has ended
    state TEXT NOT NULL CHECK (state IN ('doing', 'done', 'failed')),
    attempt INTEGER NOT NULL DEFAULT 1,
    holder TEXT NOT NULL,
    lease_until REAL NOT NULL,
    received_at REAL NOT NULL,
    problem TEXT NOT NULL DEFAULT ''
);
CREATE INDEX received_at_work ON received (queue, number) WHERE state = 'doing';
CREATE INDEX received_lapsing ON received (lease_until) WHERE state = 'doing';

CREATE TABLE postings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    job TEXT NOT NULL,
    scope TEXT NOT NULL,
    lane TEXT NOT NULL,
    payload TEXT NOT NULL, -- empty once it has gone out
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    result TEXT NOT NULL DEFAULT '',
    written_at REAL NOT NULL
);
CREATE INDEX postings_waiting ON postings (lane, number) WHERE state IN ('waiting', 'sending');
CREATE INDEX postings_by_job ON postings (job);

CREATE TABLE lanes (
    lane TEXT PRIMARY KEY,
    free_at REAL NOT NULL
);

CREATE TABLE installations (
    door TEXT NOT NULL,
    enterprise TEXT NOT NULL, -- empty where there is none
    team TEXT NOT NULL, -- empty where it is the whole enterprise
    account TEXT NOT NULL, -- whose tokens these are besides the door's own; empty for the newest
    sealed TEXT NOT NULL, -- encrypted; empty once it was withdrawn
    installed_at REAL NOT NULL,
    withdrawn_at REAL,
    PRIMARY KEY (door, enterprise, team, account)
);

CREATE TABLE one_time ( -- digests of what is accepted once
    digest TEXT PRIMARY KEY,
    expires_at REAL NOT NULL
);
