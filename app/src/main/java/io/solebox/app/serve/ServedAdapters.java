package io.solebox.app.serve;

import io.solebox.app.session.AdapterArgument;
import io.solebox.app.session.ModelLocator;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.adapter.AdapterOptions;
import io.solebox.engine.source.file.ModelSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The adapters of a server's models: those in the folder {@code NAME.adapters} beside a model's
 * file, and those that were named.
 *
 * @param ofModel by the name of the model
 */
record ServedAdapters(Map<String, List<AdapterOptions>> ofModel) {
  private static final String FOLDER = ".adapters";
  private static final String OPTION = "--adapter";
  private static final String SCALE_OPTION = "--adapter-scale";

  /**
   * @param models files by name
   * @param named as {@code NAME=FILE} or {@code MODEL:NAME=FILE}
   * @param scales as {@code NAME=X} or {@code MODEL:NAME=X}
   * @throws ParameterException if one does not say of which model, or of one that is not there
   */
  static ServedAdapters of(
      Map<String, Path> models, List<String> named, List<String> scales, CommandLine command) {
    Map<String, Map<String, AdapterOptions>> all = new LinkedHashMap<>();
    models.forEach((model, file) -> all.put(model, installed(file)));
    Set<String> seen = new HashSet<>();
    for (String argument : named) {
      Assigned given = Assigned.of(OPTION, argument, models, command);
      if (!seen.add(given.model() + ":" + given.name())) {
        throw new ParameterException(
            command, "%s %s: this name is given twice".formatted(OPTION, argument));
      }
      Path path = AdapterArgument.path(OPTION + " " + given.name(), given.value());
      var adapter = new AdapterOptions(given.name(), path);
      all.get(given.model()).put(given.name(), adapter);
    }
    Set<String> scaled = new HashSet<>();
    for (String argument : scales) {
      Assigned given = Assigned.of(SCALE_OPTION, argument, models, command);
      if (!scaled.add(given.model() + ":" + given.name())) {
        throw new ParameterException(
            command, "%s %s: this adapter is given two scales".formatted(SCALE_OPTION, argument));
      }
      Map<String, AdapterOptions> there = all.get(given.model());
      if (!there.containsKey(given.name())) {
        throw new ParameterException(
            command,
            "%s %s: the model %s has no adapter %s"
                .formatted(SCALE_OPTION, argument, given.model(), given.name()));
      }
      there.put(given.name(), scaled(there.get(given.name()), given, command));
    }
    Map<String, List<AdapterOptions>> lists = new LinkedHashMap<>();
    all.forEach((model, adapters) -> lists.put(model, List.copyOf(adapters.values())));
    return new ServedAdapters(lists);
  }

  private static AdapterOptions scaled(
      AdapterOptions adapter, Assigned given, CommandLine command) {
    try {
      return new AdapterOptions(adapter.name(), adapter.path(), Float.parseFloat(given.value()));
    } catch (NumberFormatException e) {
      throw new ParameterException(
          command, "%s %s: this is no number".formatted(SCALE_OPTION, given.value()), e);
    }
  }

  private static Path folderBeside(Path model) {
    Path path = model.toAbsolutePath().normalize();
    // A file of a model's folder stands for the folder.
    boolean inside = ModelSources.isTranslated(path) && !Files.isDirectory(path);
    return (inside ? path.getParent() : path).resolveSibling(ModelLocator.nameOf(model) + FOLDER);
  }

  /** What lies in the folder beside a model's file, by name. */
  private static Map<String, AdapterOptions> installed(Path model) {
    Path folder = folderBeside(model);
    Map<String, AdapterOptions> found = new LinkedHashMap<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(AdapterOptions::isAdapter).sorted().toList()) {
        String name = AdapterArgument.nameOf(file);
        AdapterOptions other = found.put(name, new AdapterOptions(name, file));
        if (other != null) {
          throw new SoleboxException(
              ErrorCode.INVALID_PARAMETER,
              folder.toString(),
              "%s and %s would both be offered as %s."
                  .formatted(other.path().getFileName(), file.getFileName(), name),
              "Rename one of them.");
        }
      }
      return found;
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          folder.toString(),
          "The folder of the adapters cannot be read: " + e.getMessage(),
          "Check its permissions.",
          e);
    }
  }

  /**
   * What was said of an adapter.
   *
   * @param name of the adapter
   */
  private record Assigned(String model, String name, String value) {
    static Assigned of(
        String option, String argument, Map<String, Path> models, CommandLine command) {
      int equals = argument.indexOf('=');
      int colon = argument.lastIndexOf(':', Math.max(0, equals));
      if (equals <= 0) {
        throw new ParameterException(
            command, "%s %s does not name it; write NAME=...".formatted(option, argument));
      }
      if (colon < 0 && models.size() > 1) {
        throw new ParameterException(
            command,
            "%s %s does not say of which model; write MODEL:NAME=...".formatted(option, argument));
      }
      String model = colon < 0 ? models.keySet().iterator().next() : argument.substring(0, colon);
      if (!models.containsKey(model)) {
        throw new ParameterException(
            command,
            "%s %s: there is no model %s, only %s"
                .formatted(option, argument, model, String.join(", ", models.keySet())));
      }
      return new Assigned(
          model, argument.substring(colon + 1, equals), argument.substring(equals + 1));
    }
  }
}
