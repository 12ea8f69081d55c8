package io.solebox.hardware.smoke;

import java.util.Optional;

/**
 * What goes from one card to another.
 *
 * @param from its name as a device
 * @param to the other's
 * @param direct into the other's memory; empty where that is refused
 * @param refused why
 * @param throughHost with that access off
 */
public record PeerFacts(
    String from, String to, Optional<Speeds> direct, String refused, Speeds throughHost) {
  /**
   * @param bytesPerSecond in this direction alone
   * @param bothWays in this direction while as much goes back
   * @param latencySeconds of a few bytes
   */
  public record Speeds(double bytesPerSecond, double bothWays, double latencySeconds) {}

  /** The better way. */
  public Speeds best() {
    return direct
        .filter(each -> each.bytesPerSecond() >= throughHost.bytesPerSecond())
        .orElse(throughHost);
  }

  String subject() {
    return from + " to " + to;
  }
}
