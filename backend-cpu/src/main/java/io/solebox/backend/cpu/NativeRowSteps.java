package io.solebox.backend.cpu;

import io.solebox.backend.cpu.nativelib.CpuBindings;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Rotation;

/** The steps in C that treat each row by itself. */
final class NativeRowSteps {
  private NativeRowSteps() {}

  /**
   * @param gain address of f32 [n]
   * @param n elements that are normed together
   */
  record Norm(CpuBindings library, Buffer x, long gain, int n, float eps, Buffer out)
      implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      for (int i = 0; i < x.width(); i += n) {
        long skip = Encoding.F32.bytes(i);
        library.rmsNorm(x.address(t) + skip, gain, eps, n, out.address(t) + skip);
      }
    }
  }

  /**
   * @param gain address of f32 [n]
   * @param bias address of f32 [n], or 0 for none
   */
  record LayerNorm(
      CpuBindings library, Buffer x, long gain, long bias, int n, float eps, Buffer out)
      implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      for (int i = 0; i < x.width(); i += n) {
        long skip = Encoding.F32.bytes(i);
        library.layerNorm(x.address(t) + skip, gain, bias, eps, n, out.address(t) + skip);
      }
    }
  }

  /** From f32. */
  record Encode(CpuBindings library, Buffer x, Encoding encoding, Buffer out)
      implements RowStep.Elements {
    @Override
    public int width() {
      return x.width();
    }

    @Override
    public void run(int t, int from, int to, Frame frame, int worker) {
      long source = x.address(t) + Encoding.F32.bytes(from);
      long target = out.address(t) + encoding.bytes(from);
      switch (encoding) {
        case INT8 -> library.quantize(source, to - from, target);
        case BF16 -> library.toBf16(source, to - from, target);
        case F32, CODES4, CODES5, CODES6 -> throw new AssertionError("not for C: " + encoding);
      }
    }
  }

  record Rope(
      CpuBindings library, Buffer x, Buffer table, Buffer out, int headDim, Rotation rotation)
      implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      int pairs = rotation.inverseFrequencies().length;
      boolean adjacent =
          switch (rotation.pairing()) {
            case ADJACENT -> true;
            case HALVES -> false;
          };
      int heads = x.width() / headDim;
      library.rope(x.address(t), heads, headDim, pairs, adjacent, table.address(t), out.address(t));
    }
  }

  record Gated(CpuBindings library, Gating gating, Buffer gate, Buffer up, Buffer out)
      implements RowStep.Elements {
    @Override
    public int width() {
      return out.width();
    }

    @Override
    public void run(int t, int from, int to, Frame frame, int worker) {
      long skip = Encoding.F32.bytes(from);
      long g = gate.address(t) + skip;
      long u = up.address(t) + skip;
      long y = out.address(t) + skip;
      switch (gating) {
        case Gating.By(Activation a) -> library.gated(a, g, u, to - from, y);
        case Gating.Clamped(float alpha, float limit) ->
            library.gatedClamped(alpha, limit, g, u, to - from, y);
      }
    }
  }

  /**
   * A function of each element.
   *
   * @param activation as {@link CpuBindings#activate} takes it
   */
  record Activate(CpuBindings library, int activation, float parameter, Buffer x, Buffer out)
      implements RowStep.Elements {
    @Override
    public int width() {
      return out.width();
    }

    @Override
    public void run(int t, int from, int to, Frame frame, int worker) {
      long skip = Encoding.F32.bytes(from);
      library.activate(
          activation, parameter, x.address(t) + skip, to - from, out.address(t) + skip);
    }
  }

  record Add(CpuBindings library, Buffer a, Buffer b, Buffer out) implements RowStep.Elements {
    @Override
    public int width() {
      return out.width();
    }

    @Override
    public void run(int t, int from, int to, Frame frame, int worker) {
      long skip = Encoding.F32.bytes(from);
      library.add(a.address(t) + skip, b.address(t) + skip, to - from, out.address(t) + skip);
    }
  }
}
