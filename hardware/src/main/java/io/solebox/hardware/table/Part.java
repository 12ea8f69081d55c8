package io.solebox.hardware.table;

import io.solebox.hardware.pci.PciLink;
import java.util.Map;
import java.util.Optional;

/**
 * Something that can be bought, or a class of such things, as far as a table knows it.
 *
 * @param key short, as in {@code A100-SXM4-80GB}
 * @param name for people
 * @param form as in {@code SXM2}
 * @param architecture of a card, as in {@code Ampere}
 * @param compute of a card, its compute capability as in {@code 8.0}
 * @param link the best that it trains to
 * @param figures those that are known
 */
public record Part(
    String key,
    String name,
    Optional<String> form,
    Optional<String> architecture,
    Optional<String> compute,
    Optional<SourcedLink> link,
    Map<Quantity, Figure> figures) {
  public Part {
    figures = Map.copyOf(figures);
  }

  /**
   * @param source where it was read
   */
  public record SourcedLink(PciLink link, String source) {}

  /** Empty where nobody knows it. */
  public Optional<Figure> figure(Quantity quantity) {
    return Optional.ofNullable(figures.get(quantity));
  }
}
