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
      var given = new HashMap<String, String>();
      for (int i = from; i + 1 < arguments.length; i += 2) {
        given.put(arguments[i], arguments[i + 1]);
      }
      String[] tokens = given.getOrDefault("--tokens", "8-64").split("-");
      String cores = Integer.toString(Runtime.getRuntime().availableProcessors());
      return new Options(
          Integer.parseInt(given.getOrDefault("--threads", cores)),
          Double.parseDouble(given.getOrDefault("--seconds", "5")),
          Integer.parseInt(given.getOrDefault("--turns", "3")),
          Arrays.stream(given.getOrDefault("--batches", "1,32").split(","))
              .map(Integer::valueOf)
              .toList(),
          Integer.parseInt(tokens[0]),
          Integer.parseInt(tokens[1]));
    }
  }

  private Embeddings() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Options options = Options.of(arguments, 2);
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
        var session = session(Path.of(arguments[1]), options.threads())) {
      List<int[]> sentences = sentences(folder, model, options);
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
