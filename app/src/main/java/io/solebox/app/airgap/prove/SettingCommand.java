package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.AirGapWish;
import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whether everything runs air-gapped that uses this data folder. */
@Command(
    name = "setting",
    description = "Show or set whether everything runs air-gapped that uses this data folder.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SettingCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Parameters(
      paramLabel = "WORD",
      arity = "0..1",
      description = "required, if-possible or none; left out, it is shown.")
  private Optional<String> word;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  SettingCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Path folder = environment.dataFolder();
    word.ifPresent(wish -> AirGapWish.parse(wish, "airgap setting").store(folder));
    String now = AirGapWish.stored(folder).word();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("setting", now);
      fields.put("file", folder.resolve(AirGapWish.SETTING).toString());
      console.println(Json.text(fields));
    } else {
      console.println("air gap: " + now);
    }
    return 0;
  }
}
