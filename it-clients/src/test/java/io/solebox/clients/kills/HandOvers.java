package io.solebox.clients.kills;

import io.solebox.clients.kills.Api.Answer;
import io.solebox.clients.kills.Api.Pass;
import io.solebox.clients.kills.Uploads.Sent;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.Invitations.MadeCode;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.storage.HandOver;
import io.solebox.server.storage.Owners;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Kills a server while its first account is made, which gets all that the person at the machine has
 * kept: all of it is that account's then, or nothing is and there is no account. Owned by one
 * thread at a time.
 */
final class HandOvers {
  private static final Map<String, Object> NOTHING = Map.of();
  private static final int FILES = 3;

  /** Until it is known what it takes to make the account here. */
  private static final int USUAL_MILLIS = 250;

  private final Path model;
  private final Path home;
  private final Random random;
  private final List<Sent> kept = new ArrayList<>();
  private Map<String, Long> counts = Map.of();
  private int number;
  private int done;
  private int undone;
  private int longestMillis = USUAL_MILLIS; // twice what the last one has taken

  /**
   * @param home a folder that is not there yet
   */
  HandOvers(Path model, Path home, Random random) {
    this.model = model;
    this.home = home;
    this.random = random;
  }

  /** How often the account was made before the kill, and how often not. */
  String told() {
    return done + " hand-overs before the kill, " + undone + " broken off and done anew";
  }

  /**
   * Does it once.
   *
   * @return what is other than it should be
   */
  List<String> run() throws Exception {
    Path folder = home.resolve("of-" + number++);
    if (kept.isEmpty()) {
      keep(home.resolve("before"));
    }
    copy(home.resolve("before"), folder);
    List<String> wrong = new ArrayList<>();
    boolean acknowledged = setUpAndKill(folder);
    boolean made = look(folder, acknowledged, wrong);
    if (made) {
      done++;
    } else {
      undone++;
    }
    try (var server = new KilledServer(model, folder, "--accounts");
        Api api = new Api(server.url(), "127.0.0.1")) {
      Pass pass = made ? signIn(api) : Pass.cookie(timedSetUp(api, folder).cookie());
      for (Sent sent : kept) {
        if (!Uploads.isFile(api, pass, sent)) {
          wrong.add(sent.path() + " was not handed over");
        }
      }
    }
    look(folder, true, wrong);
    return wrong;
  }

  /** A person at the machine without accounts. */
  private void keep(Path folder) throws Exception {
    Files.createDirectories(folder.resolve("state"));
    try (var server = new KilledServer(model, folder);
        Api api = new Api(server.url(), "127.0.0.1")) {
      Tally tally = new Tally("the local user");
      for (int i = 0; i < FILES; i++) {
        kept.add(Uploads.send(api, Pass.NONE, "file " + i, tally));
      }
      Map<String, Object> asked = Map.of("input", "hello", "max_output_tokens", 2);
      tally.require(api.call("POST", "/v1/responses", Pass.NONE, asked), Count.CHAT);
      Answer chat = api.call("POST", "/chats", Pass.NONE, Map.of("title", "mine"));
      Map<String, Object> said = Map.of("role", "user", "text", "to be kept");
      String path = "/chats/" + chat.json().get("id") + "/messages";
      tally.require(api.call("POST", path, Pass.NONE, said), Count.ATTACH);
    }
    counts = counts(folder, Owners.HERE);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  /** Returns whether the account was acknowledged. */
  private boolean setUpAndKill(Path folder) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> answered;
      try (var server = new KilledServer(model, folder, "--accounts")) {
        Api api = new Api(server.url(), "127.0.0.1");
        String code = code(folder);
        answered =
            threads.submit(
                () -> {
                  try (api) {
                    return setUp(api, code).status() == 200;
                  } catch (IOException e) {
                    return false; // the kill came before the answer
                  }
                });
        Thread.sleep(random.nextInt(longestMillis)); // the moment is what is drawn
      }
      return answered.get();
    }
  }

  private Answer timedSetUp(Api api, Path folder) throws IOException, InterruptedException {
    String code = code(folder);
    long begin = System.nanoTime();
    Answer answer = setUp(api, code);
    longestMillis = 1 + 2 * (int) Duration.ofNanos(System.nanoTime() - begin).toMillis();
    return answer;
  }

  private static Answer setUp(Api api, String code) throws IOException, InterruptedException {
    Map<String, Object> body = Map.of("code", code, "name", "anna", "password", Client.PASSWORD);
    Answer answer = api.call("POST", "/auth/setup", Pass.NONE, body);
    if (answer.status() != 200) {
      throw new IllegalStateException("the set-up was answered " + answer.text());
    }
    return answer;
  }

  private static Pass signIn(Api api) throws IOException, InterruptedException {
    Map<String, Object> body = Map.of("name", "anna", "password", Client.PASSWORD);
    return Pass.cookie(
        new Tally("anna")
            .require(api.call("POST", "/auth/sign-in", Pass.NONE, body), Count.SIGN_IN)
            .cookie());
  }

  /** A code beside the one that the server has printed, which opens nothing any more. */
  private static String code(Path folder) {
    try (Database database = open(folder)) {
      Accounts accounts =
          new Accounts(database, AuditLog.of(database, folder.resolve("state")), Clock.systemUTC());
      return accounts.invitations().setUpCode("kills").map(MadeCode::code).orElseThrow();
    }
  }

  private static Database open(Path folder) {
    return ServerTables.open(folder.resolve("state").resolve("server.db"));
  }

  private static Map<String, Long> counts(Path folder, String owner) {
    try (Database database = open(folder)) {
      return database.read(sql -> HandOver.counts(sql, owner));
    }
  }

  /** What is on the disk; returns whether the account is there. */
  private boolean look(Path folder, boolean acknowledged, List<String> wrong) {
    Optional<String> heir;
    try (Database database = open(folder)) {
      heir =
          database.read(
              sql -> sql.first(row -> row.getString(1), "SELECT id FROM account LIMIT 1"));
    }
    if (acknowledged && heir.isEmpty()) {
      wrong.add("the first account was acknowledged, and is not there");
    }
    Map<String, Long> here = counts(folder, Owners.HERE);
    Map<String, Long> given = heir.map(id -> counts(folder, id)).orElse(Map.of());
    boolean whole =
        heir.isPresent()
            ? here.isEmpty() && given.equals(counts)
            : here.equals(counts) && given.isEmpty();
    if (!whole) {
      wrong.add("of %s, %s stayed and %s went to %s".formatted(counts, here, given, heir));
    }
    return heir.isPresent();
  }
}
