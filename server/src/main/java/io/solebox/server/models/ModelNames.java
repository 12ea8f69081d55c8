package io.solebox.server.models;

import io.solebox.server.http.Globs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * By which names models can be asked for besides their own.
 *
 * @param aliases further names, and the names they stand for
 * @param anyName whether the only model there is answers to every name
 */
public record ModelNames(Map<String, String> aliases, boolean anyName) {
  public static final ModelNames OWN = new ModelNames(Map.of(), false);

  private static final String ENDING = ".gguf";

  public ModelNames {
    aliases = new LinkedHashMap<>(aliases);
  }

  /**
   * The model that a request means, as programs write names: in any case, with the ending of the
   * file, with a tag as in {@code name:latest}.
   *
   * @param own the models' own names, in order
   */
  Optional<String> find(String asked, List<String> own) {
    if (own.contains(asked)) {
      return Optional.of(asked);
    }
    if (aliases.containsKey(asked)) {
      return Optional.of(aliases.get(asked));
    }
    String wanted = normal(asked);
    for (String name : own) {
      if (normal(name).equals(wanted)) {
        return Optional.of(name);
      }
    }
    for (Map.Entry<String, String> alias : aliases.entrySet()) {
      if (normal(alias.getKey()).equals(wanted)) {
        return Optional.of(alias.getValue());
      }
    }
    return anyName && own.size() == 1 ? Optional.of(own.getFirst()) : Optional.empty();
  }

  /** The same with a further name. */
  ModelNames with(String alias, String model) {
    Map<String, String> more = new LinkedHashMap<>(aliases);
    more.put(alias, model);
    return new ModelNames(more, anyName);
  }

  /** The same for whom only some models are there. */
  ModelNames among(Globs models) {
    Map<String, String> fewer = new LinkedHashMap<>(aliases);
    fewer.values().removeIf(model -> !models.matches(model));
    return new ModelNames(fewer, anyName);
  }

  /** The same without a further name, in whatever case it was given. */
  ModelNames without(String alias) {
    Map<String, String> fewer = new LinkedHashMap<>(aliases);
    fewer.keySet().removeIf(alias::equalsIgnoreCase);
    return new ModelNames(fewer, anyName);
  }

  /**
   * What a request asks of a model beside its name, as in {@code model:adapter}.
   *
   * @param name of the model
   * @param rest behind the colon
   */
  record Split(String name, String rest) {}

  /**
   * A model's name with something behind a colon; empty where all of it is a model's name already,
   * or what stands before the colon is none.
   */
  Optional<Split> split(String asked, List<String> own) {
    String text = asked.strip();
    int colon = text.lastIndexOf(':');
    return colon <= 0 || isName(text, own)
        ? Optional.empty()
        : find(text.substring(0, colon), own)
            .map(name -> new Split(name, text.substring(colon + 1)));
  }

  /** Whether all of it is a model's name, in any case and with the ending of the file. */
  private boolean isName(String text, List<String> own) {
    String wanted = withoutEnding(text.toLowerCase(Locale.ROOT));
    return Stream.concat(own.stream(), aliases.keySet().stream())
        .anyMatch(name -> withoutEnding(name.toLowerCase(Locale.ROOT)).equals(wanted));
  }

  private static String normal(String name) {
    String lower = name.strip().toLowerCase(Locale.ROOT);
    int colon = lower.lastIndexOf(':');
    return withoutEnding(colon > 0 ? lower.substring(0, colon) : lower);
  }

  private static String withoutEnding(String name) {
    return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
  }
}
