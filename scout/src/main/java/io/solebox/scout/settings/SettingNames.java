package io.solebox.scout.settings;

import io.solebox.scout.toml.TomlTable;
import java.util.regex.Pattern;

/** Reads the names that people give to feeds, shops, channels and watches. */
final class SettingNames {
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{P}\\p{S} ]{0,59}");

  private SettingNames() {}

  /** Empty where there is none, which is said. */
  static String read(TomlTable table) {
    String name = table.required("name");
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      table.wrong(
          "name", "'name' must begin with a letter or digit and have at most 60 characters");
      return "";
    }
    return name;
  }
}
