-- Chats of the pages, each a tree of messages. Times are milliseconds since 1970. What people say, name and set is
-- sealed; what lists are made by is not: times, flags, and which chats share a folder or a tag, but not what that is called.

CREATE TABLE chat_label (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  kind TEXT NOT NULL,
  name BLOB NOT NULL
);

CREATE INDEX chat_label_by_owner ON chat_label (owner, kind);

CREATE TABLE chat (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  folder TEXT REFERENCES chat_label (id),
  current TEXT,
  body BLOB NOT NULL
);

CREATE INDEX chat_by_change ON chat (owner, archived, updated, id);

CREATE INDEX chat_by_folder ON chat (folder, archived, updated, id) WHERE folder IS NOT NULL;

CREATE INDEX chat_pinned ON chat (owner, archived, updated, id) WHERE pinned = 1;

CREATE TABLE chat_tag (
  chat TEXT NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  label TEXT NOT NULL REFERENCES chat_label (id),
  PRIMARY KEY (chat, label)
) WITHOUT ROWID;

CREATE INDEX chat_tag_by_label ON chat_tag (label);

CREATE TABLE chat_message (
  id TEXT PRIMARY KEY,
  chat TEXT NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
  parent TEXT,
  state TEXT NOT NULL,
  body BLOB NOT NULL
);

CREATE INDEX chat_message_by_chat ON chat_message (chat);

CREATE INDEX chat_message_running ON chat_message (state) WHERE state = 'running';

CREATE TABLE chat_share (
  id TEXT PRIMARY KEY,
  chat TEXT NOT NULL UNIQUE REFERENCES chat (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  everyone INTEGER NOT NULL
);

CREATE TABLE chat_share_reader (
  share TEXT NOT NULL REFERENCES chat_share (id) ON DELETE CASCADE,
  reader TEXT NOT NULL,
  PRIMARY KEY (share, reader)
) WITHOUT ROWID;

CREATE TABLE chat_note (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  kind TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  body BLOB NOT NULL
);

CREATE INDEX chat_note_by_owner ON chat_note (owner, kind, created);
