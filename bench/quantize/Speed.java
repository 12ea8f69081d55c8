package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Encoders and llama.cpp's {@code ggml_quantize_chunk}, in turns; run by {@code measure}. */
public final class Speed {
  private static final int COLS = 4096;
  private static final int ROWS = 32;
  private static final List<String> TYPES =
      List.of(
          "Q4_K", "Q5_K", "Q6_K", "Q2_K", "Q3_K", "IQ4_XS", "IQ4_NL", "Q8_0", "Q4_0", "Q5_0",
          "Q4_1", "Q5_1", "IQ3_S");

  private final float[] x = new float[ROWS * COLS];
  private final float[] importance = new float[COLS];
  private final MethodHandle peer;
  private final MemorySegment peerX;
  private final MemorySegment peerImportance;
  private final MemorySegment peerOut;

  private Speed(Path library, Arena arena) {
    var random = new Random(1);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian() * 0.02f;
    }
    for (int i = 0; i < COLS; i++) {
      importance[i] = (float) Math.pow(random.nextGaussian(), 2);
    }
    ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
    peer =
        Linker.nativeLinker()
            .downcallHandle(
                SymbolLookup.libraryLookup(library, arena)
                    .find("ggml_quantize_chunk")
                    .orElseThrow(),
                FunctionDescriptor.of(
                    size,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    size,
                    size,
                    size,
                    ValueLayout.ADDRESS));
    peerX = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
    peerImportance = arena.allocateFrom(ValueLayout.JAVA_FLOAT, importance);
    peerOut = arena.allocate(4L * x.length);
  }

  private interface Work {
    void run() throws Throwable;
  }

  /** Million weights per second of CPU time, the best call of so many seconds. */
  private double best(double seconds, Work work) throws Throwable {
    var threads = ManagementFactory.getThreadMXBean();
    double best = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      long start = threads.getCurrentThreadCpuTime();
      work.run();
      best = Math.max(best, x.length * 1e3 / (threads.getCurrentThreadCpuTime() - start));
    } while (System.nanoTime() - end < 0);
    return best;
  }

  private String row(TensorType type, int turns, double seconds) throws Throwable {
    var row = new StringBuilder("| " + type + " |");
    for (boolean weighted : new boolean[] {false, true}) {
      byte[] out = new byte[Math.toIntExact(type.bytes(x.length))];
      RowEncoder encoder = Encoders.of(type, new VectorSearches());
      Importance known = weighted ? new Importance(importance, 0) : Importance.UNKNOWN;
      MemorySegment theirs = weighted ? peerImportance : MemorySegment.NULL;
      double ours = 0;
      double other = 0;
      for (int turn = 0; turn < turns; turn++) {
        other =
            Math.max(
                other,
                best(
                    seconds / 2,
                    () -> {
                      long bytes =
                          (long)
                              peer.invokeExact(
                                  type.id(), peerX, peerOut, 0L, (long) ROWS, (long) COLS, theirs);
                      if (bytes != out.length) {
                        throw new IllegalStateException(type + ": " + bytes + " bytes");
                      }
                    }));
        ours = Math.max(ours, best(seconds, () -> encoder.encode(x, ROWS, COLS, known, out)));
      }
      if (MemorySegment.ofArray(out).mismatch(peerOut.asSlice(0, out.length)) >= 0) {
        throw new IllegalStateException(type + ": the bytes differ");
      }
      row.append(String.format(Locale.ROOT, " %.1f | %.1f | %.1f |", ours, other, ours / other));
    }
    return row.toString();
  }

  public static void main(String[] arguments) throws Throwable {
    double seconds = 5;
    int turns = 3;
    var types = new ArrayList<String>();
    for (int i = 1; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--seconds" -> seconds = Double.parseDouble(arguments[++i]);
        case "--turns" -> turns = Integer.parseInt(arguments[++i]);
        default -> types.add(arguments[i]);
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      var speed = new Speed(Path.of(arguments[0]), arena);
      System.out.println(
          "| format | Solebox | llama.cpp | ratio | with importance | llama.cpp | ratio |");
      System.out.println("|---|---|---|---|---|---|---|");
      for (String type : types.isEmpty() ? TYPES : types) {
        System.out.println(speed.row(TensorType.valueOf(type), turns, seconds));
      }
    }
  }
}
