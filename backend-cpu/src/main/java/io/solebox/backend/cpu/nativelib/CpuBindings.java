package io.solebox.backend.cpu.nativelib;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.solebox.engine.graph.Activation;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of {@code solebox_cpu.h} in one instruction set; what they do is written there.
 *
 * <p>Pointers are bare addresses, and NULL is 0: the caller sees to it that the memory lives. A
 * segment per argument would be garbage of every unit of work, and those of a shared arena would
 * make all threads count in one place that they are in use.
 */
public final class CpuBindings {
  private static final Operand[] OPERANDS = Operand.values();

  private final Isa isa;
  private final MethodHandle quantize;
  private final MethodHandle toBf16;
  private final MethodHandle repack;
  private final MethodHandle groupBytes;
  private final MethodHandle linearQuantized;
  private final MethodHandle linearDense;
  private final MethodHandle operand;
  private final MethodHandle readMemory;
  private final MethodHandle rmsNorm;
  private final MethodHandle layerNorm;
  private final MethodHandle activate;
  private final MethodHandle gated;
  private final MethodHandle gatedClamped;
  private final MethodHandle add;
  private final MethodHandle rope;
  private final MethodHandle argmax;
  private final MethodHandle topK;
  private final MethodHandle expSum;
  private final MethodHandle isFinite;
  private final MethodHandle draw;
  private final AttentionBindings attention;
  private final StateBindings states;

