package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.Codes;
import io.solebox.backend.cpu.kernel.Elementwise;
import io.solebox.backend.cpu.kernel.EmbedKernel;
import io.solebox.backend.cpu.kernel.NormKernel;
import io.solebox.backend.cpu.kernel.RopeKernel;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;

/** The steps in Java that treat each row by itself. */
final class JavaRowSteps {
  private JavaRowSteps() {}

  /** A row by the token's position. */
  record EmbedPosition(Weight table, float[][] scratch, Buffer out) implements RowStep {
    EmbedPosition(Weight table, int threads, Buffer out) {
      this(table, new float[threads][table.cols()], out);
    }

    @Override
    public void run(int t, Frame frame, int worker) {
      int position = frame.batch().positions()[t];
      EmbedKernel.row(table, position, scratch[worker], out.data(), out.at(t));
    }
  }

  /**
   * @param bias empty for none
   */
  record LayerNorm(Buffer x, Buffer out, float[] gain, float[] bias, float eps) implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      for (int i = 0; i < x.width(); i += gain.length) {
        NormKernel.layerNorm(x.data(), out.data(), x.at(t) + 4L * i, gain, bias, eps);
      }
    }
  }

  /** From the file's mapping, whatever the matrix products made of the table. */
  record Embed(Weight table, float[][] scratch, Buffer out) implements RowStep {
    Embed(Weight table, int threads, Buffer out) {
      this(table, new float[threads][table.cols()], out);
    }

    @Override
    public void run(int t, Frame frame, int worker) {
      int id = frame.batch().tokens()[t];
      EmbedKernel.row(table, id, scratch[worker], out.data(), out.at(t));
    }
  }

  record Norm(Buffer x, Buffer out, float[] gain, float eps, WarmUp warmUp) implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      boolean plain = warmUp.plain();
      for (int i = 0; i < x.width(); i += gain.length) {
        NormKernel.rmsNorm(x.data(), out.data(), x.at(t) + 4L * i, gain, eps, plain);
      }
    }
  }

  /** From f32 to 8 bits. */
  record Encode(Buffer x, Codes codes, Buffer out) implements RowStep.Elements {
    @Override
    public int width() {
      return x.width();
    }

    @Override
    public void run(int t, int from, int to, Frame frame, int worker) {
      long at = out.at(t) + codes.bytes(from);
      codes.encode(x.data(), x.at(t) + 4L * from, to - from, out.data(), at);
    }
  }

  record Rope(Buffer x, Buffer table, Buffer out, int headDim, Rotation rotation)
      implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      RopeKernel.rotate(
          x.data(), out.data(), x.at(t), x.width(), headDim, rotation, table.data(), table.at(t));
    }
  }

  record Gated(Gating gating, Buffer gate, Buffer up, Buffer out, WarmUp warmUp)
      implements RowStep.Elements {
    @Override
    public int width() {
      return out.width();
    }

    @Override
    public void run(int t, int from, int to, Frame frame, int worker) {
      long first = (long) t * width() + from;
      long last = (long) t * width() + to;
      switch (gating) {
        case Gating.By(Activation a) -> by(a, first, last);
        case Gating.Clamped(float alpha, float limit) ->
            Elementwise.clamped(alpha, limit, gate.data(), up.data(), out.data(), first, last);
      }
    }

    private void by(Activation activation, long first, long last) {
      boolean plain = warmUp.plain();
      switch (activation) {
        case SILU -> Elementwise.silu(gate.data(), up.data(), out.data(), first, last, plain);
        case GELU -> Elementwise.gelu(gate.data(), up.data(), out.data(), first, last, plain);
        case IDENTITY, GELU_ERF, RELU, RELU_SQUARED, SIGMOID, SOFTPLUS, TANH ->
            Elementwise.gated(activation, gate.data(), up.data(), out.data(), first, last);
      }
    }
  }

  /** Something with elements by themselves. */
  record Each(Buffer x, Buffer out, Function function) implements RowStep.Elements {
    /** Elements {@code from} to {@code to}, exclusive. */
    @FunctionalInterface
    interface Function {
      void run(MemorySegment x, MemorySegment out, long from, long to);
    }

    @Override
    public int width() {
      return out.width();
    }

    @Override
    public void run(int t, int from, int to, Frame frame, int worker) {
      long first = (long) t * width();
      function.run(x.data(), out.data(), first + from, first + to);
    }
  }

  record Add(Buffer a, Buffer b, Buffer out, WarmUp warmUp) implements RowStep.Elements {
    @Override
    public int width() {
      return out.width();
    }

    @Override
    public void run(int t, int from, int to, Frame frame, int worker) {
      long first = (long) t * width();
      boolean plain = warmUp.plain();
      Elementwise.add(a.data(), b.data(), out.data(), first + from, first + to, plain);
    }
  }
}
