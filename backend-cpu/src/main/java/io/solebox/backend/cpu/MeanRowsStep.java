package io.solebox.backend.cpu;

import io.solebox.engine.backend.Batch;
import java.lang.foreign.ValueLayout;

/** The mean over the tokens of a sequence; a unit is a row that the batch asks for. */
record MeanRowsStep(Buffer x, Buffer out) implements Step {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  @Override
  public int units(Frame frame) {
    return frame.rows();
  }

  @Override
  public void run(int row, Frame frame, int worker) {
    Batch batch = frame.batch();
    int start = batch.sequenceStart(batch.rows().get(row).token());
    int end = batch.sequenceEnd(start);
    double[] sums = new double[x.width()];
    for (int t = start; t < end; t++) {
      for (int c = 0; c < sums.length; c++) {
        sums[c] += x.data().get(FLOAT, x.at(t) + 4L * c);
      }
    }
    for (int c = 0; c < sums.length; c++) {
      out.data().set(FLOAT, out.at(row) + 4L * c, (float) (sums[c] / (end - start)));
    }
  }
}
