package io.solebox.server.ollama;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.server.http.Digests;
import io.solebox.server.http.Exchange;
import io.solebox.server.library.KeptModel;
import io.solebox.server.library.ModelSettings;
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
import java.util.OptionalLong;

/** Models as Ollama's clients see them. */
record ModelCards(Models models) {
  private static final String USUAL_TAG = ":latest";

  /** When a model leaves that stays while there is room; Ollama has such a time far away, too. */
  private static final String NEVER = "2318-01-01T00:00:00Z";

  /** {@code /api/tags}: each under all its names. */
  Map<String, Object> tags(Exchange exchange) {
    List<Object> cards = new ArrayList<>();
    for (Status status : models.seenBy(exchange).all()) {
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
    Optional<KeptModel> kept = models.kept(status);
    card.put("modified_at", modified(kept));
    card.put("size", kept.map(KeptModel::bytes).orElseGet(() -> fileBytes(status)));
    card.put("digest", digest(status));
    card.put("details", details(status));
    return card;
  }

  private String modified(Optional<KeptModel> kept) {
    return kept.map(KeptModel::changed).orElseGet(models::since).toString();
  }

  private long fileBytes(Status status) {
    return ModelFacts.of(models, status).map(ModelFacts::fileBytes).orElse(0L);
  }

  /** {@code /api/ps}: those that are loaded. */
  Map<String, Object> running(Exchange exchange) {
    List<Object> cards = new ArrayList<>();
    for (Status status : models.seenBy(exchange).all()) {
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
  Map<String, Object> show(Status status, ModelSettings preset) {
    Optional<ModelFacts> facts = ModelFacts.of(models, status);
    String template = facts.map(ModelFacts::template).orElse("");
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("modelfile", modelfile(status, template, preset));
    shown.put("parameters", parameters("", preset));
    shown.put("template", template);
    preset.system().ifPresent(system -> shown.put("system", system));
    shown.put("details", details(status));
    shown.put("messages", preset.messages());
    shown.put("model_info", facts.map(ModelFacts::values).orElse(Map.of()));
    shown.put("capabilities", facts.map(ModelFacts::capabilities).orElse(List.of("completion")));
    shown.put("modified_at", modified(models.kept(status)));
    return shown;
  }

  private static String modelfile(Status status, String template, ModelSettings preset) {
    StringBuilder file = new StringBuilder("FROM " + tagged(status.name()) + "\n");
    if (!template.isEmpty()) {
      file.append("TEMPLATE ").append(quoted(template)).append('\n');
    }
    preset.system().ifPresent(text -> file.append("SYSTEM ").append(quoted(text)).append('\n'));
    file.append(parameters("PARAMETER ", preset));
    for (Map<String, Object> message : preset.messages()) {
      String words = quoted(String.valueOf(message.get("content")));
      file.append("MESSAGE %s %s\n".formatted(message.get("role"), words));
    }
    return file.toString();
  }

  /** One a line; of those that have several values, each. */
  private static String parameters(String before, ModelSettings preset) {
    StringBuilder lines = new StringBuilder();
    preset
        .parameters()
        .forEach(
            (name, value) -> {
              List<?> values = value instanceof List<?> several ? several : List.of(value);
              values.forEach(
                  each -> {
                    Object shown = each instanceof String text ? '"' + text + '"' : each;
                    lines.append(before).append(name).append(' ').append(shown).append('\n');
                  });
            });
    return lines.toString();
  }

  private static String quoted(String text) {
    return "\"\"\"" + text + "\"\"\"";
  }

  private Map<String, Object> details(Status status) {
    // What is written down of a model that is kept need not be read in its file.
    Optional<KeptModel> kept = models.kept(status).filter(model -> !model.architecture().isEmpty());
    Optional<ModelFacts> facts =
        kept.isPresent() ? Optional.empty() : ModelFacts.of(models, status);
    String family =
        kept.map(KeptModel::architecture).or(() -> facts.map(ModelFacts::architecture)).orElse("");
    OptionalLong parameters =
        kept.isPresent()
            ? kept.get().parameters()
            : facts.stream().mapToLong(ModelFacts::parameters).findFirst();
    String format = kept.map(KeptModel::format).or(() -> facts.map(ModelFacts::format)).orElse("");
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("parent_model", "");
    details.put("format", "gguf");
    details.put("family", family);
    details.put("families", family.isEmpty() ? List.of() : List.of(family));
    details.put(
        "parameter_size", parameters.isPresent() ? parameterSize(parameters.getAsLong()) : "");
    details.put("quantization_level", format);
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
   * Clients tell versions of a model apart by it. Of models that are kept it is of all that they
   * consist of; of others it is of what is known of the file, not of its bytes, and the same
   * whether the model is loaded or not.
   */
  private String digest(Status status) {
    Optional<KeptModel> kept = models.kept(status);
    if (kept.isPresent()) {
      return kept.get().digest();
    }
    String known =
        models
            .header(status)
            .map(Record::toString)
            .or(() -> ModelFacts.of(models, status).map(Record::toString))
            .orElse("");
    byte[] utf8 = (status.name() + known).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Digests.sha256().digest(utf8));
  }

  /** Its clients know no name without a tag. */
  private static String tagged(String name) {
    boolean hasTag = name.indexOf(':', name.lastIndexOf('/') + 1) >= 0; // and not a port alone
    return hasTag ? name : name + USUAL_TAG;
  }
}
