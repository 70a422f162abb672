-- What was read by engines that are paid for, by day (ISO 8601) and person (empty: somebody unnamed), in bytes.

CREATE TABLE spending (
    day TEXT NOT NULL,
    person TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (day, person)
);
