package io.solebox.server.batches;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.batches.Batch.Status;
import io.solebox.server.seal.Cell;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Deadlines;
import io.solebox.server.storage.HandOver;
import io.solebox.server.storage.Owners;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Batches and the lines that they have answered; what is written here is not computed again. */
final class BatchStore {
  private static final String ALL = "SELECT id, owner, body FROM batch ";

  private final Vault vault;
  private final Database database;
  private final JsonWriter json;
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  BatchStore(Vault vault, JsonWriter json) {
    this.vault = vault;
    this.database = vault.database();
    this.json = json;
  }

  /** Whether it is this process that runs the batches. */
  boolean isOurs() {
    return database.leadership().isOurs();
  }

  /** An answered line: as it stands in the output file, or in that of errors. */
  record Line(int number, boolean failed, String body) {}

  void save(Batch batch) {
    database.transaction(sql -> write(sql, batch));
  }

  /** Changes a batch as it is now, before anybody else can; returns it as it is then. */
  Batch update(String id, UnaryOperator<Batch> change) {
    return database.transaction(
        sql -> {
          Batch changed = change.apply(find(sql, id).orElseThrow());
          write(sql, changed);
          return changed;
        });
  }

  private int write(Sql sql, Batch batch) throws SQLException {
    return sql.update(
        "INSERT INTO batch (id, owner, created, status, endpoint, input_file, total, body)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET"
            + " status = excluded.status, total = excluded.total, body = excluded.body",
        batch.id(),
        HandOver.owner(sql, batch.owner()),
        batch.times().created(),
        batch.status().word(),
        batch.order().endpoint(),
        batch.order().inputFile(),
        batch.counts().total(),
        vault.writing(sql, batch.owner()).seal(Cells.batch(batch.id()), json.text(state(batch))));
  }

  private static Map<String, Object> state(Batch batch) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("id", batch.id());
    state.put("endpoint", batch.order().endpoint());
    state.put("input_file", batch.order().inputFile());
    state.put("status", batch.status().word());
    state.put("metadata", batch.order().metadata());
    state.put("receipts", batch.order().receipts());
    state.put("output_lifetime", batch.order().outputLifetime().orElse(null));
    state.put("created", batch.times().created());
    state.put("expires", batch.times().expires());
    state.put("at", batch.times().at());
    state.put("total", batch.counts().total());
    state.put("completed", batch.counts().completed());
    state.put("failed", batch.counts().failed());
    state.put("output_file", batch.results().output().orElse(null));
    state.put("error_file", batch.results().error().orElse(null));
    state.put("errors", batch.errors());
    return state;
  }

  @SuppressWarnings("unchecked") // as it was written
  private Batch read(Sql sql, ResultSet row) throws SQLException {
    String owner = row.getString("owner");
    byte[] text =
        vault.reading(sql, owner).openBytes(Cells.batch(row.getString("id")), row.getBytes("body"));
    Map<String, Object> state = reader.readObject(text);
    return new Batch(
        new Batch.Order(
            (String) state.get("id"),
            owner,
            (String) state.get("endpoint"),
            (String) state.get("input_file"),
            (Map<String, Object>) state.get("metadata"),
            Boolean.TRUE.equals(state.get("receipts")), // earlier versions did not write it
            Optional.ofNullable((Number) state.get("output_lifetime")).map(Number::longValue)),
        Status.of((String) state.get("status")),
        new Batch.Times(
            number(state, "created"),
            number(state, "expires"),
            (Map<String, Long>) state.get("at")),
        new Batch.Counts(
            (int) number(state, "total"),
            (int) number(state, "completed"),
            (int) number(state, "failed")),
        new Batch.Results(
            Optional.ofNullable((String) state.get("output_file")),
            Optional.ofNullable((String) state.get("error_file"))),
        (List<Object>) state.get("errors"));
  }

  private static long number(Map<String, Object> state, String name) {
    return ((Number) state.get(name)).longValue();
  }

  /** All of an owner, the oldest first. */
  List<Batch> all(String owner) {
    return database.read(
        sql ->
            sql.list(
                row -> read(sql, row), ALL + "WHERE owner = ? ORDER BY created, rowid", owner));
  }

  /** The ids of those of everybody that are not over, the oldest first. */
  List<String> unfinished() {
    return database.read(
        sql ->
            sql.list(
                row -> row.getString(1),
                "SELECT id FROM batch"
                    + " WHERE status IN ('validating', 'in_progress', 'finalizing', 'cancelling')"
                    + " ORDER BY created, rowid"));
  }

  Optional<Batch> find(String id) {
    return database.read(sql -> find(sql, id));
  }

  private Optional<Batch> find(Sql sql, String id) throws SQLException {
    return sql.first(row -> read(sql, row), ALL + "WHERE id = ?", id);
  }

  void saveLine(Batch batch, Line line) {
    database.transaction(
        sql ->
            sql.update(
                "INSERT INTO batch_line (batch, line, failed, body) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (batch, line) DO UPDATE"
                    + " SET failed = excluded.failed, body = excluded.body",
                batch.id(),
                line.number(),
                line.failed() ? 1 : 0,
                vault
                    .writing(sql, batch.owner())
                    .seal(Cells.batchLine(batch.id(), line.number(), line.failed()), line.body())));
  }

  /** Numbers of the lines that are answered. */
  Set<Integer> answered(String batch) {
    List<Integer> lines =
        database.read(
            sql ->
                sql.list(
                    row -> row.getInt(1), "SELECT line FROM batch_line WHERE batch = ?", batch));
    return Set.copyOf(lines);
  }

  /** How many of the answered lines failed, or did not. */
  int count(String batch, boolean failed) {
    return database.read(
        sql ->
            sql.first(
                    row -> row.getInt(1),
                    "SELECT COUNT(*) FROM batch_line WHERE batch = ? AND failed = ?",
                    batch,
                    failed ? 1 : 0)
                .orElseThrow());
  }

  /** The next answered lines behind a number, in order. */
  List<Line> lines(Batch batch, boolean failed, int behind, int most) {
    return database.read(
        sql -> {
          OwnerTexts texts = vault.reading(sql, batch.owner());
          return sql.list(
              row -> {
                int number = row.getInt(1);
                Cell cell = Cells.batchLine(batch.id(), number, failed);
                return new Line(number, failed, texts.open(cell, row.getBytes(2)));
              },
              "SELECT line, body FROM batch_line WHERE batch = ? AND failed = ? AND line > ?"
                  + " ORDER BY line LIMIT ?",
              batch.id(),
              failed ? 1 : 0,
              behind,
              most);
        });
  }

  /** Those that are over and older than that; returns how many. */
  int deleteBefore(String owner, long time) {
    return database.transaction(
        sql ->
            sql.update(
                "DELETE FROM batch WHERE owner = ? AND created < ?"
                    + " AND status IN ('completed', 'failed', 'expired', 'cancelled')",
                owner,
                time));
  }

  /** Deletes what was kept for long enough; returns how many. */
  int expire(Deadlines deadlines) {
    return Owners.expire(database, "batch", deadlines, this::deleteBefore);
  }

  /** Changes a batch whose lines are in files now, and forgets them. */
  Batch end(Sql sql, String id, UnaryOperator<Batch> change) throws SQLException {
    Batch ended = change.apply(find(sql, id).orElseThrow());
    write(sql, ended);
    sql.update("DELETE FROM batch_line WHERE batch = ?", id);
    return ended;
  }
}
