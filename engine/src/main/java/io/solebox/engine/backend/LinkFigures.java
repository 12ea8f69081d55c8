package io.solebox.engine.backend;

/**
 * How fast a device reaches another one.
 *
 * @param bytesPerSecond one way, of large copies
 * @param latencySeconds from the moment that a few bytes are given until they are there
 * @param origin where the figures are from
 */
public record LinkFigures(double bytesPerSecond, double latencySeconds, Origin origin) {
  /** What stands behind a figure. */
  public enum Origin {
    MEASURED,
    /** By a data sheet, a table, or a person. */
    SAID
  }

  public LinkFigures {
    if (!(bytesPerSecond > 0) || !(latencySeconds >= 0)) {
      throw new IllegalArgumentException(
          "a link of %s bytes/s and %s s".formatted(bytesPerSecond, latencySeconds));
    }
  }

  /** Seconds until so many bytes are on the other side. */
  public double seconds(long bytes) {
    return latencySeconds + bytes / bytesPerSecond;
  }
}
