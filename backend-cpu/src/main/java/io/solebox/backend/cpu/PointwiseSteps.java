package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.Elementwise;
import io.solebox.backend.cpu.kernel.EmbedKernel;
import io.solebox.backend.cpu.kernel.LinearKernel;
import io.solebox.backend.cpu.kernel.NormKernel;
import io.solebox.backend.cpu.kernel.RopeKernel;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;

/** The steps that treat each token, or each element, by itself. */
final class PointwiseSteps {
  /** Elements per unit of elementwise work. */
  private static final int UNIT_ELEMENTS = 4096;

  private PointwiseSteps() {}

  /** A unit is a token. */
  record Embed(Buffer out, Weight table, LinearKernel.Scratch[] scratch) implements Step {
    @Override
    public int units(Frame frame) {
      return frame.tokens();
    }

    @Override
    public void run(int t, Frame frame, int worker) {
      int id = frame.batch().tokens()[t];
      EmbedKernel.row(
          table.type(), table.data(), id, table.cols(), out.data(), out.at(t), scratch[worker]);
    }
  }

  /** A unit is a token. */
  record Norm(Buffer x, Buffer out, float[] gain, float eps) implements Step {
    @Override
    public int units(Frame frame) {
      return x.rows(frame);
    }

    @Override
    public void run(int t, Frame frame, int worker) {
      boolean plain = frame.warmUp().plain();
      for (int i = 0; i < x.width(); i += gain.length) {
        NormKernel.rmsNorm(x.data(), out.data(), x.at(t) + 4L * i, gain, eps, plain);
      }
    }
  }

  /** Fills the table that all rope steps of one rotation share; a unit is a token. */
  record RopeTable(Rotation rotation, float[] table) implements Step {
    @Override
    public int units(Frame frame) {
      return frame.tokens();
    }

    @Override
    public void run(int t, Frame frame, int worker) {
      int at = t * 2 * rotation.inverseFrequencies().length;
      RopeKernel.table(rotation, frame.batch().positions()[t], table, at);
    }
  }

  /** A unit is a token. */
  record Rope(Buffer x, Buffer out, int headDim, Rotation rotation, float[] table) implements Step {
    @Override
    public int units(Frame frame) {
      return x.rows(frame);
    }

    @Override
    public void run(int t, Frame frame, int worker) {
      int at = t * 2 * rotation.inverseFrequencies().length;
      RopeKernel.rotate(x.data(), out.data(), x.at(t), x.width(), headDim, rotation, table, at);
    }
  }

  /** A unit is a range of elements. */
  record SwiGlu(Buffer gate, Buffer up, Buffer out) implements Step {
    @Override
    public int units(Frame frame) {
      return elementUnits(out, frame);
    }

    @Override
    public void run(int unit, Frame frame, int worker) {
      boolean plain = frame.warmUp().plain();
      long to = last(unit, out, frame);
      Elementwise.swiGlu(gate.data(), up.data(), out.data(), first(unit), to, plain);
    }
  }

  /** A unit is a range of elements. */
  record Add(Buffer a, Buffer b, Buffer out) implements Step {
    @Override
    public int units(Frame frame) {
      return elementUnits(out, frame);
    }

    @Override
    public void run(int unit, Frame frame, int worker) {
      boolean plain = frame.warmUp().plain();
      long to = last(unit, out, frame);
      Elementwise.add(a.data(), b.data(), out.data(), first(unit), to, plain);
    }
  }

  /** A unit is a requested row. */
  record SelectRows(Buffer x, Buffer out) implements Step {
    @Override
    public int units(Frame frame) {
      return frame.rows();
    }

    @Override
    public void run(int row, Frame frame, int worker) {
      int token = frame.batch().rows().get(row).token();
      MemorySegment.copy(x.data(), x.at(token), out.data(), out.at(row), 4L * x.width());
    }
  }

  private static int elementUnits(Buffer out, Frame frame) {
    long elements = (long) out.rows(frame) * out.width();
    return Math.toIntExact((elements + UNIT_ELEMENTS - 1) / UNIT_ELEMENTS);
  }

  private static long first(int unit) {
    return (long) unit * UNIT_ELEMENTS;
  }

  private static long last(int unit, Buffer out, Frame frame) {
    return Math.min((long) out.rows(frame) * out.width(), first(unit) + UNIT_ELEMENTS);
  }
}
