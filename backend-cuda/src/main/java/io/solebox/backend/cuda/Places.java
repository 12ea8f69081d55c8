package io.solebox.backend.cuda;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.ScratchPlan;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;
import java.util.Arrays;
import java.util.List;

/**
 * Where each value lies in the scratch memory. A value's bytes are taken again as soon as its last
 * reader has run, so a deep graph needs no more than its widest stretch.
 *
 * @param offsets per value id the byte offset; a value that was joined away has none that anybody
 *     asks for
 * @param perRow per value id whether it has a row per requested row instead of per token
 * @param bytes of all
 */
record Places(long[] offsets, boolean[] perRow, long bytes) {
  /** Of device memory, so that every row of whole blocks can be read 16 bytes at a time. */
  static final long ALIGNMENT = 256;

  static Places of(Graph graph, List<Node> nodes, Limits limits) {
    int values =
        nodes.stream().flatMap(n -> n.outs().stream()).mapToInt(Value::id).max().orElse(-1) + 1;
    var perRow = new boolean[values];
    var lastRead = new int[values];
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      boolean rows =
          node instanceof Node.Single(Op.SelectRows _)
              || node instanceof Node.Single(Op.MeanRows _)
              || node.inputs().stream().anyMatch(v -> perRow[v.id()]);
      for (Value out : node.outs()) {
        perRow[out.id()] = rows;
        lastRead[out.id()] = i;
      }
      for (Value v : node.inputs()) {
        lastRead[v.id()] = i;
      }
    }
    for (Value v : graph.end().results()) {
      lastRead[v.id()] = Integer.MAX_VALUE;
    }
    return place(nodes, lastRead, perRow, limits);
  }

  private static Places place(List<Node> nodes, int[] lastRead, boolean[] perRow, Limits limits) {
    var offsets = new long[perRow.length];
    Arrays.fill(offsets, -1);
    var scratch = new ScratchPlan();
    for (int i = 0; i < nodes.size(); i++) {
      scratch.advance(i);
      for (Value out : nodes.get(i).outs()) {
        offsets[out.id()] = scratch.take(size(out, perRow[out.id()], limits), lastRead[out.id()]);
      }
    }
    return new Places(offsets, perRow, scratch.bytes());
  }

  long offset(Value v) {
    long offset = offsets[v.id()];
    assert offset >= 0 : v + " has no place";
    return offset;
  }

  boolean isPerRow(Value v) {
    return perRow[v.id()];
  }

  private static long size(Value v, boolean perRow, Limits limits) {
    long rows = rows(perRow, limits);
    return align(Float.BYTES * rows * v.width());
  }

  /**
   * The most rows that a value has: padded to a whole decode batch, since a captured graph computes
   * them all.
   */
  static int rows(boolean perRow, Limits limits) {
    int most = perRow ? limits.maxRows() : limits.maxStepTokens();
    return Math.max(most, DecodeBatch.LARGEST);
  }

  static long align(long bytes) {
    return Math.max(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }
}
