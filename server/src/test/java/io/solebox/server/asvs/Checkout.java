package io.solebox.server.asvs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The sources of all modules, as they lie beside this one. */
final class Checkout {
  /** What people get. */
  static final List<String> PRODUCT =
      List.of(
          "engine", "backend-cpu", "backend-cuda", "store", "hardware", "server", "reader", "app");

  /** Modules with tests. */
  static final List<String> TESTED =
      Stream.concat(PRODUCT.stream(), Stream.of("engine-testkit", "it-clients", "bench/load-run"))
          .toList();

  private static final Path ROOT = Path.of("..");

  private Checkout() {}

  static Path path(String name) {
    return ROOT.resolve(name);
  }

  /**
   * All files of a kind.
   *
   * @param part of each module, as in {@code src/main/java}
   */
  static List<Path> files(List<String> modules, String part, String ending) {
    return modules.stream()
        .map(module -> path(module).resolve(part))
        .filter(Files::isDirectory)
        .flatMap(Checkout::all)
        .filter(file -> file.toString().endsWith(ending))
        .toList();
  }

  private static Stream<Path> all(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
