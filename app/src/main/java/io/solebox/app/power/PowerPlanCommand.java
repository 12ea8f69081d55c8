package io.solebox.app.power;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.Table;
import io.solebox.hardware.power.PowerPlan;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Shows what GPUs may draw and how they are held to that; changes nothing. */
@Command(
    name = "plan",
    description =
        "Show what each GPU draws at worst, what the power supply gives, and how each GPU is held"
            + " to its share. Ends with 1 where it does not fit.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PowerPlanCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description =
          "What the power supply is good for, and more, where that is not hardware.properties in"
              + " the data folder or /etc/solebox.")
  private Optional<Path> settings;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  PowerPlanCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (PlannedMachine machine = PlannedMachine.open(settings, environment)) {
      PowerPlan plan = machine.plan();
      if (json) {
        console.println(Json.text(PlanText.json(plan)));
      } else {
        console.println(PlanText.supply(plan));
        Table.lines(PlanText.rows(plan)).forEach(console::println);
        console.println(PlanText.verdict(plan));
        plan.remedies().forEach(console::println);
      }
      return plan.fits() && !plan.hasUnheld() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }
}
