package io.solebox.engine.backend;

/**
 * Where the time of {@link Backend#prepare} went, on a device that compiles kernels and is reached
 * over a link.
 *
 * @param compiledModules files of kernels that this load had compiled; none where an earlier one
 *     did in the same process
 * @param compileSeconds for these, short where the driver had them in its cache
 * @param uploadedBytes weights and tables that went over the link
 * @param uploadSeconds from the first byte read to the last one there
 */
public record LoadReport(
    int compiledModules, double compileSeconds, long uploadedBytes, double uploadSeconds) {

  /** Of both, one after the other. */
  LoadReport plus(LoadReport other) {
    return new LoadReport(
        compiledModules + other.compiledModules,
        compileSeconds + other.compileSeconds,
        uploadedBytes + other.uploadedBytes,
        uploadSeconds + other.uploadSeconds);
  }

  /** To be held against {@link Yardstick.Kind#LINK_BANDWIDTH}. */
  public double uploadBytesPerSecond() {
    return uploadedBytes / uploadSeconds;
  }
}
