package io.solebox.server.setup;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.Secrets;
import io.solebox.server.accounts.User;
import io.solebox.server.host.HostDesk;
import io.solebox.server.host.HostRequest;
import io.solebox.server.host.HostRequests;
import io.solebox.server.http.Problem;
import io.solebox.server.tls.OwnerFiles;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The first steps of an appliance, in a browser: open to whoever has read the code on its screen,
 * until there is an administrator, and never again. What the screen shows lies in {@code
 * screen.json} of the state's folder. Safe for many threads.
 */
public final class SetUp implements AutoCloseable {
  /** What the screen reads. */
  public static final String SCREEN = "screen.json";

  private static final String DRAFT = "setup.json";
  private static final long LOOK_MILLIS = 2000;

  private final Accounts accounts;
  private final HostDesk machine;
  private final Path folder;
  private final Draft draft;
  private final Clock clock;
  private final PrintStream log;
  private final Pairing pairing;
  private final Map<String, Object> shown;
  private Optional<String> lastShown = Optional.empty(); // guarded by this
  private Optional<Thread> keeper = Optional.empty(); // likewise

  /**
   * @param machine may be asked for what takes root
   * @param folder of the server's state
   * @param shown what else the screen is told, as {@code fingerprint}
   * @param log hears what could not be asked of the machine
   */
  public SetUp(
      Accounts accounts,
      HostDesk machine,
      Path folder,
      Map<String, Object> shown,
      Clock clock,
      PrintStream log) {
    this.accounts = accounts;
    this.machine = machine;
    this.folder = folder;
    this.draft = new Draft(folder.resolve(DRAFT));
    this.shown = Map.copyOf(shown);
    this.clock = clock;
    this.log = log;
    this.pairing = new Pairing(clock);
  }

  /**
   * Begins to keep the screen up to date.
   *
   * @param port that the server listens on
   */
  public synchronized void start(int port) {
    if (!isOpen()) {
      complete(); // the power went between the account and the rest
    }
    look(port);
    keeper = Optional.of(Thread.ofPlatform().daemon().name("setup-keeper").start(() -> keep(port)));
  }

  private void keep(int port) {
    try {
      boolean open = true;
      while (open) {
        Thread.sleep(LOOK_MILLIS);
        open = isOpen();
        look(port);
      }
    } catch (InterruptedException e) {
      // closed
    } catch (RuntimeException e) {
      log.println("The screen is not kept up to date any more: " + e.getMessage());
    }
  }

  /** Writes down what the screen is to show, where that is another thing than before. */
  synchronized void look(int port) {
    Map<String, Object> all = new LinkedHashMap<>(shown);
    all.put("port", port);
    if (isOpen()) {
      Pairing.Code code = pairing.now();
      all.put("code", code.code());
      all.put("expires", code.expires().toString());
    }
    String text = new JsonWriter().text(all);
    if (!lastShown.equals(Optional.of(text))) {
      OwnerFiles.write(folder.resolve(SCREEN), text);
      lastShown = Optional.of(text);
    }
  }

  /** Whether nobody is an administrator yet. */
  public boolean isOpen() {
    return accounts.invitations().needSetUp();
  }

  void requireOpen() {
    if (!isOpen()) {
      throw Problem.of(
          403, "set_up_already", "This box is set up. Sign in, or ask an administrator.");
    }
  }

