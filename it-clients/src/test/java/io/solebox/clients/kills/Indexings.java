package io.solebox.clients.kills;

import io.solebox.clients.kills.Api.Answer;
import io.solebox.clients.kills.Api.Pass;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Kills a server while it makes documents ready to be asked. After each start it goes on behind the
 * pieces that were kept, and at the end each document that was taken is ready, with all that it
 * says.
 */
public final class Indexings {
  private static final Map<String, Object> NOTHING = Map.of();
  private static final String STORES = "/v1/vector_stores";

  /** Paragraphs of a document; it has some pieces more than are made at once. */
  private static final int PARAGRAPHS = 1500;

  private static final long MOST_MILLIS = 6000;

  private final Path model;
  private final Path home;
  private final Random random;
  private final List<String> said = new ArrayList<>(); // what each document says
  private final List<String> files = new ArrayList<>(); // their ids
  private String store = "";
  private int kills;
  private int wentOn;

  /**
   * @param model that makes vectors, a file
   * @param home an empty folder
   */
  public Indexings(Path model, Path home, long seed) {
    this.model = model;
    this.home = home;
    this.random = new Random(seed);
  }

  /**
   * Kills it so often.
   *
   * @return what is other than it must be
   */
  public List<String> run(int times) throws Exception {
    List<String> wrong = new ArrayList<>();
    long kept = 0;
    for (kills = 0; kills < times; kills++) {
      try (KilledServer server = new KilledServer(model, home);
          Api api = new Api(server.url(), "127.0.0.1")) {
        if (open(api) == 0) {
          add(api);
          kept = 0;
        }
        kept = killedAt(api, kept, wrong);
      }
    }
    try (KilledServer server = new KilledServer(model, home);
        Api api = new Api(server.url(), "127.0.0.1")) {
      while (open(api) > 0) {
        Thread.sleep(50);
      }
      wrong.addAll(wrong(api));
    }
    return wrong;
  }

  /**
   * Waits for a moment that nobody has chosen.
   *
   * @param before pieces that were kept when it was killed before
   * @return pieces that are kept now
   */
  private long killedAt(Api api, long before, List<String> wrong)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + random.nextLong(MOST_MILLIS) * 1_000_000;
    long kept = before;
    while (System.nanoTime() < end) {
      Object progress = get(api, store + "/files/" + files.getLast()).get("progress");
      if (progress instanceof Map<?, ?> its && "embedding".equals(its.get("stage"))) {
        long done = ((Number) its.get("done")).longValue();
        if (done < kept) {
          wrong.add("%d pieces were kept, and it goes on behind %d".formatted(kept, done));
        }
        wentOn += before > 0 && done >= before ? 1 : 0;
        kept = Math.max(kept, done);
      }
      Thread.sleep(10);
    }
    return kept;
  }

  /** How many documents are not ready. */
  private int open(Api api) throws IOException, InterruptedException {
    if (store.isEmpty()) {
      return 0;
    }
    Map<?, ?> counts = (Map<?, ?>) get(api, store).get("file_counts");
    return ((Number) counts.get("in_progress")).intValue();
  }

  private void add(Api api) throws IOException, InterruptedException {
    if (store.isEmpty()) {
      store =
          STORES + "/" + done(api.call("POST", STORES, Pass.NONE, Map.of("name", "x"))).get("id");
    }
    String text = text();
    Object file = done(api.upload("/v1/files", Pass.NONE, text)).get("id");
    done(api.call("POST", store + "/files", Pass.NONE, Map.of("file_id", file)));
    said.add(text);
    files.add((String) file);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PARAGRAPHS; i++) {
      text.append(
          "Pump %d starts at %d and is kept by number %d.\n\n"
              .formatted(i, random.nextInt(24), random.nextInt(1_000_000)));
    }
    return text.toString();
  }

  private static Map<String, Object> done(Answer answer) {
    if (answer.status() != 200) {
      throw new IllegalStateException(answer.text());
    }
    return answer.json();
  }

  private static Map<String, Object> get(Api api, String path)
      throws IOException, InterruptedException {
    return done(api.call("GET", path, Pass.NONE, NOTHING));
  }

  private List<String> wrong(Api api) throws IOException, InterruptedException {
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      String path = store + "/files/" + files.get(i);
      Object status = get(api, path).get("status");
      if (!"completed".equals(status)) {
        wrong.add(path + " is " + status);
      }
      StringBuilder read = new StringBuilder();
      for (Object part : (List<?>) get(api, path + "/content").get("data")) {
        read.append(((Map<?, ?>) part).get("text"));
      }
      if (!words(read.toString()).equals(words(said.get(i)))) {
        wrong.add(path + " says something else");
      }
    }
    return wrong;
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  /** For {@code bench/knowledge/kills}: a model, an empty folder, how often, a seed. */
  public static void main(String[] arguments) throws Exception {
    Indexings its =
        new Indexings(Path.of(arguments[0]), Path.of(arguments[1]), Long.parseLong(arguments[3]));
    List<String> wrong = its.run(Integer.parseInt(arguments[2]));
    wrong.forEach(System.out::println);
    System.out.printf(
        "%d kills, %d documents, %d times seen that it goes on, %d things wrong%n",
        its.kills, its.files.size(), its.wentOn, wrong.size());
    System.exit(wrong.isEmpty() ? 0 : 1);
  }
}
