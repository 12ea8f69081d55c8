package io.solebox.app;

import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.gguf.GgufFile;
import io.solebox.engine.gguf.GgufType;
import io.solebox.engine.gguf.GgufValue;
import io.solebox.engine.gguf.TensorInfo;
import io.solebox.engine.json.JsonWriter;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.ModelInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a model file holds, without running it. */
@Command(
    name = "inspect",
    description = "Show what a model file holds: metadata, tensors, sizes, memory estimate.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class InspectCommand implements Callable<Integer> {
  /** Longest text and array of which all is shown. */
  private static final int TEXT_LIMIT = 100;

  private static final int ARRAY_LIMIT = 6;

  private final Console console;
  private final ModelLocator locator;

  @Parameters(arity = "1", paramLabel = "MODEL", description = "Path or name of a model.")
  private String model;

  @Option(names = "--json", description = "Print one JSON object, with all tensors.")
  private boolean json;

  InspectCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  /**
   * What it takes to run the model.
   *
   * @param context the default context
   */
  private record Usable(ModelInfo info, int context, ModelShape shape, boolean template) {}

  @Override
  public Integer call() {
    Path path = locator.locate(Optional.of(model));
    try (var file = GgufFile.open(path, GgufFile.Access.MAPPED)) {
      Optional<Usable> runnable = Optional.empty();
      String refusal = "";
      try (var opened = ModelFile.open(path, GgufFile.Access.MAPPED)) {
        runnable = Optional.of(describe(opened));
      } catch (SoleboxException e) {
        refusal = e.describe();
      }
      Map<String, Object> summary = summary(file, runnable, refusal);
      if (json) {
        summary.put("metadata", metadata(file));
        summary.put("tensors", file.tensors().stream().map(InspectCommand::tensor).toList());
        console.println(new JsonWriter().text(summary));
      } else {
        print(file, summary);
      }
    }
    return 0;
  }

  private static Usable describe(ModelFile opened) {
    ModelInfo info = opened.info();
    int context = Math.min(info.trainedContext(), LoadOptions.DEFAULT_CONTEXT);
    ModelShape shape = ModelShape.of(opened.graph());
    return new Usable(info, context, shape, opened.chatTemplate().isPresent());
  }

  private static Map<String, Object> summary(
      GgufFile file, Optional<Usable> runnable, String refusal) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("file", file.path().toString());
    fields.put("file_bytes", file.fileBytes());
    fields.put("gguf_version", file.version());
    fields.put("can_run", runnable.isPresent());
    if (runnable.isEmpty()) {
      fields.put("reason", refusal);
    }
    runnable.ifPresent(r -> describe(fields, r, file.fileBytes()));
    fields.put("tensor_count", file.tensors().size());
    fields.put("tensor_bytes_by_type", bytesByType(file));
    return fields;
  }

  private static void describe(Map<String, Object> fields, Usable model, long fileBytes) {
    ModelInfo info = model.info();
    fields.put("name", info.name());
    fields.put("architecture", info.architecture());
    fields.put("format", info.format());
    fields.put("parameters", info.parameters());
    fields.put("layers", info.numLayers());
    fields.put("embedding_length", info.embeddingLength());
    fields.put("vocabulary", info.vocabSize());
    fields.put("trained_context", info.trainedContext());
    fields.put("default_context", model.context());
    fields.put("chat_template", model.template());
    var kv = new LinkedHashMap<String, Object>();
    for (KvType type : KvType.values()) {
      kv.put(type.wireName(), model.context() * model.shape().kvBytes(type));
    }
    fields.put("kv_cache_bytes", kv);
    fields.put(
        "memory_estimate_bytes", fileBytes + model.context() * model.shape().kvBytes(KvType.F16));
    fields.put("notes", info.notes());
  }

  private static Map<String, Object> bytesByType(GgufFile file) {
    var byType = new TreeMap<String, Object>();
    file.tensors()
        .forEach(t -> byType.merge(t.type().name(), t.bytes(), (a, b) -> (Long) a + (Long) b));
    return byType;
  }

  private static Map<String, Object> tensor(TensorInfo tensor) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", tensor.name());
    fields.put("type", tensor.type().name());
    fields.put("shape", tensor.shape());
    fields.put("offset", tensor.offset());
    fields.put("bytes", tensor.bytes());
    return fields;
  }

  private static Map<String, Object> metadata(GgufFile file) {
    var all = new LinkedHashMap<String, Object>();
    file.metadata()
        .keys()
        .forEach(key -> all.put(key, plain(file.metadata().find(key).orElseThrow())));
    return all;
  }

  /** Scalars as JSON has them; of long arrays the size and the first elements. */
  private static Object plain(GgufValue value) {
    return switch (value) {
      case GgufValue.Whole whole -> whole.value();
      case GgufValue.Real real -> shortest(real);
      case GgufValue.Bool bool -> bool.value();
      case GgufValue.Text text -> text.value();
      case GgufValue.Array array -> {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("array_of", array.elementType().name().toLowerCase(Locale.ROOT));
        fields.put("size", array.size());
        fields.put("first", first(array));
        yield fields;
      }
    };
  }

  /** The shortest number that reads back as the same float. */
  private static double shortest(GgufValue.Real real) {
    return real.type() == GgufType.F32
        ? Double.parseDouble(Float.toString((float) real.value()))
        : real.value();
  }

  private static List<Object> first(GgufValue.Array array) {
    return IntStream.range(0, Math.min(ARRAY_LIMIT, array.size()))
        .mapToObj(i -> element(array, i))
        .toList();
  }

  private static Object element(GgufValue.Array array, int i) {
    return switch (array) {
      case GgufValue.Bytes bytes -> (long) bytes.values()[i];
      case GgufValue.Ints ints -> (long) ints.values()[i];
      case GgufValue.Longs longs -> longs.values()[i];
      case GgufValue.Floats floats -> (double) floats.values()[i];
      case GgufValue.Doubles doubles -> doubles.values()[i];
      case GgufValue.Bools bools -> bools.values()[i];
      case GgufValue.Strings strings -> strings.get(i);
      case GgufValue.Nested nested -> plain(nested.values().get(i));
    };
  }

  private void print(GgufFile file, Map<String, Object> summary) {
    summary.forEach((key, value) -> console.println(line(key, value)));
    console.println("metadata:");
    metadata(file).forEach((key, value) -> console.println("  " + line(key, value)));
  }

  private static String line(String key, Object value) {
    return key + ": " + text(key, value);
  }

  private static String text(String key, Object value) {
    return switch (value) {
      case Long n when key.endsWith("bytes") -> Units.bytes(n);
      case Long n when key.equals("parameters") -> Units.count(n);
      case Map<?, ?> map when map.containsKey("array_of") ->
          map.get("size") + " x " + map.get("array_of") + ", begins " + shorten(map.get("first"));
      case Map<?, ?> map -> {
        var parts = new ArrayList<String>();
        map.forEach((k, v) -> parts.add(k + " " + Units.bytes((Long) v)));
        yield String.join(", ", parts);
      }
      case List<?> list -> list.isEmpty() ? "none" : list.toString();
      default -> shorten(value);
    };
  }

  private static String shorten(Object value) {
    String text = value.toString().replace("\n", "\\n");
    return text.length() <= TEXT_LIMIT
        ? text
        : text.substring(0, TEXT_LIMIT) + "... (" + text.length() + " characters)";
  }
}
