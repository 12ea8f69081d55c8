package io.solebox.clients.kills;

import io.solebox.clients.kills.Api.Answer;
import io.solebox.clients.kills.Api.Pass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Somebody with an account who signs in and out, makes and revokes keys, asks for answers that are
 * kept, sends files and chats, and as an administrator makes, changes and deletes accounts; and who
 * writes down what the server has said of each. Goes on through many lives of a server. Owned by
 * one thread at a time.
 */
final class Client {
  static final String PASSWORD = "violet-otter-lamp";

  /** Of a prompt and an answer together. */
  static final int MOST_TOKENS = 400;

  private static final Map<String, Object> NOTHING = Map.of();

  /** A key. */
  record Key(String id, String secret) {}

  /** A response that is kept. */
  record Kept(String id, String text) {}

  private final String name;
  private final boolean administrator;
  private final Random random;
  private final Known<String> sessions = new Known<>();
  private final Known<Key> keys = new Known<>();
  private final Known<Kept> responses = new Known<>();
  private final Tally tally;
  private final Uploads uploads;
  private final Guests guests;
  private long tokens;
  private boolean chatInFlight;
  private int number;

  Client(String name, boolean administrator, long seed) {
    this.name = name;
    this.administrator = administrator;
    this.random = new Random(seed);
    this.tally = new Tally(name);
    this.uploads = new Uploads(name, tally, random);
    this.guests = new Guests(tally, random);
  }

  String name() {
    return name;
  }

  long said(Count count) {
    return tally.said(count);
  }

  /** Tokens of the answers that have come. */
  long tokens() {
    return tokens;
  }

  boolean chatInFlight() {
    return chatInFlight;
  }

  /** What is charged from now on is on top of this. */
  void charged(long answers, long itsTokens) {
    tally.set(Count.CHAT, answers);
    tokens = itsTokens;
    chatInFlight = false;
  }

  /** Does one thing after the other until the server has gone. */
  void live(Api api) throws InterruptedException {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        act(api);
      }
    } catch (IOException e) {
      // It was killed: what was asked for last may have happened or not.
    }
  }

  private void act(Api api) throws IOException, InterruptedException {
    if (sessions.there().isEmpty()) {
      signIn(api);
    } else if (keys.there().isEmpty()) {
      addKey(api);
    } else {
      switch (random.nextInt(administrator ? 12 : 8)) {
        case 0 -> sessions(api);
        case 1, 2 -> keys(api);
        case 3, 4 -> responses(api);
        case 5, 6, 7 -> uploads.act(api, session());
        default -> guests.act(api, session());
      }
    }
  }

  private void sessions(Api api) throws IOException, InterruptedException {
    if (!sessions.isEnough(random)) {
      signIn(api);
      return;
    }
    String cookie = sessions.any(random);
    sessions.leaving(cookie);
    tally.require(api.call("POST", "/auth/sign-out", Pass.cookie(cookie), NOTHING), Count.SIGN_OUT);
    sessions.gone(cookie);
  }

  private void signIn(Api api) throws IOException, InterruptedException {
    Map<String, Object> body = Map.of("name", name, "password", PASSWORD);
    Answer in = api.call("POST", "/auth/sign-in", Pass.NONE, body);
    if (in.status() != 429) { // those that a kill has cut off count as guesses
      sessions.made(tally.require(in, Count.SIGN_IN).cookie());
    }
  }

  private Pass session() {
    return Pass.cookie(sessions.any(random));
  }

  private void keys(Api api) throws IOException, InterruptedException {
    if (keys.isEnough(random)) {
      Key key = keys.any(random);
      keys.leaving(key);
      tally.require(
          api.call("DELETE", "/auth/keys/" + key.id(), session(), NOTHING), Count.KEY_REVOKE);
      keys.gone(key);
    } else {
      addKey(api);
    }
  }

  private void addKey(Api api) throws IOException, InterruptedException {
    Map<String, Object> body = Map.of("name", "key" + number++);
    var made = tally.require(api.call("POST", "/auth/keys", session(), body), Count.KEY_ADD).json();
    keys.made(new Key((String) made.get("id"), (String) made.get("key")));
  }

  private void responses(Api api) throws IOException, InterruptedException {
    if (responses.isEnough(random)) {
      Kept kept = responses.any(random);
      responses.leaving(kept);
      tally.require(
          api.call("DELETE", "/v1/responses/" + kept.id(), session(), NOTHING), Count.FORGET);
      responses.gone(kept);
    } else {
      ask(api);
    }
  }

  private void ask(Api api) throws IOException, InterruptedException {
    Map<String, Object> body =
        Map.of("input", name + " asks " + number++, "max_output_tokens", 1 + random.nextInt(8));
    chatInFlight = true;
    Answer answer = api.call("POST", "/v1/responses", Pass.key(keys.any(random).secret()), body);
    Map<String, Object> response = tally.require(answer, Count.CHAT).json();
    chatInFlight = false;
    var usage = (Map<?, ?>) response.get("usage");
    tokens += (Long) usage.get("total_tokens");
    responses.made(new Kept((String) response.get("id"), String.valueOf(response.get("output"))));
  }

  /**
   * Holds all that was said against the server as it is now.
   *
   * @return what is other
   */
  List<String> check(Api api) throws Exception {
    List<String> wrong = new ArrayList<>();
    wrong.addAll(sessions.check("session", cookie -> opens(api, "/auth/me", Pass.cookie(cookie))));
    wrong.addAll(keys.check("key", key -> opens(api, "/v1/models", Pass.key(key.secret()))));
    if (sessions.there().isEmpty()) {
      signIn(api);
    }
    Pass pass = session();
    wrong.addAll(responses.check("response", kept -> isKept(api, kept, pass)));
    wrong.addAll(uploads.check(api, pass));
    wrong.addAll(guests.check(api, pass));
    return wrong.stream().map(each -> name + ": " + each).toList();
  }

  private static boolean opens(Api api, String path, Pass pass) throws Exception {
    int status = api.call("GET", path, pass, NOTHING).status();
    return switch (status) {
      case 200 -> true;
      case 400, 401, 404 -> false;
      default -> throw new IllegalStateException(path + " was answered " + status);
    };
  }

  private static boolean isKept(Api api, Kept kept, Pass pass) throws Exception {
    Answer answer = api.call("GET", "/v1/responses/" + kept.id(), pass, NOTHING);
    if (answer.status() == 200
        && !String.valueOf(answer.json().get("output")).equals(kept.text())) {
      throw new IllegalStateException(kept.id() + " has become " + answer.text());
    }
    return answer.status() == 200;
  }
}
