package io.solebox.hardware.smoke;

import io.solebox.hardware.pci.PciLink;
import java.util.List;
import java.util.Optional;

/**
 * A card's link of PCI Express.
 *
 * @param atWork the best that was seen while it worked; it falls when idle
 * @param card the best that the card is made for
 * @param slot the best that the port above it is made for
 * @param both the best that card and slot can do together, as the driver says, where one of them is
 *     not known by itself
 * @param shared the switch that other cards are behind, too
 */
public record LinkFacts(
    Optional<PciLink> atWork,
    Optional<PciLink> card,
    Optional<PciLink> slot,
    Optional<PciLink> both,
    Optional<Shared> shared) {
  /** Nothing is known. */
  public static final LinkFacts UNKNOWN =
      new LinkFacts(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * A switch's way up, which all cards behind it share.
   *
   * @param port its address in PCI
   * @param uplink the best that it is made for, where that is known
   * @param cards that are behind it, by their names as devices, this one among them
   */
  public record Shared(String port, Optional<PciLink> uplink, List<String> cards) {
    public Shared {
      cards = List.copyOf(cards);
    }
  }

  /** What this card in this slot should reach. */
  public Optional<PciLink> due() {
    Optional<PciLink> told =
        card.flatMap(
            own ->
                slot.map(
                    port ->
                        new PciLink(
                            Math.min(own.transfers(), port.transfers()),
                            Math.min(own.lanes(), port.lanes()))));
    return told.or(() -> both).or(() -> card);
  }

  /** Whether it is all that it should be; also where nobody knows. */
  public boolean isWhole() {
    return atWork.isEmpty()
        || due().isEmpty()
        || atWork.get().lanes() >= due().get().lanes()
            && atWork.get().transfers() >= due().get().transfers();
  }

  /** The same as it was seen at work. */
  public LinkFacts at(Optional<PciLink> link) {
    return new LinkFacts(link, card, slot, both, shared);
  }

  /** The same behind a switch. */
  public LinkFacts behind(Shared switched) {
    return new LinkFacts(atWork, card, slot, both, Optional.of(switched));
  }
}
