package io.solebox.backend.cuda;

import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where each weight of a plan lies in the one piece of device memory that holds them all. Made from
 * shapes alone; {@link #uploads} says how to fill it.
 */
final class WeightMap {
  /** Left free behind every plane, so that a kernel that reads beyond it meets no other weight. */
  private static final long GAP = Places.ALIGNMENT;

  private static final long PIECE_BYTES = 8L << 20;

  private final Map<List<Weight>, Matrix> matrices = new LinkedHashMap<>();
  private final Map<List<Optional<Weight>>, Vector> vectors = new LinkedHashMap<>();
  private long bytes;

  /**
   * Weights of one type and width, one over the other.
   *
   * @param planes byte offset of each plane
   */
  record Matrix(List<Weight> stack, PlaneLayout layout, long[] planes) {
    int rows() {
      return stack.stream().mapToInt(Weight::rows).sum();
    }

    int cols() {
      return stack.getFirst().cols();
    }
  }

  /** f32 vectors one after the other. */
  private record Vector(List<Part> parts, long at) {
    record Part(Optional<Weight> weight, int width) {}
  }

  WeightMap(List<Node> nodes) {
    for (Node node : nodes) {
      node.matrices().forEach(this::addMatrix);
      node.vectors().forEach(v -> addVector(v.stack(), v.owners()));
    }
  }

  private void addMatrix(List<Weight> stack) {
    if (matrices.containsKey(stack)) {
      return;
    }
    var layout = PlaneLayout.of(stack.getFirst().type());
    long rows = stack.stream().mapToLong(Weight::rows).sum();
    var planes = new long[layout.planes()];
    for (int p = 0; p < planes.length; p++) {
      planes[p] = take(rows * layout.rowBytes(p, stack.getFirst().cols()));
    }
    matrices.put(stack, new Matrix(stack, layout, planes));
  }

  /**
   * @param owners the weights whose rows an absent bias has zeros for
   */
  private void addVector(List<Optional<Weight>> stack, List<Weight> owners) {
    if (vectors.containsKey(stack) || stack.stream().allMatch(Optional::isEmpty)) {
      return;
    }
    var parts = new ArrayList<Vector.Part>();
    long width = 0;
    for (int i = 0; i < stack.size(); i++) {
      int owned = owners.isEmpty() ? 0 : owners.get(i).rows();
      int elements = stack.get(i).map(w -> Math.toIntExact(w.elements())).orElse(owned);
      parts.add(new Vector.Part(stack.get(i), elements));
      width += elements;
    }
    vectors.put(stack, new Vector(parts, take(Float.BYTES * width)));
  }

  private long take(long size) {
    long at = bytes;
    bytes += Places.align(size) + GAP;
    return at;
  }

  long bytes() {
    return Math.max(1, bytes);
  }

  Matrix matrix(List<Weight> stack) {
    return matrices.get(stack);
  }

  /** Byte offset of a vector; empty where there is none. */
  Optional<Long> vector(List<Optional<Weight>> stack) {
    return Optional.ofNullable(vectors.get(stack)).map(Vector::at);
  }

  /**
   * What to copy where, in the order of the file as far as that is the order of use.
   *
   * @param base address of the memory
   */
  List<Upload> uploads(long base) {
    var uploads = new ArrayList<Upload>();
    for (Matrix m : matrices.values()) {
      int firstRow = 0;
      for (Weight w : m.stack()) {
        w.requireWhole();
        addPieces(m, w, firstRow, base, uploads);
        firstRow += w.rows();
      }
    }
    for (Vector v : vectors.values()) {
      int width = v.parts().stream().mapToInt(Vector.Part::width).sum();
      v.parts().forEach(part -> part.weight().ifPresent(Weight::requireWhole));
      if ((long) Float.BYTES * width <= PIECE_BYTES) {
        long bytes = (long) Float.BYTES * width;
        uploads.add(Upload.of(base + v.at(), bytes, to -> write(v, width, to)));
      } else {
        addPieces(v, base, uploads);
      }
    }
    return uploads;
  }

  /** Those of adapters can be large. */
  private static void addPieces(Vector v, long base, List<Upload> uploads) {
    long at = base + v.at();
    for (Vector.Part part : v.parts()) {
      if (part.weight().isPresent()) {
        addRows(part.weight().get(), at, uploads);
      } else {
        uploads.add(Upload.of(at, (long) Float.BYTES * part.width(), to -> to.fill((byte) 0)));
      }
      at += (long) Float.BYTES * part.width();
    }
  }

  private static void addRows(Weight w, long at, List<Upload> uploads) {
    long rowBytes = (long) Float.BYTES * w.cols();
    int step = (int) Math.clamp(PIECE_BYTES / rowBytes, 1, w.rows());
    for (int from = 0; from < w.rows(); from += step) {
      int first = from;
      int rows = Math.min(step, w.rows() - from);
      uploads.add(
          Upload.of(
              at + first * rowBytes,
              rows * rowBytes,
              to -> {
                float[] values = new float[rows * w.cols()];
                w.rows(first, rows).dequantize(values, 0);
                MemorySegment.copy(values, 0, to, ValueLayout.JAVA_FLOAT, 0, values.length);
              }));
    }
  }

  private static void addPieces(Matrix m, Weight w, int firstRow, long base, List<Upload> uploads) {
    int step = (int) Math.clamp(PIECE_BYTES / w.rowBytes(), 1, w.rows());
    for (int from = 0; from < w.rows(); from += step) {
      int rows = Math.min(step, w.rows() - from);
      int first = from;
      var targets = new ArrayList<Upload.Target>();
      for (int p = 0; p < m.planes().length; p++) {
        int plane = p;
        long rowBytes = m.layout().rowBytes(p, w.cols());
        long at = base + m.planes()[p] + (firstRow + from) * rowBytes;
        targets.add(
            new Upload.Target(
                at,
                rows * rowBytes,
                (data, to) -> m.layout().repack(plane, data, rows, w.cols(), to)));
      }
      uploads.add(new Upload(() -> rows(w, first, rows), targets));
    }
  }

  /** Rows as they are computed: in the file, or brought there from another format. */
  private static MemorySegment rows(Weight w, int from, int count) {
    if (!w.isTranscoded()) {
      return w.data().asSlice(from * w.rowBytes(), count * w.rowBytes());
    }
    MemorySegment rows = MemorySegment.ofArray(new byte[Math.toIntExact(count * w.rowBytes())]);
    w.copyRows(from, count, rows);
    return rows;
  }

  private static void write(Vector v, int width, MemorySegment to) {
    float[] values = new float[width];
    int at = 0;
    for (Vector.Part part : v.parts()) {
      int first = at;
      part.weight().ifPresent(w -> w.dequantize(values, first));
      at += part.width();
    }
    MemorySegment.copy(values, 0, to, ValueLayout.JAVA_FLOAT, 0, width);
  }
}
