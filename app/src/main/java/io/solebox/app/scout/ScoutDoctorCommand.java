package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.outbox.Outbox;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.storage.Database;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what keeps a scout from its work. */
@Command(
    name = "doctor",
    description =
        "Say what keeps the scout from its work: secrets, keys, quota, clock, feeds, shops,"
            + " channels, state. It asks each source once, and sends nothing unless --send says so."
            + " Ends with 1 if something failed.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ScoutDoctorCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private ScoutPlace place;

  @Option(
      names = "--resume",
      paramLabel = "CHANNEL",
      description = "Try a channel again that has stopped, and look at nothing else.")
  private Optional<String> resume;

  @Option(
      names = "--send",
      description =
          "Send a message to each channel, also in quiet hours, and say what became of it.")
  private boolean send;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  ScoutDoctorCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    ScoutSettings settings = WrittenSettings.read(place.config(environment)).settings(console);
    if (resume.isPresent()) {
      return resume(resume.get());
    }
    List<ScoutFinding> findings = new ScoutChecks(place, environment, settings, send).all();
    if (json) {
      console.println(Json.text(findings.stream().map(ScoutDoctorCommand::fields).toList()));
    } else {
      findings.forEach(this::print);
    }
    return findings.stream().anyMatch(each -> each.verdict() == ScoutFinding.Verdict.FAIL) ? 1 : 0;
  }

  private int resume(String channel) {
    try (Database database = place.open(environment)) {
      if (!database.transaction(sql -> Outbox.resume(sql, channel))) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            "--resume",
            "No channel '" + channel + "' has stopped.",
            "'solebox scout doctor' says how it stands with all of them.");
      }
    }
    console.println("'" + channel + "' is tried again.");
    return 0;
  }

  private void print(ScoutFinding finding) {
    Console.Tint tint =
        switch (finding.verdict()) {
          case OK -> Console.Tint.GREEN;
          case WARN -> Console.Tint.YELLOW;
          case FAIL -> Console.Tint.RED;
        };
    console.print(tint, "%-4s".formatted(word(finding)));
    console.println("  %s: %s".formatted(finding.what(), finding.message()));
    if (!finding.remedy().isEmpty()) {
      console.println("      " + finding.remedy());
    }
  }

  private static String word(ScoutFinding finding) {
    return finding.verdict().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> fields(ScoutFinding finding) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("what", finding.what());
    fields.put("verdict", word(finding));
    fields.put("message", finding.message());
    fields.put("remedy", finding.remedy());
    return fields;
  }
}
