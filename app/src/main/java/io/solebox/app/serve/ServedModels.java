package io.solebox.app.serve;

import io.solebox.app.session.ModelLocator;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.host.Catalog;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The models of a server and their names.
 *
 * @param files by the names under which they are offered
 * @param aliases further names, and the names they stand for
 */
record ServedModels(Map<String, Path> files, Map<String, String> aliases) {
  /**
   * @param models as {@code MODEL} or {@code NAME=MODEL}; none is the built-in one
   * @param aliases as {@code ALIAS} or {@code ALIAS=NAME}
   * @throws ParameterException if two would have one name, or a name stands for none or for two
   */
  static ServedModels of(
      List<String> models,
      List<String> aliases,
      boolean anyName,
      ModelLocator locator,
      CommandLine command) {
    Map<String, Path> files = new LinkedHashMap<>();
    if (models.isEmpty()) {
      Path file = locator.locate(Optional.empty());
      files.put(ModelLocator.nameOf(file), file);
    }
    for (String model : models) {
      Named named = named(model);
      ModelLocator.Located found = locator.locateNamed(Optional.of(named.model()));
      String name = named.name().orElse(found.name());
      if (files.put(name, found.file()) != null) {
        throw new ParameterException(
            command,
            "two models would be offered as %s; write NAME=%s for one".formatted(name, model));
      }
    }
    if (anyName && files.size() > 1) {
      throw new ParameterException(command, "--any-name is for one model, not for " + files.size());
    }
    return new ServedModels(files, aliases(aliases, files, command));
  }

  /** The models as a host offers them, all with the same options but for their adapters. */
  Catalog catalog(LoadOptions options, ServedAdapters adapters) {
    return Catalog.of(
        files.entrySet().stream()
            .map(
                file ->
                    new Catalog.Offer(
                        file.getKey(),
                        file.getValue(),
                        options.withAdapters(adapters.ofModel().get(file.getKey()))))
            .toList());
  }

  /**
   * @throws ParameterException if an option names a model that there is not
   */
  void requireNames(String option, List<String> names, CommandLine command) {
    names.forEach(name -> requireName(option + " " + name, name, files, command));
  }

  private static void requireName(
      String given, String name, Map<String, Path> files, CommandLine command) {
    if (!files.containsKey(name)) {
      throw new ParameterException(
          command,
          "%s: there is no %s, only %s".formatted(given, name, String.join(", ", files.keySet())));
    }
  }

  private record Named(Optional<String> name, String model) {}

  /** A path can have an equals sign too, but then behind a slash. */
  private static Named named(String model) {
    int equals = model.indexOf('=');
    boolean hasName = equals > 0 && model.lastIndexOf('/', equals) < 0;
    return hasName
        ? new Named(Optional.of(model.substring(0, equals)), model.substring(equals + 1))
        : new Named(Optional.empty(), model);
  }

  private static Map<String, String> aliases(
      List<String> given, Map<String, Path> files, CommandLine command) {
    Map<String, String> aliases = new LinkedHashMap<>();
    for (String alias : given) {
      int equals = alias.indexOf('=');
      if (equals < 0 && files.size() > 1) {
        throw new ParameterException(
            command, "--alias " + alias + " does not say of which model; write ALIAS=NAME");
      }
      String name = equals < 0 ? files.keySet().iterator().next() : alias.substring(equals + 1);
      requireName("--alias " + alias, name, files, command);
      String further = equals < 0 ? alias : alias.substring(0, equals);
      if (files.containsKey(further)) {
        throw new ParameterException(
            command,
            "--alias %s: %s is a model's own name; choose another".formatted(alias, further));
      }
      if (aliases.put(further, name) != null) {
        throw new ParameterException(
            command, "--alias %s: this name is given twice".formatted(alias));
      }
    }
    return aliases;
  }
}
