-- Records that are encrypted under a key that is not in the database (see `vault`).
CREATE TABLE sealed_records (
    name       TEXT PRIMARY KEY NOT NULL,
    key_id     TEXT NOT NULL,
    nonce      BLOB NOT NULL,
    sealed     BLOB NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;

-- The local administrator: one row, or none before the first run. `passphrase` is a PHC string of argon2id.
CREATE TABLE administrator (
    only       INTEGER PRIMARY KEY NOT NULL CHECK (only = 1),
    name       TEXT NOT NULL,
    passphrase TEXT NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;

-- Who is signed in. `digest` is SHA-256 of what the cookie holds.
CREATE TABLE sessions (
    digest        BLOB PRIMARY KEY NOT NULL,
    id            TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL,
    method        TEXT NOT NULL,
    opened_ms     INTEGER NOT NULL,
    used_ms       INTEGER NOT NULL,
    proven_until_ms INTEGER NOT NULL,
    address       TEXT NOT NULL,
    agent         TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Browsers from which somebody has signed in before: their attempts are counted apart from everybody else's.
CREATE TABLE devices (
    digest  BLOB PRIMARY KEY NOT NULL,
    name    TEXT NOT NULL,
    used_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