  /** Whether this is the browser that chooses. */
  boolean isPaired(Optional<String> token) {
    Optional<String> kept = draft.text("token");
    return token.isPresent()
        && kept.isPresent()
        && MessageDigest.isEqual(bytes(Secrets.digest(token.get())), bytes(kept.get()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether some browser chooses. */
  boolean isTaken() {
    return draft.text("token").isPresent();
  }

  void requirePaired(Optional<String> token) {
    requireOpen();
    if (isPaired(token)) {
      return;
    }
    throw token.isPresent() && isTaken()
        ? Problem.of(
            409,
            "setup_taken",
            "Another browser goes on with the setup. To take it back, enter the code that the"
                + " screen shows now.")
        : Problem.of(401, "pairing_required", "Enter the code that the screen of the box shows.");
  }

  /**
   * Lets a browser choose, and none that did before.
   *
   * @return by which it is known from now on
   * @throws Problem 403 if the code is wrong
   */
  synchronized String pair(String code) {
    requireOpen();
    if (!pairing.take(code)) {
      throw Problem.of(
          403,
          "wrong_code",
          "The code is wrong, or was used. The screen of the box shows the one that is good now.");
    }
    String token = Secrets.token();
    Map<String, Object> some = new LinkedHashMap<>();
    some.put("token", Secrets.digest(token));
    some.put("paired", clock.instant().toString());
    draft.put(some);
    return token;
  }

  /** What was chosen, without secrets. */
  Map<String, Object> told() {
    Map<String, Object> told = draft.told();
    told.remove("paired");
    return told;
  }

  /** Keeps choices until all are made; null takes one away. */
  synchronized void choose(Map<String, Object> choices) {
    requireOpen();
    draft.put(choices);
  }

  /** Keeps who is to be the administrator; of the password what accounts keep. */
  void chooseAdministrator(String name, String password) throws InterruptedException {
    String hash = accounts.invitations().hash(name, password);
    Map<String, Object> some = new LinkedHashMap<>();
    some.put("name", name);
    some.put("password_hash", hash);
    choose(some);
  }

  /**
   * What is done in the end.
   *
   * @param user the administrator
   * @param asked ids of what the machine was asked for, by kind
   */
  record Done(User user, Map<String, String> asked) {}

  /** Makes the administrator, and asks the machine for the rest. */
  synchronized Done finish() {
    requireOpen();
    Optional<String> name = draft.text("name");
    Optional<String> hash = draft.text("password_hash");
    if (name.isEmpty() || hash.isEmpty()) {
      throw Problem.of(
          409, "admin_missing", "Nobody is the administrator yet. Choose a name and a password.");
    }
    User user = accounts.invitations().first(name.get(), hash.get());
    return new Done(user, complete());
  }

  /** Asks the machine for all that was chosen, and forgets the choices then. */
  private Map<String, String> complete() {
    Map<String, String> asked = new LinkedHashMap<>();
    if (draft.exists()) {
      if (machine.machine().isPresent()) {
        requests(draft.all()).forEach(request -> ask(request, asked));
      }
      draft.remove();
    }
    return asked;
  }

  private void ask(HostRequest request, Map<String, String> asked) {
    try {
      asked.put(request.kind(), machine.ask(request));
    } catch (SoleboxException e) {
      log.println("What was chosen cannot be asked of the machine: " + e.describe());
    }
  }

  /** The gap comes last, since the server starts anew for it. */
  private List<HostRequest> requests(Map<String, Object> all) {
    Object gapNow = machine.machine().map(told -> told.get("air_gap")).orElse(false);
    Optional<HostRequest> name =
        Optional.ofNullable(all.get("host_name"))
            .map(its -> new HostRequest.Name(String.valueOf(its)));
    Optional<HostRequest> zone =
        Optional.ofNullable(all.get("zone"))
            .map(its -> new HostRequest.TimeZone(String.valueOf(its)));
    Optional<HostRequest> network = Optional.ofNullable(all.get("network")).map(SetUp::network);
    Optional<HostRequest> gap =
        Optional.ofNullable(all.get("air_gap"))
            .filter(on -> !on.equals(gapNow))
            .map(on -> new HostRequest.Gap((Boolean) on));
    return List.of(name, zone, network, gap).stream().flatMap(Optional::stream).toList();
  }

  @SuppressWarnings("unchecked") // the reader makes no other maps
  private static HostRequest network(Object fields) {
    return HostRequests.of("network", (Map<String, Object>) fields);
  }

  @Override
  public synchronized void close() {
    keeper.ifPresent(Thread::interrupt);
  }
}
