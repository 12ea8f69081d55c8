package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.solebox.backend.cuda.fake.PtxMachine;
import io.solebox.backend.cuda.fake.Schedule;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The kernels of module {@code sequence}, which look along a sequence. */
class SequenceKernelTest {
  private static final int WIDTH = 300;
  private static final int KEPT = 3;

  /** Two sequences that a step takes apart, and a padding token. */
  private static final int[] POSITIONS = {0, 1, 2, 3, 4, 17, 18, -1};

  private static final int[] SEQUENCE_OF = {0, 0, 0, 0, 0, 1, 1, 0};
  private static final int[] SLOTS = {2, 0};

  private final SplittableRandom random = new SplittableRandom(6);
  private final PtxMachine machine = new KernelRun("sm_70", "sequence", Schedule.EAGER).machine();
  private final float[] x = KernelTruth.gaussian(random, POSITIONS.length * WIDTH, 1);
  private final float[] state = KernelTruth.gaussian(random, 3 * KEPT * WIDTH, 1);
  private final long positions = machine.upload(POSITIONS);
  private final long sequenceOf = machine.upload(SEQUENCE_OF);
  private final long slots = machine.upload(SLOTS);

  /** The input of a channel at a position of a sequence: of this step, or as the slot keeps it. */
  private float input(int sequence, int position, int channel) {
    for (int t = 0; t < POSITIONS.length - 1; t++) {
      if (SEQUENCE_OF[t] == sequence && POSITIONS[t] == position) {
        return x[t * WIDTH + channel];
      }
    }
    int row = SLOTS[sequence] * KEPT + Math.floorMod(position, KEPT);
    return position < 0 ? 0 : state[row * WIDTH + channel];
  }

  @Test
  void aConvolutionSeesThisStepAndWhatWasKept() {
    float[] kernel = KernelTruth.gaussian(random, WIDTH * (KEPT + 1), 1);
    float[] bias = KernelTruth.gaussian(random, WIDTH, 1);
    long out = machine.allocate(4 * x.length);
    machine.launch(
        "short_conv",
        2,
        POSITIONS.length,
        256,
        out,
        machine.upload(x),
        machine.upload(kernel),
        machine.upload(bias),
        machine.upload(state),
        WIDTH,
        KEPT,
        positions,
        sequenceOf,
        slots);
    double[] expected = new double[(POSITIONS.length - 1) * WIDTH];
    for (int i = 0; i < expected.length; i++) {
      int t = i / WIDTH;
      int c = i % WIDTH;
      expected[i] = bias[c];
      for (int j = 0; j <= KEPT; j++) {
        float in = input(SEQUENCE_OF[t], POSITIONS[t] - KEPT + j, c);
        expected[i] += (double) kernel[c * (KEPT + 1) + j] * in;
      }
    }
    float[] actual = machine.floats(out, expected.length);
    KernelTruth.assertClose("convolution", expected, actual, 1e-6, 0);
  }

  @Test
  void theLastInputsAreKept() {
    float[] expected = state.clone();
    for (int t : new int[] {2, 3, 4, 5, 6}) {
      int row = SLOTS[SEQUENCE_OF[t]] * KEPT + POSITIONS[t] % KEPT;
      System.arraycopy(x, t * WIDTH, expected, row * WIDTH, WIDTH);
    }
    long at = machine.upload(state);
    machine.launch(
        "keep_inputs",
        2,
        POSITIONS.length,
        256,
        at,
        machine.upload(x),
        WIDTH,
        KEPT,
        POSITIONS.length,
        positions,
        sequenceOf,
        slots);
    assertArrayEquals(expected, machine.floats(at, expected.length));
  }

  @Test
  void aMeanIsThatOfTheRowsSequence() {
    int[] rows = {6, 0, 3};
    int[][] spans = {{5, 7}, {0, 5}, {0, 5}};
    double[] expected = new double[rows.length * WIDTH];
    for (int r = 0; r < rows.length; r++) {
      for (int t = spans[r][0]; t < spans[r][1]; t++) {
        for (int c = 0; c < WIDTH; c++) {
          expected[r * WIDTH + c] += (double) x[t * WIDTH + c] / (spans[r][1] - spans[r][0]);
        }
      }
    }
    long out = machine.allocate(4 * expected.length);
    machine.launch(
        "mean_rows",
        2,
        rows.length,
        256,
        out,
        machine.upload(x),
        machine.upload(rows),
        WIDTH,
        POSITIONS.length,
        positions,
        sequenceOf);
    float[] actual = machine.floats(out, expected.length);
    for (int r = 0; r < rows.length; r++) {
      KernelTruth.assertClose(
          "row " + r,
          Arrays.copyOfRange(expected, r * WIDTH, (r + 1) * WIDTH),
          Arrays.copyOfRange(actual, r * WIDTH, (r + 1) * WIDTH),
          1e-6,
          0);
    }
  }
}
