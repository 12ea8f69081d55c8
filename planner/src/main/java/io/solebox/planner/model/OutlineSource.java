package io.solebox.planner.model;

import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorBytes;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model of which there are hyperparameters and shapes, and no weights but those that a graph is
 * made with, as divisors of rotations.
 */
final class OutlineSource implements ModelSource {
  private final String name;
  private final Metadata metadata;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Map<String, MemorySegment> held;

  /**
   * @param held bytes of tensors, by name; not of one that is in another format now
   */
  OutlineSource(
      String name, Metadata metadata, List<TensorInfo> tensors, Map<String, MemorySegment> held) {
    this.name = name;
    this.metadata = metadata;
    this.held = Map.copyOf(held);
    tensors.forEach(tensor -> this.tensors.put(tensor.name(), tensor));
  }

  @Override
  public String place() {
    return name;
  }

  @Override
  public String fileName() {
    return name;
  }

  /** Of the tensors: vocabularies and headers are small beside them. */
  @Override
  public long fileBytes() {
    return tensors.values().stream().mapToLong(TensorInfo::bytes).sum();
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public List<TensorInfo> tensors() {
    return List.copyOf(tensors.values());
  }

  @Override
  public Optional<TensorInfo> tensor(String tensor) {
    return Optional.ofNullable(tensors.get(tensor));
  }

  @Override
  public TensorBytes bytes(TensorInfo tensor) {
    return Optional.ofNullable(held.get(tensor.name()))
        .filter(bytes -> bytes.byteSize() == tensor.bytes())
        .<TensorBytes>map(TensorBytes.Stored::new)
        .orElseGet(() -> new TensorBytes.Absent(tensor.bytes()));
  }

  @Override
  public void checkUnchanged() {
    // There is no file that could.
  }

  @Override
  public void close() {
    // There is nothing to give back.
  }
}
