package io.solebox.app.power;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.hardware.power.PowerKeeper.Hold;
import io.solebox.hardware.power.PowerPlan;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Gives GPUs back what they may draw by themselves. */
@Command(
    name = "release",
    description = "Let all GPUs draw again what they do by themselves. Takes root.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PowerReleaseCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  PowerReleaseCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (PlannedMachine machine = PlannedMachine.open(Optional.empty(), environment)) {
      boolean released = true;
      for (PowerPlan.Share share : machine.plan().cards()) {
        String name = share.card().name();
        switch (machine.keeper().release(share)) {
          case Hold.Held(var words) -> console.println(name + ": " + words);
          case Hold.Loose(var words, var remedy) -> {
            console.error("solebox: %s: %s. %s".formatted(name, words, remedy));
            released = false;
          }
        }
      }
      return released ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }
}
