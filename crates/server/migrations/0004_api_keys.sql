-- Keys of programs. `digest` is SHA-256 of the key, which is shown once and kept nowhere.
CREATE TABLE api_keys (
    id         TEXT PRIMARY KEY NOT NULL,
    digest     BLOB NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    used_ms    INTEGER
) STRICT;
