package io.solebox.app.bench;

import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A {@link SynthModel} that is on no disk: where there is little memory and less time, as on a
 * machine that is there for minutes. Matrices of one format and width are the same weights, so the
 * largest of them is all that is in memory; a device that copies them has them all.
 */
final class SyntheticSource implements ModelSource {
  private final SynthModel model;
  private final Metadata metadata;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Map<String, MemorySegment> data = new HashMap<>();
  private final Arena arena = Arena.ofShared();

  /** Matrices that share their weights. */
  private record Kind(TensorType type, int cols) {}

  SyntheticSource(SynthModel model, long seed) {
    this.model = model;
    var entries = new LinkedHashMap<String, Metadata.Entry>();
    model
        .header()
        .metadata()
        .forEach((key, value) -> entries.put(key, new Metadata.Entry(place(), value)));
    this.metadata = new Metadata(place(), entries);
    List<SynthTensor> all = model.tensors();
    Map<Kind, Long> largest =
        all.stream()
            .filter(t -> t.values().isEmpty())
            .collect(
                Collectors.toMap(t -> new Kind(t.type(), t.cols()), SynthTensor::bytes, Math::max));
    var blocks = new RandomBlocks(seed);
    Map<Kind, MemorySegment> weights = new HashMap<>();
    largest.forEach((kind, bytes) -> weights.put(kind, fill(blocks, kind, bytes)));
    for (SynthTensor t : all) {
      tensors.put(t.name(), new TensorInfo(t.name(), t.type(), t.sizes(), t.bytes()));
      data.put(
          t.name(),
          t.values()
              .map(values -> arena.allocateFrom(ValueLayout.JAVA_FLOAT, values))
              .orElseGet(() -> weights.get(new Kind(t.type(), t.cols())))
              .asSlice(0, t.bytes())
              .asReadOnly());
    }
  }

  private MemorySegment fill(RandomBlocks blocks, Kind kind, long bytes) {
    MemorySegment all = arena.allocate(bytes, 64);
    MemorySegment pattern = blocks.pattern(kind.type(), kind.cols());
    for (long at = 0; at < bytes; at += pattern.byteSize()) {
      MemorySegment.copy(pattern, 0, all, at, Math.min(pattern.byteSize(), bytes - at));
    }
    return all;
  }

  @Override
  public String place() {
    return model.title();
  }

  @Override
  public String fileName() {
    return model.title();
  }

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
  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public TensorBytes bytes(TensorInfo tensor) {
    return new TensorBytes.Stored(data.get(tensor.name()));
  }

  @Override
  public void checkUnchanged() {
    // Nobody else can change it.
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
