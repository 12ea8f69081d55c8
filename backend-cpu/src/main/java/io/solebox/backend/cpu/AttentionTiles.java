package io.solebox.backend.cpu;

import io.solebox.backend.cpu.SystemMemory.Pages;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Op;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How the attention of a step is cut into units of work for the C kernels: tiles of neighbouring
 * tokens of a sequence, and where there are few of those, ranges of the splits of a tile. All ops
 * of one shape share it, one after the other. No cut changes a bit of the result.
 */
final class AttentionTiles {
  /** Positions that the kernel combines on their own, as in {@code attention.c}. */
  private static final int SPLIT = 256;

  /** Rows of a tile; a row is a query head of a token. The more, the less unpacking. */
  private static final int MOST_ROWS = 128;

  private static final int FEWEST_TOKENS = 8;
  private static final int TILES_PER_THREAD = 4;

  /** Units per thread that let all finish together. */
  private static final int UNITS_PER_THREAD = 8;

  /** What ops have in common that share the cut. */
  record Shape(int numKvHeads, int headsPerKv, int keyDim, int valueDim, Mask mask) {
    static Shape of(Op.Attention op) {
      int headsPerKv = op.numHeads() / op.numKvHeads();
      return new Shape(op.numKvHeads(), headsPerKv, op.headDim(), op.shape().valueDim(), op.mask());
    }

    /** The most rows that a unit has. */
    int mostRows() {
      return mostTokens() * headsPerKv;
    }

    private int mostTokens() {
      return Math.max(1, MOST_ROWS / headsPerKv);
    }

    /** Bytes of a row's result for one split: highest score, sum of weights, weighted values. */
    private long partialBytes() {
      return (long) Float.BYTES * (2 + Math.ceilDiv(valueDim, 16) * 16);
    }

    /** Bytes that a thread adds to the room for partial results. */
    long partialsPerThread(Limits limits) {
      long splits = Math.ceilDiv(limits.maxSequenceTokens(), SPLIT);
      return UNITS_PER_THREAD * headsPerKv * splits * partialBytes();
    }
  }

  /** Work for each key/value head of a tile. */
  sealed interface Part {
    Tile tile();

    /** All of it. */
    record Whole(Tile tile) implements Part {}

    /** Splits {@code from} to {@code to}, exclusive; who does a head's last part merges them. */
    record Splits(Tile tile, int from, int to, Partials partials) implements Part {}
  }

  /**
   * @param token index in the batch of the first token
   * @param firstSplit that any of the tokens sees
   * @param splits that the tokens see, together
   */
  record Tile(int token, int tokens, int firstSplit, int splits) {}

  /**
   * The partial results of one tile.
   *
   * @param at address of those of the first key/value head
   * @param splitBytes of all rows of one split
   * @param parts into which the splits are cut
   * @param pending per key/value head the parts still to be done
   */
  record Partials(long at, long splitBytes, int parts, AtomicIntegerArray pending) {}

  private final Shape shape;
  private final int threads;
  private final MemorySegment memory;
  private final List<Tile> tiles = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();

  AttentionTiles(Shape shape, Limits limits, int threads, Arena arena) {
    this.shape = shape;
    this.threads = threads;
    long bytes = threads * shape.partialsPerThread(limits);
    this.memory = SystemMemory.allocate(bytes, Pages.SMALL, "attention", arena);
  }

  Shape shape() {
    return shape;
  }

  /** In ascending order of tokens. */
  List<Part> parts() {
    return parts;
  }

  void begin(Batch batch) {
    tiles.clear();
    parts.clear();
    int most = tileTokens(batch.size());
    int start = 0;
    for (int t = 1; t <= batch.size(); t++) {
      boolean joins =
          t < batch.size()
              && t - start < most
              && batch.sequenceOf()[t] == batch.sequenceOf()[start];
      if (!joins) {
        tiles.add(tile(batch, start, t - start));
        start = t;
      }
    }
    cut();
  }

  private int tileTokens(int tokens) {
    long even = (long) tokens * shape.numKvHeads() / (TILES_PER_THREAD * threads);
    int most = shape.mostTokens();
    return Math.toIntExact(Math.clamp(even, Math.min(FEWEST_TOKENS, most), most));
  }

  private Tile tile(Batch batch, int token, int tokens) {
    int position = batch.positions()[token];
    int first = shape.mask().firstVisible(position) / SPLIT;
    int end = batch.positions()[batch.sequenceEnd(token) - 1];
    int last = shape.mask().lastVisible(position + tokens - 1, end) / SPLIT;
    return new Tile(token, tokens, first, last - first + 1);
  }

  private void cut() {
    int units = tiles.size() * shape.numKvHeads();
    int pieces = threads == 1 || units == 0 ? 1 : Math.ceilDiv(UNITS_PER_THREAD * threads, units);
    long used = 0;
    for (Tile tile : tiles) {
      int n = Math.min(pieces, tile.splits());
      long splitBytes = tile.tokens() * shape.headsPerKv() * shape.partialBytes();
      long bytes = splitBytes * tile.splits() * shape.numKvHeads();
      if (n < 2 || used + bytes > memory.byteSize()) {
        parts.add(new Part.Whole(tile));
      } else {
        addSplits(tile, n, memory.address() + used, splitBytes);
        used += bytes;
      }
    }
  }

  private void addSplits(Tile tile, int n, long at, long splitBytes) {
    var pending = new AtomicIntegerArray(shape.numKvHeads());
    for (int head = 0; head < shape.numKvHeads(); head++) {
      pending.set(head, n);
    }
    var partials = new Partials(at, splitBytes, n, pending);
    for (int i = 0; i < n; i++) {
      int from = tile.firstSplit() + i * tile.splits() / n;
      int to = tile.firstSplit() + (i + 1) * tile.splits() / n;
      parts.add(new Part.Splits(tile, from, to, partials));
    }
  }
}
