package io.solebox.server.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.server.seal.Passphrase;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which events of responses are kept, and for how long. */
@Timeout(60)
class KeptEventsTest {
  @TempDir private Path folder;
  private final Hand clock = new Hand();
  private Database database;
  private KeptEvents events;

  /** A clock that is moved by hand. */
  private static final class Hand extends Clock {
    private long seconds = 1_000_000;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochSecond(seconds);
    }
  }

  @BeforeEach
  void open() {
    database = ServerTables.open(folder.resolve("server.db"));
    events = new KeptEvents(Vault.open(database, Passphrase.NONE, System.err), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void response(String id, String status) {
    database.transaction(
        sql ->
            sql.update(
                "INSERT INTO response (id, owner, created, status, body)"
                    + " VALUES (?, '', 0, ?, x'')"
                    + " ON CONFLICT (id) DO UPDATE SET status = excluded.status",
                id,
                status));
  }

  private void add(String response, int from, int to) {
    events.add(
        response,
        LongStream.range(from, to).mapToObj(i -> new EventLog.Event(i, "t", new byte[0])).toList(),
        0);
  }

  private List<Long> numbers(String response, long after) {
    return events.after(response, after).stream().map(EventLog.Event::sequence).toList();
  }

  @Test
  void theyStayForAnHourBehindTheEndAllOfThem() {
    response("long", "in_progress");
    response("over", "completed");
    add("long", 0, 2);
    add("over", 0, 2);
    clock.seconds += 3601;
    assertEquals(1, events.deleteOld());
    assertEquals(List.of(), numbers("over", -1));
    assertEquals(List.of(0L, 1L), numbers("long", -1), "it is being computed");
    add("long", 2, 3);
    response("long", "completed");
    assertEquals(0, events.deleteOld(), "it has just ended");
    assertEquals(List.of(0L, 1L, 2L), numbers("long", -1));
    clock.seconds += 3601;
    assertEquals(1, events.deleteOld());
    assertEquals(List.of(), numbers("long", -1));
  }

  @Test
  void theyAreReadInPartsFromAnywhere() {
    response("r", "completed");
    assertEquals(0, events.first("r"));
    add("r", 0, 1000);
    assertEquals(List.of(998L, 999L), numbers("r", 997));
    assertEquals(List.of(), numbers("r", 999));
    assertEquals(List.of(), numbers("r", Long.MAX_VALUE));
    List<Long> part = numbers("r", 9);
    assertEquals(LongStream.range(10, 10 + part.size()).boxed().toList(), part);
    events.add("r", List.of(), 500);
    assertEquals(500, events.first("r"));
  }
}
