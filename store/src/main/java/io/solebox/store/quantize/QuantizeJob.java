package io.solebox.store.quantize;

import io.solebox.engine.source.FileStamp;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.source.gguf.GgufLayout;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.store.imatrix.ImportanceMatrix;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model, and all that decides what becomes of it.
 *
 * @param files that the model was read from, which tell one input from another
 */
public record QuantizeJob(
    ModelSource source,
    List<Path> files,
    QuantizeOptions options,
    Optional<ImportanceMatrix> importance,
    QuantizePlan plan) {
  /** Changes with what encoders write: partial files of another one are not gone on with. */
  private static final int ENCODING = 1;

  private static final String FILE_TYPE = "general.file_type";
  private static final String VERSION = "general.quantization_version";
  private static final int QUANTIZATION_VERSION = 2;

  /** About the file that a model was in, and not about the model. */
  private static final Set<String> OF_THE_FILE =
      Set.of(
          "general.alignment",
          "split.no",
          "split.count",
          "split.tensors.count",
          FILE_TYPE,
          VERSION,
          "quantize.imatrix.file",
          "quantize.imatrix.dataset",
          "quantize.imatrix.entries_count",
          "quantize.imatrix.chunks_count");

  public QuantizeJob {
    files = List.copyOf(files);
  }

  /**
   * Opens a model that is to be quantized, whatever its format.
   *
   * @param path a GGUF file, of several any, or a folder of safetensors
   * @param name of the model where its files have none
   * @throws io.solebox.engine.error.SoleboxException as {@link ModelSources#open}
   */
  public static ModelSource open(Path path, Optional<String> name) {
    return ModelSources.isTranslated(path)
        ? ConvertedSource.open(path, name)
        : ModelSources.open(path, ModelSource.Access.MAPPED);
  }

  /**
   * Plans.
   *
   * @throws io.solebox.engine.error.SoleboxException as {@link QuantizePlan#of}
   */
  public static QuantizeJob of(
      ModelSource source,
      List<Path> files,
      QuantizeOptions options,
      Optional<ImportanceMatrix> importance) {
    QuantizePlan plan = QuantizePlan.of(source.metadata(), source.tensors(), options, importance);
    return new QuantizeJob(source, files, options, importance, plan);
  }

  /** Where the file to be has what. */
  public GgufLayout layout() {
    GgufWriter writer = new GgufWriter();
    Metadata metadata = source.metadata();
    for (String key : metadata.keys()) {
      if (!OF_THE_FILE.contains(key)) {
        writer.put(key, metadata.find(key).orElseThrow());
      }
    }
    writer.put(VERSION, QUANTIZATION_VERSION).put(FILE_TYPE, options.mix().fileType());
    importance.ifPresent(i -> putImportance(writer, i));
    for (QuantizePlan.Planned tensor : plan.tensors()) {
      writer.declare(tensor.source().name(), tensor.target(), tensor.source().shape());
    }
    return writer.layout();
  }

  private static void putImportance(GgufWriter writer, ImportanceMatrix importance) {
    writer.put("quantize.imatrix.file", importance.place());
    if (!importance.datasets().isEmpty()) {
      writer.put("quantize.imatrix.dataset", importance.datasets().getFirst());
    }
    writer.put("quantize.imatrix.entries_count", importance.entries().size());
    if (importance.chunks().isPresent()) {
      writer.put(
          "quantize.imatrix.chunks_count",
          new MetadataValue.Whole(ValueType.U32, importance.chunks().getAsInt()));
    }
  }

  /** The same for the same input, options and version, and for nothing else. */
  String identity(GgufLayout layout) {
    MessageDigest digest = sha256();
    text(digest, "solebox quantize " + ENCODING);
    for (Path file : files) {
      FileStamp stamp = FileStamp.of(file);
      text(digest, file.toAbsolutePath().normalize() + "\n" + stamp.bytes() + stamp.modified());
    }
    digest.update(layout.header());
    importance.ifPresent(i -> i.entries().forEach((name, entry) -> update(digest, name, entry)));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, String name, ImportanceMatrix.Entry entry) {
    text(digest, name);
    float[] means = entry.means();
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * means.length);
    bytes.asFloatBuffer().put(means);
    digest.update(bytes);
  }

  private static void text(MessageDigest digest, String text) {
    digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
