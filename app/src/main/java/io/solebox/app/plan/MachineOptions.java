package io.solebox.app.plan;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.heat.Air;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.machine.Machines;
import io.solebox.planner.money.Duty;
import io.solebox.planner.money.PartsCost;
import io.solebox.planner.money.Prices;
import io.solebox.planner.report.MachineQuestion;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a person says of a machine, and of what it costs to have it. */
final class MachineOptions {
  @Option(
      names = "--machine",
      paramLabel = "HOST",
      description = "A board, a system on a chip, or PC. Default: this machine.")
  private Optional<String> host;

  @Option(
      names = "--card",
      paramLabel = "CARD",
      description = "A card of it, as in v100-sxm2-32gb or 4x PG199; may be repeated.")
  private List<String> cards = List.of();

  @Option(
      names = "--slot",
      paramLabel = "SLOT",
      description = "Of each card, as in 'gen3 x8'. Default: the best that host and card can do.")
  private Optional<String> slot;

  @Option(
      names = "--psu",
      paramLabel = "SUPPLY",
      description = "Its power supply, as in '1400W platinum'.")
  private Optional<String> supply;

  @Option(names = "--cooling", paramLabel = "WAY", description = "How its cards are cooled.")
  private Optional<String> cooling;

  @Option(names = "--memory", paramLabel = "GIB", description = "Memory of the host, in GiB.")
  private Optional<Double> memory;

  @Option(names = "--disk", paramLabel = "GB", description = "What its disk gives, in GB a second.")
  private Optional<Double> disk;

  @Option(names = "--air", paramLabel = "CELSIUS", description = "The air that cools it.")
  private Optional<Double> air;

  @Option(
      names = "--duty",
      paramLabel = "D:P:I",
      description =
          "Shares of the time: decode, prompts, idle, as in 6:2:16. Default: decode all the time.")
  private Optional<String> duty;

  @Option(
      names = "--electricity",
      paramLabel = "USD",
      description = "For a kilowatt hour. Default: that of a table, with its date and source.")
  private Optional<Double> electricity;

  @Option(
      names = "--token-price",
      paramLabel = "USD",
      description = "For a million tokens elsewhere. Default: that of a table.")
  private Optional<Double> tokenPrice;

  @Option(
      names = "--cost",
      paramLabel = "USD",
      description = "Of all of the machine. Default: of its parts, as far as they have a price.")
  private Optional<Double> cost;

  /** Empty for this machine. */
  Optional<MachineProfile> planned() {
    return host.or(() -> cards.isEmpty() ? Optional.empty() : Optional.of("PC"))
        .map(
            name ->
                new Machines()
                    .machine(new MachineWish(name, slot, cards, supply, cooling, memory, disk)));
  }

  /**
   * This machine, with what it does not say of itself.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for what is said of another machine alone
   */
  MachineProfile here(MachineProfile found) {
    if (slot.isPresent() || memory.isPresent()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          slot.isPresent() ? "--slot" : "--memory",
          "This machine says that itself.",
          "Leave it out, or name another machine with --machine or --card.");
    }
    var names = new Machines();
    return new MachineProfile(
        found.name(),
        found.processor(),
        found.cards(),
        disk.map(MachineOptions::diskRate),
        supply.map(names::supply),
        cooling.map(names::cooling),
        found.host(),
        found.notes());
  }

  private static Range diskRate(double gigabytes) {
    if (gigabytes > 0 && Double.isFinite(gigabytes)) {
      return Range.exactly(1e9 * gigabytes, Unit.BYTES_PER_SECOND, "as it was said");
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "--disk",
        "%s is not more than nothing.".formatted(gigabytes),
        "Give a positive number, or leave it out.");
  }

  MachineQuestion question(MachineProfile machine) {
    Prices prices = Prices.usual();
    prices = electricity.map(prices::withElectricity).orElse(prices);
    prices = tokenPrice.map(prices::withTokens).orElse(prices);
    MachineQuestion question = MachineQuestion.of(machine).with(prices);
    question = air.map(Air.usual()::of).map(question::with).orElse(question);
    question = duty.map(Duty::parse).map(question::with).orElse(question);
    return cost.map(PartsCost::said).map(question::with).orElse(question);
  }
}
