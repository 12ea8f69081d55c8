package io.solebox.scout.settings;

import io.solebox.scout.toml.TomlTable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads where secrets are: {@code NAME_file} or {@code NAME_variable}. What stands in their place
 * by mistake is never shown.
 *
 * @param folder from which paths are meant
 */
record Secrets(Path folder) {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

  /** A secret that must be somewhere; says so where it is not. */
  Optional<SecretPlace> required(TomlTable table, String name) {
    Optional<SecretPlace> place = optional(table, name);
    if (place.isEmpty() && !said(table, name)) {
      table.wrong(
          "", "'%s_file' or '%s_variable' must say where the secret is".formatted(name, name));
    }
    return place;
  }

  private static boolean said(TomlTable table, String name) {
    return table.has(name) || table.has(name + "_file") || table.has(name + "_variable");
  }

  Optional<SecretPlace> optional(TomlTable table, String name) {
    if (table.has(name)) {
      table.wrong(
          name,
          "secrets do not stand in this file: write '%s' into a file of its own, and name that as"
                  .formatted(name)
              + " '%s_file', or name a variable as '%s_variable'".formatted(name, name));
    }
    Optional<SecretPlace> file = file(table, name + "_file");
    Optional<SecretPlace> variable = variable(table, name + "_variable");
    if (file.isPresent() && variable.isPresent()) {
      table.wrong(name + "_variable", "there is '%s_file' already".formatted(name));
    }
    return file.or(() -> variable);
  }

  private Optional<SecretPlace> file(TomlTable table, String name) {
    Optional<String> text = table.text(name).map(String::strip);
    Optional<Path> path = text.filter(it -> !it.contains("://")).flatMap(this::path);
    if (text.isPresent() && path.isEmpty()) {
      table.wrong(name, "'%s' must be the path of a file that holds the secret".formatted(name));
    }
    return path.map(SecretPlace.InFile::new);
  }

  private static Optional<SecretPlace> variable(TomlTable table, String name) {
    Optional<String> text = table.text(name).map(String::strip);
    Optional<String> variable = text.filter(it -> VARIABLE.matcher(it).matches());
    if (text.isPresent() && variable.isEmpty()) {
      table.wrong(name, "'%s' must be the name of a variable that holds it".formatted(name));
    }
    return variable.map(SecretPlace.InVariable::new);
  }

  /** A path beside the settings, or from the root; empty for what is none. */
  Optional<Path> path(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(folder.resolve(text).normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
