package io.solebox.app.usage;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.Since;
import io.solebox.app.session.StateArgument;
import io.solebox.server.usage.StoredUsage;
import io.solebox.server.usage.UsageNames;
import io.solebox.server.usage.UsageQuery;
import io.solebox.server.usage.UsageQuery.By;
import io.solebox.server.usage.UsageRow;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who has used how much. */
@Command(
    name = "usage",
    description = "Show what was used of the models of this box: requests and tokens.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class UsageCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;
  @Mixin private StateArgument state;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      split = ",",
      defaultValue = "day",
      description =
          "What the sums are told apart by: user, key, group, model, day, or several with commas."
              + " Default: ${DEFAULT-VALUE}.")
  private List<String> by;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Since.class,
      description =
          "From that day on, as in 2026-03-01, or from so long ago, as in 7d. Default: all.")
  private Optional<Since.Moment> since;

  @Option(names = "--csv", description = "Print comma-separated values.")
  private boolean csv;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  public UsageCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (csv && json) {
      throw new ParameterException(spec.commandLine(), "--csv and --json are two ways to say it");
    }
    String from =
        since
            .map(at -> at.instant().atZone(ZoneId.systemDefault()).toLocalDate().toString())
            .orElse(UsageQuery.EVER);
    UsageQuery query = new UsageQuery(by(), from, Optional.empty());
    try (StoredUsage usage = StoredUsage.open(state.folder(environment))) {
      print(query.by(), usage.sums(query), usage.names());
      return 0;
    }
  }

  private List<By> by() {
    List<By> all = new ArrayList<>();
    for (String word : by) {
      By its =
          By.named(word)
              .filter(named -> !all.contains(named))
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "--by takes %s, each once, with commas".formatted(By.words())));
      all.add(its);
    }
    return all;
  }

  private void print(List<By> columns, List<UsageRow> rows, UsageNames names) {
    if (json) {
      console.println(Json.text(rows.stream().map(row -> names.fields(columns, row)).toList()));
    } else if (csv) {
      new UsageCsv(columns, names).lines(rows).forEach(console::println);
    } else if (rows.isEmpty()) {
      console.error("Nothing was used.");
    } else {
      new UsageTable(columns, names).lines(rows).forEach(console::println);
    }
  }
}
