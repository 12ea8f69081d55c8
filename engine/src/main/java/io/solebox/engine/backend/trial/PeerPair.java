package io.solebox.engine.backend.trial;

/**
 * What one device can send to another.
 *
 * @param from place among the devices
 * @param to another one's place
 * @param direct straight into the other's memory
 * @param throughHost what copies give with that access off
 */
public record PeerPair(int from, int to, Direct direct, PeerFigures throughHost) {
  /** Whether a device is let into another one's memory, and what that gives. */
  public sealed interface Direct {
    /** It is. */
    record Measured(PeerFigures figures) implements Direct {}

    /**
     * It is not, or should not be, since what arrives is not what was sent.
     *
     * @param reason a sentence for people without its beginning and end, as in {@code the driver
     *     does not let cuda:0 into the memory of cuda:1}
     */
    record Refused(String reason) implements Direct {}
  }
}
