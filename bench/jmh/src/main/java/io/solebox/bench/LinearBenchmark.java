package io.solebox.bench;

import io.solebox.backend.cpu.kernel.CodeKernel;
import io.solebox.backend.cpu.kernel.CodeLayout;
import io.solebox.backend.cpu.kernel.Codes;
import io.solebox.backend.cpu.kernel.LinearKernel;
import io.solebox.backend.cpu.nativelib.CpuBindings;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The matrix product on one thread. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LinearBenchmark {
  /** Weights and activations as the Vector API kernels take them. */
  @State(Scope.Thread)
  public static class Vectors {
    private Runnable product;

    /** Repacks and encodes where that is needed, which is not measured. */
    @Setup
    public void open(Matrix m) {
      CodeLayout.codes(m.format).ifPresentOrElse(codes -> codes(m, codes), () -> floats(m));
    }

    private void floats(Matrix m) {
      var kernel = new LinearKernel(m.format, m.weight.data(), m.rows, Matrix.COLS, new float[0]);
      var scratch = new LinearKernel.Scratch();
      product = () -> kernel.run(m.x, m.out, m.tokens, 0, m.rows, scratch, false);
    }

    private void codes(Matrix m, Codes codes) {
      var layout = new CodeLayout(m.format, Matrix.COLS);
      int groups = m.rows / CodeLayout.ROWS;
      MemorySegment w = Library.allocate(m.arena, groups * layout.groupBytes());
      layout.repack(m.weight.data(), m.rows, w);
      MemorySegment x = Library.allocate(m.arena, m.tokens * codes.bytes(Matrix.COLS));
      codes.encode(m.x, 0, m.tokens * Matrix.COLS, x, 0);
      var kernel = new CodeKernel(layout, w, m.rows, new float[0]);
      var scratch = new CodeKernel.Scratch(Matrix.COLS);
      product = () -> kernel.run(x, m.out, m.tokens, 0, groups, scratch, false);
    }
  }

  /** Weights and activations as the C kernels take them. */
  @State(Scope.Thread)
  public static class Native {
    private static final int GROUP_ROWS = 16;
    private static final int BLOCK = 32;
    private static final int BLOCK_BYTES = 48;

    private final CpuBindings library = Library.bind();
    private boolean quantized;
    private MemorySegment weights;
    private MemorySegment x;

    /** Repacks and quantizes, which is not measured. */
    @Setup
    public void open(Matrix m) {
      long elements = (long) m.tokens * Matrix.COLS;
      weights = m.weight.data();
      x = m.x;
      switch (library.operand(m.format.id())) {
        case NONE -> throw new IllegalArgumentException("no kernel for " + m.format);
        case F32 -> {
          // Both as they are.
        }
        case BF16 -> {
          x = Library.allocate(m.arena, Short.BYTES * elements);
          library.toBf16(m.x.address(), elements, x.address());
        }
        case INT8 -> {
          quantized = true;
          weights = Library.allocate(m.arena, m.weight.bytes());
          long from = m.weight.data().address();
          library.repack(m.format.id(), from, m.rows, Matrix.COLS, 0, groups(m), weights.address());
          x = Library.allocate(m.arena, BLOCK_BYTES * elements / BLOCK);
          library.quantize(m.x.address(), elements, x.address());
        }
      }
    }

    private static long groups(Matrix m) {
      return m.rows / GROUP_ROWS;
    }

    private void multiply(Matrix m) {
      int type = m.format.id();
      long w = weights.address();
      long to = m.out.address();
      if (quantized) {
        library.linearQuantized(
            type, w, m.rows, Matrix.COLS, 0, groups(m), x.address(), m.tokens, 0, to);
      } else {
        library.linearDense(type, w, m.rows, Matrix.COLS, 0, m.rows, x.address(), m.tokens, 0, to);
      }
    }
  }

  /** The Vector API kernel. */
  @Benchmark
  public void vectors(Matrix m, Vectors v, Rates rates) {
    v.product.run();
    m.count(rates);
  }

  /** The C kernel. */
  @Benchmark
  public void library(Matrix m, Native n, Rates rates) {
    n.multiply(m);
    m.count(rates);
  }
}
