package io.solebox.server.setup;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.tls.OwnerFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was chosen in the first steps and is not done yet, in a file that only the server may read,
 * so that no cut of the power loses it; and which browser may choose. Gone with the setup.
 */
final class Draft {
  /** What a browser is never told again. */
  private static final Set<String> SECRET = Set.of("token", "password_hash");

  private final Path file;

  /**
   * @param file {@code setup.json} in the state's folder
   */
  Draft(Path file) {
    this.file = file;
  }

  /** All of it; nothing where there is none, or what the power has left cannot be read. */
  Map<String, Object> all() {
    try {
      return new LinkedHashMap<>(
          new JsonReader(JsonLimits.LOCAL).readObject(Files.readAllBytes(file)));
    } catch (NoSuchFileException | JsonException e) {
      return new LinkedHashMap<>(); // whole by rename: damage takes a broken disk, and costs typing
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean exists() {
    return Files.exists(file);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(all().get(name)).map(String::valueOf);
  }

  /** Puts these in the place of those of the same names; null takes one away. */
  void put(Map<String, Object> some) {
    Map<String, Object> all = all();
    some.forEach(
        (name, value) -> {
          if (value == null) {
            all.remove(name);
          } else {
            all.put(name, value);
          }
        });
    OwnerFiles.write(file, new JsonWriter().text(all));
  }

  /** What may be told to the browser that chooses. */
  Map<String, Object> told() {
    Map<String, Object> all = all();
    all.keySet().removeAll(SECRET);
    if (all.get("network") instanceof Map<?, ?> network) {
      Map<String, Object> open = new LinkedHashMap<>();
      network.forEach((name, value) -> open.put(String.valueOf(name), value));
      open.remove("passphrase");
      all.put("network", open);
    }
    return all;
  }

  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
