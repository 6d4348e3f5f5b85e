-- Whoever came in with authentik: their key of it, and the session that they have there.
ALTER TABLE sessions ADD COLUMN authentik_user INTEGER;
ALTER TABLE sessions ADD COLUMN sid TEXT NOT NULL DEFAULT '';

-- Whether the administrator's passphrase lets nobody in any more, since everybody comes in with authentik.
ALTER TABLE administrator ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
