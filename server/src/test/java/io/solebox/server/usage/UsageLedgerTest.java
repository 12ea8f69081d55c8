package io.solebox.server.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.SetClock;
import io.solebox.server.http.Faults;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Bound;
import io.solebox.server.limits.Charge;
import io.solebox.server.limits.Counted;
import io.solebox.server.limits.Holder;
import io.solebox.server.limits.Limits;
import io.solebox.server.limits.Payer;
import io.solebox.server.limits.Used;
import io.solebox.server.storage.ServerTables;
import io.solebox.server.storage.StateFile;
import io.solebox.server.usage.UsageQuery.By;
import io.solebox.storage.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each token is charged once, whatever becomes of the process. */
@Timeout(60)
class UsageLedgerTest {
  private static final Payer ANN = new Payer("u_ann", "k_laptop", "research");
  private static final Payer BOB = new Payer("u_bob", "", "");

  @TempDir private Path folder;
  private final SetClock clock = new SetClock(1_800_000_000_000L);

  private Database database(Path where) {
    return ServerTables.open(where.resolve("server.db"));
  }

  private UsageLedger ledger(Database database) {
    Faults faults = new Faults(new PrintStream(OutputStream.nullOutputStream()));
    return new UsageLedger(database, clock, faults);
  }

  private static List<UsageRow> sums(Database database, By... by) {
    UsageQuery query = new UsageQuery(List.of(by), UsageQuery.EVER, Optional.empty());
    return database.read(sql -> UsageTables.sums(sql, query));
  }

  private static Used all(Database database) {
    return sums(database).getFirst().used();
  }

  private static void answer(UsageLedger ledger, Payer payer, long prompt, long generated) {
    try (Charge charge = ledger.open(payer, "m")) {
      charge.prompt(prompt);
      charge.cached(prompt / 2);
      for (int i = 0; i < generated; i++) {
        charge.generated(1);
      }
      charge.settle();
    }
  }

  @Test
  void usageIsToldApart() {
    try (Database database = database(folder)) {
      try (UsageLedger ledger = ledger(database)) {
        answer(ledger, ANN, 10, 5);
        answer(ledger, ANN, 20, 1);
        answer(ledger, BOB, 6, 2);
        clock.pass(Duration.ofDays(1));
        answer(ledger, BOB, 8, 3);
      }
      assertEquals(new Used(4, 44, 22, 11), all(database));
      assertEquals(
          List.of(
              new UsageRow(List.of("u_ann", "k_laptop"), new Used(2, 30, 15, 6)),
              new UsageRow(List.of("u_bob", ""), new Used(2, 14, 7, 5))),
          sums(database, By.USER, By.KEY));
      assertEquals(2, sums(database, By.DAY).size());
      String second = sums(database, By.DAY).getLast().names().getFirst();
      UsageQuery bobs = new UsageQuery(List.of(By.MODEL), second, Optional.of("u_bob"));
      assertEquals(
          List.of(new UsageRow(List.of("m"), new Used(1, 8, 4, 3))),
          database.read(sql -> UsageTables.sums(sql, bobs)));
    }
  }

  /** Whoever ends work interrupts its thread, in the middle of whatever it does. */
  @Test
  void whatAnInterruptedThreadUsesIsChargedToo() {
    try (Database database = database(folder);
        UsageLedger ledger = ledger(database)) {
      Thread.currentThread().interrupt();
      answer(ledger, ANN, 10, 5);
      ledger.write();
      assertTrue(Thread.interrupted(), "and it stays interrupted");
      answer(ledger, BOB, 6, 2);
      ledger.write();
      assertEquals(new Used(2, 16, 8, 7), all(database));
    }
  }

  @Test
  void whatUsedNothingIsNoRequest() {
    try (Database database = database(folder)) {
      try (UsageLedger ledger = ledger(database)) {
        ledger.open(ANN, "m").close();
      }
      assertEquals(Used.NOTHING, all(database));
    }
  }

  @Test
  void whatGoesOnIsChargedAsItGoes() {
    try (Database database = database(folder);
        UsageLedger ledger = ledger(database)) {
      Charge charge = ledger.open(ANN, "m");
      charge.prompt(10);
      charge.generated(3);
      ledger.write();
      assertEquals(new Used(1, 10, 0, 3), all(database));
      charge.generated(4);
      charge.close();
      charge.generated(2); // made before the engine heard that nobody reads any more
      ledger.write();
      assertEquals(new Used(1, 10, 0, 9), all(database));
    }
  }

