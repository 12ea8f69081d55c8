package io.solebox.server.ollama;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Texts;
import io.solebox.server.library.KeptModel;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.library.ModelSettings;
import io.solebox.server.models.Models;
import io.solebox.server.params.Params;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names that were made of models while the server runs, by {@code /api/copy} and {@code
 * /api/create}; forgotten at its end. Other APIs know them as further names of their models,
 * without what goes along with them here. Safe for many threads.
 */
final class Presets {
  private static final int MAX_PRESETS = 1000;
  private static final int MAX_NAME = 200;
  private static final String USUAL_TAG = ":latest";

  private final Models models;
  private final Optional<ModelLibrary> library;
  private final Map<String, ModelSettings> presets = new ConcurrentHashMap<>();

  Presets(Models models, Optional<ModelLibrary> library) {
    this.models = models;
    this.library = library;
  }

  /**
   * What goes along with a name; nothing for a model's own, unless a library keeps it.
   *
   * @param name of a model that whoever asks may see
   */
  ModelSettings of(String name) {
    return Optional.ofNullable(presets.get(key(name)))
        .or(() -> kept(name).map(model -> library.orElseThrow().settings(model.name())))
        .orElse(ModelSettings.NONE);
  }

  /**
   * The model that a library keeps under this name.
   *
   * @throws Problem 404 if there is no such model at all
   */
  Optional<KeptModel> kept(String name) {
    return has(name)
        ? Optional.empty()
        : models.kept(models.seenByAdministrators().find(name).status());
  }

  /** Whether it was made here. */
  boolean has(String name) {
    return presets.containsKey(key(name));
  }

  /** Names differ no more than models' own do. */
  private static String key(String name) {
    String lower = bare(name).toLowerCase(Locale.ROOT);
    return lower.endsWith(USUAL_TAG)
        ? lower.substring(0, lower.length() - USUAL_TAG.length())
        : lower;
  }

  private static String bare(String name) {
    String stripped = name.strip();
    return stripped.endsWith(USUAL_TAG)
        ? stripped.substring(0, stripped.length() - USUAL_TAG.length())
        : stripped;
  }

  /**
   * Makes a name, or makes it anew.
   *
   * @param from a model's name, or one that was made
   * @param param that {@code name} came from
   * @throws Problem 400 if a model has the name already, 404 if there is no model {@code from}
   */
  synchronized void put(String name, String from, ModelSettings preset, String param) {
    Models.Found source = models.seenByAdministrators().find(from);
    if (source.adapter().isPresent()) {
      throw Params.invalidValue(
          param, "A model with an adapter has its name already: '%s'.".formatted(source.name()));
    }
    String bare = bare(name);
    boolean printable = bare.chars().noneMatch(Character::isISOControl);
    if (bare.isEmpty() || bare.length() > MAX_NAME || !printable) {
      throw Params.invalidValue(
          param, "'%s' has 1 to %d characters, all of them printable.".formatted(param, MAX_NAME));
    }
    if (!presets.containsKey(key(name))) {
      requireFree(bare, param);
      if (presets.size() == MAX_PRESETS) {
        throw Params.invalidValue(param, "There are %d names already.".formatted(MAX_PRESETS));
      }
    }
    presets.put(key(name), preset);
    models.alias(bare, source.status().name());
  }

  /** That nothing has the name but what a library keeps. */
  void requireNoOther(String name, String param) {
    boolean kept = library.flatMap(its -> its.find(bare(name))).isPresent();
    if (has(name) || !kept) {
      requireFree(bare(name), param);
    }
  }

  private void requireFree(String name, String param) {
    Optional<Status> owner =
        models.everything().stream()
            .filter(
                status ->
                    status.name().equalsIgnoreCase(name)
                        || models.aliases(status.name()).stream().anyMatch(name::equalsIgnoreCase))
            .findFirst();
    if (owner.isPresent()) {
      throw Params.invalidValue(
          param,
          "There is a model '%s' already, which the server was started with."
              .formatted(Texts.abbreviated(name)));
    }
  }

  /** Forgets a name that was made here. */
  synchronized void remove(String name) {
    presets.remove(key(name));
    models.removeAlias(bare(name));
  }
}
