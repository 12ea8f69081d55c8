package io.solebox.backend.cuda;

import java.util.List;

/**
 * What the driver takes on the device beside what a plan allocates: the code of its kernels, and
 * the graphs that it has captured. The driver does not say how much that is; these are bounds of
 * what others report, and of the size of cubins.
 */
final class GraphMemory {
  /** Of the shapes used last; an older one is captured again when it is needed. */
  static final int MOST_GRAPHS = 32;

  private static final long CODE_BYTES = 16L << 20;
  private static final long LAUNCH_BYTES = 3L << 10;

  private GraphMemory() {}

  static long bytes(List<Node> nodes) {
    long launches = nodes.stream().mapToLong(Node::launches).sum();
    return CODE_BYTES + LAUNCH_BYTES * launches * MOST_GRAPHS;
  }
}
