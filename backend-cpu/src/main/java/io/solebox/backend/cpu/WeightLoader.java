package io.solebox.backend.cpu;

import io.solebox.engine.ErrorCode;
import io.solebox.engine.SoleboxException;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks that every weight's bytes are there and brings mapped ones into memory, so that the first
 * token does not wait for the disk page by page. Reports and may be stopped every few megabytes.
 */
final class WeightLoader {
  private static final String STAGE = "reading weights";
  private static final long PIECE_BYTES = 32L << 20;

  private final Progress progress;
  private final long totalBytes;
  private final boolean fits;
  private long doneBytes;

  private WeightLoader(Progress progress, long totalBytes) {
    this.progress = progress;
    this.totalBytes = Math.max(1, totalBytes);
    // Reading ahead what memory cannot hold would only push out what was read before.
    this.fits = totalBytes <= Machine.availableMemoryBytes();
  }

  /**
   * @throws SoleboxException {@code CANCELLED}, or {@code BAD_MODEL_FILE} for a tensor whose data
   *     is shorter than its shape
   */
  static void load(Graph graph, Progress progress) {
    // In order of use, which is about that of the file; a tied embedding counts once.
    Set<Weight> weights = new LinkedHashSet<>();
    graph.ops().forEach(op -> weightsOf(op).forEach(weights::add));
    long total = weights.stream().mapToLong(Weight::bytes).sum();
    var loader = new WeightLoader(progress, total);
    loader.step(0);
    weights.forEach(loader::load);
    progress.report(STAGE, 1);
  }

  private static Stream<Weight> weightsOf(Op op) {
    return switch (op) {
      case Op.Embed o -> Stream.of(o.table());
      case Op.RmsNorm o -> Stream.of(o.gain());
      case Op.Linear o -> Stream.concat(Stream.of(o.weight()), o.bias().stream());
      case Op.TakeHidden _, Op.Rope _, Op.Attention _, Op.SwiGlu _, Op.Add _, Op.SelectRows _ ->
          Stream.empty();
    };
  }

  private void load(Weight weight) {
    MemorySegment data = weight.data();
    if (data.byteSize() < weight.bytes()) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          weight.name(),
          "The tensor needs %d bytes and has %d.".formatted(weight.bytes(), data.byteSize()),
          "Download the file again.");
    }
    for (long at = 0; at < weight.bytes(); at += PIECE_BYTES) {
      long bytes = Math.min(PIECE_BYTES, weight.bytes() - at);
      if (fits && data.isMapped()) {
        data.asSlice(at, bytes).load();
      }
      step(bytes);
    }
  }

  private void step(long bytes) {
    if (progress.cancelled()) {
      throw new SoleboxException(ErrorCode.CANCELLED, "", "Loading was stopped.", "");
    }
    doneBytes += bytes;
    progress.report(STAGE, Math.min(1, (double) doneBytes / totalBytes));
  }
}
