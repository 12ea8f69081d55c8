package io.solebox.app.audit;

import io.solebox.app.console.Console;
import io.solebox.app.console.Dates;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.Table;
import io.solebox.app.session.Since;
import io.solebox.app.session.StateArgument;
import io.solebox.server.audit.AuditBook;
import io.solebox.server.audit.AuditFile;
import io.solebox.server.audit.AuditReader;
import io.solebox.server.audit.Entry;
import io.solebox.server.audit.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Entries of the audit log, the newest last. */
@Command(
    name = "ls",
    aliases = "list",
    description = "List what was done, the newest last.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AuditListCommand implements Callable<Integer> {
  private static final int SCREEN = 50;
  private static final long LOOK_MILLIS = 500;

  private final Console console;
  private final Environment environment;

  @Mixin private StateArgument state;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Since.class,
      description =
          "From then on: a day as 2026-03-01, a moment as 2026-03-01T12:00:00Z, or how long ago, as"
              + " 90m, 12h or 7d. Default: the last "
              + SCREEN
              + " entries.")
  private Optional<Since.Moment> since;

  @Option(names = "--follow", description = "Go on with what is done from now on, until Ctrl-C.")
  private boolean follow;

  @Option(names = "--json", description = "Print each entry as one line of JSON.")
  private boolean json;

  AuditListCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (AuditBook book = AuditBook.open(state.folder(environment))) {
      AuditReader reader = book.reader();
      long from =
          since.map(at -> reader.before(at.instant())).orElseGet(() -> reader.beforeLast(SCREEN));
      long last = print(reader, from);
      while (follow) {
        Thread.sleep(LOOK_MILLIS);
        last = print(reader, last);
      }
      return 0;
    }
  }

  private long print(AuditReader reader, long from) {
    List<Recorded> found = new ArrayList<>();
    long last = reader.after(from, json ? this::printJson : found::add);
    if (!found.isEmpty()) {
      Table.lines(found.stream().map(AuditListCommand::row).toList()).forEach(console::println);
    }
    return last;
  }

  private void printJson(Recorded recorded) {
    console.println(Json.text(AuditFile.fields(recorded)));
  }

  private static List<String> row(Recorded recorded) {
    return switch (recorded) {
      case Recorded.Readable(var link) -> {
        Entry entry = link.entry();
        String details =
            entry.details().entrySet().stream()
                .map(detail -> detail.getKey() + "=" + detail.getValue())
                .collect(Collectors.joining(" "));
        yield List.of(
            Long.toString(link.seq()),
            Dates.minute(link.time()),
            entry.actor(),
            entry.action(),
            entry.subject(),
            details);
      }
      case Recorded.Unreadable(long seq, String why) ->
          List.of(Long.toString(seq), "", "", "(changed)", "", why);
    };
  }
}
