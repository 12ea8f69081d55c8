package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.run.Assembly;
import io.solebox.scout.run.Decision;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.source.ebay.SellerKeys;
import io.solebox.scout.state.ScoutTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks all sources once, and tells what is worth it. */
@Command(
    name = "once",
    description =
        "Ask all sources once, tell what is worth a look, and end. The first round of a watch"
            + " tells nothing: what is for sale already is no news.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ScoutOnceCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private ScoutPlace place;

  @Option(
      names = "--dry-run",
      description =
          "Send nothing and remember nothing: print what would be told, and why. It asks all"
              + " sources, which counts for their quotas.")
  private boolean dry;

  @Option(names = "--explain", description = "Print of each thing why it is not wanted.")
  private boolean explain;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  ScoutOnceCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    List<Decision> decisions = Collections.synchronizedList(new ArrayList<>());
    ScoutSettings settings = place.settings(console, environment);
    Round round =
        new Round(console, environment, settings, PlannedBox.outlooks(settings), decisions::add);
    ScoutPlace.network(environment);
    RoundLeft left = dry ? rehearse(round) : tell(round);
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("decisions", DecisionText.fields(decisions));
      object.putAll(left.fields());
      console.println(Json.text(object));
    } else {
      new DecisionText(console, explain).print(decisions);
      left.print(console);
    }
    return 0;
  }

  private RoundLeft tell(Round round) throws InterruptedException {
    try (Database database = place.open(environment);
        Assembly assembly = round.with(database)) {
      assembly.scout(assembly.ways()).once();
      return RoundLeft.in(database, Instant.now());
    }
  }

  /** In a copy of what is remembered, which goes away with it. */
  private RoundLeft rehearse(Round round) throws InterruptedException, IOException {
    Path scratch = Files.createTempDirectory(environment.scratchFolder(), "solebox-scout-");
    try {
      copyInto(scratch);
      try (Database database = ScoutTables.open(scratch.resolve(ScoutTables.FILE));
          Assembly assembly = round.with(database)) {
        assembly.scout(List.of()).once();
        return RoundLeft.in(database, Instant.now());
      }
    } finally {
      delete(scratch);
    }
  }

  private void copyInto(Path scratch) throws IOException {
    Path folder = place.folder(environment);
    if (Files.exists(place.file(environment))) {
      try (Database database = place.open(environment)) {
        database.copyTo(scratch.resolve(ScoutTables.FILE));
      }
    }
    Path key = folder.resolve(SellerKeys.FILE);
    if (Files.exists(key)) {
      Files.copy(key, scratch.resolve(SellerKeys.FILE));
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          folder.toString(),
          "The copy of what is remembered could not be deleted: " + e.getMessage() + ".",
          "Delete the folder.",
          e);
    }
  }
}
