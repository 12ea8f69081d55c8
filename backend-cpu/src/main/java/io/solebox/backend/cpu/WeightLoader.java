package io.solebox.backend.cpu;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.memory.HostMemory;
import io.solebox.engine.tensor.TensorBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks that every weight's bytes are there, repacks those whose kernels want another layout, and
 * brings the others into memory, so that the first token does not wait for the disk page by page.
 * All threads of the team take part; the calling thread reports between batches, and may stop.
 *
 * <p>What is repacked leaves the mapping, so that a weight is resident once.
 */
final class WeightLoader implements AutoCloseable {
  private static final String STAGE = "reading weights";

  /** What a thread does at a time. */
  private static final long PIECE_BYTES = 4L << 20;

  /** What the team does before others may have it, and the caller reports. */
  private static final long BATCH_BYTES = 64L << 20;

  /** What of it is on its way: it stays in the second-level cache. */
  private static final long STAGED_BYTES = 256 << 10;

  private final ThreadTeam team;
  private final Progress progress;
  private final Arena staging = Arena.ofShared();
  private final StagedRows[] staged;
  private final Map<Weight, MemorySegment> repacked = new HashMap<>();
  private final List<Piece> pieces = new ArrayList<>();
  private final boolean fits;

  /** A part of a weight. */
  private sealed interface Piece {
    /** In the file, or made from it. */
    TensorBytes data();

    record Repack(Repacker repacker, Weight weight, int row, int count, MemorySegment out)
        implements Piece {
      @Override
      public TensorBytes data() {
        return weight.fileRows(row, count);
      }
    }

    record Read(TensorBytes data) implements Piece {}
  }

  private WeightLoader(Footprint footprint, ThreadTeam team, Progress progress) {
    this.team = team;
    this.progress = progress;
    Map<Weight, Repacker> repackers = footprint.repackers();
    long group = STAGED_BYTES;
    for (var entry : repackers.entrySet()) {
      group = Math.max(group, entry.getValue().groupBytes(entry.getKey()));
    }
    this.staged = new StagedRows[repackers.isEmpty() ? 0 : team.size()];
    for (int i = 0; i < staged.length; i++) {
      staged[i] = new StagedRows(staging.allocate(group, 64));
    }
    // Reading ahead what memory cannot hold would only push out what was read before.
    long total = footprint.graph().weights().stream().mapToLong(Weight::storedBytes).sum();
    this.fits = total <= HostMemory.availableBytes();
  }

  /**
   * @param arena lifetime of what is repacked
   * @throws SoleboxException {@code CANCELLED}, {@code OUT_OF_MEMORY}, or {@code BAD_MODEL_FILE}
   *     for a tensor whose data is shorter than its shape
   */
  static Weights load(Footprint footprint, ThreadTeam team, Arena arena, Progress progress) {
    try (var loader = new WeightLoader(footprint, team, progress)) {
      loader.plan(footprint, arena);
      loader.run();
      return new Weights(Map.copyOf(loader.repacked));
    }
  }

  private void plan(Footprint footprint, Arena arena) {
    footprint.graph().weights().forEach(Weight::requireWhole);
    MemorySegment memory =
        SystemMemory.allocate(
            footprint.repackedBytes(), SystemMemory.Pages.HUGE, "the weights", arena);
    Map<Weight, Repacker> repackers = footprint.repackers();
    long at = 0;
    for (Weight weight : footprint.graph().weights()) {
      Optional<Repacker> repacker = Optional.ofNullable(repackers.get(weight));
      if (repacker.isPresent()) {
        MemorySegment out = memory.asSlice(at, repacker.get().bytes(weight));
        at += Footprint.aligned(out.byteSize());
        repacked.put(weight, out);
        addRepacks(repacker.get(), weight, out);
      } else {
        addReads(weight);
      }
    }
  }

  private void addRepacks(Repacker repacker, Weight weight, MemorySegment out) {
    int groups = Math.toIntExact(Math.max(1, PIECE_BYTES / repacker.groupBytes(weight)));
    for (int group = 0; group < repacker.groups(weight); group += groups) {
      int row = group * repacker.groupRows();
      int count = Math.min(groups * repacker.groupRows(), weight.rows() - row);
      MemorySegment to = out.asSlice(group * repacker.groupBytes(weight));
      pieces.add(new Piece.Repack(repacker, weight, row, count, to));
    }
  }

  private void addReads(Weight weight) {
    for (long at = 0; at < weight.storedBytes(); at += PIECE_BYTES) {
      long bytes = Math.min(PIECE_BYTES, weight.storedBytes() - at);
      pieces.add(new Piece.Read(weight.file().slice(at, bytes)));
    }
  }

  private void run() {
    long total = Math.max(1, pieces.stream().mapToLong(p -> p.data().size()).sum());
    long done = 0;
    List<Piece> batch = batch(0);
    for (int at = 0; at < pieces.size(); at += batch.size()) {
      report((double) done / total);
      batch = batch(at);
      batch(at + batch.size()).forEach(this::readAhead);
      team.run(new Walk(batch));
      done += batch.stream().mapToLong(p -> p.data().size()).sum();
    }
    report(1);
  }

  private void report(double fraction) {
    if (progress.cancelled()) {
      throw new SoleboxException(ErrorCode.CANCELLED, "", "Loading was stopped.", "Load it again.");
    }
    progress.report(STAGE, fraction);
  }

  private List<Piece> batch(int from) {
    int to = from;
    for (long bytes = 0; to < pieces.size() && bytes < BATCH_BYTES; to++) {
      bytes += pieces.get(to).data().size();
    }
    return pieces.subList(from, to);
  }

  private void readAhead(Piece piece) {
    if (fits) {
      mapped(piece.data()).ifPresent(SystemMemory::readAhead);
    }
  }

  private void load(Piece piece, int worker) {
    switch (piece) {
      case Piece.Read(TensorBytes data) -> {
        if (fits) {
          mapped(data).ifPresent(SystemMemory::populate);
        }
      }
      case Piece.Repack p -> {
        staged[worker].repack(p.repacker(), p.weight(), p.row(), p.count(), p.out());
        mapped(p.data()).ifPresent(SystemMemory::release);
      }
    }
  }

  private static Optional<MemorySegment> mapped(TensorBytes bytes) {
    return bytes instanceof TensorBytes.Stored(MemorySegment segment) && segment.isMapped()
        ? Optional.of(segment)
        : Optional.empty();
  }

  @Override
  public void close() {
    staging.close();
  }

  private final class Walk implements ThreadTeam.Walk {
    private final List<Piece> batch;

    private Walk(List<Piece> batch) {
      this.batch = batch;
    }

    @Override
    public int phases() {
      return 1;
    }

    @Override
    public int units(int phase) {
      return batch.size();
    }

    @Override
    public void run(int phase, int unit, int worker) {
      load(batch.get(unit), worker);
    }
  }
}
