package io.solebox.clients.kills;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.Group;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.Role;
import io.solebox.server.audit.AuditBook;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.audit.Verdict;
import io.solebox.server.http.Faults;
import io.solebox.server.limits.Used;
import io.solebox.server.storage.ServerTables;
import io.solebox.server.usage.UsageLedger;
import io.solebox.server.usage.UsageQuery;
import io.solebox.server.usage.UsageQuery.By;
import io.solebox.server.usage.UsageRow;
import io.solebox.storage.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Kills a server with kill -9 at random moments while clients change what it keeps, and looks after
 * each start whether all is there that it had said, once, and whether the audit log's chain holds.
 * {@code Kills MODEL FOLDER KILLS SEED}; see {@code bench/accounts/kills}.
 */
final class Kills {
  private static final int CLIENTS = 6;
  private static final int LONGEST_MILLIS = 5000;

  /** A hand-over of what was kept before anybody had an account comes with one of so many kills. */
  private static final int BETWEEN_HAND_OVERS = 4;

  private final Path model;
  private final Path home;
  private final Random random;
  private final HandOvers handOvers;
  private final List<Client> clients = new ArrayList<>();
  private final Map<Count, Long> told = new HashMap<>(); // by the audit log, when it was looked at
  private final Map<Count, Long> heard = new HashMap<>(); // by the clients, at that moment
  private final List<String> wrong = new ArrayList<>();

  Kills(Path model, Path home, long seed) {
    this.model = model;
    this.home = home;
    this.random = new Random(seed);
    this.handOvers = new HandOvers(model, home.resolve("hand-over"), random);
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new Client("client" + i, i == 0, random.nextLong()));
    }
  }

  public static void main(String[] arguments) throws Exception {
    int kills = Integer.parseInt(arguments[2]);
    var run = new Kills(Path.of(arguments[0]), Path.of(arguments[1]), Long.parseLong(arguments[3]));
    List<String> wrong = run.run(kills);
    System.out.println(run.summary(kills));
    wrong.forEach(System.out::println);
    System.exit(wrong.isEmpty() ? 0 : 1);
  }

  /**
   * @return what is other than was said; empty where all is as it should be
   */
  List<String> run(int kills) throws Exception {
    Path state = Files.createDirectories(home.resolve("state"));
    addClients(state);
    for (int i = 1; i <= kills && wrong.isEmpty(); i++) {
      live(i, random.nextInt(LONGEST_MILLIS));
      look(state);
      if (i % BETWEEN_HAND_OVERS == 1) {
        wrong.addAll(handOvers.run());
      }
      System.err.printf("\r%d of %d", i, kills);
    }
    if (wrong.isEmpty()) {
      live(kills + 1, 0); // what the last one has left is looked at, too
    }
    return wrong;
  }

  private void addClients(Path state) throws InterruptedException {
    try (Database database = ServerTables.open(state.resolve("server.db"))) {
      Accounts accounts =
          new Accounts(database, AuditLog.of(database, state), Clock.systemDefaultZone());
      accounts.set("kills", Group.open(Guests.GROUP));
      for (Client client : clients) {
        Role role = client == clients.getFirst() ? Role.ADMIN : Role.USER;
        NewUser user = NewUser.active(client.name(), role, Optional.empty());
        accounts.add("kills", user, Optional.of(Client.PASSWORD));
        told.merge(Count.USER_ADD, 1L, Long::sum);
      }
    }
  }

  /** One life of the server. */
  private void live(int number, int millis) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> lives = new ArrayList<>();
      try (var server = new KilledServer(model, home)) {
        List<Callable<List<String>>> checks = new ArrayList<>();
        List<Api> apis = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
          Client client = clients.get(i);
          Api api =
              new Api(server.url(), "127.%d.%d.%d".formatted(number >> 8, number & 255, i + 1));
          apis.add(api);
          checks.add(() -> client.check(api));
        }
        for (Future<List<String>> check : threads.invokeAll(checks)) {
          wrong.addAll(check.get());
        }
        for (int i = 0; i < clients.size(); i++) {
          Client client = clients.get(i);
          Api api = apis.get(i);
          lives.add(
              threads.submit(
                  () -> {
                    client.live(api);
                    return client;
                  }));
        }
        Thread.sleep(millis); // the moment is what is drawn
      }
      for (Future<?> life : lives) {
        life.get();
      }
    }
  }

  /** What the dead server has left on disk. */
  private void look(Path state) {
    try (Database database = ServerTables.open(state.resolve("server.db"))) {
      try (var ledger =
          new UsageLedger(database, Clock.systemDefaultZone(), new Faults(System.err))) {
        Map<String, Used> used = new HashMap<>();
        UsageQuery query = new UsageQuery(List.of(By.USER), UsageQuery.EVER, Optional.empty());
        for (UsageRow row : ledger.sums(query)) {
          used.put(row.names().getFirst(), row.used());
        }
        for (Client client : clients) {
          charges(client, used.getOrDefault(id(database, client), Used.NOTHING));
        }
      }
      for (Count count : Count.values()) {
        if (!count.action().isEmpty()) {
          audited(count, entries(database, count.action()));
        }
      }
    }
    try (AuditBook book = AuditBook.open(state)) {
      Verdict verdict = book.check(Optional.empty());
      require(verdict instanceof Verdict.Sound, "the audit log", verdict.toString());
    }
  }

  private static String id(Database database, Client client) {
    return database.read(
        sql ->
            sql.first(
                    row -> row.getString(1), "SELECT id FROM account WHERE name = ?", client.name())
                .orElseThrow());
  }

  private static long entries(Database database, String action) {
    return database.read(
        sql ->
            sql.first(row -> row.getLong(1), "SELECT COUNT(*) FROM audit WHERE action = ?", action)
                .orElseThrow());
  }

  /** Each answer that has come is charged once, and one in flight at most once. */
  private void charges(Client client, Used used) {
    long answered = client.said(Count.CHAT);
    long most = client.chatInFlight() ? 1 : 0;
    require(
        answered <= used.requests() && used.requests() <= answered + most,
        client.name(),
        "%d answers have come, %d in flight, %d are charged"
            .formatted(answered, most, used.requests()));
    long tokens = used.prompt() + used.generated();
    require(
        client.tokens() <= tokens && tokens <= client.tokens() + most * Client.MOST_TOKENS,
        client.name(),
        "%d tokens are due, %d answers in flight, %d tokens charged"
            .formatted(client.tokens(), most, tokens));
    client.charged(used.requests(), tokens);
  }

  /** Each change that was acknowledged is told of, and of those in flight one of each client. */
  private void audited(Count count, long entries) {
    long now = clients.stream().mapToLong(client -> client.said(count)).sum();
    long least = told.getOrDefault(count, 0L) + now - heard.getOrDefault(count, 0L);
    require(
        least <= entries && entries <= least + CLIENTS,
        count.action(),
        "%d are acknowledged, %d told".formatted(least, entries));
    told.put(count, entries);
    heard.put(count, now);
  }

  private void require(boolean holds, String what, String how) {
    if (!holds) {
      wrong.add(what + ": " + how);
    }
  }

  String summary(int kills) {
    List<String> counts = new ArrayList<>();
    for (Count count : Count.values()) {
      long heard = clients.stream().mapToLong(client -> client.said(count)).sum();
      counts.add(told.getOrDefault(count, heard) + " " + count.words());
    }
    counts.add(handOvers.told());
    return "%d kills: %s: %s"
        .formatted(
            kills,
            String.join(", ", counts),
            wrong.isEmpty()
                ? "all is there that was said, nothing twice, the chain holds"
                : "NOT all is as it was said");
  }
}
