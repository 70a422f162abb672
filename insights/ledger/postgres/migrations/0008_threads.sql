-- Where tickets are talked about in channels: what is written in a thread goes to its ticket, and what is new about the ticket comes back.
CREATE TABLE desk_threads (
    thread TEXT PRIMARY KEY,
    ticket TEXT NOT NULL
);
CREATE INDEX desk_threads_by_ticket ON desk_threads (ticket);
