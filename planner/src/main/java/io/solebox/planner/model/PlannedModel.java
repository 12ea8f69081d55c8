package io.solebox.planner.model;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelOutline;
import io.solebox.engine.source.MadeSource;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model that plans are made of, from its file or from a shape: what it is, and its graph. Its
 * weights are never read.
 *
 * @param source of its numbers, for people
 * @param small bytes of small tensors by name, of which some make the graph what it is
 */
public record PlannedModel(
    String name,
    String source,
    Metadata metadata,
    List<TensorInfo> tensors,
    Map<String, byte[]> small,
    ModelOutline outline) {
  /** Tensors that a graph is made with are smaller, and all others of this size hardly count. */
  private static final long SMALL_BYTES = 16 << 10;

  /** Formats that hold less of a model do not decide how fast it is. */
  private static final double DECIDING_SHARE = 0.02;

  public PlannedModel {
    tensors = List.copyOf(tensors);
    small = Map.copyOf(small);
  }

  /** Chooses the format of each tensor, as a quantizer does. */
  public interface Formats {
    /**
     * @throws SoleboxException {@code INVALID_PARAMETER} for a model that cannot be quantized so
     */
    List<TensorInfo> of(Metadata metadata, List<TensorInfo> tensors);
  }

  /**
   * Reads the head of a file or folder.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND}, {@code BAD_MODEL_FILE} or {@code
   *     UNSUPPORTED_MODEL}
   */
  public static PlannedModel of(String name, Path file) {
    try (ModelSource source = ModelSources.open(file, ModelSource.Access.MAPPED)) {
      var small = new HashMap<String, byte[]>();
      for (TensorInfo tensor : source.tensors()) {
        if (tensor.bytes() <= SMALL_BYTES) {
          small.put(tensor.name(), source.data(tensor).toArray(ValueLayout.JAVA_BYTE));
        }
      }
      return of(name, file.toString(), source.metadata(), source.tensors(), small);
    }
  }

  /** A shape, with matrices in F16. */
  public static PlannedModel of(Shape shape) {
    return of(shape, new ShapeTensors(shape, true));
  }

  /** The same of a model that makes vectors of texts, and no answers. */
  public static PlannedModel ofVectors(Shape shape) {
    return of(shape, new ShapeTensors(shape, false));
  }

  private static PlannedModel of(Shape shape, ShapeTensors all) {
    return of(shape.name(), shape.source(), all.metadata(), all.tensors(), Map.of());
  }

  private static PlannedModel of(
      String name,
      String source,
      Metadata metadata,
      List<TensorInfo> tensors,
      Map<String, byte[]> small) {
    var held = new HashMap<String, MemorySegment>();
    small.forEach((tensor, bytes) -> held.put(tensor, MemorySegment.ofArray(bytes)));
    ModelOutline outline = outline(name, metadata, tensors, held);
    return new PlannedModel(name, source, metadata, tensors, small, outline);
  }

  /**
   * The same with weights in other formats.
   *
   * @throws SoleboxException as {@link Formats#of}
   */
  public PlannedModel in(Formats formats) {
    return of(name, source, metadata, formats.of(metadata, tensors), small);
  }

  /**
   * The same with weights that are there, and all zero: to be computed with, for as long as it
   * takes and not for what comes out.
   *
   * @param arena of the weights
   */
  public ModelOutline filled(Arena arena) {
    var held = new HashMap<String, MemorySegment>();
    tensors.forEach(tensor -> held.put(tensor.name(), arena.allocate(tensor.bytes(), 64)));
    return outline(name, metadata, tensors, held);
  }

  /** Of which there are no weights but those that are held: a graph is made with some of them. */
  private static ModelOutline outline(
      String name, Metadata metadata, List<TensorInfo> tensors, Map<String, MemorySegment> held) {
    return ModelOutline.of(new MadeSource(name, metadata, tensors, tensor -> bytes(tensor, held)));
  }

  /** Not of one that is in another format now. */
  private static TensorBytes bytes(TensorInfo tensor, Map<String, MemorySegment> held) {
    return Optional.ofNullable(held.get(tensor.name()))
        .filter(bytes -> bytes.byteSize() == tensor.bytes())
        .<TensorBytes>map(TensorBytes.Stored::new)
        .orElseGet(() -> new TensorBytes.Absent(tensor.bytes()));
  }

  /** Formats of matrices that decide how fast it is, that of most bytes first. */
  public List<TensorType> decidingTypes() {
    Map<TensorType, Double> bytes = new EnumMap<>(TensorType.class);
    for (TensorInfo tensor : tensors) {
      if (tensor.shape().size() > 1) {
        bytes.merge(tensor.type(), (double) tensor.bytes(), Double::sum);
      }
    }
    return deciding(bytes);
  }

  /** Of formats with so many bytes those that decide, that of most bytes first. */
  public static List<TensorType> deciding(Map<TensorType, Double> bytes) {
    double all = bytes.values().stream().mapToDouble(Double::doubleValue).sum();
    return bytes.entrySet().stream()
        .filter(each -> each.getValue() >= DECIDING_SHARE * all)
        .sorted(Map.Entry.<TensorType, Double>comparingByValue(Comparator.reverseOrder()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The main weight format, as in {@code Q4_K_M}. */
  public String format() {
    return outline.info().format();
  }
}
