package io.solebox.server.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.SetClock;
import io.solebox.server.box.BoxKey;
import io.solebox.server.http.AuditTrail.Refused;
import io.solebox.server.http.Faults;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is refused is told, and cannot fill the disk by asking for that. */
@Timeout(60)
class RefusalsTest {
  @TempDir private Path folder;
  private Database database;
  private Refusals refusals;

  @BeforeEach
  void open() {
    database = ServerTables.open(folder.resolve("server.db"));
    SetClock clock = new SetClock(1_800_000_000_000L);
    AuditLog log = new AuditLog(database, BoxKey.in(folder), clock, clock::nanos);
    refusals = new Refusals(log, new Faults(System.err));
  }

  @AfterEach
  void close() {
    refusals.close();
    database.close();
  }

  private void refuse(String address, String key, String code) {
    refusals.add(new Refused(Optional.empty(), address, key, code));
  }

  private List<Entry> written() {
    refusals.write();
    List<Entry> entries = new ArrayList<>();
    new AuditReader(database)
        .all(r -> entries.add(assertInstanceOf(Recorded.Readable.class, r).link().entry()));
    return entries;
  }

  private static long count(List<Entry> entries) {
    return entries.stream().mapToLong(e -> Long.parseLong(e.details().get("count"))).sum();
  }

  @Test
  void eachWhoIsRefusedIsToldOnceWithACount() {
    refuse("192.0.2.1", "sb-abcdef", "invalid_api_key");
    refuse("192.0.2.1", "sb-abcdef", "invalid_api_key");
    refuse("192.0.2.1", "sb-abcdef", "not_allowed");
    refuse("192.0.2.1", "", "missing_api_key");
    List<Entry> entries = written();
    assertEquals(
        new Entry(
            "request.refused",
            "(unknown)",
            "192.0.2.1",
            Map.of("count", "3", "codes", "invalid_api_key=2 not_allowed=1", "key", "sb-abcdef")),
        entries.getFirst());
    assertEquals(2, entries.size());
    assertEquals(2, written().size(), "nothing is told twice");
  }

  @Test
  void whoComesFromEverywhereFillsNeitherMemoryNorDisk() {
    for (int i = 0; i < 10_000; i++) {
      refuse("2001:db8::" + Integer.toHexString(i), "", "code-" + i % 100);
    }
    List<Entry> entries = written();
    assertEquals(Refusals.MOST, entries.size());
    assertEquals(10_000, count(entries));
    Entry others = entries.getLast();
    assertEquals(Refusals.OTHERS, others.subject());
    assertTrue(others.details().get("codes").length() < 200, others::toString);

    // For hours: in the end one entry a minute.
    int minutes = 60;
    for (int minute = 0; minute < minutes; minute++) {
      for (int i = 0; i < 200; i++) {
        refuse("2001:db8:" + minute + "::" + i, "", "invalid_api_key");
      }
      refusals.write();
    }
    List<Entry> all = written();
    assertEquals(10_000 + 200 * minutes, count(all));
    assertTrue(all.size() <= Refusals.STORE + minutes + 1, () -> all.size() + " entries");
  }
}
