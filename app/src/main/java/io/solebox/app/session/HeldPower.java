package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.engine.api.Engine;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.box.Box;
import io.solebox.hardware.nvml.Nvml;
import io.solebox.hardware.power.Cards;
import io.solebox.hardware.power.PowerKeeper;
import io.solebox.hardware.power.PowerPlan;
import io.solebox.hardware.power.PowerPlanner;
import io.solebox.hardware.table.GpuCard;
import io.solebox.hardware.table.GpuTable;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.Source;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Sees to it that cards without a power limit have their clocks locked before a command computes on
 * a GPU; a server has a guard of its own. Cards with a limit are left as they are.
 */
final class HeldPower {
  private static final String BUS = "sys/bus/pci/devices";

  /** Ledgers of GPUs begin so. */
  private static final String GPU = "cuda";

  private final Box box;
  private final Environment environment;

  HeldPower(Box box, Environment environment) {
    this.box = box;
    this.environment = environment;
  }

  /**
   * @return a note for people, where nobody can be asked whether the cards are held
   * @throws SoleboxException {@code HARDWARE_GUARD} with a remedy where a card is not held
   */
  Optional<String> require(Engine device) throws InterruptedException {
    boolean usesGpu = device.memory().stream().anyMatch(memory -> memory.device().startsWith(GPU));
    List<Optional<GpuCard>> cards = cards();
    if (!usesGpu || allLimitThemselves(cards)) {
      return Optional.empty();
    }
    try (Nvml nvml = Nvml.of(box, environment.nvmlLibrary())) {
      switch (nvml.read()) {
        case Source.Answer.Readings(var devices) -> {
          hold(nvml, new Snapshot(Instant.now(), List.of(), devices));
          return Optional.empty();
        }
        case Source.Answer.Silence(String why) -> {
          return Optional.of(unasked(cards, why));
        }
      }
    }
  }

  /**
   * Containers often have no NVML; only a card that is known for drawing what it likes is refused.
   */
  private static String unasked(List<Optional<GpuCard>> cards, String why) {
    Optional<GpuCard> unlimited =
        cards.stream().flatMap(Optional::stream).filter(card -> !card.canCapPower()).findFirst();
    if (unlimited.isPresent()) {
      throw refused(
          unlimited.get().name(),
          "It has no power limit, and NVML, by which its clocks are locked, says nothing: " + why,
          "Have the driver's NVML (" + Nvml.LIBRARY + ") answer: nvidia-smi must list the card.");
    }
    return "whether the GPUs are held to what they may draw is not known: " + why;
  }

  /**
   * Whether the bus has cards alone that are known to take a limit, so that nobody need be asked.
   */
  private static boolean allLimitThemselves(List<Optional<GpuCard>> cards) {
    return !cards.isEmpty()
        && cards.stream().allMatch(card -> card.filter(GpuCard::canCapPower).isPresent());
  }

  /** Those of NVIDIA's on the bus; empty for one that the table does not know. */
  private List<Optional<GpuCard>> cards() {
    GpuTable table = new GpuTable();
    return box.names(BUS).stream().filter(this::isGpu).map(each -> card(table, each)).toList();
  }

  private boolean isGpu(String address) {
    return number(address, "vendor") == GpuTable.NVIDIA
        && number(address, "class") >> 16 == 0x03; // display controllers, 3D ones among them
  }

  private Optional<GpuCard> card(GpuTable table, String address) {
    return table.card(number(address, "vendor"), number(address, "device"));
  }

  /** 0 for what cannot be read, which is no number of anything. */
  private int number(String address, String file) {
    return box.read(BUS + "/" + address + "/" + file)
        .word()
        .filter(word -> word.matches("0x[0-9a-f]{1,7}"))
        .map(Integer::decode)
        .orElse(0);
  }

  private void hold(Nvml nvml, Snapshot seen) throws InterruptedException {
    var planner = new PowerPlanner(HardwareFile.read(Optional.empty(), environment).power());
    PowerPlan plan = planner.plan(Cards.of(seen, nvml));
    PowerKeeper keeper = new PowerKeeper(nvml, Thread::sleep);
    for (PowerPlan.Share share : plan.cards()) {
      switch (share.measure()) {
        case PowerPlan.Measure.AsItIs _, PowerPlan.Measure.Limit _ -> {}
        case PowerPlan.Measure.Clock _, PowerPlan.Measure.Impossible _ -> {
          requireRoom(plan, share);
          if (keeper.apply(share) instanceof PowerKeeper.Hold.Loose(var words, var remedy)) {
            throw refused(share.card().name(), words + ".", remedy);
          }
        }
      }
    }
  }

  private static void requireRoom(PowerPlan plan, PowerPlan.Share share) {
    if (!plan.fits()) {
      throw refused(
          share.card().name(),
          "It has no power limit, and the power supply is too small for it.",
          String.join(" ", plan.remedies()));
    }
  }

  private static SoleboxException refused(String card, String why, String remedy) {
    return new SoleboxException(
        ErrorCode.HARDWARE_GUARD, card, why, remedy + " See 'solebox power plan'.");
  }
}
