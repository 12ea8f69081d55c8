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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells a board how fast its fans turn at least. */
@Command(
    name = "fan",
    description =
        "Have the fans turn at so many percent at least, or as they like. They turn faster where it is hot.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BoardFanCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "auto|PERCENT", description = "The least, 0 to 100; auto is 0.")
  private String least;

  @Mixin private BoardOption board;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BoardFanCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    int percent = percent();
    try (LinkedBoard asked = board.open(environment)) {
      Ordering ordering = new Ordering(console, asked, json);
      OrderResult result = ordering.give(new Order.Fan(percent));
      ordering.tell(
          "fan",
          result,
          percent == 0
              ? "The fans turn as the temperature has it."
              : "The fans turn at %d %% at least.".formatted(percent));
    }
    return ExitCode.OK;
  }

  private int percent() {
    if (least.equals("auto")) {
      return 0;
    }
    if (!least.matches("\\d{1,3}") || Integer.parseInt(least) > 100) {
      throw new ParameterException(
          spec.commandLine(), "the fans' least is 'auto', or 0 to 100 percent, and not " + least);
    }
    return Integer.parseInt(least);
  }
}
