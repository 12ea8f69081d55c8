package io.solebox.server.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.SetClock;
import io.solebox.server.box.BoxKey;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AuditLogTest {
  private static final long START = 1_800_000_000_000L;

  @TempDir private Path folder;
  private final SetClock clock = new SetClock(START);
  private Database database;
  private AuditLog log;

  @BeforeEach
  void open() {
    database = ServerTables.open(folder.resolve("server.db"));
    log = new AuditLog(database, BoxKey.in(folder), clock, clock::nanos);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void append(int entries) {
    for (int i = 0; i < entries; i++) {
      clock.pass(Duration.ofSeconds(1));
      log.append(new Entry("key.add", "ann", "laptop " + i, Map.of("scopes", "models")));
    }
  }

  private Verdict verdict() {
    return verdict(Optional.of(log.key().publicKey()), Optional.empty());
  }

  private Verdict verdict(Optional<PublicKey> key, Optional<AuditCheck.Known> known) {
    AuditReader reader = new AuditReader(database);
    AuditCheck check = new AuditCheck(reader.heads(), key, known);
    reader.all(check::take);
    return check.verdict();
  }

  /** As somebody would who can write the file. */
  private void tamper(String... statements) {
    database.transaction(
        sql -> {
          for (String trigger :
              List.of(
                  "stays", "is_kept", "in_order", "head_stays", "head_is_kept", "head_in_order")) {
            sql.update("DROP TRIGGER IF EXISTS audit_" + trigger);
          }
          for (String statement : statements) {
            sql.update(statement);
          }
          return 0;
        });
  }

  @Test
  void whatIsWrittenHoldsTogether() {
    assertEquals(new Verdict.Sound(0, 0, Optional.empty()), verdict());
    append(3);
    assertEquals(new Verdict.Sound(3, 3, Optional.empty()), verdict());
    Head head = log.sign().orElseThrow();
    append(2);
    var sound = assertInstanceOf(Verdict.Sound.class, verdict());
    assertEquals(5, sound.entries());
    assertEquals(2, sound.unsigned());
    assertEquals(head.seq(), sound.head().orElseThrow().seq());
  }

  @Test
  void headsAreSignedAsEntriesCome() {
    append(2 * AuditLog.ENTRIES_PER_HEAD + 1);
    assertEquals(
        List.of(100L, 200L), new AuditReader(database).heads().stream().map(Head::seq).toList());
    assertEquals(1, log.unsigned());
  }

  @Test
  void headsAreSignedEveryDay() {
    append(1);
    log.signDaily();
    assertEquals(1, log.unsigned());
    clock.pass(AuditLog.HEAD_AGE);
    log.signDaily();
    assertEquals(0, log.unsigned());
    clock.pass(AuditLog.HEAD_AGE);
    log.signDaily();
    assertEquals(1, new AuditReader(database).heads().size()); // nothing new to sign
  }

  @Test
  void anEntryIsThereWithItsChangeOrNotAtAll() {
    assertThrows(
        IllegalStateException.class,
        () ->
            database.transaction(
                sql -> {
                  log.append(sql, new Entry("key.add", "ann", "laptop"));
                  throw new IllegalStateException("the change fails");
                }));
    assertEquals(new Verdict.Sound(0, 0, Optional.empty()), verdict());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE audit SET actor = 'eve' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT seq + 7, at, action, actor, subject, details, digest FROM audit"
            + " WHERE seq = 3",
        "INSERT OR REPLACE INTO audit SELECT seq, at, action, 'eve', subject, details, digest FROM"
            + " audit",
        "UPDATE audit_head SET at = 0",
        "DELETE FROM audit_head",
        "INSERT OR REPLACE INTO audit_head SELECT number, 1, at, digest, signing_key, signature"
            + " FROM audit_head",
      })
  void theTablesRefuseAllButGrowth(String statement) {
    append(3);
    log.sign();
    SoleboxException e =
        assertThrows(
            SoleboxException.class, () -> database.transaction(sql -> sql.update(statement)));
    assertTrue(e.getMessage().contains("the audit log"), e::getMessage);
    assertInstanceOf(Verdict.Sound.class, verdict());
  }

  /** Ten entries, heads over 4 and 8; what somebody does to them, and the first that is wrong. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE audit SET actor = 'eve' WHERE seq = 5 | 5 | changed",
        "UPDATE audit SET action = 'key.revoke' WHERE seq = 1 | 1 | changed",
        "UPDATE audit SET action = 'nonsense' WHERE seq = 6 | 6 | changed",
        "UPDATE audit SET subject = '' WHERE seq = 10 | 10 | changed",
        "UPDATE audit SET at = at + 1 WHERE seq = 5 | 5 | changed",
        "UPDATE audit SET at = 'noon' WHERE seq = 5 | 5 | changed",
        "UPDATE audit SET details = '{}' WHERE seq = 5 | 5 | changed",
        "UPDATE audit SET details = '{\"scopes\": \"models\"}' WHERE seq = 5 | 5 | not as the log"
            + " writes",
        "UPDATE audit SET details = '[' WHERE seq = 5 | 5 | no JSON",
        "UPDATE audit SET details = '7' WHERE seq = 5 | 5 | no object",
        "UPDATE audit SET digest = zeroblob(32) WHERE seq = 5 | 5 | changed",
        "UPDATE audit SET digest = x'' WHERE seq = 10 | 10 | changed",
        "DELETE FROM audit WHERE seq = 1 | 1 | missing",
        "DELETE FROM audit WHERE seq = 5 | 5 | missing",
        "DELETE FROM audit WHERE seq IN (5, 6, 7) | 5 | missing",
        "DELETE FROM audit WHERE seq > 7 | 8 | cut off",
        "DELETE FROM audit | 1 | cut off",
        "DELETE FROM audit WHERE seq = 5; UPDATE audit SET seq = seq - 1 WHERE seq > 5 | 5 |"
            + " changed",
        "UPDATE audit SET seq = 99 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6; UPDATE"
            + " audit SET seq = 6 WHERE seq = 99 | 5 | changed",
        "INSERT INTO audit SELECT 11, at, action, actor, subject, details, digest FROM audit WHERE"
            + " seq = 3 | 11 | changed",
        "INSERT INTO audit SELECT 0, at, action, actor, subject, details, digest FROM audit WHERE"
            + " seq = 3 | 1 | the number 0",
        "UPDATE audit_head SET signature = zeroblob(64) WHERE number = 1 | 4 | not the box's",
        "UPDATE audit_head SET signature = x'' WHERE number = 2 | 8 | not the box's",
        "UPDATE audit_head SET at = at + 1 WHERE number = 2 | 8 | not the box's",
        "UPDATE audit_head SET digest = zeroblob(32) WHERE number = 2 | 8 | another entry",
        "UPDATE audit_head SET seq = 9 WHERE number = 2 | 9 | another entry",
        "UPDATE audit_head SET seq = 12 WHERE number = 2 | 11 | cut off",
        "UPDATE audit_head SET seq = 2 WHERE number = 2 | 2 | less than",
        "UPDATE audit_head SET signing_key = 'ab' WHERE number = 2 | 8 | another key",
        "DELETE FROM audit_head WHERE number = 1 | 1 | missing",
      })
  void whateverIsDoneToItIsFound(String statements, long first, String word) {
    append(4);
    log.sign();
    append(4);
    log.sign();
    append(2);
    tamper(statements.split(";"));
    var broken = assertInstanceOf(Verdict.Broken.class, verdict());
    assertEquals(first, broken.seq(), broken::what);
    assertTrue(broken.what().contains(word), broken::what);
  }

  @Test
  void whatIsCutBehindTheLastHeadIsFoundByWhoKnowsOfIt() {
    append(4);
    log.sign();
    append(2);
    Optional<AuditCheck.Known> last = Optional.of(new AuditCheck.Known(6, tip()));
    assertInstanceOf(Verdict.Sound.class, verdict(Optional.of(log.key().publicKey()), last));
    tamper("DELETE FROM audit WHERE seq > 4");
    var sound = assertInstanceOf(Verdict.Sound.class, verdict());
    assertEquals(4, sound.entries());
    assertEquals(0, sound.unsigned());
    var broken =
        assertInstanceOf(Verdict.Broken.class, verdict(Optional.of(log.key().publicKey()), last));
    assertEquals(5, broken.seq());
    append(2); // other entries in their place
    assertEquals(
        6,
        assertInstanceOf(Verdict.Broken.class, verdict(Optional.of(log.key().publicKey()), last))
            .seq());
  }

  private String tip() {
    List<Recorded> all = new ArrayList<>();
    new AuditReader(database).all(all::add);
    return Hex.of(assertInstanceOf(Recorded.Readable.class, all.getLast()).link().digest());
  }

  @Test
  void aChainThatSomebodyHasMadeAnewHasNoHeads() {
    append(4);
    log.sign();
    Database other = ServerTables.open(folder.resolve("other").resolve("server.db"));
    try (other) {
      AuditLog forged =
          new AuditLog(other, BoxKey.in(folder.resolve("other")), clock, clock::nanos);
      forged.append(new Entry("key.add", "eve", "all"));
      forged.sign();
      AuditReader reader = new AuditReader(other);
      AuditCheck check =
          new AuditCheck(reader.heads(), Optional.of(log.key().publicKey()), Optional.empty());
      reader.all(check::take);
      assertInstanceOf(Verdict.Broken.class, check.verdict());
    }
    assertInstanceOf(
        Verdict.Broken.class, verdict(Optional.empty(), Optional.empty())); // nobody can tell
  }

  @Test
  void aLogThatWasTamperedWithGoesOnAndStaysBroken() {
    append(4);
    log.sign();
    tamper("DELETE FROM audit WHERE seq > 2", "UPDATE audit SET details = '[', digest = x''");
    append(3);
    log.sign();
    assertEquals(1, assertInstanceOf(Verdict.Broken.class, verdict()).seq());
  }

  @Test
  void timeDoesNotGoBackAndJumpsAreTold() {
    append(1);
    clock.jump(Duration.ofHours(-1));
    append(1);
    clock.jump(Duration.ofDays(2));
    append(1);
    clock.jump(Duration.ofSeconds(-2)); // as time servers do
    append(1);
    List<Link> links = new ArrayList<>();
    new AuditReader(database)
        .all(r -> links.add(assertInstanceOf(Recorded.Readable.class, r).link()));
    assertEquals(links.get(0).at(), links.get(1).at());
    assertEquals("is 3599 s behind the entry before", links.get(1).entry().details().get("clock"));
    assertEquals("went ahead by 172800 s", links.get(2).entry().details().get("clock"));
    assertEquals(Map.of("scopes", "models"), links.get(3).entry().details());
    assertTrue(links.get(3).at() >= links.get(2).at());
    assertInstanceOf(Verdict.Sound.class, verdict());
  }

  @ParameterizedTest
  @CsvSource({"'\ud800x'", "'a\u0000b'", "'\ud83d\ude00 \u2028 \"quoted\" \\ \u001b[2J'"})
  void whateverIsWrittenIsReadBack(String text) {
    log.append(new Entry("model.pull", text, text, Map.of("asked", text)));
    log.sign();
    assertInstanceOf(Verdict.Sound.class, verdict());
  }

  /** Computed by hand with Python's hashlib, as docs/security.md says. */
  @Test
  void theDigestIsAsDocumented() {
    Link link =
        Link.behind(
            Tip.START,
            1_800_000_000_000L,
            new Entry("key.add", "ann", "laptop", Map.of("b", "2", "a", "1")));
    assertEquals(
        "1c2bb596ce19e050c3a465d4682aeb3a79d0dcbdea60728a6224616a74399274", Hex.of(link.digest()));
  }

  @Test
  void manyWritersMakeOneChain() throws InterruptedException {
    try (Database other = ServerTables.open(folder.resolve("server.db"))) {
      AuditLog second = new AuditLog(other, BoxKey.in(folder), clock, clock::nanos);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        AuditLog its = i % 2 == 0 ? log : second;
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int j = 0; j < 20; j++) {
                        its.append(new Entry("key.add", "ann", "laptop"));
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertEquals(120, assertInstanceOf(Verdict.Sound.class, verdict()).entries());
  }
}
