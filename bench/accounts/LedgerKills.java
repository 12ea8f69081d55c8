import io.solebox.server.audit.AuditBook;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.audit.Entry;
import io.solebox.server.audit.Verdict;
import io.solebox.server.http.Faults;
import io.solebox.server.limits.Charge;
import io.solebox.server.limits.Payer;
import io.solebox.server.limits.Used;
import io.solebox.server.storage.Database;
import io.solebox.server.usage.UsageLedger;
import io.solebox.server.usage.UsageQuery;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * {@code LedgerKills FOLDER KILLS SEED}: see {@code bench/accounts/kills}. With {@code --victim
 * FOLDER} it is the process that is killed: threads charge answers and make changes that the audit
 * log tells of, and print what has ended.
 */
final class LedgerKills {
  private static final int CHARGING = 6;
  private static final int CHANGING = 2;
  private static final int PROMPT = 5;
  private static final int GENERATED = 7;

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("--victim")) {
      victim(Path.of(arguments[1]));
    } else {
      kill(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]));
    }
  }

  private static void victim(Path folder) throws InterruptedException {
    Database database = Database.open(folder.resolve("server.db"));
    database.transaction(
        sql -> sql.update("CREATE TABLE IF NOT EXISTS changed (number INTEGER PRIMARY KEY)"));
    UsageLedger ledger =
        new UsageLedger(database, Clock.systemDefaultZone(), new Faults(System.err));
    AuditLog log = AuditLog.of(database, folder);
    for (int i = 0; i < CHARGING; i++) {
      Payer payer = new Payer("user-" + i, "key-" + i, "");
      Thread.ofPlatform().start(() -> charge(ledger, payer));
    }
    for (int i = 0; i < CHANGING; i++) {
      Thread.ofPlatform().start(() -> change(database, log));
    }
    say("ready");
    Thread.currentThread().join();
  }

  private static void charge(UsageLedger ledger, Payer payer) {
    while (true) {
      try (Charge charge = ledger.open(payer, "model")) {
        charge.prompt(PROMPT);
        for (int i = 0; i < GENERATED; i++) {
          charge.generated(1);
          Thread.onSpinWait();
        }
        charge.settle(); // as before an answer's last word
        say("charged");
      }
      Thread.yield();
    }
  }

  private static void change(Database database, AuditLog log) {
    while (true) {
      database.transaction(
          sql -> {
            sql.update(
                "INSERT INTO changed (number) SELECT COALESCE(MAX(number), 0) + 1 FROM changed");
            return log.append(sql, new Entry("key.add", "somebody", "a key"));
          });
      say("changed");
    }
  }

  private static synchronized void say(String word) {
    System.out.print(word + "\n");
    System.out.flush();
  }

  private static void kill(Path folder, int kills, long seed) throws Exception {
    Random random = new Random(seed);
    long charged = 0;
    long changed = 0;
    for (int i = 1; i <= kills; i++) {
      Process victim = start(folder);
      long time = random.nextLong(2500);
      try (BufferedReader told = victim.inputReader()) {
        for (String line = told.readLine(); line != null; line = told.readLine()) {
          if (line.equals("ready")) {
            end(victim, time);
          }
          charged += line.equals("charged") ? 1 : 0;
          changed += line.equals("changed") ? 1 : 0;
        }
      }
      victim.waitFor();
      long[] there = check(folder, charged, changed, i);
      charged = there[0]; // what was in flight may be there or not, and is known from now on
      changed = there[1];
    }
    System.out.printf(
        Locale.ROOT,
        "%d kills: %d answers charged, %d changes told, nothing twice, nothing lost; the chain"
            + " holds%n",
        kills,
        charged,
        changed);
  }

  private static void end(Process victim, long millis) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(millis);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              victim
                  .toHandle()
                  .destroyForcibly(); // that of Process closes what is still to be read
            });
  }

  private static Process start(Path folder) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "LedgerKills",
            "--victim",
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static long[] check(Path folder, long charged, long changed, int kill) {
    try (Database database = Database.open(folder.resolve("server.db"))) {
      Used used = sum(database);
      require(
          charged <= used.requests() && used.requests() <= charged + CHARGING,
          kill,
          "%d answers had ended, %d are charged".formatted(charged, used.requests()));
      long due = used.requests() * (PROMPT + GENERATED);
      long is = used.prompt() + used.generated();
      // Only an answer that was in flight may be charged in part.
      long inFlight = (long) kill * CHARGING * (PROMPT + GENERATED);
      require(
          is <= due && due - is <= inFlight,
          kill,
          "%d tokens are due, %d charged".formatted(due, is));
      long rows =
          database.read(
              sql ->
                  sql.first(row -> row.getLong(1), "SELECT COUNT(*) FROM changed").orElseThrow());
      long entries =
          database.read(
              sql -> sql.first(row -> row.getLong(1), "SELECT COUNT(*) FROM audit").orElseThrow());
      require(rows == entries, kill, rows + " changes, " + entries + " told");
      require(
          changed <= rows && rows <= changed + CHANGING,
          kill,
          "%d changes had ended, %d are there".formatted(changed, rows));
      try (AuditBook book = AuditBook.open(folder)) {
        Verdict verdict = book.check(Optional.empty());
        require(verdict instanceof Verdict.Sound, kill, verdict.toString());
      }
      return new long[] {used.requests(), rows};
    }
  }

  private static Used sum(Database database) {
    UsageLedger ledger =
        new UsageLedger(database, Clock.systemDefaultZone(), new Faults(System.err));
    try (ledger) {
      return ledger
          .sums(new UsageQuery(List.of(), UsageQuery.EVER, Optional.empty()))
          .getFirst()
          .used();
    }
  }

  private static void require(boolean holds, int kill, String what) {
    if (!holds) {
      System.out.println("kill " + kill + ": " + what);
      System.exit(1);
    }
  }
}
