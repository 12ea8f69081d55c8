package io.solebox.store.pull.transfer;

/**
 * Some bytes of a file.
 *
 * @param from the first
 * @param to behind the last
 */
public record ByteRange(long from, long to) {
  public ByteRange {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException(from + " to " + to);
    }
  }

  public long bytes() {
    return to - from;
  }

  /** As in the header {@code Range}, which counts the last byte in. */
  String header() {
    return "bytes=" + from + "-" + (to - 1);
  }
}
