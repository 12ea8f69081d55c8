-- Tasks that a model does in a chat, one after another, while nobody looks. What is to be done is sealed.

CREATE TABLE chat_agent (
  chat TEXT PRIMARY KEY REFERENCES chat (id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  state TEXT NOT NULL,
  body BLOB NOT NULL
);

CREATE INDEX chat_agent_by_owner ON chat_agent (owner);
