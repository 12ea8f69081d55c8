package io.solebox.backend.cpu.kernel;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A matrix as {@link CodeKernel} takes it: groups of 16 rows, one after the other. Of a group first
 * all scales, block by block ({@link CodeScales}); then, from a cache line on, all codes, run by
 * run and plane by plane ({@link Codes}): the two words of each of the 16 rows, 64 bytes. Nothing
 * is ever summed across a vector, and a vector of any width takes whole rows.
 */
public final class CodeLayout {
  /** Rows of a group. */
  public static final int ROWS = CodeScales.ROWS;

  /** Bytes of a plane of a group. */
  static final long PLANE = 4L * ROWS;

  final CodeFormat format;
  final int cols;

  /** Runs of a row. */
  final int runs;

  /** Bytes of the scales of a block. */
  final long scaleBytes;

  /** Where the codes begin in a group. */
  final long codesAt;

  /** How activations are encoded for weights of this type; empty where they are not repacked. */
  public static Optional<Codes> codes(TensorType type) {
    return CodeFormat.of(type).map(CodeFormat::codes);
  }

  public CodeLayout(TensorType type, int cols) {
    this.format = CodeFormat.of(type).orElseThrow();
    this.cols = cols;
    this.runs = cols / format.codes().columns;
    this.scaleBytes = (long) ROWS * format.scales().bytes();
    this.codesAt = (blocks() * scaleBytes + PLANE - 1) / PLANE * PLANE;
  }

  int blocks() {
    return cols / format.type().blockSize();
  }

  public long groupBytes() {
    return codesAt + PLANE * runs * format.codes().planes;
  }

  /**
   * Repacks rows, from the start of a group on. What is past the last one of its group stays as it
   * was: nobody asks for its results.
   *
   * @param file [rows, cols] as in the file
   */
  public void repack(MemorySegment file, int rows, MemorySegment out) {
    int[] codes = new int[format.type().blockSize() / 4];
    int[] words = new int[format.codes().planes];
    for (int row = 0; row < rows; row++) {
      repackRow(file, row, codes, words, out);
    }
  }

  private void repackRow(MemorySegment file, int row, int[] codes, int[] words, MemorySegment out) {
    long from = row * format.type().bytes(cols);
    long group = row / ROWS * groupBytes();
    int own = row % ROWS;
    long to = group + codesAt + 4L * own;
    for (int b = 0; b < blocks(); b++) {
      long block = from + (long) b * format.type().blockBytes();
      format.scales().pack(file, block, out, group + b * scaleBytes, own);
      format.file().codes(file, block, codes);
      for (int run = 0; run < format.blockRuns(); run++) {
        format.codes().pack(codes, run * format.codes().columns / 4, words);
        for (int word : words) {
          out.set(Lanes.INT, to, word);
          to += PLANE;
        }
      }
    }
  }
}
