package io.solebox.backend.cuda.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.solebox.backend.cuda.fake.Schedule;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** {@code swiglu_q8_0_<n>} where it also rounds: 32 neighbouring rows are those of eight blocks. */
final class SwigluRounding {
  private static final int ROWS = 96;
  private static final int COLS = 64;

  private SwigluRounding() {}

  /** Whichever block comes last rounds what all of 32 rows wrote, launch after launch. */
  static void check(String ptx, Schedule schedule, int n, int columns) {
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(n);
      var tensors = new RandomTensors(arena, random);
      Weight gate = tensors.weight("gate", ROWS, COLS, TensorType.Q8_0, 0.5);
      Weight up = tensors.weight("up", ROWS, COLS, TensorType.Q8_0, 0.5);
      var run = new KernelRun(ptx, schedule);
      var machine = run.machine();
      int values = ROWS * columns;
      long counters = machine.upload(new int[ROWS / 32]);
      long out = machine.allocate(4 * values);
      long xq = machine.allocate(values);
      long xs = machine.allocate(values / 4);
      for (int launch = 0; launch < 2; launch++) {
        float[] x = KernelTruth.gaussian(random, columns * COLS, 1);
        Object[] operands = new LinearProducts(run, gate, x).operands;
        Object[] arguments =
            KernelRun.arguments(
                out,
                xq,
                xs,
                counters,
                operands,
                run.planes(gate),
                run.planes(up),
                Activation.SILU.ordinal(),
                0f,
                0f,
                ROWS,
                COLS,
                columns);
        machine.launch("swiglu_q8_0_" + n, ROWS / 4, 1, 128, arguments);
        var expected = run.quantized(machine.floats(out, values), ROWS);
        var actual = new KernelRun.Eight(xq, xs);
        assertArrayEquals(run.values(expected, values), run.values(actual, values));
        assertArrayEquals(
            machine.bytes(expected.xs(), values / 4).toArray(JAVA_BYTE),
            machine.bytes(xs, values / 4).toArray(JAVA_BYTE));
      }
    }
  }
}
