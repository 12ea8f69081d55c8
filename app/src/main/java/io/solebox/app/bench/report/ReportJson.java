package io.solebox.app.bench.report;

import io.solebox.app.bench.report.Trace.Line;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report as plain values of JSON; {@link ReportReader} reads them. */
public final class ReportJson {
  /** What its files call themselves. */
  static final String SCHEMA = "solebox.bench.report";

  /** Raised whenever a reader of the one before would misread it. */
  static final int VERSION = 1;

  private ReportJson() {}

  /** All of it. */
  public static Map<String, Object> fields(BoxReport report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", SCHEMA);
    fields.put("version", VERSION);
    fields.put("at", report.at().toString());
    fields.put("solebox", report.version());
    fields.put("command", report.command());
    fields.put("machine", machine(report.machine()));
    fields.put("model", model(report.model()));
    fields.put("conditions", conditions(report.conditions()));
    fields.put("figures", report.figures().stream().map(ReportJson::figure).toList());
    fields.put("trace", trace(report.trace()));
    fields.put("missing", report.missing());
    fields.put("notes", report.notes());
    return fields;
  }

  private static Map<String, Object> machine(Machine machine) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("product", machine.product());
    fields.put("cpu", machine.cpu());
    fields.put("processors", machine.processors());
    fields.put("memory_bytes", machine.memoryBytes());
    fields.put("kernel", machine.kernel());
    fields.put("driver", machine.driver());
    fields.put("device", machine.device());
    fields.put("gpus", machine.gpus().stream().map(ReportJson::gpu).toList());
    return fields;
  }

  private static Map<String, Object> gpu(Machine.Gpu gpu) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", gpu.name());
    fields.put("address", gpu.address());
    fields.put("memory", gpu.memory());
    fields.put("link", gpu.link());
    fields.put("power_limit", gpu.powerLimit());
    return fields;
  }

  private static Map<String, Object> model(Subject model) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", model.name());
    fields.put("architecture", model.architecture());
    fields.put("format", model.format());
    fields.put("parameters", model.parameters());
    fields.put("bytes", model.bytes());
    fields.put("trained_context", model.trainedContext());
    fields.put("decode_bytes_per_token", model.bytesPerToken());
    fields.put("files", model.files().stream().map(ReportJson::part).toList());
    return fields;
  }

  private static Map<String, Object> part(Subject.ModelPart part) {
    return Map.of("name", part.name(), "sha256", part.sha256());
  }

  private static Map<String, Object> conditions(Conditions conditions) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("pace", conditions.pace());
    fields.put("threads", conditions.threads());
    fields.put("kv_type", conditions.kvType());
    fields.put("new_tokens", conditions.newTokens());
    fields.put("client_prompt_tokens", conditions.clientPrompt());
    fields.put("repetitions", conditions.repetitions());
    fields.put("steady_seconds", conditions.steadySeconds());
    return fields;
  }

  private static Map<String, Object> figure(Figure figure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("quantity", figure.quantity().word());
    figure
        .point()
        .ifPresent(
            point -> {
              fields.put("context", point.context());
              fields.put("clients", point.clients());
            });
    fields.put("by", figure.by());
    fields.put("unit", figure.quantity().unit().word());
    fields.putAll(figure.spread().fields());
    return fields;
  }

  /** What sensors said. */
  public static Map<String, Object> trace(Trace trace) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("stages", trace.stages().stream().map(ReportJson::stage).toList());
    fields.put("lines", trace.lines().stream().map(ReportJson::line).toList());
    fields.put("silent", trace.silent().stream().map(ReportJson::silent).toList());
    return fields;
  }

  private static Map<String, Object> stage(Trace.Stage stage) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", stage.name());
    fields.put("from_seconds", stage.from());
    fields.put("to_seconds", stage.to());
    return fields;
  }

  private static Map<String, Object> line(Line line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", line.name());
    fields.put("what", line.what().word());
    fields.put("unit", line.what().unit());
    fields.put(
        "moments",
        line.moments().stream().map(each -> List.of(each.second(), each.value())).toList());
    return fields;
  }

  private static Map<String, Object> silent(Trace.Silent silent) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", silent.name());
    fields.put("why", silent.why());
    return fields;
  }
}
