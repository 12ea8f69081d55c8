-- Times are seconds since 1970; owner is whose it is, empty where the server has no keys; bodies are JSON.

CREATE TABLE chat_completion (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  model TEXT NOT NULL,
  metadata TEXT NOT NULL,
  messages TEXT NOT NULL,
  body TEXT NOT NULL
);

CREATE INDEX chat_completion_by_time ON chat_completion (owner, created, id);

CREATE TABLE conversation (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  used INTEGER NOT NULL,
  metadata TEXT NOT NULL
);

CREATE TABLE conversation_item (
  conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (conversation, position)
);

CREATE UNIQUE INDEX conversation_item_by_id ON conversation_item (conversation, id);

CREATE TABLE response (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  status TEXT NOT NULL,
  previous TEXT,
  conversation TEXT,
  input TEXT NOT NULL,
  body TEXT NOT NULL
);

CREATE INDEX response_by_time ON response (owner, created);

CREATE TABLE file (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER,
  name TEXT NOT NULL,
  purpose TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  digest TEXT NOT NULL
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
  body TEXT NOT NULL
);

CREATE INDEX batch_by_time ON batch (owner, created, id);

CREATE TABLE batch_line (
  batch TEXT NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (batch, line)
);
