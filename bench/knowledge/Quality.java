import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.knowledge.chunk.ChunkSizes;
import io.solebox.server.knowledge.chunk.Chunker;
import io.solebox.server.knowledge.rank.Fusion;
import io.solebox.server.knowledge.rank.Ranked;
import io.solebox.server.knowledge.vector.Hit;
import io.solebox.server.knowledge.vector.VectorIndex;
import io.solebox.server.storage.WordIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code Quality ROOT MINILM [OPTIONS]}: see {@code bench/knowledge/measure}. */
final class Quality {
  /** What is shown to a model, and cited. */
  private static final int CITED = 5;

  /** What each list brings to the one of both. */
  private static final int DEEP = 50;

  private static final int BATCH = 32;

  private final LoadedModel model;
  private final List<Corpus.Piece> pieces;
  private final List<Questions.Question> questions;
  private final VectorIndex vectors;
  private final WordIndex words = WordIndex.empty();

  /** Ids of what was found, the best first. */
  private interface Way {
    List<Long> find(Questions.Question question) throws Exception;
  }

  private Quality(
      LoadedModel model, List<Corpus.Piece> pieces, List<Questions.Question> questions) {
    this.model = model;
    this.pieces = pieces;
    this.questions = questions;
    this.vectors = new VectorIndex(model.info().embeddingLength());
  }

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Map<String, String> options =
        new HashMap<>(Map.of("--chunk", "450", "--overlap", "60", "--missed", ""));
    for (int i = 2; i < arguments.length; i++) {
      boolean alone = arguments[i].equals("--missed");
      if (options.replace(arguments[i], alone ? "yes" : arguments[++i]) == null) {
        throw new IllegalArgumentException("there is no option " + arguments[i]);
      }
    }
    LoadOptions load = LoadOptions.defaults().withKvType(KvType.F32).withParallel(BATCH);
    try (Engine engine = Engine.open("cpu", Runtime.getRuntime().availableProcessors());
        LoadedModel model = engine.load(Path.of(arguments[1]), load, Progress.none())) {
      ChunkSizes sizes =
          new ChunkSizes(
              Integer.parseInt(options.get("--chunk")),
              Integer.parseInt(options.get("--overlap")),
              Math.min(model.contextTokens(), model.info().trainedContext()));
      Chunker chunker = new Chunker(sizes, text -> ids(model, text).length);
      Quality quality = new Quality(model, Corpus.pieces(root, chunker), Questions.read(root));
      quality.index();
      quality.report(!options.get("--missed").isEmpty());
    }
  }

  private static int[] ids(LoadedModel model, String text) {
    return model.tokenizer().encode(text, Specials.AS_TEXT, true);
  }

  private float[] vector(String text) throws InterruptedException {
    return model.embed(List.of(ids(model, text)), Pooling.MEAN, true).getFirst()[0];
  }

  private void index() throws InterruptedException {
    long start = System.nanoTime();
    Map<Long, String> texts = new HashMap<>();
    for (int from = 0; from < pieces.size(); from += BATCH) {
      List<Corpus.Piece> part = pieces.subList(from, Math.min(pieces.size(), from + BATCH));
      List<float[][]> made =
          model.embed(
              part.stream().map(piece -> ids(model, piece.embedded())).toList(),
              Pooling.MEAN,
              true);
      for (int i = 0; i < part.size(); i++) {
        vectors.put(from + i, made.get(i)[0]);
        texts.put((long) from + i, part.get(i).chunk().words());
      }
    }
    words.put(texts);
    System.out.printf(
        Locale.ROOT,
        "%d questions, %d chunks of %d pages, embedded in %.1f s%n%n",
        questions.size(),
        pieces.size(),
        pieces.stream().map(Corpus.Piece::page).distinct().count(),
        (System.nanoTime() - start) / 1e9);
  }

  private List<Long> byMeaning(Questions.Question question) throws InterruptedException {
    return vectors.nearest(vector(question.text()), DEEP).stream().map(Hit::id).toList();
  }

  private List<Long> byWords(Questions.Question question) {
    return words.search(question.text(), DEEP, _ -> true).stream().map(WordIndex.Hit::id).toList();
  }

  private List<Long> byBoth(Questions.Question question) throws InterruptedException {
    return Fusion.EVEN.fuse(byMeaning(question), byWords(question)).stream()
        .map(Ranked::id)
        .toList();
  }

  private void report(boolean missed) throws Exception {
    for (Questions.Question question : questions) {
      if (pieces.stream().noneMatch(question::isAnsweredBy)) {
        System.out.println("no chunk has the passage of: " + question.text());
      }
    }
    System.out.println(
        "| found by | recall at 5 | first is right | of 5 cited, right | MRR at 50 |");
    System.out.println("|---|---|---|---|---|");
    row("vectors", this::byMeaning, false);
    row("words", this::byWords, false);
    row("both", this::byBoth, missed);
  }

  private void row(String name, Way way, boolean missed) throws Exception {
    int found = 0;
    int first = 0;
    int right = 0;
    double reciprocal = 0;
    List<String> lost = new ArrayList<>();
    for (Questions.Question question : questions) {
      List<Boolean> answers =
          way.find(question).stream()
              .map(id -> question.isAnsweredBy(pieces.get(Math.toIntExact(id))))
              .toList();
      List<Boolean> cited = answers.subList(0, Math.min(CITED, answers.size()));
      int at = answers.indexOf(true);
      found += cited.contains(true) ? 1 : 0;
      first += at == 0 ? 1 : 0;
      right += (int) cited.stream().filter(each -> each).count();
      reciprocal += at < 0 ? 0 : 1.0 / (at + 1);
      if (!cited.contains(true)) {
        lost.add((at < 0 ? "nowhere" : "place " + (at + 1)) + ": " + question.text());
      }
    }
    double all = questions.size();
    System.out.printf(
        Locale.ROOT,
        "| %s | %.3f | %.3f | %.2f | %.3f |%n",
        name,
        found / all,
        first / all,
        right / all,
        reciprocal / all);
    if (missed) {
      lost.forEach(System.out::println);
    }
  }
}
