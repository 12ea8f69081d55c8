package io.solebox.engine.backend;

/**
 * Where the time of {@link Backend#prepare} went, on devices that compile kernels and are reached
 * over links.
 *
 * @param compiledModules files of kernels that this load had compiled; none where an earlier one
 *     did in the same process
 * @param compileSeconds for these, short where the driver had them in its cache; of several devices
 *     those of the slowest, since all compile at once
 */
public record LoadReport(int compiledModules, double compileSeconds, Upload upload) {
  private static final double NANOS = 1e9;

  /**
   * Weights and tables that went over links.
   *
   * @param links as many as devices
   * @param beganNanos when the first byte was read, as {@link System#nanoTime}
   * @param endedNanos when the last one was there
   */
  public record Upload(long bytes, int links, long beganNanos, long endedNanos) {
    Upload beside(Upload other) {
      return new Upload(
          bytes + other.bytes,
          links + other.links,
          beganNanos - other.beganNanos < 0 ? beganNanos : other.beganNanos,
          endedNanos - other.endedNanos > 0 ? endedNanos : other.endedNanos);
    }
  }

  /** Of both, at the same time. */
  LoadReport beside(LoadReport other) {
    return new LoadReport(
        compiledModules + other.compiledModules,
        Math.max(compileSeconds, other.compileSeconds),
        upload.beside(other.upload));
  }

  /** Over all links. */
  public long uploadedBytes() {
    return upload.bytes();
  }

  /** From the first byte read to the last one there, on whatever device. */
  public double uploadSeconds() {
    return (upload.endedNanos() - upload.beganNanos()) / NANOS;
  }

  /** Over all links together. */
  public double uploadBytesPerSecond() {
    return uploadedBytes() / uploadSeconds();
  }

  /** Over each link, the mean; to be held against {@link Yardstick.Kind#LINK_BANDWIDTH}. */
  public double uploadBytesPerSecondOfLink() {
    return uploadBytesPerSecond() / upload.links();
  }
}
