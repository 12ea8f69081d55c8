package io.solebox.scout.page;

import io.solebox.scout.item.ItemKey;
import io.solebox.storage.Database;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Outbound;
import java.io.IOException;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pictures of things, on request only: the page leaves a wish, the scout fetches, and the page has
 * it from here. So neither the server nor a browser asks strangers for anything, and nobody learns
 * from where somebody looks.
 */
public final class Thumbnails {
  private static final int MOST_BYTES = 1 << 19;
  private static final int MOST_AT_ONCE = 20;
  private static final int MOST_HOPS = 2;

  /** Before one that could not be had is tried again. */
  private static final Duration AGAIN = Duration.ofMinutes(10);

  private static final String OF_KEY = " WHERE market = ? AND id = ? AND variation = ?";

  private final Database database;

  public Thumbnails(Database database) {
    this.database = database;
  }

  /** Sends one request; {@link Outbound#once}. */
  @FunctionalInterface
  public interface Asking {
    /**
     * As {@link Outbound#once}.
     *
     * @throws IOException if there is no answer, it breaks off, or is longer
     */
    Outbound.Reply once(Ask ask, int mostBytes) throws IOException, InterruptedException;
  }

  /** What there is of a picture; asked for where there was nothing. */
  Map<String, Object> wish(ItemKey key, Instant now) {
    return database.transaction(
        sql -> {
          sql.update(
              "DELETE FROM thumbnail WHERE problem <> '' AND fetched < ?",
              now.minus(AGAIN).toEpochMilli());
          sql.update(
              "INSERT INTO thumbnail (market, id, variation, asked, problem) VALUES (?, ?, ?, ?,"
                  + " '') ON CONFLICT (market, id, variation) DO NOTHING",
              key.market(),
              key.id(),
              key.variation(),
              now.toEpochMilli());
          return sql.first(
                  Thumbnails::fields,
                  "SELECT type, picture, problem FROM thumbnail" + OF_KEY,
                  key.market(),
                  key.id(),
                  key.variation())
              .orElseThrow();
        });
  }

  private static Map<String, Object> fields(ResultSet row) throws SQLException {
    Optional<String> type = Optional.ofNullable(row.getString(1));
    Optional<byte[]> picture = Optional.ofNullable(row.getBytes(2));
    String problem = row.getString(3);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("object", "scout.thumbnail");
    if (type.isPresent() && picture.isPresent()) {
      fields.put("state", "here");
      String bytes = Base64.getEncoder().encodeToString(picture.get());
      fields.put("image", "data:" + type.get() + ";base64," + bytes);
    } else if (problem.isEmpty()) {
      fields.put("state", "asked");
    } else {
      fields.put("state", "none");
      fields.put("why", problem);
    }
    return fields;
  }

  /** Deletes what is gone, and fetches what was asked for since; to be called on each round. */
  public void fetch(Asking outbound, ImageHosts hosts, Instant now) throws InterruptedException {
    database.transaction(
        sql -> {
          Shown.sweep(sql);
          return true;
        });
    List<ItemKey> wanted =
        database.read(
            sql ->
                sql.list(
                    row -> new ItemKey(row.getString(1), row.getString(2), row.getString(3)),
                    "SELECT market, id, variation FROM thumbnail WHERE fetched IS NULL ORDER BY"
                        + " asked LIMIT ?",
                    MOST_AT_ONCE));
    for (ItemKey key : wanted) {
      Optional<URI> address =
          database.read(sql -> Things.one(sql, key).flatMap(thing -> thing.seen().image()));
      if (address.isEmpty()) {
        note(key, now, "The listing shows no picture.");
      } else {
        fetch(outbound, hosts, key, address.get(), now);
      }
    }
  }

  private void fetch(Asking outbound, ImageHosts hosts, ItemKey key, URI first, Instant now)
      throws InterruptedException {
    URI address = first;
    for (int hop = 0; hop <= MOST_HOPS; hop++) {
      if (!hosts.allows(key.market(), address)) {
        note(key, now, "The picture lies where the market itself shows none: nothing was fetched.");
        return;
      }
      try {
        Outbound.Reply reply = outbound.once(Ask.get(address), MOST_BYTES);
        Optional<String> elsewhere = reply.head().first("location");
        if (reply.head().isRedirect() && elsewhere.isPresent()) {
          address = address.resolve(elsewhere.get());
        } else {
          note(key, now, reply);
          return;
        }
      } catch (IOException | IllegalArgumentException e) {
        note(key, now, "The picture could not be fetched, or is too large.");
        return;
      }
    }
    note(key, now, "The picture is moved from place to place.");
  }

  private void note(ItemKey key, Instant now, Outbound.Reply reply) {
    Optional<Picture> picture = Picture.of(reply.body());
    if (reply.head().status() != 200) {
      note(key, now, "The market answered " + reply.head().status() + " in place of a picture.");
    } else if (picture.isEmpty()) {
      note(key, now, "What came is no picture that is shown here, or is too large.");
    } else {
      database.transaction(
          sql ->
              sql.update(
                  "UPDATE thumbnail SET fetched = ?, type = ?, picture = ?" + OF_KEY,
                  now.toEpochMilli(),
                  picture.get().type(),
                  picture.get().bytes(),
                  key.market(),
                  key.id(),
                  key.variation()));
    }
  }

  private void note(ItemKey key, Instant now, String problem) {
    database.transaction(
        sql ->
            sql.update(
                "UPDATE thumbnail SET fetched = ?, problem = ?" + OF_KEY,
                now.toEpochMilli(),
                problem,
                key.market(),
                key.id(),
                key.variation()));
  }
}
