package io.solebox.app.smoke;

import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.backend.trial.DeviceTrials;
import io.solebox.engine.backend.trial.Identity;
import io.solebox.hardware.smoke.CardFacts;
import io.solebox.hardware.smoke.LinkFacts;
import io.solebox.hardware.table.GpuTable;
import io.solebox.hardware.table.Sourced;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * A device that is tried.
 *
 * @param device its whole name, as in {@code cuda:0}
 * @param name for people
 * @param identity of a card; empty of what is none
 * @param trials that there are for it
 * @param readBandwidth measures how fast its memory is read, in bytes a second
 */
record TriedCard(
    String device,
    String name,
    Optional<Identity> identity,
    DeviceTrials trials,
    Supplier<OptionalDouble> readBandwidth) {

  /** Empty where there are no trials of it. */
  static Optional<TriedCard> of(OpenDevice opened) {
    Optional<Identity> identity = opened.backend().identity();
    Supplier<OptionalDouble> reads =
        opened.backend().yardsticks().stream()
            .filter(each -> each.kind() == Yardstick.Kind.READ_BANDWIDTH)
            .map(Yardstick::measure)
            .findFirst()
            .orElse(OptionalDouble::empty);
    return opened
        .backend()
        .trials()
        .map(
            trials ->
                new TriedCard(
                    opened.name(),
                    identity.map(Identity::name).orElse(opened.backend().describe()),
                    identity,
                    trials,
                    reads));
  }

  /** What is known of it; its link is found out by whoever knows the machine. */
  CardFacts facts() {
    CardFacts known =
        identity
            .map(
                card ->
                    new CardFacts(
                        device,
                        name,
                        Optional.of(card.pciAddress()),
                        Optional.of(card.computeCapability()),
                        OptionalInt.of(card.multiprocessors()),
                        bandwidth(card),
                        LinkFacts.UNKNOWN))
            .orElseGet(() -> CardFacts.named(device, name));
    return known.or(new GpuTable());
  }

  private static Optional<Sourced> bandwidth(Identity card) {
    OptionalDouble told = card.memoryBytesPerSecond();
    return told.isPresent()
        ? Optional.of(
            new Sourced(told.getAsDouble() / 1e9, "clock and width, as its driver tells them"))
        : Optional.empty();
  }
}
