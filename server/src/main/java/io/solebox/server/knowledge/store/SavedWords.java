package io.solebox.server.knowledge.store;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.seal.Vault;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words of collections as they were in memory, with the documents that they are of. Taking a
 * document out of a collection takes its copy away, too.
 */
public final class SavedWords {
  private static final String DOCUMENTS = "documents";
  private static final String WORDS = "words";

  private final Vault vault;
  private final Database database;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  public SavedWords(Vault vault) {
    this.vault = vault;
    this.database = vault.database();
  }

  /**
   * A document whose words are there.
   *
   * @param number by which its pieces are known there
   * @param version of the document
   * @param pieces of it
   */
  public record Part(long number, long version, int pieces) {}

  /**
   * @param documents by their ids
   * @param words as {@link io.solebox.server.storage.WordIndex#save} gives them; the copy's own
   */
  public record Copy(Map<String, Part> documents, byte[] words) {}

  /** What was kept last; empty where there is nothing. */
  public Optional<Copy> find(VectorStore store) {
    return database.read(
        sql ->
            sql.first(
                row -> copy(sql, store, row),
                "SELECT documents, words FROM knowledge_words WHERE store = ?",
                store.id()));
  }

  private Copy copy(Sql sql, VectorStore store, ResultSet row) throws SQLException {
    OwnerTexts texts = vault.reading(sql, store.owner());
    Map<String, Part> documents = new LinkedHashMap<>();
    reader
        .readObject(
            texts.openBytes(Cells.knowledgeWords(store.id(), DOCUMENTS), row.getBytes(DOCUMENTS)))
        .forEach((id, part) -> documents.put(id, part((List<?>) part)));
    return new Copy(
        documents, texts.openBytes(Cells.knowledgeWords(store.id(), WORDS), row.getBytes(WORDS)));
  }

  private static Part part(List<?> numbers) {
    return new Part(
        ((Number) numbers.get(0)).longValue(),
        ((Number) numbers.get(1)).longValue(),
        ((Number) numbers.get(2)).intValue());
  }

  /** Keeps a copy in the place of the last, where all of its documents are still there. */
  public void keep(VectorStore store, Copy copy) {
    Map<String, Object> parts = new LinkedHashMap<>();
    copy.documents()
        .forEach(
            (id, part) -> parts.put(id, List.of(part.number(), part.version(), part.pieces())));
    database.transaction(
        sql -> {
          List<String> there =
              sql.list(
                  row -> row.getString(1),
                  "SELECT id FROM knowledge_document WHERE store = ?",
                  store.id());
          if (!there.containsAll(copy.documents().keySet())) {
            return 0; // what was taken away meanwhile must not come back
          }
          OwnerTexts texts = vault.writing(sql, store.owner());
          return sql.update(
              "INSERT INTO knowledge_words (store, documents, words) VALUES (?, ?, ?)"
                  + " ON CONFLICT (store) DO UPDATE SET documents = excluded.documents,"
                  + " words = excluded.words",
              store.id(),
              texts.seal(Cells.knowledgeWords(store.id(), DOCUMENTS), json.text(parts)),
              texts.sealBytes(Cells.knowledgeWords(store.id(), WORDS), copy.words()));
        });
  }
}
