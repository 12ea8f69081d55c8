package io.solebox.app.bench.report;

import io.solebox.app.console.Html;
import io.solebox.app.console.Units;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the pages of one report and of two have in common. */
public final class Parts {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Parts() {}

  static String day(BoxReport report) {
    return DAY.format(report.at());
  }

  /** A drawing with what it is of; nothing where there is no drawing. */
  public static String figure(String title, String svg, String legend, String caption) {
    return svg.isEmpty()
        ? ""
        : "<figure><h3>%s</h3>\n%s%s<figcaption>%s</figcaption></figure>\n"
            .formatted(Html.text(title), svg, legend, Html.text(caption));
  }

  /** Names of lines, in their order. */
  public static String legend(List<String> names) {
    var out = new StringBuilder("<ul class=\"legend\">\n");
    for (int i = 0; i < names.size(); i++) {
      out.append(
              "<li><svg viewBox=\"0 0 20 8\" aria-hidden=\"true\"><polyline class=\"line s%d\""
                  .formatted(i + 1))
          .append(" points=\"0,4 20,4\"/></svg>%s</li>%n".formatted(Html.text(names.get(i))));
    }
    return out.append("</ul>\n").toString();
  }

  /** Plots beside each other; nothing of none. */
  public static String plots(String name, List<String> figures) {
    String all = String.join("", figures);
    return all.isEmpty() ? "" : "<div class=\"%s\">\n%s</div>\n".formatted(name, all);
  }

  /** What is known of something, as a list of names and values. */
  public static String facts(Map<String, String> facts) {
    return facts.entrySet().stream()
        .map(
            each ->
                "<dt>%s</dt><dd>%s</dd>%n"
                    .formatted(Html.text(each.getKey()), Html.text(each.getValue())))
        .collect(Collectors.joining("", "<dl class=\"facts\">\n", "</dl>\n"));
  }

  static Map<String, String> machine(BoxReport report) {
    Machine machine = report.machine();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Machine", machine.product());
    facts.put("Processor", machine.cpu() + ", " + machine.processors() + " in use");
    facts.put(
        "Memory", machine.memoryBytes() == 0 ? "not told" : Units.bytes(machine.memoryBytes()));
    facts.put("Computes on", machine.device());
    int number = 0;
    for (Machine.Gpu gpu : machine.gpus()) {
      facts.put(
          "GPU " + number++,
          String.join(
              ", ",
              gpu.name(),
              gpu.address(),
              gpu.memory(),
              "link: " + gpu.link(),
              "power limit: " + gpu.powerLimit()));
    }
    facts.put("NVIDIA's driver", machine.driver());
    facts.put("Kernel", machine.kernel());
    facts.put("Solebox", report.version());
    return facts;
  }

  static Map<String, String> model(BoxReport report) {
    Subject model = report.model();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Model", model.name());
    facts.put("Format", model.format());
    facts.put("Architecture", model.architecture());
    facts.put("Weights", Units.count(model.parameters()) + ", " + Units.bytes(model.bytes()));
    facts.put("Trained for", model.trainedContext() + " tokens");
    if (model.files().isEmpty()) {
      facts.put("Digest", "none: random weights that were made in memory");
    }
    for (Subject.ModelPart part : model.files()) {
      facts.put(part.name(), "sha256:" + part.sha256());
    }
    Conditions how = report.conditions();
    facts.put("Threads", Integer.toString(how.threads()));
    facts.put("Keys and values", how.kvType());
    facts.put(
        "Runs",
        "%s pace, at most %d of each, answers of %d tokens; clients ask with %d"
            .formatted(how.pace(), how.repetitions(), how.newTokens(), how.clientPrompt()));
    facts.put("Command", report.command());
    return facts;
  }
}
