package io.solebox.hardware.smoke;

import io.solebox.hardware.table.GpuCard;
import io.solebox.hardware.table.GpuTable;
import io.solebox.hardware.table.Sourced;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A card that is tried, as far as it bears on what it should reach.
 *
 * @param device as in {@code cuda:0}
 * @param name for people
 * @param address in PCI, as in {@code 0000:01:00.0}
 * @param compute compute capability, as in {@code 7.0}
 * @param multiprocessors that it has
 * @param memoryGigabytes what its memory gives at most, in 10^9 bytes a second
 */
public record CardFacts(
    String device,
    String name,
    Optional<String> address,
    Optional<String> compute,
    OptionalInt multiprocessors,
    Optional<Sourced> memoryGigabytes,
    LinkFacts link) {
  /** One of which nothing but the name is known. */
  public static CardFacts named(String device, String name) {
    return new CardFacts(
        device,
        name,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        LinkFacts.UNKNOWN);
  }

  /** The same with what the table of cards knows where nobody has said it. */
  public CardFacts or(GpuTable table) {
    Optional<GpuCard> card = table.named(name);
    OptionalInt known =
        card.flatMap(GpuCard::multiprocessors).map(OptionalInt::of).orElse(OptionalInt.empty());
    return new CardFacts(
        device,
        name,
        address,
        compute.or(() -> card.flatMap(GpuCard::compute)),
        multiprocessors.isPresent() ? multiprocessors : known,
        card.flatMap(GpuCard::memoryGigabytes).or(() -> memoryGigabytes),
        link);
  }

  /** The same with a link. */
  public CardFacts with(LinkFacts other) {
    return new CardFacts(device, name, address, compute, multiprocessors, memoryGigabytes, other);
  }
}
