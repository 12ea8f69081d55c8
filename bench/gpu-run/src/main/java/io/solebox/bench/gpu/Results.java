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
 * The folder that {@code measure} fills. {@code plan.txt} has a line for each stage that there is,
 * in the order in which they run. A stage leaves {@code STAGE.json} with what was measured, or
 * {@code STAGE.failed} or {@code STAGE.skipped} with a line that says why not; beside them {@code
 * STAGE.seconds}, how long it took, and {@code STAGE.clocks}, the card's clocks before and after.
 */
record Results(Path folder) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String ROWS = "rows/";
  private static final String VARIANTS = "variants/";

  /** A model and its format, measured in the stage {@code rows/SHAPE-FORMAT}. */
  record Row(String shape, String format) {
    String stage() {
      return ROWS + shape + "-" + format;
    }
  }

  /** Those that measured something, in the order in which they run. */
  private Stream<String> stages() {
    return text("plan.txt").lines().filter(name -> file(name).isPresent());
  }

  List<Row> rows() {
    return stages()
        .filter(name -> name.startsWith(ROWS))
        .map(name -> name.substring(ROWS.length()).split("-", 2))
        .map(parts -> new Row(parts[0], parts[1]))
        .toList();
  }

  /** Names of what runs in stages {@code variants/NAME}. */
  List<String> variants() {
    return stages()
        .filter(name -> name.startsWith(VARIANTS))
        .map(name -> name.substring(VARIANTS.length()))
        .toList();
  }

  Optional<JsonNode> variant(String name) {
    return stage(VARIANTS + name);
  }

  /** What a stage measured; {@code bench} prints an array, an object for each batch size. */
  Optional<JsonNode> stage(String name) {
    return file(name).map(node -> node.isArray() ? node.get(0) : node);
  }

  /** All of {@code NAME.json}. */
  Optional<JsonNode> file(String name) {
    Path file = folder.resolve(name + ".json");
    return Files.exists(file) ? Optional.of(MAPPER.readTree(file.toFile())) : Optional.empty();
  }

  /** A line for each file of that ending, as {@code STAGE: what it says}. */
  List<String> reasons(String ending) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> f.toString().endsWith(ending))
          .map(f -> folder.relativize(f).toString())
          .sorted()
          .map(f -> f.substring(0, f.length() - ending.length()) + ": " + text(f).strip())
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
