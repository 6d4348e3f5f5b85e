-- What a person typed so far. `draft` is JSON, secrets included: the file is readable by its owner only.
CREATE TABLE drafts (
    id         TEXT PRIMARY KEY NOT NULL,
    draft      TEXT NOT NULL,
    change_id  TEXT,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;

-- Planned, running and finished change sets. `draft` is a copy; its secrets go when the end is reached.
-- `superseded`: the draft was edited or planned again before this plan was applied.
CREATE TABLE change_sets (
    id         TEXT PRIMARY KEY NOT NULL,
    kind       TEXT NOT NULL,
    title      TEXT NOT NULL,
    state      TEXT NOT NULL,
    slug       TEXT NOT NULL,
    preset     TEXT NOT NULL,
    draft_id   TEXT,
    draft      TEXT NOT NULL,
    plan       TEXT NOT NULL,
    superseded INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX change_sets_by_slug ON change_sets (slug, state);
CREATE INDEX change_sets_by_draft ON change_sets (draft_id);

-- What happened, in order, from 1.
CREATE TABLE journal_entries (
    change_id TEXT NOT NULL REFERENCES change_sets (id) ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL,
    entry     TEXT NOT NULL,
    PRIMARY KEY (change_id, number)
) STRICT, WITHOUT ROWID;

-- Things there is one of per database.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT;
