package io.solebox.app.power;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.hardware.power.PowerKeeper.Hold;
import io.solebox.hardware.power.PowerPlan;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Holds GPUs to their shares, and reads that back. */
@Command(
    name = "apply",
    description =
        "Set power limits and lock clocks as 'power plan' shows, and read them back. Takes root;"
            + " lost when the machine or the driver starts anew. Ends with 1 where one does not"
            + " hold or all together do not fit.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PowerApplyCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Option(names = "--settings", paramLabel = "FILE", description = "As of 'power plan'.")
  private Optional<Path> settings;

  PowerApplyCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (PlannedMachine machine = PlannedMachine.open(settings, environment)) {
      PowerPlan plan = machine.plan();
      boolean held = plan.fits();
      for (PowerPlan.Share share : plan.cards()) {
        held &= tell(share, machine.keeper().apply(share));
      }
      if (!plan.fits()) {
        console.error(PlanText.supply(plan) + " " + PlanText.verdict(plan));
      }
      plan.remedies().forEach(remedy -> console.error("note: " + remedy));
      return held ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private boolean tell(PowerPlan.Share share, Hold hold) {
    String name = share.card().name();
    return switch (hold) {
      case Hold.Held(var words) -> {
        console.println(name + ": " + words);
        yield true;
      }
      case Hold.Loose(var words, var remedy) -> {
        console.error("solebox: %s: %s. %s".formatted(name, words, remedy));
        yield false;
      }
    };
  }
}
