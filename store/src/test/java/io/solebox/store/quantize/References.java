package io.solebox.store.quantize;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** What llama.cpp made of synthetic models ({@code ../shared/testdata/quantize/README.md}). */
final class References {
  private static final Path FOLDER =
      Path.of(System.getenv().getOrDefault("SOLEBOX_TESTDATA", "../../shared/testdata"))
          .resolve("quantize");

  private References() {}

  /** A file of it; the test is skipped where it is absent. */
  static Path file(String name) {
    Path file = FOLDER.resolve(name).toAbsolutePath().normalize();
    if (!Files.exists(file)) {
      System.out.println("SKIPPED: there is no " + file);
    }
    Assumptions.assumeTrue(Files.exists(file), "SKIPPED: there is no " + file);
    return file;
  }

  static Map<String, Object> json(String name) throws IOException {
    return map(new JsonReader(JsonLimits.LOCAL).read(Files.readAllBytes(file(name))));
  }

  @SuppressWarnings("unchecked") // objects of JSON have String keys
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked") // arrays of JSON are lists
  static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  static long number(Object value) {
    return ((Number) value).longValue();
  }
}
