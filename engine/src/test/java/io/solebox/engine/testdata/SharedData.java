package io.solebox.engine.testdata;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Where the reference data lies that is not part of the repository: beside the checkout, or where
 * {@code SOLEBOX_TESTDATA} says; {@code none} hides it.
 */
public final class SharedData {
  private static final String VARIABLE = "SOLEBOX_TESTDATA";
  private static final String HIDDEN = "none";

  private SharedData() {}

  /**
   * A folder of the reference data, from the repository's or a module's folder.
   *
   * @param name as in {@code tokenizer}; the test is skipped where it is absent
   */
  public static Path folder(String name) {
    Optional<Path> found =
        roots().map(root -> root.resolve(name)).filter(Files::exists).findFirst();
    if (found.isEmpty()) {
      System.out.println("SKIPPED: ../shared/testdata/" + name + " is not there");
    }
    Assumptions.assumeTrue(found.isPresent(), "SKIPPED: ../shared/testdata/" + name + " is absent");
    return found.orElseThrow();
  }

  private static Stream<Path> roots() {
    String named = System.getenv().getOrDefault(VARIABLE, "");
    if (named.equals(HIDDEN)) {
      return Stream.empty();
    }
    return named.isEmpty()
        ? Stream.of(Path.of("../../shared/testdata"), Path.of("../shared/testdata"))
        : Stream.of(Path.of(named));
  }
}
