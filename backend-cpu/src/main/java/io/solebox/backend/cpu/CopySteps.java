package io.solebox.backend.cpu;

import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.PointwiseOp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Steps that move elements of a row, or add the same to each row. */
final class CopySteps {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private CopySteps() {}

  record Slice(PointwiseOp.Slice op, Buffer x, Buffer out) implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      long length = Encoding.F32.bytes(op.length());
      long group = Encoding.F32.bytes(op.group());
      long from = x.at(t) + Encoding.F32.bytes(op.from());
      for (long i = 0; i * op.group() < x.width(); i++) {
        MemorySegment.copy(x.data(), from + i * group, out.data(), out.at(t) + i * length, length);
      }
    }
  }

  record Join(PointwiseOp.Join op, Buffer a, Buffer b, Buffer out) implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      long first = Encoding.F32.bytes(op.aGroup());
      long second = Encoding.F32.bytes(op.bGroup());
      long step = Encoding.F32.bytes(op.bStep());
      for (int g = 0; g < op.groups(); g++) {
        long at = out.at(t) + g * (first + second);
        MemorySegment.copy(a.data(), a.at(t) + g * first, out.data(), at, first);
        MemorySegment.copy(b.data(), b.at(t) + g * step, out.data(), at + first, second);
      }
    }
  }

  record ScaleByPosition(Op.ScaleByPosition op, Buffer x, Buffer out) implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      float factor = op.factor(frame.batch().positions()[t]);
      for (long i = 0; i < x.rowBytes(); i += Float.BYTES) {
        out.data().set(FLOAT, out.at(t) + i, x.data().get(FLOAT, x.at(t) + i) * factor);
      }
    }
  }

  record ScaleRows(Buffer x, Buffer factor, Buffer out) implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      float by = factor.data().get(FLOAT, factor.at(t));
      for (long i = 0; i < x.rowBytes(); i += Float.BYTES) {
        out.data().set(FLOAT, out.at(t) + i, x.data().get(FLOAT, x.at(t) + i) * by);
      }
    }
  }

  record ScaleColumns(Buffer x, float[] vector, Buffer out) implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      for (int i = 0; i < vector.length; i++) {
        float scaled = x.data().get(FLOAT, x.at(t) + 4L * i) * vector[i];
        out.data().set(FLOAT, out.at(t) + 4L * i, scaled);
      }
    }
  }

  record AddVector(Buffer x, float[] vector, Buffer out) implements RowStep {
    @Override
    public void run(int t, Frame frame, int worker) {
      for (int i = 0; i < vector.length; i++) {
        float sum = x.data().get(FLOAT, x.at(t) + 4L * i) + vector[i];
        out.data().set(FLOAT, out.at(t) + 4L * i, sum);
      }
    }
  }
}