  /** As kill -9 leaves it: the table as it was committed, the journal as it was written. */
  private Path killed(Database database, int time) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("killed-" + time));
    try (StateFile state = StateFile.open(database.file())) {
      state.copyTo(copy.resolve("server.db"));
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".journal")).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  @Test
  void whatHasEndedIsChargedOnceWhenTheProcessIsKilled() throws IOException {
    Random random = new Random(7);
    long told = 0;
    try (Database database = database(folder);
        UsageLedger ledger = ledger(database)) {
      for (int time = 0; time < 8; time++) {
        for (int i = random.nextInt(5); i >= 0; i--) {
          answer(ledger, random.nextBoolean() ? ANN : BOB, 4, 7);
          told++;
        }
        if (random.nextBoolean()) {
          ledger.write();
        }
        Path copy = killed(database, time);
        for (int start = 0; start < 2; start++) { // the second start finds nothing more to do
          try (Database next = database(copy)) {
            ledger(next).close();
            assertEquals(new Used(told, 4 * told, 2 * told, 7 * told), all(next));
          }
        }
        try (Stream<Path> left = Files.list(copy)) {
          assertTrue(left.noneMatch(f -> f.toString().endsWith(".journal")));
        }
      }
    }
  }

  @Test
  void aServerThatRunsKeepsItsJournal() {
    try (Database one = database(folder);
        Database other = database(folder);
        UsageLedger first = ledger(one)) {
      answer(first, ANN, 4, 7);
      try (UsageLedger second = ledger(other)) {
        answer(second, ANN, 4, 7);
        answer(first, ANN, 4, 7);
      }
      first.write();
      assertEquals(new Used(3, 12, 6, 21), all(one));
    }
  }

  @Test
  void aBatchThatIsWrittenIsNotWrittenAgain() {
    try (Database database = database(folder)) {
      UsageBatch batch = new UsageBatch();
      batch.add(3, new UsageKey("2026-03-01", ANN, "m"), new Used(1, 2, 0, 3));
      for (int i = 0; i < 2; i++) {
        database.transaction(
            sql -> {
              UsageTables.add(sql, "j", batch);
              return 0;
            });
      }
      assertEquals(new Used(1, 2, 0, 3), all(database));
    }
  }

  @Test
  void aLineThatWasNotWrittenToItsEndIsNone() throws IOException {
    Path journal = folder.resolve("usage-of-another.journal");
    UsageKey key = new UsageKey("2026-03-01", new Payer("a\tb\n\"", "", ""), "m");
    List<byte[]> lines = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      lines.add(new JournalLine(i, key, new Used(1, i, 0, 1)).bytes().array());
    }
    Files.write(journal, lines.get(0));
    Files.write(
        journal,
        new String(lines.get(1), StandardCharsets.UTF_8)
            .substring(0, 20)
            .getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.APPEND);
    Files.write(journal, new byte[] {'\n'}, StandardOpenOption.APPEND);
    Files.write(journal, lines.get(2), StandardOpenOption.APPEND);
    try (Database database = database(folder)) {
      ledger(database).close();
      assertEquals(new Used(2, 4, 0, 2), all(database));
    }
  }

  @Test
  void manyAtOnceAreChargedAsOneByOne() throws InterruptedException {
    try (Database database = database(folder)) {
      try (UsageLedger ledger = ledger(database)) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
          Payer payer = new Payer("u_" + i % 5, "k_" + i % 7, "");
          threads.add(
              Thread.ofVirtual()
                  .start(
                      () -> {
                        for (int j = 0; j < 50; j++) {
                          answer(ledger, payer, 3, 11);
                          if (j % 17 == 0) {
                            ledger.write();
                          }
                        }
                      }));
        }
        for (Thread thread : threads) {
          thread.join();
        }
      }
      assertEquals(new Used(1600, 4800, 1600, 17600), all(database));
    }
  }

  private Account account(UsageLedger ledger, String words) {
    return new Account(
        Holder.ofUser("u_ann", ""),
        Limits.parse(List.of(words.split(" ")), "here"),
        clock::nanos,
        Optional.empty(),
        ledger.spendings());
  }

  private static long left(Account account, Bound bound) {
    return account.lines().filter(line -> line.bound() == bound).findFirst().get().left();
  }

  @Test
  void theDayOutlivesTheServer() {
    try (Database database = database(folder)) {
      try (UsageLedger ledger = ledger(database)) {
        Account account = account(ledger, "tpd=2400 rpd=24 tpm=100");
        assertTrue(account.begin().isEmpty());
        account.use(Counted.PROMPT_TOKENS, 2300);
      }
      try (UsageLedger ledger = ledger(database)) {
        Account account = account(ledger, "tpd=2400 rpd=24 tpm=100");
        assertEquals(100, left(account, Bound.TOKENS_PER_DAY));
        assertEquals(23, left(account, Bound.REQUESTS_PER_DAY));
        assertEquals(100, left(account, Bound.TOKENS_PER_MINUTE));
        account.use(Counted.GENERATED_TOKENS, 100);
      }
      clock.pass(Duration.ofHours(1));
      try (UsageLedger ledger = ledger(database)) {
        assertEquals(100, left(account(ledger, "tpd=2400"), Bound.TOKENS_PER_DAY));
        // What was used counts against other limits, too.
        assertEquals(0, left(account(ledger, "tpd=1000"), Bound.TOKENS_PER_DAY));
      }
    }
  }

  @Test
  void aClockThatGoesBackGivesNothingBack() {
    try (Database database = database(folder)) {
      try (UsageLedger ledger = ledger(database)) {
        account(ledger, "tpd=2400").use(Counted.PROMPT_TOKENS, 2400);
      }
      clock.jump(Duration.ofDays(-3));
      try (UsageLedger ledger = ledger(database)) {
        assertEquals(0, left(account(ledger, "tpd=2400"), Bound.TOKENS_PER_DAY));
      }
    }
  }
}
