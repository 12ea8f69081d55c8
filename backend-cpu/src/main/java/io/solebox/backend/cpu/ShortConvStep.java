package io.solebox.backend.cpu;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.graph.StateOp;
import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A causal convolution over time; a unit is a token. Sums run over the taps in ascending order,
 * whatever step an input came in, so chunks do not change a bit.
 *
 * @param state per slot [taps - 1, width]: the input of position p in row {@code p % (taps - 1)}
 * @param kernel f32 [taps, width], transposed so that channels lie side by side
 * @param bias f32 [width]
 */
record ShortConvStep(Buffer x, Buffer state, Buffer out, float[][] kernel, float[] bias)
    implements Step {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  static ShortConvStep of(StateOp.ShortConv op, Buffer x, Buffer state, Buffer out) {
    float[][] kernel = new float[op.taps()][op.out().width()];
    for (int c = 0; c < op.out().width(); c++) {
      float[] taps = row(op.kernel(), c);
      for (int j = 0; j < op.taps(); j++) {
        kernel[j][c] = taps[j];
      }
    }
    float[] bias = op.bias().map(b -> row(b, 0)).orElseGet(() -> new float[op.out().width()]);
    return new ShortConvStep(x, state, out, kernel, bias);
  }

  private static float[] row(Weight w, int row) {
    float[] values = new float[w.cols()];
    w.dequantize(row, values, 0);
    return values;
  }

  @Override
  public int units(Frame frame) {
    return frame.tokens();
  }

  @Override
  public void run(int t, Frame frame, int worker) {
    Batch batch = frame.batch();
    int width = bias.length;
    int kept = kernel.length - 1;
    int start = batch.sequenceStart(t);
    MemorySegment to = out.data();
    long at = out.at(t);
    MemorySegment.copy(bias, 0, to, FLOAT, at, width);
    for (int j = 0; j <= kept; j++) {
      int back = kept - j;
      int position = batch.positions()[t] - back;
      if (position < 0) {
        continue; // before the sequence
      }
      boolean inStep = t - back >= start;
      MemorySegment from = inStep ? x.data() : state.data();
      long fromAt =
          inStep
              ? x.at(t - back)
              : state.at(batch.sequence(t).slot()) + Encoding.F32.bytes(position % kept * width);
      add(from, fromAt, kernel[j], to, at);
    }
  }

  private static void add(MemorySegment x, long at, float[] tap, MemorySegment out, long outAt) {
    for (int c = 0; c < tap.length; c++) {
      float sum = out.get(FLOAT, outAt + 4L * c);
      out.set(FLOAT, outAt + 4L * c, Math.fma(tap[c], x.get(FLOAT, at + 4L * c), sum));
    }
  }
}
