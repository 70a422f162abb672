-- What people taught, what they asked of the data team, what they were refused. Instants are local times of the company in ISO 8601.

CREATE TABLE lessons (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    catalog TEXT NOT NULL,
    person TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('synonym', 'question')),
    said TEXT NOT NULL,
    meant TEXT NOT NULL,
    context TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'taught' CHECK (state IN ('taught', 'accepted', 'rejected', 'withdrawn')),
    taught TEXT NOT NULL,
    by TEXT,
    judged TEXT,
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX lessons_by_catalog ON lessons (catalog, number);

CREATE TABLE lesson_marks (
    catalog TEXT PRIMARY KEY,
    mark INTEGER NOT NULL
);

CREATE TABLE enquiries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    catalog TEXT NOT NULL,
    person TEXT NOT NULL,
    text TEXT NOT NULL,
    reading TEXT NOT NULL,
    recipients TEXT NOT NULL, -- ids of people, a JSON list
    asked TEXT NOT NULL,
    answer TEXT,
    by TEXT,
    answered TEXT
);
CREATE INDEX enquiries_by_catalog ON enquiries (catalog, number);

CREATE TABLE refusals (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    catalog TEXT NOT NULL,
    person TEXT NOT NULL,
    key TEXT NOT NULL,
    text TEXT NOT NULL,
    refused TEXT NOT NULL,
    seen TEXT NOT NULL,
    told TEXT,
    UNIQUE (catalog, person, key)
);
