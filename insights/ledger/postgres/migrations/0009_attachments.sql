-- Files that people attach to tickets: written down before they are sent anywhere, kept where the ledger is the ticket system.

CREATE TABLE desk_files (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    system TEXT NOT NULL,
    ticket TEXT NOT NULL,
    person TEXT,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    size INTEGER NOT NULL,
    data BYTEA NOT NULL, -- empty once another system has it
    attached INTEGER NOT NULL DEFAULT 0,
    at TEXT NOT NULL
);
CREATE INDEX desk_files_by_ticket ON desk_files (system, ticket, number);
