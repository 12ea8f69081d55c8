package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.graph.Keep;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a plan holds on the device and in pinned memory, and where in it each thing lies.
 * Gone with the context; the plan then makes another.
 */
final class DeviceState implements AutoCloseable {
  private static final int ROPE_POSITIONS_PER_UPLOAD = 4096;

  private final Footprint footprint;
  private final Seat seat;
  private final int generation;
  private final Owned owned;
  private final Map<Integer, KvRange> kv = new HashMap<>(); // by keep id
  private final Map<Keep.Slot, Long> slots = new HashMap<>(); // addresses
  private final DeviceMemory weights;
  private final DeviceMemory values;
  private final DeviceMemory ropeTables;
  private final DeviceMemory input;
  private final AnswerMemory answers;
  private final DeviceMemory partial;
  private final DeviceMemory stats;
  private final DeviceMemory counters;
  private final DeviceMemory halves;
  private final DeviceMemory order;
  private final DeviceMemory tiles;
  private final PinnedMemory inputHost;
  private final PinnedMemory hiddenHost;
  private final Stream stream;
  private final KeptTransfer transfer;

  /** Keys and values of one layer; latents are both. */
  record KvRange(long keys, long values) {}

  /** Allocates; {@link #fill} comes next. On the GPU's thread. */
  DeviceState(CudaThread gpu, Footprint footprint, KeptRows kept, Seat seat) {
    this.footprint = footprint;
    this.seat = seat;
    this.generation = gpu.generation();
    this.owned = new Owned(gpu);
    try {
      weights = owned.device(footprint.weights().bytes());
      allocateKept(kept);
      values = owned.device(footprint.places().bytes());
      ropeTables = owned.device(footprint.ropeTables().bytes());
      input = owned.device(footprint.input().bytes());
      partial = owned.device(footprint.attention().partialBytes());
      stats = owned.device(footprint.attention().statsBytes());
      counters = owned.device(footprint.products().counterBytes());
      halves = owned.device(footprint.products().halfBytes());
      order = owned.device(footprint.products().orderBytes());
      tiles = owned.device(footprint.products().tileBytes());
      answers = new AnswerMemory(owned, footprint.answers());
      inputHost = owned.pinned(footprint.input().bytes());
      hiddenHost = owned.pinned(footprint.hiddenBytes());
      stream = owned.stream();
      transfer = new KeptTransfer(footprint, this, stream, owned::pinned);
      stream.fill(counters.address(), (byte) 0, counters.bytes());
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  private void allocateKept(KeptRows kept) {
    for (Op.Attention op : footprint.storing()) {
      long blocks = kept.blocksOfGroup().get(footprint.graph().groupOf(op.keep()));
      KvTiles tiles = footprint.kvTiles(op);
      long keys = owned.device(tiles.keyBlockBytes() * blocks).address();
      long values =
          tiles.latent() ? keys : owned.device(tiles.valueBlockBytes() * blocks).address();
      kv.put(op.keep().id(), new KvRange(keys, values));
    }
    for (Keep keep : footprint.graph().keeps()) {
      if (keep instanceof Keep.Slot slot) {
        long bytes = Math.max(1, Float.BYTES * slot.floats() * kept.slots());
        slots.put(slot, owned.device(bytes).address());
      }
    }
  }

  /** Uploads the weights and the tables; returns their bytes. */
  long fill(CudaThread gpu, Progress progress) {
    var uploads = new ArrayList<Upload>(footprint.weights().uploads(weights.address()));
    addRopeTables(uploads);
    Uploader.upload(gpu, uploads, progress);
    return uploads.stream().mapToLong(Upload::bytes).sum();
  }

  private void addRopeTables(List<Upload> uploads) {
    RopeTables tables = footprint.ropeTables();
    for (Rotation rotation : tables.rotations()) {
      long each = tables.bytes(rotation) / tables.positions();
      for (int p = 0; p < tables.positions(); p += ROPE_POSITIONS_PER_UPLOAD) {
        int first = p;
        int count = Math.min(ROPE_POSITIONS_PER_UPLOAD, tables.positions() - p);
        uploads.add(
            Upload.of(
                ropeTable(rotation) + first * each,
                count * each,
                to -> tables.write(rotation, first, count, to)));
      }
    }
  }

  /** Where it meets other ranks. */
  Seat seat() {
    return seat;
  }

  /** Which context it belongs to. */
  int generation() {
    return generation;
  }

  Stream stream() {
    return stream;
  }

  long address(Value v) {
    return values.address() + footprint.places().offset(v);
  }

  /** Of the second plane of a rounded value. */
  long scales(Value rounded) {
    int rows = Places.rows(footprint.places().isPerRow(rounded), footprint.limits());
    return address(rounded) + Rounding.scalesAt(rows, Rounding.width(rounded.width()));
  }

  /** Addresses of a matrix's planes; 0 for those that its format does not have. */
  long[] planes(List<Weight> stack) {
    long[] offsets = footprint.weights().matrix(stack).planes();
    var planes = new long[PlaneLayout.MAX_PLANES];
    for (int p = 0; p < offsets.length; p++) {
      planes[p] = weights.address() + offsets[p];
    }
    return planes;
  }

  /** 0 where there is none. */
  long vector(List<Optional<Weight>> stack) {
    return footprint.weights().vector(stack).map(at -> weights.address() + at).orElse(0L);
  }

  long ropeTable(Rotation rotation) {
    return ropeTables.address() + footprint.ropeTables().at(rotation);
  }

  KvRange kv(Op.Attention op) {
    return kv.get(op.keep().id());
  }

  /** f32 [slots, floats]. */
  long slots(Keep.Slot keep) {
    return slots.get(keep);
  }

  /** Queues copies of all recurrent state from one place to another. */
  void copySlot(int from, int to) {
    slots.forEach(
        (keep, address) -> {
          long bytes = Float.BYTES * keep.floats();
          if (bytes > 0) {
            stream.copy(address + from * bytes, address + to * bytes, bytes);
          }
        });
  }

  /** Places that sequences keep, to host memory and from there. */
  KeptTransfer transfer() {
    return transfer;
  }

  long input() {
    return input.address();
  }

  PinnedMemory inputHost() {
    return inputHost;
  }

  /** A hidden state on its way into this stage, or out of it. */
  PinnedMemory hiddenHost() {
    return hiddenHost;
  }

  long partial() {
    return partial.address();
  }

  long stats() {
    return stats.address();
  }

  /** Zero whenever a kernel begins. */
  long counters() {
    return counters.address();
  }

  /** A prompt's columns in 16 bits. */
  long halves() {
    return halves.address();
  }

  /** Slots of tokens by expert. */
  long order() {
    return order.address();
  }

  /** What part of the order each block takes. */
  long tiles() {
    return tiles.address();
  }

  AnswerMemory answers() {
    return answers;
  }

  @Override
  public void close() {
    owned.close();
  }
}
