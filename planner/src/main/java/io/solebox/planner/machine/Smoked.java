package io.solebox.planner.machine;

import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.SmokedCard;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.table.GpuCard;
import io.solebox.hardware.table.GpuTable;
import io.solebox.planner.figure.Moments;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import java.util.List;
import java.util.Optional;

/** What the last smoke test found of the cards of a machine, in place of what tables say. */
final class Smoked {
  /** By which two measures of the same differ. */
  private static final double SPREAD = 0.1;

  private final List<SmokedCard> cards;
  private final GpuTable table = new GpuTable();

  Smoked(List<SmokedCard> cards) {
    this.cards = cards;
  }

  /** A card as it was found to be. */
  DeviceProfile measured(Gpu gpu, DeviceProfile profile) {
    DeviceProfile card = profile;
    for (SmokedCard smoked : cards) {
      if (isAt(gpu, smoked) && !isOther(gpu, smoked)) {
        if (smoked.memory().isPresent()) {
          card = card.measured(rate(smoked.memory().getAsDouble(), smoked));
        }
        if (smoked.link().isPresent()) {
          card = card.withLink(rate(smoked.link().getAsDouble(), smoked));
        }
      }
    }
    return card;
  }

  /** Where another card was tried than is there now. */
  List<String> notes(List<Gpu> gpus) {
    return gpus.stream()
        .flatMap(
            gpu ->
                cards.stream()
                    .filter(smoked -> isAt(gpu, smoked) && isOther(gpu, smoked))
                    .map(
                        smoked ->
                            "The last smoke test, at %s, is of %s at %s, where another card is now: what it measured is not used."
                                .formatted(
                                    Moments.text(smoked.at()), smoked.name(), gpu.address())))
        .toList();
  }

  private static boolean isAt(Gpu gpu, SmokedCard smoked) {
    return PciAddress.of(smoked.address()).equals(Optional.of(gpu.address()));
  }

  private boolean isOther(Gpu gpu, SmokedCard smoked) {
    Optional<String> tried = table.named(smoked.name()).map(GpuCard::name);
    Optional<String> now = gpu.card().map(GpuCard::name);
    return now.isPresent() && tried.isPresent() && !now.equals(tried);
  }

  private static Range rate(double bytesPerSecond, SmokedCard smoked) {
    return Range.about(
        bytesPerSecond,
        SPREAD,
        Unit.BYTES_PER_SECOND,
        "measured on this machine at %s by 'solebox smoke'".formatted(Moments.text(smoked.at())));
  }
}
