package io.solebox.clients.kills;

import io.solebox.clients.kills.Api.Answer;
import io.solebox.clients.kills.Api.Pass;
import io.solebox.clients.kills.Uploads.Sent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The accounts that an administrator makes: invited or added, changed, taken out and deleted. Owned
 * by one thread at a time.
 */
final class Guests {
  /** The group that is there. */
  static final String GROUP = "crew";

  private static final Map<String, Object> NOTHING = Map.of();

  /** What may be said of an account. */
  private record Standing(String role, String group) {}

  private final Tally tally;
  private final Random random;
  private final Known<String> names = new Known<>();
  private final Map<String, Set<Standing>> standings = new HashMap<>(); // that may be
  private final Map<String, Pass> passes = new HashMap<>(); // of who has joined
  private final Map<String, Sent> files = new HashMap<>(); // that they have sent
  private int number;

  Guests(Tally tally, Random random) {
    this.tally = tally;
    this.random = random;
  }

  /** Makes, changes or deletes one. */
  void act(Api api, Pass admin) throws IOException, InterruptedException {
    if (names.there().isEmpty()) {
      join(api, admin);
    } else if (names.isEnough(random)) {
      remove(api, admin);
    } else {
      switch (random.nextInt(4)) {
        case 0 -> add(api, admin);
        case 1 -> join(api, admin);
        case 2 -> change(api, admin, Count.USER_ROLE);
        default -> change(api, admin, Count.USER_GROUP);
      }
    }
  }

  private String next() {
    String name = "guest" + number++;
    names.leaving(name); // it may be there as soon as it is asked for
    return name;
  }

  private static String path(String name) {
    return "/admin/users/" + name;
  }

  private void made(String name, Standing standing) {
    names.made(name);
    standings.put(name, new HashSet<>(Set.of(standing)));
  }

  private void add(Api api, Pass admin) throws IOException, InterruptedException {
    String name = next();
    Map<String, Object> body = Map.of("name", name, "role", "viewer");
    tally.require(api.call("POST", "/admin/users", admin, body), Count.USER_ADD);
    made(name, new Standing("viewer", ""));
  }

  /** By an invitation; they send a file, too. */
  private void join(Api api, Pass admin) throws IOException, InterruptedException {
    String name = next();
    Map<String, Object> wish = Map.of("name", name, "role", "user", "group", GROUP);
    Answer invited = tally.require(api.call("POST", "/admin/codes", admin, wish), Count.INVITE);
    Map<String, Object> body =
        Map.of("code", invited.json().get("code"), "name", name, "password", Client.PASSWORD);
    Answer joined =
        tally.require(api.call("POST", "/auth/invitation", Pass.NONE, body), Count.USER_ADD);
    tally.add(Count.SIGN_IN);
    made(name, new Standing("user", GROUP));
    Pass pass = Pass.cookie(joined.cookie());
    passes.put(name, pass);
    files.put(name, Uploads.send(api, pass, "what " + name + " has sent", tally));
  }

  private void change(Api api, Pass admin, Count what) throws IOException, InterruptedException {
    String name = names.any(random);
    Set<Standing> before = standings.get(name);
    boolean other = random.nextBoolean();
    Map<String, Object> body;
    Set<Standing> after = new HashSet<>();
    if (what == Count.USER_ROLE) {
      String role = other ? "user" : "viewer";
      body = Map.of("role", role);
      before.forEach(each -> after.add(new Standing(role, each.group())));
    } else {
      String group = other ? GROUP : "";
      body = Map.of("group", group);
      before.forEach(each -> after.add(new Standing(each.role(), group)));
    }
    before.addAll(after);
    tally.require(api.call("PATCH", path(name), admin, body), what);
    standings.put(name, after);
  }

  /** All that they have is taken out before. */
  private void remove(Api api, Pass admin) throws IOException, InterruptedException {
    String name = names.any(random);
    Answer taken =
        tally.require(api.call("GET", path(name) + "/export", admin, NOTHING), Count.USER_EXPORT);
    Optional<Sent> sent = Optional.ofNullable(files.get(name));
    if (sent.isPresent() && !contains(taken.bytes(), sent.get().text())) {
      throw new IllegalStateException("the file of " + name + " is not in what was taken out");
    }
    names.leaving(name);
    tally.require(api.call("DELETE", path(name), admin, NOTHING), Count.USER_DELETE);
    names.gone(name);
  }

  private static boolean contains(byte[] zip, String text) throws IOException {
    try (var entries = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        if (new String(entries.readAllBytes(), StandardCharsets.UTF_8).equals(text)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Holds all that was said against the server as it is now.
   *
   * @return what is other
   */
  List<String> check(Api api, Pass admin) throws Exception {
    List<String> wrong = new ArrayList<>();
    wrong.addAll(names.check("account", name -> look(api, admin, name, wrong)));
    standings.keySet().retainAll(names.there());
    passes.keySet().retainAll(names.there());
    files.keySet().retainAll(names.there());
    return wrong;
  }

  private boolean look(Api api, Pass admin, String name, List<String> wrong) throws Exception {
    Answer answer = api.call("GET", path(name), admin, NOTHING);
    Optional<Pass> pass = Optional.ofNullable(passes.get(name));
    if (answer.status() == 404) {
      if (pass.isPresent() && api.call("GET", "/auth/me", pass.get(), NOTHING).status() != 401) {
        wrong.add(name + " is deleted, and still comes in");
      }
      return false;
    }
    if (answer.status() != 200) {
      throw new IllegalStateException(name + " was answered " + answer.text());
    }
    var standing =
        new Standing(
            (String) answer.json().get("role"),
            Objects.requireNonNullElse((String) answer.json().get("group"), ""));
    Set<Standing> possible =
        standings.getOrDefault(name, Set.of(standing)); // where nobody heard that it was made
    if (!possible.contains(standing)) {
      wrong.add("%s is %s, and was %s".formatted(name, standing, possible));
    }
    standings.put(name, new HashSet<>(Set.of(standing)));
    return true;
  }
}
