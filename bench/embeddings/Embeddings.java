import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipFile;

/**
 * {@code Embeddings FOLDER SOURCE.jar [OPTIONS]}: sentences per second of Solebox and of ONNX
 * Runtime, in turns. Both are given ids; the mean over the tokens belongs to both.
 */
final class Embeddings {
  /** Computes the vectors of a batch of sentences, each of length 1. */
  private interface Side {
    float[][] vectors(List<int[]> batch) throws Exception;
  }

  private record Options(
      int threads, double seconds, int turns, List<Integer> batches, int least, int most) {
    static Options of(String[] arguments, int from) {
      var given = new HashMap<>(DEFAULTS);
      for (int i = from; i < arguments.length; i += 2) {
        String name = arguments[i];
        if (given.replace(name, i + 1 < arguments.length ? arguments[i + 1] : "") == null) {
          throw new Refused("there is no option " + name + "; there are " + DEFAULTS.keySet());
        }
      }
      List<Integer> tokens = numbers("--tokens", given, "-");
      if (tokens.size() != 2 || tokens.getFirst() > tokens.getLast()) {
        throw new Refused("--tokens takes two numbers, the smaller one first: 8-64");
      }
      return new Options(
          numbers("--threads", given, " ").getFirst(),
          seconds(given.get("--seconds")),
          numbers("--turns", given, " ").getFirst(),
          numbers("--batches", given, ","),
          tokens.getFirst(),
          tokens.getLast());
    }

    /** Numbers above 0. */
    private static List<Integer> numbers(String name, Map<String, String> given, String between) {
      String value = given.get(name);
      if (!value.matches("[1-9]\\d{0,5}(" + between + "[1-9]\\d{0,5})*")) {
        throw new Refused(name + " takes numbers as in " + DEFAULTS.get(name) + ", not '" + value + "'");
      }
      return Arrays.stream(value.split(between)).map(Integer::valueOf).toList();
    }

    private static double seconds(String value) {
      if (!value.matches("\\d{1,6}(\\.\\d{1,6})?")) {
        throw new Refused("--seconds takes a number as in 5 or 0.5, not '" + value + "'");
      }
      return Double.parseDouble(value);
    }
  }

  private static final Map<String, String> DEFAULTS =
      new TreeMap<>(
          Map.of(
              "--threads", Integer.toString(Runtime.getRuntime().availableProcessors()),
              "--seconds", "5",
              "--turns", "3",
              "--batches", "1,32",
              "--tokens", "8-64"));

  /** What cannot be measured, in words for the person who asked. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private Embeddings() {}

  public static void main(String[] arguments) throws Exception {
    try {
      measure(Path.of(arguments[0]), Path.of(arguments[1]), Options.of(arguments, 2));
    } catch (Refused e) {
      System.err.println("bench/embeddings: " + e.getMessage());
      System.exit(2);
    }
  }

  private static void measure(Path folder, Path source, Options options) throws Exception {
    int largest = Collections.max(options.batches());
    try (var engine = Engine.open("cpu", options.threads());
        var model =
            engine.load(
                folder.resolve("target/minilm.gguf"),
                LoadOptions.defaults()
                    .withKvType(KvType.F32)
                    .withParallel(largest)
                    .withStepTokens(Math.max(512, 64 * largest)),
                Progress.none());
        var session = session(source, options.threads())) {
      List<int[]> sentences = sentences(folder, model, options);
      if (sentences.size() < largest) {
        throw new Refused(
            "there are %d sentences of %d to %d tokens, fewer than a batch of %d"
                .formatted(sentences.size(), options.least(), options.most(), largest));
      }
      double tokens = sentences.stream().mapToInt(ids -> ids.length).average().orElse(0);
      System.out.printf(
          Locale.ROOT,
          "%s; ONNX Runtime %s, %d threads; %d sentences of %.1f tokens%n%n",
          model.device(),
          OrtEnvironment.getEnvironment().getVersion(),
          options.threads(),
          sentences.size(),
          tokens);
      System.out.println("| batch | Solebox sentences/s | ONNX Runtime | ratio | least cosine |");
      System.out.println("|---|---|---|---|---|");
      Side ours =
          batch ->
              model.embed(batch, Pooling.MEAN, true).stream()
                  .map(vectors -> vectors[0])
                  .toArray(float[][]::new);
      Side theirs = batch -> runtime(session, batch);
      for (int batch : options.batches()) {
        row(batch, sentences, ours, theirs, options);
      }
    }
  }

  private static void row(
      int batch, List<int[]> sentences, Side ours, Side theirs, Options options)
      throws Exception {
    double least = 1;
    for (List<int[]> part : parts(sentences, batch)) {
      float[][] a = ours.vectors(part);
      float[][] b = theirs.vectors(part);
      for (int i = 0; i < a.length; i++) {
        least = Math.min(least, dot(a[i], b[i]));
      }
    }
    double best = 0;
    double other = 0;
    for (int turn = 0; turn < options.turns(); turn++) {
      best = Math.max(best, rate(ours, sentences, batch, options.seconds()));
      other = Math.max(other, rate(theirs, sentences, batch, options.seconds()));
    }
    System.out.printf(
        Locale.ROOT, "| %d | %.1f | %.1f | %.2f | %.6f |%n", batch, best, other, best / other, least);
  }

  /** Sentences per second over so many seconds. */
  private static double rate(Side side, List<int[]> sentences, int batch, double seconds)
      throws Exception {
    List<List<int[]>> parts = parts(sentences, batch);
    long done = 0;
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    for (int i = 0; System.nanoTime() < end; i = (i + 1) % parts.size()) {
      done += side.vectors(parts.get(i)).length;
    }
    return done / ((System.nanoTime() - start) / 1e9);
  }

