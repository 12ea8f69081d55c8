package io.solebox.store.convert;

import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.BlockLayout;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.Quantizer;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * The bytes of one tensor in another format, some rows at a time. What is held in memory is a few
 * MiB, or one row where that is longer.
 *
 * @param tensor as it is there
 * @param to another format than its own
 * @param encoder turns values into it
 * @param loss gets what the values lost
 * @param watch is told how far it is
 */
record Recoding(
    TensorInfo tensor, TensorBytes bytes, TensorType to, Encoder encoder, Loss loss, Watch watch)
    implements GgufWriter.TensorData {
  private static final int STEP_VALUES = 1 << 20;

  /** Counts bytes that were written, and stops the work when nobody wants it any more. */
  interface Watch {
    void wrote(String tensor, long bytes);
  }

  /** Writes rows in the format. */
  private interface Encoder {
    /**
     * @param row its number in the tensor
     */
    void encode(int row, float[] values, MemorySegment out, long at);
  }

  /**
   * The data of a tensor in a format.
   *
   * @param to which can be written, if it is another than the tensor's
   */
  static GgufWriter.TensorData of(
      TensorInfo tensor, TensorBytes bytes, TensorType to, Loss loss, Watch watch) {
    if (tensor.type() == to) {
      return new Copy(tensor, bytes, watch);
    }
    Quantizer quantizer = BlockLayouts.quantizer(to).orElseThrow();
    return new Recoding(
        tensor,
        bytes,
        to,
        (_, values, out, at) -> quantizer.quantize(values, 0, out, at, values.length),
        loss,
        watch);
  }

  /**
   * The same where the bytes are there already, and are held against the values.
   *
   * @param ready all rows in the format
   */
  static GgufWriter.TensorData compared(
      TensorInfo tensor,
      TensorBytes bytes,
      TensorType to,
      TensorBytes ready,
      Loss loss,
      Watch watch) {
    long row = to.bytes(tensor.cols());
    return new Recoding(
        tensor,
        bytes,
        to,
        (i, _, out, at) -> ready.slice(i * row, row).copyTo(out.asSlice(at, row)),
        loss,
        watch);
  }

  /** As it is. */
  private record Copy(TensorInfo tensor, TensorBytes bytes, Watch watch)
      implements GgufWriter.TensorData {
    @Override
    public void writeTo(WritableByteChannel out) throws IOException {
      long row = tensor.type().bytes(tensor.cols());
      byte[] step = new byte[Math.toIntExact(Math.max(1, (4L << 20) / row) * row)];
      for (long at = 0; at < tensor.bytes(); at += step.length) {
        int count = (int) Math.min(step.length, tensor.bytes() - at);
        bytes.slice(at, count).copyTo(MemorySegment.ofArray(step));
        write(step, count, out);
        watch.wrote(tensor.name(), count);
      }
    }
  }

  private static void write(byte[] bytes, int count, WritableByteChannel out) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    int cols = tensor.cols();
    int atOnce = Math.min(Math.max(1, STEP_VALUES / cols), tensor.rows());
    long inRow = tensor.type().bytes(cols);
    long outRow = to.bytes(cols);
    byte[] in = new byte[Math.toIntExact(atOnce * inRow)];
    byte[] written = new byte[Math.toIntExact(atOnce * outRow)];
    Tally tally = new Tally(cols);
    for (int row = 0; row < tensor.rows(); row += atOnce) {
      int count = Math.min(atOnce, tensor.rows() - row);
      MemorySegment part = MemorySegment.ofArray(in);
      bytes.slice(row * inRow, count * inRow).copyTo(part);
      for (int r = 0; r < count; r++) {
        tally.row(row + r, part, r * inRow, MemorySegment.ofArray(written), r * outRow);
      }
      write(written, Math.toIntExact(count * outRow), out);
      watch.wrote(tensor.name(), count * outRow);
    }
    loss.add(new Loss.OfTensor(tensor.name(), tally.overflowed, tally.error()));
  }

  /** Recodes rows, and holds what was written against what was there. */
  private final class Tally {
    private final BlockLayout from = BlockLayouts.of(tensor.type());
    private final float[] values;
    private final float[] back;
    private long overflowed;
    private double squares;
    private double differences;

    Tally(int cols) {
      this.values = new float[cols];
      this.back = new float[cols];
    }

    void row(int number, MemorySegment in, long at, MemorySegment out, long into) {
      from.dequantize(in, at, values, 0, values.length);
      encoder.encode(number, values, out, into);
      BlockLayouts.of(to).dequantize(out, into, back, 0, back.length);
      for (int i = 0; i < values.length; i++) {
        boolean lost = Float.isInfinite(back[i]) && Float.isFinite(values[i]);
        overflowed += lost ? 1 : 0;
        double difference = lost || values[i] == back[i] ? 0 : values[i] - back[i];
        squares += (double) values[i] * values[i];
        differences += difference * difference;
      }
    }

    double error() {
      return squares == 0 ? 0 : Math.sqrt(differences / squares);
    }
  }
}
