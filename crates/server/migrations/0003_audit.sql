-- Who did what, in order, from 1. `digest` is SHA-256 over the digest before it, the number, the time and the entry: what is
-- changed or taken out later breaks the chain. Rows are only ever added; the oldest go when their time is over.
CREATE TABLE audit_entries (
    number INTEGER PRIMARY KEY NOT NULL,
    at_ms  INTEGER NOT NULL,
    action TEXT NOT NULL,
    entry  TEXT NOT NULL,
    digest BLOB NOT NULL
) STRICT;

-- Where the chain begins since older entries went: their last number and digest.
CREATE TABLE audit_base (
    only   INTEGER PRIMARY KEY NOT NULL CHECK (only = 1),
    number INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT;
