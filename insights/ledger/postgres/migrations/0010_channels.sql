-- Where administrators allow or deny answers that others read along with. Channels are named as their door names them.
CREATE TABLE channel_rules (
    channel TEXT COLLATE "C" PRIMARY KEY,
    rule TEXT NOT NULL CHECK (rule IN ('allowed', 'denied')),
    at DOUBLE PRECISION NOT NULL
);
