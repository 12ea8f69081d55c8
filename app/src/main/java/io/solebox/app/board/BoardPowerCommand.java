package io.solebox.app.board;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.LinkedBoard;
import io.solebox.hardware.board.Order;
import io.solebox.hardware.board.OrderResult;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Powers a module up and down. */
@Command(
    name = "power",
    description = "Power the module up, down, or down and up again, and wait until that is done.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BoardPowerCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  /** What can be wished, and where it leads. */
  private enum Wish {
    ON(new Order.On(), BoardState.RUN, "The module is powered and out of reset."),
    OFF(new Order.Off(), BoardState.OFF, "The module is off, and its rails are discharged."),
    CYCLE(new Order.Cycle(), BoardState.RUN, "The module was off, and is powered again.");

    private final Order order;
    private final BoardState end;
    private final String words;

    Wish(Order order, BoardState end, String words) {
      this.order = order;
      this.end = end;
      this.words = words;
    }
  }

  @Parameters(paramLabel = "on|off|cycle", description = "What is wanted.")
  private Wish wish;

  @Mixin private BoardOption board;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BoardPowerCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (LinkedBoard asked = board.open(environment)) {
      Ordering ordering = new Ordering(console, asked, json);
      long before = Answer.of(asked.status(), asked).lastEvent();
      OrderResult result = ordering.give(wish.order);
      ordering.await(wish.end, result == OrderResult.ALREADY ? 0 : before + 1);
      ordering.tell(wish.name().toLowerCase(Locale.ROOT), result, wish.words);
    }
    return ExitCode.OK;
  }
}
