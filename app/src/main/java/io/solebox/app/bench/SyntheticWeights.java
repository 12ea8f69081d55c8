package io.solebox.app.bench;

import io.solebox.engine.source.MadeSource;
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
import java.util.stream.Collectors;

/**
 * Weights of a {@link SynthModel} that is on no disk: where there is little memory and less time,
 * as on a machine that is there for minutes. Matrices of one format and width are the same weights,
 * so the largest of them is all that is in memory; a device that copies them has them all.
 */
final class SyntheticWeights implements MadeSource.Bytes {
  private final Map<String, MemorySegment> data = new HashMap<>();
  private final Arena arena = Arena.ofShared();

  /** Matrices that share their weights. */
  private record Kind(TensorType type, int cols) {}

  private SyntheticWeights(List<SynthTensor> all, long seed) {
    Map<Kind, Long> largest =
        all.stream()
            .filter(t -> t.values().isEmpty())
            .collect(
                Collectors.toMap(t -> new Kind(t.type(), t.cols()), SynthTensor::bytes, Math::max));
    var blocks = new RandomBlocks(seed);
    Map<Kind, MemorySegment> weights = new HashMap<>();
    largest.forEach((kind, bytes) -> weights.put(kind, fill(blocks, kind, bytes)));
    for (SynthTensor t : all) {
      data.put(
          t.name(),
          t.values()
              .map(values -> arena.allocateFrom(ValueLayout.JAVA_FLOAT, values))
              .orElseGet(() -> weights.get(new Kind(t.type(), t.cols())))
              .asSlice(0, t.bytes())
              .asReadOnly());
    }
  }

  /** The model with such weights. */
  static ModelSource source(SynthModel model, long seed) {
    String place = model.title();
    var entries = new LinkedHashMap<String, Metadata.Entry>();
    model
        .header()
        .metadata()
        .forEach((key, value) -> entries.put(key, new Metadata.Entry(place, value)));
    List<SynthTensor> all = model.tensors();
    return new MadeSource(
        place,
        new Metadata(place, entries),
        all.stream().map(t -> new TensorInfo(t.name(), t.type(), t.sizes(), t.bytes())).toList(),
        new SyntheticWeights(all, seed));
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
  public TensorBytes of(TensorInfo tensor) {
    return new TensorBytes.Stored(data.get(tensor.name()));
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
