package io.solebox.backend.cpu;

import io.solebox.engine.backend.InputSquares;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Function;

/** Sums of squares of what matrices were multiplied with, where a program has such. */
record WatchedInputs(List<Sums> all) {
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private record Sums(Program.Watched watched, MemorySegment data) {
    InputSquares read() {
      int n = watched.columns() * watched.matrices();
      float[] sums = new float[n];
      for (int i = 0; i < n; i++) {
        sums[i] = (float) data.getAtIndex(DOUBLE, i);
      }
      long[] counts = new long[watched.matrices()];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = data.getAtIndex(LONG, (long) n + i);
      }
      return new InputSquares(watched.weights(), sums, counts);
    }
  }

  static WatchedInputs of(Program program, Function<Slot, Buffer> buffers) {
    return new WatchedInputs(
        program.watched().stream()
            .map(watched -> new Sums(watched, buffers.apply(watched.sums()).data()))
            .toList());
  }

  List<InputSquares> read() {
    return all.stream().map(Sums::read).toList();
  }
}
