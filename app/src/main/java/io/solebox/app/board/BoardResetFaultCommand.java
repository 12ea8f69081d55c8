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

/** Has a board let go of its fault. */
@Command(
    name = "reset-fault",
    description = "Let a latched fault go, if its cause is gone. The module stays off.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BoardResetFaultCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private BoardOption board;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BoardResetFaultCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (LinkedBoard asked = board.open(environment)) {
      Ordering ordering = new Ordering(console, asked, json);
      OrderResult result = ordering.give(new Order.ResetFault());
      ordering.tell(
          "reset-fault",
          result,
          result == OrderResult.ALREADY
              ? "There is no fault."
              : "The fault is let go, and the module is off: 'solebox board power on'.");
    }
    return ExitCode.OK;
  }
}
