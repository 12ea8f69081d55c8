-- Collections of documents that can be asked. Times are seconds since 1970. What documents say and are called, and the
-- vectors of what they say, are sealed with the key of the collection's owner.

CREATE TABLE vector_store (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  active INTEGER NOT NULL,
  body BLOB NOT NULL
);

CREATE INDEX vector_store_by_owner ON vector_store (owner, created);

-- Who else may use a collection: everybody where the reader is '*'.
CREATE TABLE vector_store_reader (
  store TEXT NOT NULL REFERENCES vector_store (id) ON DELETE CASCADE,
  reader TEXT NOT NULL,
  writes INTEGER NOT NULL,
  PRIMARY KEY (store, reader)
) WITHOUT ROWID;

CREATE INDEX vector_store_reader_by_reader ON vector_store_reader (reader);

-- The version is another one whenever something of a document has changed.
CREATE TABLE knowledge_document (
  id TEXT PRIMARY KEY,
  store TEXT NOT NULL REFERENCES vector_store (id) ON DELETE CASCADE,
  file TEXT NOT NULL REFERENCES file (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  state TEXT NOT NULL,
  batch TEXT,
  version INTEGER NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (store, file)
);

CREATE INDEX knowledge_document_by_file ON knowledge_document (file);

CREATE INDEX knowledge_document_open ON knowledge_document (created) WHERE state = 'in_progress';

CREATE TABLE knowledge_chunk (
  document TEXT NOT NULL REFERENCES knowledge_document (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  body BLOB NOT NULL,
  vector BLOB NOT NULL,
  PRIMARY KEY (document, position)
);
