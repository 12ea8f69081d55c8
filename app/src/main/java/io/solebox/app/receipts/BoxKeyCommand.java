package io.solebox.app.receipts;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.server.box.BoxKey;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The public half of the box's key. */
@Command(
    name = "key",
    description =
        "Show the public half of the key with which this box signs; it is made where there is"
            + " none.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BoxKeyCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Where the server keeps its state. Default: server in the data folder.")
  private Optional<Path> state;

  @Option(names = "--pem", description = "Print the public key as PEM and nothing else.")
  private boolean pem;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BoxKeyCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    BoxKey key = BoxKey.in(state.orElse(environment.serverFolder()));
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("fingerprint", key.fingerprint());
      fields.put("pem", key.pem());
      console.println(Json.text(fields));
    } else {
      if (!pem) {
        console.println("signs here, fingerprint " + key.fingerprint());
      }
      console.print(key.pem());
    }
    return 0;
  }
}
