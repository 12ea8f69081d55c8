-- Tools of models. Times are milliseconds since 1970.

-- What an administrator allows, by the digest of what the tool said then: one that says something else is another.
CREATE TABLE tool_allowed (
  name TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  created INTEGER NOT NULL
);

-- Of which calls somebody need not be asked any more: in one chat, or without one in all.
CREATE TABLE tool_approval (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  tool TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  chat TEXT REFERENCES chat (id) ON DELETE CASCADE,
  created INTEGER NOT NULL
);

CREATE INDEX tool_approval_by_owner ON tool_approval (owner, created);

CREATE INDEX tool_approval_by_chat ON tool_approval (chat);
