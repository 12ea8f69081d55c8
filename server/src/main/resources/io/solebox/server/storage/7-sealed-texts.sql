-- Texts are sealed from here on: columns of bytes hold version, nonce, text, tag (server.seal). What
-- was there before stays as it was in tables of its own, until the next start seals it row by row.

CREATE TABLE owner_key (
  owner TEXT PRIMARY KEY,
  wrapped BLOB NOT NULL
);

DROP TABLE response_item;

DROP INDEX chat_completion_by_time;

DROP INDEX conversation_item_by_id;

DROP INDEX conversation_item_alone;

DROP INDEX response_by_time;

DROP INDEX response_event_by_time;

DROP INDEX file_by_time;

DROP INDEX batch_by_time;

ALTER TABLE chat_completion RENAME TO plain_chat_completion;

ALTER TABLE conversation RENAME TO plain_conversation;

ALTER TABLE conversation_item RENAME TO plain_conversation_item;

ALTER TABLE response RENAME TO plain_response;

ALTER TABLE response_event RENAME TO plain_response_event;

ALTER TABLE file RENAME TO plain_file;

ALTER TABLE batch RENAME TO plain_batch;

ALTER TABLE batch_line RENAME TO plain_batch_line;

CREATE TABLE chat_completion (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  model TEXT NOT NULL,
  metadata BLOB NOT NULL,
  messages BLOB NOT NULL,
  body BLOB NOT NULL
);

CREATE INDEX chat_completion_by_time ON chat_completion (owner, created, id);

CREATE TABLE conversation (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  used INTEGER NOT NULL,
  metadata BLOB NOT NULL
);

CREATE INDEX conversation_by_use ON conversation (owner, used);

CREATE TABLE conversation_item (
  conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  id TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (conversation, position)
);

CREATE UNIQUE INDEX conversation_item_by_id ON conversation_item (conversation, id);

CREATE INDEX conversation_item_alone ON conversation_item (id);

CREATE TABLE response (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  status TEXT NOT NULL,
  previous TEXT,
  conversation TEXT,
  body BLOB NOT NULL
);

CREATE INDEX response_by_time ON response (owner, created);

CREATE TABLE response_item (
  response TEXT NOT NULL REFERENCES response (id) ON DELETE CASCADE,
  side TEXT NOT NULL,
  position INTEGER NOT NULL,
  id TEXT,
  body BLOB NOT NULL,
  PRIMARY KEY (response, side, position)
);

CREATE INDEX response_item_by_id ON response_item (id);

CREATE TABLE response_event (
  response TEXT NOT NULL REFERENCES response (id) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  created INTEGER NOT NULL,
  type TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (response, sequence)
);

CREATE INDEX response_event_by_time ON response_event (created);

CREATE TABLE file (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER,
  purpose TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  about BLOB NOT NULL
);

CREATE INDEX file_by_time ON file (owner, created, id);

CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  status TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  input_file TEXT NOT NULL,
  total INTEGER NOT NULL,
  body BLOB NOT NULL
);

CREATE INDEX batch_by_time ON batch (owner, created, id);

CREATE TABLE batch_line (
  batch TEXT NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (batch, line)
);
