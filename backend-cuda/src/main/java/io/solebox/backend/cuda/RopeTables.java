package io.solebox.backend.cuda;

import io.solebox.engine.graph.Rotation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cosines and sines for every position of the longest sequence, one table per rotation: the device
 * has no sine that is good at large angles.
 */
final class RopeTables {
  private final int positions;
  private final List<Rotation> rotations = new ArrayList<>();

  RopeTables(int positions, List<Node> nodes) {
    this.positions = positions;
    nodes.forEach(node -> node.rotation().ifPresent(this::add));
  }

  private void add(Rotation rotation) {
    if (rotations.stream().noneMatch(r -> same(r, rotation))) {
      rotations.add(rotation);
    }
  }

  /** Whether two rotations turn alike, each pair by the same angle. */
  static boolean same(Rotation a, Rotation b) {
    return a.pairing() == b.pairing()
        && a.magnitude() == b.magnitude()
        && Arrays.equals(a.inverseFrequencies(), b.inverseFrequencies());
  }

  List<Rotation> rotations() {
    return rotations;
  }

  /** Bytes of one rotation's table: f32 pairs of cosine and sine, [positions, pairs]. */
  long bytes(Rotation rotation) {
    return 2L * Float.BYTES * positions * rotation.inverseFrequencies().length;
  }

  /** Where a rotation's table begins in the tables' memory. */
  long at(Rotation rotation) {
    long at = 0;
    for (Rotation r : rotations) {
      if (same(r, rotation)) {
        return at;
      }
      at += Places.align(bytes(r));
    }
    throw new AssertionError("a rotation of another graph");
  }

  long bytes() {
    return rotations.stream().mapToLong(r -> Places.align(bytes(r))).sum();
  }

  /** Writes {@code count} positions of a table. */
  void write(Rotation rotation, int firstPosition, int count, MemorySegment to) {
    float[] frequencies = rotation.inverseFrequencies();
    long index = 0;
    for (int p = firstPosition; p < firstPosition + count; p++) {
      for (float frequency : frequencies) {
        double angle = p * (double) frequency;
        double magnitude = rotation.magnitude();
        to.setAtIndex(ValueLayout.JAVA_FLOAT, index++, (float) (Math.cos(angle) * magnitude));
        to.setAtIndex(ValueLayout.JAVA_FLOAT, index++, (float) (Math.sin(angle) * magnitude));
      }
    }
  }

  int positions() {
    return positions;
  }
}
