package io.solebox.hardware.smoke;

/**
 * What copies between the host and a card reached.
 *
 * @param way {@code to_device}, {@code from_device} or {@code both}
 * @param title for people
 * @param pinned whether the card reads and writes the host's memory by itself
 * @param bytesPerSecond in each direction
 * @param wrongBytes that did not arrive as they were sent
 */
public record CopyFacts(
    String way, String title, boolean pinned, double bytesPerSecond, long wrongBytes) {
  String id() {
    return "copy." + way + (pinned ? ".pinned" : ".pageable");
  }
}