  CpuBindings(SymbolLookup symbols, Isa isa) {
    this.isa = isa;
    var own = new Binder(symbols, "_" + isa.word());
    quantize = own.procedure("quantize", ADDRESS, JAVA_LONG, ADDRESS);
    toBf16 = own.procedure("to_bf16", ADDRESS, JAVA_LONG, ADDRESS);
    repack =
        own.procedure(
            "repack", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
    groupBytes = own.function("group_bytes", JAVA_LONG, JAVA_INT, JAVA_LONG);
    linearQuantized = own.procedure("linear_quantized", LINEAR);
    linearDense = own.procedure("linear_dense", LINEAR);
    operand = own.function("operand", JAVA_INT, JAVA_INT);
    readMemory = own.function("read_memory", JAVA_LONG, ADDRESS, JAVA_LONG);
    rmsNorm = own.procedure("rms_norm", ADDRESS, ADDRESS, JAVA_FLOAT, JAVA_LONG, ADDRESS);
    layerNorm =
        own.procedure("layer_norm", ADDRESS, ADDRESS, ADDRESS, JAVA_FLOAT, JAVA_LONG, ADDRESS);
    activate = own.procedure("activate", JAVA_INT, JAVA_FLOAT, ADDRESS, JAVA_LONG, ADDRESS);
    gated = own.procedure("gated", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    gatedClamped =
        own.procedure(
            "gated_clamped", JAVA_FLOAT, JAVA_FLOAT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    add = own.procedure("add", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    rope =
        own.procedure("rope", ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
    argmax = own.function("argmax", JAVA_LONG, ADDRESS, JAVA_LONG);
    topK = own.function("top_k", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
    expSum = own.function("exp_sum", JAVA_DOUBLE, ADDRESS, JAVA_LONG, JAVA_FLOAT);
    isFinite = own.function("is_finite", JAVA_INT, ADDRESS, JAVA_LONG);
    draw = own.function("draw", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_FLOAT, JAVA_FLOAT, JAVA_DOUBLE);
    attention = new AttentionBindings(own);
    states = new StateBindings(own);
  }

  /** Of the same width as an address on all that the kernels are compiled for. */
  static final MemoryLayout ADDRESS = JAVA_LONG;

  /** {@code type, w, rows, k, from, to, x, tokens, bias, out}. */
  private static final MemoryLayout[] LINEAR = {
    JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS,
    ADDRESS
  };

  /** Looks functions up by name and the suffix of the instruction set. */
  record Binder(SymbolLookup symbols, String suffix) {
    MethodHandle procedure(String name, MemoryLayout... parameters) {
      return bind(name, FunctionDescriptor.ofVoid(parameters));
    }

    MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
      return bind(name, FunctionDescriptor.of(result, parameters));
    }

    private MethodHandle bind(String name, FunctionDescriptor descriptor) {
      return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name + suffix), descriptor);
    }
  }

  public Isa isa() {
    return isa;
  }

  public void quantize(long x, long count, long out) {
    try {
      quantize.invokeExact(x, count, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public void toBf16(long x, long count, long out) {
    try {
      toBf16.invokeExact(x, count, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Groups {@code from} to {@code to} of the matrix {@code file} [rows, k]. */
  public void repack(int type, long file, long rows, long k, long from, long to, long out) {
    try {
      repack.invokeExact(type, file, rows, k, from, to, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Bytes of a repacked group of rows of {@code k} weights. */
  public long groupBytes(int type, long k) {
    try {
      return (long) groupBytes.invokeExact(type, k);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Groups {@code from} to {@code to} of repacked weights [rows, k]; {@code x} as blocks. */
  public void linearQuantized(
      int type,
      long w,
      long rows,
      long k,
      long from,
      long to,
      long x,
      long tokens,
      long bias,
      long out) {
    try {
      linearQuantized.invokeExact(type, w, rows, k, from, to, x, tokens, bias, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Rows {@code from} to {@code to} of weights [rows, k] that are floats. */
  public void linearDense(
      int type,
      long w,
      long rows,
      long k,
      long from,
      long to,
      long x,
      long tokens,
      long bias,
      long out) {
    try {
      linearDense.invokeExact(type, w, rows, k, from, to, x, tokens, bias, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** What products take as activations; numbered as in the header. */
  public enum Operand {
    /** There is no product. */
    NONE,
    /** For {@link #linearDense}. */
    F32,
    /** For {@link #linearDense}. */
    BF16,
    /** For {@link #linearQuantized}. */
    INT8
  }

  /** What products with weights of this type take. */
  public Operand operand(int type) {
    try {
      return OPERANDS[(int) operand.invokeExact(type)];
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The result only keeps the loads alive. */
  public long readMemory(long from, long bytes) {
    try {
      return (long) readMemory.invokeExact(from, bytes);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public void rmsNorm(long x, long gain, float eps, long n, long out) {
    try {
      rmsNorm.invokeExact(x, gain, eps, n, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public void layerNorm(long x, long gain, long bias, float eps, long n, long out) {
    try {
      layerNorm.invokeExact(x, gain, bias, eps, n, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Functions that {@link Activation} has not, beside it in the header. */
  public static final int SCALE = 9;

  public static final int SOFT_CAP = 10;

  /**
   * @param activation ordinal of an {@link Activation}, {@link #SCALE} or {@link #SOFT_CAP}
   */
  public void activate(int activation, float parameter, long x, long n, long out) {
    try {
      activate.invokeExact(activation, parameter, x, n, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public void gated(Activation activation, long gate, long up, long n, long out) {
    try {
      gated.invokeExact(activation.ordinal(), gate, up, n, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public void gatedClamped(float alpha, float limit, long gate, long up, long n, long out) {
    try {
      gatedClamped.invokeExact(alpha, limit, gate, up, n, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public void add(long a, long b, long n, long out) {
    try {
      add.invokeExact(a, b, n, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** {@code table}: f32 [2, pairs]. */
  public void rope(
      long x, long heads, long dim, long pairs, boolean adjacent, long table, long out) {
    try {
      rope.invokeExact(x, heads, dim, pairs, adjacent ? 1 : 0, table, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public long argmax(long logits, long n) {
    try {
      return (long) argmax.invokeExact(logits, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** How many were found: {@code k}, or {@code n} if that is less. */
  public long topK(long logits, long n, long k, long ids, long best) {
    try {
      return (long) topK.invokeExact(logits, n, k, ids, best);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public double expSum(long logits, long n, float max) {
    try {
      return (double) expSum.invokeExact(logits, n, max);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public boolean isFinite(long logits, long n) {
    try {
      return (int) isFinite.invokeExact(logits, n) != 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The id at which the sum of weights exceeds {@code u} times that of all. */
  public long draw(long logits, long n, float max, float temperature, double u) {
    try {
      return (long) draw.invokeExact(logits, n, max, temperature, u);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Attention and its cache. */
  public AttentionBindings attention() {
    return attention;
  }

  /** Recurrent state. */
  public StateBindings states() {
    return states;
  }

  /** C throws nothing. */
  static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case RuntimeException r -> r;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
