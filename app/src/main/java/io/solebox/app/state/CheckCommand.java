package io.solebox.app.state;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.Units;
import io.solebox.server.storage.StateFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at all of a state. */
@Command(
    name = "check",
    description = {
      "Look at all of what a server keeps, and say what is damaged; it may go on running.",
      "Ends with 1 where something is."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private StateArgument state;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  CheckCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (StateFile file = StateFile.open(state.file(environment))) {
      StateFile.Findings findings = file.check();
      if (json) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("state", state.folder(environment).toString());
        fields.put("bytes", file.bytes());
        fields.put("version", findings.version());
        fields.put("latest_version", findings.latest());
        fields.put("damages", findings.damages());
        console.println(Json.text(fields));
      } else if (findings.damages().isEmpty()) {
        console.println(
            "%s is whole: %s, version %d"
                .formatted(
                    state.folder(environment), Units.bytes(file.bytes()), findings.version()));
      } else {
        findings.damages().forEach(console::println);
        console.println("Restore a backup with 'solebox state restore FILE'.");
      }
      return findings.damages().isEmpty() ? 0 : 1;
    }
  }
}
