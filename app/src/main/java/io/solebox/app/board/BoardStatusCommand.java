package io.solebox.app.board;

import io.solebox.app.console.Console;
import io.solebox.app.console.Console.Tint;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.Wrapped;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardFields;
import io.solebox.hardware.board.BoardInfo;
import io.solebox.hardware.board.BoardStatus;
import io.solebox.hardware.board.LinkedBoard;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how a board is. */
@Command(
    name = "status",
    description =
        "Show how the board is: rails, temperatures, fans, and what it has latched. Ends with 1"
            + " where that is a fault.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BoardStatusCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private BoardOption board;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BoardStatusCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (LinkedBoard asked = board.open(environment)) {
      BoardInfo info = Answer.of(asked.info(), asked);
      BoardStatus status = Answer.of(asked.status(), asked);
      if (json) {
        console.println(Json.text(fields(asked, info, status)));
      } else {
        print(asked, info, status);
      }
      return status.fault() == BoardFault.NONE ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private static Map<String, Object> fields(LinkedBoard board, BoardInfo info, BoardStatus status) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("at", board.name());
    fields.putAll(BoardFields.of(info));
    fields.putAll(BoardFields.of(status));
    fields.put("counts", BoardFields.of(board.counts()));
    return fields;
  }

  private void print(LinkedBoard board, BoardInfo info, BoardStatus status) {
    console.println("%s at %s, firmware %s".formatted(info.board(), board.name(), info.firmware()));
    console.print(tint(status), status.state().name());
    console.println("  " + Words.sentence(status.state()));
    if (status.fault() != BoardFault.NONE) {
      console.print(Tint.RED, status.fault().name());
      console.println("  " + status.fault().words());
      Wrapped.lines("do: " + status.fault().remedy(), 2)
          .forEach(line -> console.println("  " + line));
    }
    console.println("");
    StatusView.lines(info, status).forEach(console::println);
    if (board.counts().resent() > 0) {
      console.error(
          "note: the board was asked %d times more than once; check its wiring"
              .formatted(board.counts().resent()));
    }
  }

  private static Tint tint(BoardStatus status) {
    return switch (status.state()) {
      case RUN -> Tint.GREEN;
      case FAULT -> Tint.RED;
      case OFF, WAIT_12V, RAMP_AUX, RAMP_CORE, HOLD_RESET, STOPPING, POWER_DOWN, CYCLE, UNKNOWN ->
          Tint.YELLOW;
    };
  }
}
