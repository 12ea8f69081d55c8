import com.sun.management.OperatingSystemMXBean;
import io.solebox.server.knowledge.chunk.Chunk;
import io.solebox.server.knowledge.chunk.ChunkSizes;
import io.solebox.server.knowledge.chunk.Chunker;
import io.solebox.server.knowledge.rank.Fusion;
import io.solebox.server.knowledge.vector.Hit;
import io.solebox.server.knowledge.vector.VectorIndex;
import io.solebox.server.storage.WordIndex;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;

/** {@code SearchTimes ROOT [CHUNKS]}: see {@code bench/knowledge/measure}. */
final class SearchTimes {
  private static final int DIMENSION = 384;
  private static final int LETTERS = 800;
  private static final int BEST = 50;
  private static final int AT_ONCE = 1000;

  /** On a machine that others use, what all threads computed is what counts. */
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Random random = new Random(1);
  private final List<Questions.Question> questions;
  private final List<String> phrases = new ArrayList<>();
  private final VectorIndex vectors = new VectorIndex(DIMENSION);
  private WordIndex words = WordIndex.empty();

  private SearchTimes(Path root) throws Exception {
    questions = Questions.read(root);
    Chunker chunker =
        new Chunker(new ChunkSizes(100, 0, 256), text -> 2 + text.split("\\W+").length);
    for (Path page : Corpus.pages(root)) {
      for (Chunk chunk : chunker.chunks(Corpus.sections(page))) {
        phrases.addAll(List.of(chunk.text().split("(?<=[.:|]) ")));
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    int chunks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
    new SearchTimes(Path.of(arguments[0])).run(chunks);
  }

  private void run(int chunks) throws Exception {
    long before = resident();
    say("%,d vectors of %d added", chunks, DIMENSION, timed(() -> addVectors(chunks)));
    long between = resident();
    say(
        "%,d texts of %d letters added to the words",
        chunks, LETTERS, timed(() -> addTexts(chunks)));
    System.out.printf(
        Locale.ROOT,
        "resident: %d MiB more for vectors, %d MiB more for words%n%n",
        between - before >> 20,
        resident() - between >> 20);
    System.out.println(
        "| search | first | half of them | 99 of 100 | of the processor, half | 99 of 100 |");
    System.out.println("|---|---|---|---|---|---|");
    row("vectors", this::byMeaning);
    row("words", this::byWords);
    row("both", question -> Fusion.EVEN.fuse(() -> byMeaning(question), () -> byWords(question)));
    System.out.println();
    byte[][] saved = new byte[1][];
    say("words saved", timed(() -> saved[0] = words.save()));
    words.close();
    say(
        "words opened, %d MiB",
        saved[0].length >> 20, timed(() -> words = WordIndex.open(saved[0])));
    row("words, opened", this::byWords);
  }

  private static void say(String what, Object... values) {
    Object[] told = Arrays.copyOf(values, values.length - 1);
    System.out.printf(Locale.ROOT, what + ": %.2f s%n", append(told, values[values.length - 1]));
  }

  private static Object[] append(Object[] values, Object last) {
    Object[] all = Arrays.copyOf(values, values.length + 1);
    all[values.length] = last;
    return all;
  }

  private static double timed(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return (System.nanoTime() - start) / 1e9;
  }

  private Object addVectors(int chunks) {
    for (int i = 0; i < chunks; i++) {
      vectors.put(i, vector());
    }
    return vectors;
  }

  private float[] vector() {
    float[] vector = new float[DIMENSION];
    double squares = 0;
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat() - 0.5f;
      squares += vector[i] * vector[i];
    }
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  private Object addTexts(int chunks) {
    Map<Long, String> some = new HashMap<>();
    for (int i = 0; i < chunks; i++) {
      StringBuilder text = new StringBuilder();
      while (text.length() < LETTERS) {
        text.append(phrases.get(random.nextInt(phrases.size()))).append(' ');
      }
      some.put((long) i, text.toString());
      if (some.size() == AT_ONCE || i == chunks - 1) {
        words.put(some);
        some.clear();
      }
    }
    return words;
  }

  private List<Long> byMeaning(String question) {
    return vectors.nearest(vector(), BEST).stream().map(Hit::id).toList();
  }

  private List<Long> byWords(String question) {
    return words.search(question, BEST, _ -> true).stream().map(WordIndex.Hit::id).toList();
  }

  private interface Search {
    Object find(String question);
  }

  private void row(String name, Search search) throws Exception {
    double[] millis = new double[questions.size()];
    double[] computed = new double[questions.size()];
    for (int i = 0; i < millis.length; i++) {
      String question = questions.get(i).text();
      long before = SYSTEM.getProcessCpuTime();
      millis[i] = 1000 * timed(() -> search.find(question));
      computed[i] = (SYSTEM.getProcessCpuTime() - before) / 1e6;
    }
    double first = millis[0];
    Arrays.sort(millis);
    Arrays.sort(computed);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f ms | %.1f ms | %.1f ms | %.1f ms | %.1f ms |%n",
        name,
        first,
        millis[millis.length / 2],
        millis[millis.length * 99 / 100],
        computed[computed.length / 2],
        computed[computed.length * 99 / 100]);
  }

  private static long resident() throws Exception {
    System.gc();
    String pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[1];
    return Long.parseLong(pages) * 4096;
  }
}
