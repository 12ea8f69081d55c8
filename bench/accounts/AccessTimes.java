import io.solebox.engine.generation.UserWeights;
import io.solebox.server.accounts.AccountCallers;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.accounts.LimitBook;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.http.Callers;
import io.solebox.server.http.Credential;
import io.solebox.server.http.Faults;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Charge;
import io.solebox.server.limits.Counted;
import io.solebox.server.limits.Limits;
import io.solebox.server.storage.ServerTables;
import io.solebox.server.usage.UsageLedger;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * {@code AccessTimes FOLDER}: what it takes, for each request of 64 clients with 1,000 users and
 * 5,000 keys, to find whose key it is, to admit it, and to charge an answer of 100 tokens; see
 * {@code bench/accounts/measure}.
 */
final class AccessTimes {
  private static final int USERS = 1000;
  private static final int KEYS_EACH = 5;
  private static final int CLIENTS = 64;
  private static final int REQUESTS = 500;
  private static final long PAUSE_MILLIS = 20;
  private static final int TOKENS = 100;

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Clock clock = Clock.systemDefaultZone();
    try (Database database = ServerTables.open(folder.resolve("server.db"));
        UsageLedger ledger = new UsageLedger(database, clock, new Faults(System.err))) {
      List<String> keys = keys(new Accounts(database, AuditLog.of(database, folder), clock));
      Limits limits = Limits.parse(List.of("rpm=1000000", "tpd=1000000000"), "here");
      LimitBook book =
          new LimitBook(limits, System::nanoTime, ledger.spendings(), UserWeights.EQUAL);
      Callers here = Callers.ofThisMachine(Account.unlimited());
      try (var callers = new AccountCallers(database, here, true, book, clock)) {
        measure(callers, ledger, keys); // until it is compiled
        report(measure(callers, ledger, keys));
      }
    }
  }

  private static List<String> keys(Accounts accounts) throws InterruptedException {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      Role role = i == 0 ? Role.ADMIN : Role.USER;
      User user =
          accounts.add(
              "bench", NewUser.active("user" + i, role, Optional.empty()), Optional.empty());
      for (int j = 0; j < KEYS_EACH; j++) {
        NewKey wish =
            new NewKey("key" + j, List.of("*"), List.of(), List.of(), false, Optional.empty());
        keys.add(accounts.keys().add("bench", user, wish).secret());
      }
    }
    return keys;
  }

  /** Nanoseconds of each request. */
  private static long[] measure(AccountCallers callers, UsageLedger ledger, List<String> keys)
      throws InterruptedException {
    long[] nanos = new long[CLIENTS * REQUESTS];
    List<Thread> clients = new ArrayList<>();
    for (int c = 0; c < CLIENTS; c++) {
      int from = c * REQUESTS;
      clients.add(Thread.ofVirtual().start(() -> client(callers, ledger, keys, nanos, from)));
    }
    for (Thread client : clients) {
      client.join();
    }
    return nanos;
  }

  private static void client(
      AccountCallers callers, UsageLedger ledger, List<String> keys, long[] nanos, int from) {
    Random random = new Random(from);
    for (int i = 0; i < REQUESTS; i++) {
      String key = keys.get(random.nextInt(keys.size()));
      long begin = System.nanoTime();
      Account account = callers.find(new Credential.Key(key)).orElseThrow().account();
      account.begin().ifPresent(refusal -> fail(refusal.toString()));
      try (Charge charge = ledger.open(account.holder().payer(), "model")) {
        account.use(Counted.PROMPT_TOKENS, TOKENS);
        charge.prompt(TOKENS);
        for (int t = 0; t < TOKENS; t++) {
          account.use(Counted.GENERATED_TOKENS, 1);
          charge.generated(1);
        }
        charge.settle();
      }
      account.ended();
      nanos[from + i] = System.nanoTime() - begin;
      pause(random);
    }
  }

  private static void pause(Random random) {
    try {
      Thread.sleep(random.nextLong(2 * PAUSE_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void fail(String why) {
    throw new IllegalStateException(why);
  }

  private static void report(long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%d clients, %d users, %d keys, %d requests of %d tokens: p50 %.3f ms, p99 %.3f ms, most"
            + " %.3f ms%n",
        CLIENTS,
        USERS,
        USERS * KEYS_EACH,
        nanos.length,
        TOKENS,
        nanos[nanos.length / 2] / 1e6,
        nanos[(int) (nanos.length * 0.99)] / 1e6,
        nanos[nanos.length - 1] / 1e6);
  }
}
