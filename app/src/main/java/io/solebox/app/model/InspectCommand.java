package io.solebox.app.model;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.Units;
import io.solebox.app.session.AdapterArgument;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.model.adapter.AdapterInfo;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.Contents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a model file holds, without running it. */
@Command(
    name = "inspect",
    description = "Show what a model file holds: metadata, tensors, sizes, memory estimate.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class InspectCommand implements Callable<Integer> {
  /** Longest text of which all is shown. */
  private static final int TEXT_LIMIT = 100;

  private final Console console;
  private final ModelLocator locator;

  @Parameters(arity = "1", paramLabel = "MODEL", description = "Path or name of a model.")
  private String model;

  @Option(names = "--json", description = "Print one JSON object, with all tensors.")
  private boolean json;

  @Mixin private AdapterArgument adapter;
  @Mixin private EngineOptions engine;

  public InspectCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  private record Usable(
      ModelInfo info, Optional<ChatTemplate> template, List<AdapterInfo> adapters) {}

  @Override
  public Integer call() {
    engine.check();
    Path path = locator.locate(Optional.of(model));
    Contents contents = Contents.read(path);
    Optional<Usable> runnable = Optional.empty();
    String refusal = "";
    LoadOptions options = adapter.with(engine.loadOptions(1));
    try (var opened = ModelFile.open(path, ModelSource.Access.MAPPED, options.adapters())) {
      runnable = Optional.of(new Usable(opened.info(), opened.chatTemplate(), opened.adapters()));
    } catch (SoleboxException e) {
      refusal = e.describe();
    }
    Map<String, Object> summary = summary(path, contents, runnable, refusal, options);
    if (json) {
      summary.put("metadata", PlainValues.of(contents.metadata()));
      summary.put("tensors", contents.tensors().stream().map(InspectCommand::tensor).toList());
      console.println(Json.text(summary));
    } else {
      print(contents, summary);
    }
    return 0;
  }

  private Map<String, Object> summary(
      Path path,
      Contents contents,
      Optional<Usable> runnable,
      String refusal,
      LoadOptions options) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("file", path.toString());
    fields.put("files", (long) contents.files().size());
    fields.put("file_bytes", contents.fileBytes());
    contents.version().ifPresent(version -> fields.put("gguf_version", version));
    fields.put("kind", contents.role().name().toLowerCase(Locale.ROOT));
    fields.put("can_run", runnable.isPresent());
    if (runnable.isEmpty()) {
      fields.put("reason", refusal);
    }
    if (runnable.isPresent()) {
      describe(fields, runnable.get());
      try (Engine device = engine.open()) {
        fields.putAll(MemoryNeeds.fields(device, path, options));
      }
    }
    fields.put("tensor_count", contents.tensors().size());
    fields.put("tensor_bytes_by_type", bytesByType(contents));
    return fields;
  }

  private static void describe(Map<String, Object> fields, Usable model) {
    ModelInfo info = model.info();
    fields.put("name", info.name());
    fields.put("architecture", info.architecture());
    fields.put("format", info.format());
    fields.put("parameters", info.parameters());
    fields.put("layers", info.numLayers());
    fields.put("embedding_length", info.embeddingLength());
    fields.put("vocabulary", info.vocabSize());
    fields.put("trained_context", info.trainedContext());
    fields.put("default_context", Math.min(info.trainedContext(), LoadOptions.DEFAULT_CONTEXT));
    info.pooling().ifPresent(p -> fields.put("pooling", p.name().toLowerCase(Locale.ROOT)));
    if (!info.labels().isEmpty()) {
      fields.put("labels", info.labels());
    }
    fields.put("chat_template", model.template().isPresent());
    model
        .template()
        .flatMap(ChatTemplate::problem)
        .ifPresent(problem -> fields.put("chat_template_problem", problem.describe()));
    for (AdapterInfo adapter : model.adapters()) {
      fields.put("adapter", adapter(adapter));
    }
  }

  private static Map<String, Object> adapter(AdapterInfo info) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("file", info.place());
    fields.put("matrices", info.matrices());
    fields.put("rank", info.rank());
    fields.put("parameters", info.parameters());
    fields.put("scale", Double.parseDouble(Float.toString(info.scale())));
    return fields;
  }

  private static Map<String, Object> bytesByType(Contents contents) {
    var byType = new TreeMap<String, Object>();
    contents
        .tensors()
        .forEach(t -> byType.merge(t.format(), t.bytes(), (a, b) -> (Long) a + (Long) b));
    return byType;
  }

  private static Map<String, Object> tensor(Contents.Tensor tensor) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", tensor.name());
    fields.put("type", tensor.format());
    fields.put("shape", tensor.shape());
    fields.put("offset", tensor.offset());
    fields.put("bytes", tensor.bytes());
    return fields;
  }

  private void print(Contents contents, Map<String, Object> summary) {
    summary.forEach((key, value) -> console.println(line(key, value)));
    console.println("metadata:");
    PlainValues.of(contents.metadata())
        .forEach((key, value) -> console.println("  " + line(key, value)));
  }

  /** One line, whatever the file holds: it could command the terminal. */
  private static String line(String key, Object value) {
    return Printable.line(key) + ": " + text(key, value);
  }

  private static String text(String key, Object value) {
    return switch (value) {
      case Long n when key.endsWith("bytes") -> Units.bytes(n);
      case Long n when key.equals("parameters") -> Units.count(n);
      case Map<?, ?> map when map.containsKey("array_of") ->
          map.get("size") + " x " + map.get("array_of") + ", begins " + shorten(map.get("first"));
      case Map<?, ?> map -> {
        var parts = new ArrayList<String>();
        map.forEach((k, v) -> parts.add(k + " " + part(k, v)));
        yield String.join(", ", parts);
      }
      case List<?> list -> list.isEmpty() ? "none" : Printable.line(list.toString());
      case String reason when key.equals("reason") -> Printable.line(reason);
      default -> shorten(value);
    };
  }

  /** Bytes, the parts of a device, or what stands in one word. */
  private static String part(Object key, Object value) {
    return switch (value) {
      case Long n when key.equals("parameters") -> Units.count(n);
      case Long bytes -> Units.bytes(bytes);
      case Map<?, ?> map -> "(" + text("", map) + ")";
      default -> shorten(value);
    };
  }

  private static String shorten(Object value) {
    String text = Printable.line(value.toString());
    int length = text.codePointCount(0, text.length());
    return length <= TEXT_LIMIT
        ? text
        : text.substring(0, text.offsetByCodePoints(0, TEXT_LIMIT))
            + "... ("
            + length
            + " characters)";
  }
}
