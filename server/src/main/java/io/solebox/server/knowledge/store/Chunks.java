package io.solebox.server.knowledge.store;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.documents.Place;
import io.solebox.server.knowledge.chunk.Chunk;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.seal.Vault;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What documents say, in the pieces in which it is found, each with its vector. */
public final class Chunks {
  private static final String BODY = "body";
  private static final String VECTOR = "vector";

  private final Vault vault;
  private final Database database;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  public Chunks(Vault vault) {
    this.vault = vault;
    this.database = vault.database();
  }

  /**
   * A piece with its vector.
   *
   * @param vector f32 [E], of length 1
   */
  public record Embedded(Chunk chunk, float[] vector) {}

  /**
   * Keeps pieces of a document that is still to be made ready.
   *
   * @param owner of its collection
   * @return false where somebody has taken it away or stopped it, and then nothing is kept
   */
  public boolean add(String owner, String document, List<Embedded> pieces) {
    return database.transaction(
        sql -> {
          boolean wanted =
              sql.first(
                      _ -> true,
                      "SELECT 1 FROM knowledge_document WHERE id = ? AND state = 'in_progress'",
                      document)
                  .isPresent();
          if (wanted) {
            OwnerTexts texts = vault.writing(sql, owner);
            for (Embedded each : pieces) {
              insert(sql, texts, document, each);
            }
          }
          return wanted;
        });
  }

  private void insert(Sql sql, OwnerTexts texts, String document, Embedded piece)
      throws SQLException {
    int position = piece.chunk().ordinal();
    sql.update(
        "INSERT INTO knowledge_chunk (document, position, body, vector) VALUES (?, ?, ?, ?)",
        document,
        position,
        texts.seal(Cells.knowledgeChunk(document, position, BODY), json.text(json(piece.chunk()))),
        texts.sealBytes(Cells.knowledgeChunk(document, position, VECTOR), bytes(piece.vector())));
  }

  static Map<String, Object> json(Chunk chunk) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("section", chunk.section());
    json.put("from", chunk.from());
    json.put("to", chunk.to());
    chunk.place().page().ifPresent(page -> json.put("page", page));
    json.put("headings", chunk.place().headings());
    json.put("text", chunk.text());
    return json;
  }

  @SuppressWarnings("unchecked") // as json() has written it
  private Chunk chunk(OwnerTexts texts, String document, ResultSet row) throws SQLException {
    int position = row.getInt("position");
    Map<String, Object> json =
        reader.readObject(
            texts.openBytes(Cells.knowledgeChunk(document, position, BODY), row.getBytes(BODY)));
    OptionalInt page =
        json.get("page") instanceof Number number
            ? OptionalInt.of(number.intValue())
            : OptionalInt.empty();
    return new Chunk(
        position,
        new Place(page, (List<String>) json.get("headings")),
        whole(json, "section"),
        whole(json, "from"),
        whole(json, "to"),
        (String) json.get("text"));
  }

  private static int whole(Map<String, Object> json, String name) {
    return ((Number) json.get(name)).intValue();
  }

  /** Little-endian f32. */
  private static byte[] bytes(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }

  private static float[] floats(byte[] bytes) {
    float[] vector = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }

  /** How many of a document are kept; they are the first ones. */
  public int count(String document) {
    return database.read(
        sql ->
            sql.first(
                    row -> row.getInt(1),
                    "SELECT COUNT(*) FROM knowledge_chunk WHERE document = ?",
                    document)
                .orElseThrow());
  }

  /** Forgets those of a document, which is to be read anew. */
  public void clear(String document) {
    database.transaction(
        sql -> sql.update("DELETE FROM knowledge_chunk WHERE document = ?", document));
  }

  /**
   * All of a document, in order.
   *
   * @param owner of its collection
   */
  public List<Chunk> texts(String owner, String document) {
    return database.read(
        sql -> {
          OwnerTexts texts = vault.reading(sql, owner);
          return sql.list(
              row -> chunk(texts, document, row),
              "SELECT position, body FROM knowledge_chunk WHERE document = ? ORDER BY position",
              document);
        });
  }

  /** The same with their vectors. */
  public List<Embedded> all(String owner, String document) {
    return database.read(
        sql -> {
          OwnerTexts texts = vault.reading(sql, owner);
          return sql.list(
              row ->
                  new Embedded(
                      chunk(texts, document, row),
                      floats(
                          texts.openBytes(
                              Cells.knowledgeChunk(document, row.getInt("position"), VECTOR),
                              row.getBytes(VECTOR)))),
              "SELECT * FROM knowledge_chunk WHERE document = ? ORDER BY position",
              document);
        });
  }

  /** One of a document; empty where it is gone. */
  public Optional<Chunk> find(String owner, String document, int position) {
    return database.read(
        sql -> {
          OwnerTexts texts = vault.reading(sql, owner);
          return sql.first(
              row -> chunk(texts, document, row),
              "SELECT position, body FROM knowledge_chunk WHERE document = ? AND position = ?",
              document,
              position);
        });
  }
}
