package io.solebox.bench.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The folder that {@code measure} fills: a file {@code STAGE.json} for what was measured, or {@code
 * STAGE.failed} with a line that says why not.
 */
record Results(Path folder) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A model file whose stages are {@code rows/SHAPE-FORMAT.STAGE}. */
  record Row(String shape, String format) {
    String stage(String name) {
      return "rows/" + shape + "-" + format + "." + name;
    }
  }

  /** In the order of the list that {@code measure} was asked for. */
  List<Row> rows() {
    return text("plan.txt").lines().map(line -> line.split(" ")).map(Results::row).toList();
  }

  private static Row row(String[] words) {
    return new Row(words[0], words[1]);
  }

  /** What a stage measured; {@code bench} prints an array, of which the first row counts. */
  Optional<JsonNode> stage(String name) {
    return file(name).map(node -> node.isArray() ? node.get(0) : node);
  }

  /** All of {@code NAME.json}. */
  Optional<JsonNode> file(String name) {
    Path file = folder.resolve(name + ".json");
    return Files.exists(file) ? Optional.of(MAPPER.readTree(file.toFile())) : Optional.empty();
  }

  /** Why stages failed, by their names. */
  List<String> failures() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".failed"))
          .map(f -> folder.relativize(f).toString().replaceFirst("\\.failed$", ""))
          .sorted()
          .map(name -> name + ": " + text(name + ".failed").strip())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty where there is no such file. */
  String text(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
