-- The words of a collection, as a search has them in memory, so that they need not be made anew after a start. Sealed with
-- its owner's key. Whatever is taken out of the collection takes them along: no trace of it stays in them.

CREATE TABLE knowledge_words (
  store TEXT PRIMARY KEY REFERENCES vector_store (id) ON DELETE CASCADE,
  documents BLOB NOT NULL,
  words BLOB NOT NULL
);

CREATE TRIGGER knowledge_words_outdated AFTER DELETE ON knowledge_document
BEGIN DELETE FROM knowledge_words WHERE store = OLD.store; END;
