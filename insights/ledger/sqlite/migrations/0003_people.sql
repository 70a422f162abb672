-- Who is who at the doors, what people follow, what they last heard. Instants are seconds since 1970, UTC, and 0 is never.

CREATE TABLE bindings ( -- an account elsewhere that is a person's: a voice, an Alexa account, a Slack user
    kind TEXT NOT NULL,
    scope TEXT NOT NULL, -- within what its id is one: an enterprise or a team; empty where it is one everywhere
    account TEXT NOT NULL,
    person TEXT NOT NULL,
    bound_at REAL NOT NULL,
    PRIMARY KEY (kind, scope, account)
);
CREATE INDEX bindings_by_person ON bindings (person);

CREATE TABLE pins (
    person TEXT PRIMARY KEY,
    salt TEXT NOT NULL, -- hexadecimal, as the digest
    digest TEXT NOT NULL,
    wrong INTEGER NOT NULL DEFAULT 0, -- tries since the last right one, counted before they are compared
    locked_until REAL NOT NULL DEFAULT 0,
    set_at REAL NOT NULL
);

CREATE TABLE link_codes (
    digest TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    expires_at REAL NOT NULL
);
CREATE INDEX link_codes_by_person ON link_codes (person);

CREATE TABLE link_tries ( -- wrong codes by the account that gave them
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    account TEXT NOT NULL,
    wrong INTEGER NOT NULL,
    since REAL NOT NULL,
    PRIMARY KEY (kind, scope, account)
);

CREATE TABLE devices (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL DEFAULT 'unknown' CHECK (state IN ('unknown', 'pending', 'mapped')),
    room TEXT,
    person TEXT, -- whose desk it stands on
    asked_by TEXT, -- who said where it is
    seen_at REAL NOT NULL,
    CHECK (room IS NULL OR person IS NULL),
    CHECK ((state = 'unknown') = (room IS NULL AND person IS NULL))
);

CREATE TABLE subscriptions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    catalog TEXT NOT NULL,
    person TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('digest', 'alert')),
    words TEXT NOT NULL,
    request TEXT NOT NULL,
    schedule TEXT NOT NULL,
    timezone TEXT NOT NULL,
    condition TEXT,
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'ended')),
    muted_until REAL NOT NULL DEFAULT 0,
    next_at REAL NOT NULL,
    seen TEXT NOT NULL DEFAULT '{}', -- what the last look found, so that one crossing is told once
    created_at REAL NOT NULL,
    CHECK ((kind = 'alert') = (condition IS NOT NULL))
);
CREATE INDEX subscriptions_due ON subscriptions (catalog, next_at) WHERE state = 'active';
CREATE INDEX subscriptions_by_person ON subscriptions (person, number);

CREATE TABLE last_answers (
    person TEXT NOT NULL, -- empty: nobody known
    device TEXT NOT NULL, -- empty: no device, such as chat
    document TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (person, device)
);

CREATE TABLE audit_names ( -- whom the log means; it holds only `who`, so that a person can be forgotten and the chain stays whole
    who TEXT PRIMARY KEY,
    person TEXT NOT NULL UNIQUE
);
