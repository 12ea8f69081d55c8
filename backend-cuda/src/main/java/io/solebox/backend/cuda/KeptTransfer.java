package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.graph.Keep;
import io.solebox.engine.graph.Op;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Copies places that sequences keep between the device and host memory, over pinned memory of the
 * size of one place, which is there from the first copy on. On the GPU's thread.
 */
final class KeptTransfer {
  /** Bytes of a place that lie together on the device. */
  private record Range(long address, long bytes) {}

  private final Footprint footprint;
  private final DeviceState state;
  private final Stream stream;
  private final LongFunction<PinnedMemory> allocator;
  private Optional<PinnedMemory> staging = Optional.empty();

  /**
   * @param allocator of memory that lives as long as the state
   */
  KeptTransfer(
      Footprint footprint, DeviceState state, Stream stream, LongFunction<PinnedMemory> allocator) {
    this.footprint = footprint;
    this.state = state;
    this.stream = stream;
    this.allocator = allocator;
  }

  void read(KeptPlace place, MemorySegment to) {
    MemorySegment host = staging(to.byteSize());
    long at = 0;
    for (Range range : ranges(place)) {
      stream.download(range.address(), host.asSlice(at, range.bytes()));
      at += range.bytes();
    }
    stream.synchronize();
    to.copyFrom(host);
  }

  void write(KeptPlace place, MemorySegment from) {
    MemorySegment host = staging(from.byteSize());
    host.copyFrom(from);
    long at = 0;
    for (Range range : ranges(place)) {
      stream.upload(host.asSlice(at, range.bytes()), range.address());
      at += range.bytes();
    }
    stream.synchronize(); // the pinned memory is for the next one
  }

  private MemorySegment staging(long bytes) {
    if (staging.isEmpty()) {
      staging = Optional.of(allocator.apply(footprint.mostKeptBytes()));
    }
    return staging.get().segment().asSlice(0, bytes);
  }

  /** In the order of the graph, which bytes that outlive this state must have. */
  private List<Range> ranges(KeptPlace place) {
    return switch (place) {
      case KeptPlace.Block(int group, int block) -> blockRanges(group, block);
      case KeptPlace.Slot(int slot) -> slotRanges(slot);
    };
  }

  private List<Range> blockRanges(int group, int block) {
    var ranges = new ArrayList<Range>();
    for (Op.Attention op : footprint.storing()) {
      if (footprint.graph().groupOf(op.keep()) == group) {
        KvTiles tiles = footprint.kvTiles(op);
        DeviceState.KvRange kv = state.kv(op);
        long keys = tiles.keyBlockBytes();
        long values = tiles.valueBlockBytes();
        ranges.add(new Range(kv.keys() + block * keys, keys));
        if (values > 0) {
          ranges.add(new Range(kv.values() + block * values, values));
        }
      }
    }
    return ranges;
  }

  private List<Range> slotRanges(int slot) {
    var ranges = new ArrayList<Range>();
    for (Keep keep : footprint.graph().keeps()) {
      if (keep instanceof Keep.Slot s && s.floats() > 0) {
        long bytes = Float.BYTES * s.floats();
        ranges.add(new Range(state.slots(s) + slot * bytes, bytes));
      }
    }
    return ranges;
  }
}
