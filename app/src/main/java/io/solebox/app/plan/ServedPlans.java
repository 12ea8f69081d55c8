package io.solebox.app.plan;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.report.Texts;
import io.solebox.server.plan.PlanWish;
import io.solebox.server.plan.Planning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Plans that administrators ask a server for: what the command reckons, of what it may be asked.
 */
public final class ServedPlans implements Planning {
  private static final Texts TEXTS = new Texts();

  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("quantization", "--quant"),
          Map.entry("kv_type", "--kv-type"),
          Map.entry("context", "--context"),
          Map.entry("clients", "--clients"),
          Map.entry("prompt", "--prompt"),
          Map.entry("wanted", "--want"),
          Map.entry("host", "--machine"),
          Map.entry("cards", "--card"),
          Map.entry("slot", "--slot"),
          Map.entry("supply", "--psu"),
          Map.entry("cooling", "--cooling"),
          Map.entry("memory_gib", "--memory"),
          Map.entry("disk_gbs", "--disk"),
          Map.entry("air_celsius", "--air"),
          Map.entry("duty", "--duty"),
          Map.entry("electricity_usd", "--electricity"),
          Map.entry("token_usd", "--token-price"),
          Map.entry("cost_usd", "--cost"));

  private final Console console;
  private final Environment environment;

  public ServedPlans(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Map<String, Object> plan(PlanWish wish) {
    requireName(wish.model());
    PlanCommand command = new PlanCommand(console, environment);
    CommandLine line = new CommandLine(command);
    line.setExpandAtFiles(false); // what comes from elsewhere names no files
    line.setCaseInsensitiveEnumValuesAllowed(true);
    try {
      line.parseArgs(arguments(wish).toArray(String[]::new));
      return fields(command.reckon());
    } catch (ParameterException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER, "", e.getMessage() + ".", "See docs/planner.md.", e);
    }
  }

  /** Files of the machine are nobody's business who asks over the network. */
  private static void requireName(String model) {
    if (model.startsWith("/")
        || model.startsWith("~")
        || model.contains("..")
        || model.contains("\\")
        || model.endsWith(".gguf")) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "model",
          "This is no name of a model.",
          "Name one of /v1/models, or a shape.");
    }
  }

  private static List<String> arguments(PlanWish wish) {
    List<String> arguments = new ArrayList<>();
    wish.said()
        .forEach(
            (field, values) ->
                values.forEach(value -> arguments.add(OPTIONS.get(field) + "=" + value)));
    arguments.add("--");
    arguments.add(wish.model());
    return arguments;
  }

  private static Map<String, Object> fields(Reckoned reckoned) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("fits", reckoned.model().fits());
    fields.put(
        "sections",
        reckoned.sections().stream()
            .map(
                section ->
                    Map.of(
                        "title",
                        section.title(),
                        "lines",
                        section.lines().stream()
                            .map(
                                line ->
                                    Map.of(
                                        "label", line.label(),
                                        "value", line.value(),
                                        "reason", line.reason()))
                            .toList(),
                        "sentences",
                        section.sentences()))
            .toList());
    fields.put("texts", TEXTS.of(reckoned.sections()));
    fields.put("plan", reckoned.fields());
    return fields;
  }
}