  private static List<List<int[]>> parts(List<int[]> sentences, int batch) {
    var parts = new ArrayList<List<int[]>>();
    for (int from = 0; from + batch <= sentences.size(); from += batch) {
      parts.add(sentences.subList(from, from + batch));
    }
    return parts;
  }

  /** Sentences of the texts that the tests use, in an order that is always the same. */
  private static List<int[]> sentences(Path folder, LoadedModel model, Options options)
      throws IOException {
    var found = new ArrayList<int[]>();
    for (String text : Files.readString(folder.resolve("truth/texts.txt")).split("\n")) {
      for (String sentence : text.split("(?<=[.;:])\\s")) {
        int[] ids = model.tokenizer().encode(sentence, Specials.AS_TEXT, true);
        if (ids.length >= options.least() && ids.length <= options.most()) {
          found.add(ids);
        }
      }
    }
    Collections.shuffle(found, new Random(6));
    return found.subList(0, Math.min(512, found.size()));
  }

  private static OrtSession session(Path jar, int threads) throws IOException, OrtException {
    if (!Files.exists(jar)) {
      throw new Refused(jar + " is missing; scripts/minilm.sh fetches it");
    }
    var options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    try (var zip = new ZipFile(jar.toFile());
        var in = zip.getInputStream(zip.getEntry("all-minilm-l6-v2.onnx"))) {
      return OrtEnvironment.getEnvironment().createSession(in.readAllBytes(), options);
    }
  }

  /** Padded to the longest of the batch, as that runtime wants it. */
  private static float[][] runtime(OrtSession session, List<int[]> batch) throws OrtException {
    int width = batch.stream().mapToInt(ids -> ids.length).max().orElse(0);
    long[][] ids = new long[batch.size()][width];
    long[][] mask = new long[batch.size()][width];
    for (int b = 0; b < batch.size(); b++) {
      for (int i = 0; i < batch.get(b).length; i++) {
        ids[b][i] = batch.get(b)[i];
        mask[b][i] = 1;
      }
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (var idTensor = OnnxTensor.createTensor(environment, ids);
        var maskTensor = OnnxTensor.createTensor(environment, mask);
        var typeTensor = OnnxTensor.createTensor(environment, new long[batch.size()][width]);
        var result =
            session.run(
                Map.of(
                    "input_ids", idTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", typeTensor))) {
      var states = ((OnnxTensor) result.get(0)).getFloatBuffer();
      int wide = states.remaining() / (batch.size() * width);
      float[][] vectors = new float[batch.size()][wide];
      float[] row = new float[wide];
      for (int b = 0; b < batch.size(); b++) {
        for (int i = 0; i < width; i++) {
          states.get(row);
          for (int e = 0; mask[b][i] == 1 && e < wide; e++) {
            vectors[b][e] += row[e];
          }
        }
        normalize(vectors[b]);
      }
      return vectors;
    }
  }

  private static void normalize(float[] vector) {
    float length = (float) Math.sqrt(dot(vector, vector));
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
