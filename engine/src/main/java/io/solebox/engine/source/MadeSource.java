package io.solebox.engine.source;

import io.solebox.engine.tensor.TensorBytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model that is in no file: somebody says what it is, and has the bytes of its tensors. */
public final class MadeSource implements ModelSource {
  private final String name;
  private final Metadata metadata;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Bytes bytes;

  /** Where the bytes of the tensors are. */
  public interface Bytes extends AutoCloseable {
    /** Of one of them; valid until {@link #close}. */
    TensorBytes of(TensorInfo tensor);

    /** Gives them back; those of somebody else stay. */
    @Override
    default void close() {}
  }

  /**
   * @param name of the model, and its place in errors
   * @param bytes closed with the source
   */
  public MadeSource(String name, Metadata metadata, List<TensorInfo> tensors, Bytes bytes) {
    this.name = name;
    this.metadata = metadata;
    this.bytes = bytes;
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
    return bytes.of(tensor);
  }

  @Override
  public void checkUnchanged() {
    // There is no file that somebody else could change.
  }

  @Override
  public void close() {
    bytes.close();
  }
}
