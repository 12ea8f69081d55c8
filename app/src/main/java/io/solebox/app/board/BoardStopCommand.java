package io.solebox.app.board;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.hardware.board.LinkedBoard;
import io.solebox.hardware.board.Order;
import io.solebox.hardware.board.OrderResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a module's power at once. */
@Command(
    name = "emergency-stop",
    description = "Take the module's power at once, and latch that. Whatever runs is lost.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BoardStopCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private BoardOption board;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BoardStopCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (LinkedBoard asked = board.open(environment)) {
      Ordering ordering = new Ordering(console, asked, json);
      OrderResult result = ordering.give(new Order.EmergencyStop());
      ordering.tell(
          "emergency-stop",
          result,
          result == OrderResult.ALREADY
              ? "It is stopped already."
              : "The module has no power. 'solebox board reset-fault' lets that go.");
    }
    return ExitCode.OK;
  }
}
