package io.solebox.engine.testdata;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Where the reference data lies that is not part of the repository. */
public final class SharedData {
  private SharedData() {}

  /**
   * A folder of the reference data, from the repository's or a module's folder.
   *
   * @param name as in {@code tokenizer}; the test is skipped where it is absent
   */
  public static Path folder(String name) {
    Optional<Path> found =
        Optional.of(Path.of("../../shared/testdata", name))
            .filter(Files::isDirectory)
            .or(() -> Optional.of(Path.of("../shared/testdata", name)).filter(Files::isDirectory));
    if (found.isEmpty()) {
      System.out.println("SKIPPED: ../shared/testdata/" + name + " is not there");
    }
    Assumptions.assumeTrue(found.isPresent(), "SKIPPED: ../shared/testdata/" + name + " is absent");
    return found.orElseThrow();
  }
}
