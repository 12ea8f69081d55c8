package io.solebox.app.board;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.Table;
import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.BoardFields;
import io.solebox.hardware.board.BoardStatus;
import io.solebox.hardware.board.LinkedBoard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what became of a board. */
@Command(
    name = "events",
    description = "Show what became of the board, oldest first, with the reasons.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BoardEventsCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;

  @Mixin private BoardOption board;

  @Option(
      names = "--since",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Only events from this number on.")
  private long since;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  BoardEventsCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (since < 0) {
      throw new ParameterException(spec.commandLine(), "--since must be 0 or more");
    }
    try (LinkedBoard asked = board.open(environment)) {
      List<BoardEvent> events = Answer.of(asked.events(since), asked);
      BoardStatus status = Answer.of(asked.status(), asked);
      Instant now = Instant.now();
      if (json) {
        console.println(Json.text(timed(events, status, now)));
      } else if (events.isEmpty()) {
        console.println("There are no events" + (since > 0 ? " from there on." : "."));
      } else {
        Table.lines(EventRows.of(events, status, now)).forEach(console::println);
      }
    }
    return ExitCode.OK;
  }

  private static List<Map<String, Object>> timed(
      List<BoardEvent> events, BoardStatus status, Instant now) {
    List<Map<String, Object>> plain = BoardFields.of(events);
    List<Map<String, Object>> timed = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      BoardEvent event = events.get(i);
      Map<String, Object> fields = new LinkedHashMap<>(plain.get(i));
      fields.put("time", EventRows.at(event, status, now).map(Instant::toString).orElse(null));
      fields.put("reason", Words.reason(event));
      timed.add(fields);
    }
    return timed;
  }
}
