package io.solebox.server.ollama;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.model.ModelInfo;
import io.solebox.server.http.Digests;
import io.solebox.server.models.Models;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Models as Ollama's clients see them. Of a model that is not loaded only the name is known. */
record ModelCards(Models models) {
  private static final String USUAL_TAG = ":latest";

  /** When a model leaves that stays while there is room; Ollama has such a time far away, too. */
  private static final String NEVER = "2318-01-01T00:00:00Z";

  /** {@code /api/tags}: each under all its names. */
  Map<String, Object> tags() {
    List<Object> cards = new ArrayList<>();
    for (Status status : models.all()) {
      List<String> names = new ArrayList<>(List.of(status.name()));
      names.addAll(models.aliases(status.name()));
      status.adapters().forEach(adapter -> names.add(Models.nameOf(status, adapter)));
      names.forEach(name -> cards.add(tag(name, status)));
    }
    return Map.of("models", cards);
  }

  private Map<String, Object> tag(String name, Status status) {
    Map<String, Object> card = new LinkedHashMap<>();
    card.put("name", tagged(name));
    card.put("model", tagged(name));
    card.put("modified_at", models.since().toString());
    card.put("size", info(status).map(ModelInfo::fileBytes).orElse(0L));
    card.put("digest", digest(status));
    card.put("details", details(status));
    return card;
  }

  /** {@code /api/ps}: those that are loaded. */
  Map<String, Object> running() {
    List<Object> cards = new ArrayList<>();
    for (Status status : models.all()) {
      if (status.state() instanceof ModelState.Ready ready) {
        cards.add(running(status, ready.model()));
      }
    }
    return Map.of("models", cards);
  }

  private Map<String, Object> running(Status status, LoadedModel model) {
    long bytes = model.memory().stream().mapToLong(holding -> holding.use().total()).sum();
    Map<String, Object> card = new LinkedHashMap<>();
    card.put("name", tagged(status.name()));
    card.put("model", tagged(status.name()));
    card.put("size", bytes);
    card.put("digest", digest(status));
    card.put("details", details(status));
    card.put(
        "expires_at",
        status.idleLeft().map(left -> Instant.now().plus(left).toString()).orElse(NEVER));
    card.put("size_vram", onGpus(model));
    card.put("context_length", model.contextTokens());
    return card;
  }

  private static long onGpus(LoadedModel model) {
    return model.memory().stream()
        .filter(holding -> !holding.ledger().device().equals("cpu"))
        .mapToLong(holding -> holding.use().total())
        .sum();
  }

  /** {@code /api/show}. */
  Map<String, Object> show(String name, Preset preset) {
    Status status = models.find(name).status();
    Optional<LoadedModel> loaded = loaded(status);
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("modelfile", modelfile(status, preset));
    shown.put("parameters", parameters(preset));
    shown.put(
        "template",
        loaded.flatMap(LoadedModel::chatTemplate).map(template -> template.source()).orElse(""));
    preset.system().ifPresent(system -> shown.put("system", system));
    shown.put("details", details(status));
    shown.put("messages", preset.messages());
    shown.put("model_info", loaded.map(ModelCards::about).orElse(Map.of()));
    shown.put("capabilities", loaded.map(ModelCards::capabilities).orElse(List.of("completion")));
    shown.put("modified_at", models.since().toString());
    return shown;
  }

  private static String modelfile(Status status, Preset preset) {
    StringBuilder file = new StringBuilder("FROM " + tagged(status.name()) + "\n");
    preset
        .system()
        .ifPresent(system -> file.append("SYSTEM \"\"\"").append(system).append("\"\"\"\n"));
    preset
        .parameters()
        .forEach((name, value) -> file.append("PARAMETER " + name + " " + value + "\n"));
    return file.toString();
  }

  private static String parameters(Preset preset) {
    StringBuilder lines = new StringBuilder();
    preset.parameters().forEach((name, value) -> lines.append(name + " " + value + "\n"));
    return lines.toString();
  }

  /** By the keys of GGUF, as far as they are kept. */
  private static Map<String, Object> about(LoadedModel model) {
    ModelInfo info = model.info();
    String architecture = info.architecture();
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("general.architecture", architecture);
    about.put("general.basename", info.name());
    about.put("general.parameter_count", info.parameters());
    about.put(architecture + ".context_length", info.trainedContext());
    about.put(architecture + ".embedding_length", info.embeddingLength());
    about.put(architecture + ".block_count", info.numLayers());
    about.put(architecture + ".vocab_size", info.vocabSize());
    return about;
  }

  private static List<String> capabilities(LoadedModel model) {
    if (model.info().pooling().filter(pooling -> pooling != Pooling.RANK).isPresent()) {
      return List.of("embedding");
    }
    List<String> can = new ArrayList<>(List.of("completion"));
    String template = model.chatTemplate().map(source -> source.source()).orElse("");
    if (template.contains("tools")) {
      can.add("tools");
    }
    if (Think.knows(template)) {
      can.add("thinking");
    }
    return can;
  }

  private static Map<String, Object> details(Status status) {
    Optional<ModelInfo> info = info(status);
    String family = info.map(ModelInfo::architecture).orElse("");
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("parent_model", "");
    details.put("format", "gguf");
    details.put("family", family);
    details.put("families", family.isEmpty() ? List.of() : List.of(family));
    details.put("parameter_size", info.map(i -> parameterSize(i.parameters())).orElse(""));
    details.put("quantization_level", info.map(ModelInfo::format).orElse(""));
    return details;
  }

  /** As in {@code 8.0B}. */
  static String parameterSize(long parameters) {
    if (parameters >= 1_000_000_000) {
      return String.format(Locale.ROOT, "%.1fB", parameters / 1e9);
    }
    return parameters >= 1_000_000
        ? String.format(Locale.ROOT, "%.2fM", parameters / 1e6)
        : String.format(Locale.ROOT, "%.2fK", parameters / 1e3);
  }

  /**
   * Clients tell versions of a model apart by it. It is of what is known of the file, not of its
   * bytes.
   */
  private static String digest(Status status) {
    String known = status.name() + info(status).map(ModelInfo::toString).orElse("");
    byte[] utf8 = known.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Digests.sha256().digest(utf8));
  }

  private static Optional<ModelInfo> info(Status status) {
    return loaded(status).map(LoadedModel::info);
  }

  private static Optional<LoadedModel> loaded(Status status) {
    return status.state() instanceof ModelState.Ready ready
        ? Optional.of(ready.model())
        : Optional.empty();
  }

  /** Its clients know no name without a tag. */
  private static String tagged(String name) {
    return name.contains(":") ? name : name + USUAL_TAG;
  }
}
