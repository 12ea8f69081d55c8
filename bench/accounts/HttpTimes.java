package io.solebox.server;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code HttpTimes FOLDER}: what accounts and accounting add to a request over HTTP. Two servers of
 * one process answer with a model that says again what it was asked: one knows 1,000 users with
 * 5,000 keys, the other nobody, and keeps nothing. 64 clients ask them in turns, each on
 * connections that stay; see {@code bench/accounts/measure}.
 */
final class HttpTimes {
  private static final int USERS = 1000;
  private static final int KEYS_EACH = 5;
  private static final int CLIENTS = 64;
  private static final int ROUNDS = 200;
  private static final int PARTS = 4;
  private static final long PAUSE_MILLIS = 100;
  private static final byte[] BODY =
      "{\"model\":\"echo\",\"prompt\":\"what is asked here, again and again\"}"
          .getBytes(StandardCharsets.UTF_8);

  /** Nanoseconds of each request, of both servers. */
  private record Times(long[] known, long[] nobody) {}

  public static void main(String[] arguments) throws Exception {
    Path state = Path.of(arguments[0]).resolve("server.db");
    List<String> keys = keys(state);
    ServerConfig accounts =
        ServerConfig.defaults()
            .withStateFile(state)
            .withAccounts()
            .withUsualLimits("rpm=1000000 tpd=1000000000");
    try (TestServer known = new TestServer(accounts);
        TestServer nobody = new TestServer()) {
      measure(known, nobody, keys); // until it is compiled
      List<Times> parts = new ArrayList<>();
      List<Long> mebibytes = new ArrayList<>();
      for (int i = 0; i < PARTS; i++) {
        parts.add(measure(known, nobody, keys));
        known.model.forgetRequests(); // which no other model remembers
        nobody.model.forgetRequests();
        mebibytes.add(usedMebibytes());
      }
      report(
          parts.stream().flatMapToLong(part -> Arrays.stream(part.known())).sorted().toArray(),
          parts.stream().flatMapToLong(part -> Arrays.stream(part.nobody())).sorted().toArray(),
          mebibytes);
    }
  }

  private static List<String> keys(Path state) throws InterruptedException {
    List<String> keys = new ArrayList<>();
    try (Database database = ServerTables.open(state)) {
      Accounts accounts =
          new Accounts(
              database, AuditLog.of(database, state.getParent()), Clock.systemDefaultZone());
      for (int i = 0; i < USERS; i++) {
        Role role = i == 0 ? Role.ADMIN : Role.USER;
        NewUser wanted = NewUser.active("user" + i, role, Optional.empty());
        User user = accounts.add("bench", wanted, Optional.empty());
        for (int j = 0; j < KEYS_EACH; j++) {
          NewKey wish =
              new NewKey("key" + j, List.of("*"), List.of(), List.of(), false, Optional.empty());
          keys.add(accounts.keys().add("bench", user, wish).secret());
        }
      }
    }
    return keys;
  }

  private static Times measure(TestServer known, TestServer nobody, List<String> keys)
      throws Exception {
    int rounds = ROUNDS / PARTS;
    Times times = new Times(new long[CLIENTS * rounds], new long[CLIENTS * rounds]);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int c = 0; c < CLIENTS; c++) {
        int from = c * rounds;
        all.add(
            clients.submit(
                () -> {
                  ask(known, nobody, keys, times, from, rounds);
                  return from;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    return times;
  }

  private static void ask(
      TestServer known, TestServer nobody, List<String> keys, Times times, int from, int rounds)
      throws Exception {
    Random random = new Random(from);
    try (RawClient toKnown = known.client();
        RawClient toNobody = nobody.client()) {
      for (int i = 0; i < rounds; i++) {
        String key = "Authorization: Bearer " + keys.get(random.nextInt(keys.size()));
        Thread.sleep(random.nextLong(2 * PAUSE_MILLIS));
        times.known()[from + i] = timed(toKnown, key);
        Thread.sleep(random.nextLong(2 * PAUSE_MILLIS));
        times.nobody()[from + i] = timed(toNobody, key);
      }
    }
  }

  private static long timed(RawClient client, String key) throws IOException {
    long begin = System.nanoTime();
    client.request("POST", "/v1/completions", BODY, key);
    RawClient.Answer answer = client.receive();
    if (answer.status() != 200) {
      throw new IllegalStateException(answer.text());
    }
    return System.nanoTime() - begin;
  }

  /** Of what is still needed. */
  private static long usedMebibytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  private static void report(long[] known, long[] nobody, List<Long> mebibytes) {
    System.out.printf(
        Locale.ROOT,
        "over HTTP: %d clients, %d users, %d keys, %d requests to each of two servers%n",
        CLIENTS,
        USERS,
        USERS * KEYS_EACH,
        known.length);
    for (double share : new double[] {0.5, 0.9, 0.99}) {
      double with = known[(int) (known.length * share)] / 1e6;
      double without = nobody[(int) (nobody.length * share)] / 1e6;
      System.out.printf(
          Locale.ROOT,
          "p%.0f %.3f ms with accounts, %.3f ms without: %+.3f ms, %.2f times%n",
          100 * share,
          with,
          without,
          with - without,
          with / without);
    }
    System.out.println("MiB in use after each quarter: " + mebibytes);
  }
}
