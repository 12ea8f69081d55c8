package io.solebox.planner.speed;

import io.solebox.engine.backend.LinkFigures;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.DeviceProfile;
import java.util.List;
import java.util.Optional;

/**
 * How cards reach each other over PCI Express: straight, or through memory of the host. Which of
 * them it is, is tried when cards are there, so a plan has both. NVLink is left out: no table says
 * which boards carry it, and adapters from SXM2 to PCI Express never do.
 *
 * @param bandwidth one way, bytes a second
 * @param latency until a few bytes are there, seconds
 */
public record CardLink(Range bandwidth, Range latency) {
  /**
   * Across root ports of Gen4 x16, whose links bring 25 to 26 GB/s, cards wrote 9.9 GB/s straight
   * into each other, and 20 to 22 through the host (nccl issue 814).
   */
  private static final double LEAST_SHARE = 0.38;

  private static final Range LATENCY =
      new Range(
          1.8e-6,
          20e-6,
          Unit.SECONDS,
          "1.8 to 2.3 us where cards reach each other, there over NVLink, and 11 to 20 us through the host (cuda-samples issue 230)");

  /** Of the slowest of several cards; empty where the link of any is not known. */
  public static Optional<CardLink> of(List<DeviceProfile> cards) {
    List<Range> links = cards.stream().flatMap(card -> card.link().stream()).toList();
    if (links.size() < cards.size()) {
      return Optional.empty();
    }
    double low = links.stream().mapToDouble(Range::low).min().orElseThrow();
    double high = links.stream().mapToDouble(Range::high).min().orElseThrow();
    return Optional.of(
        new CardLink(
            new Range(
                LEAST_SHARE * low,
                high,
                Unit.BYTES_PER_SECOND,
                "from card to card over PCI Express: all of what a link brings behind one switch, and 38 % of it straight across root ports or through the host (nccl issue 814); NVLink is not in it, since no table says which boards carry it"),
            LATENCY));
  }

  /** As slow as it may be. */
  public LinkFigures slow() {
    return new LinkFigures(bandwidth.low(), latency.high(), LinkFigures.Origin.SAID);
  }

  /** As fast as it may be. */
  public LinkFigures fast() {
    return new LinkFigures(bandwidth.high(), latency.low(), LinkFigures.Origin.SAID);
  }
}
