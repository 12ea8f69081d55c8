package io.solebox.hardware.bundle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.check.Checks;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A bundle holds what checks read. */
final class WantedTest {
  /** What other files tell as well, and is too much for a bundle. */
  private static final Set<String> LEFT_OUT = Set.of("boot/config-*");

  static Stream<String> read() {
    return Checks.all().stream().map(Check::reads).flatMap(List::stream).distinct();
  }

  @ParameterizedTest
  @MethodSource("read")
  void isCollected(String path) {
    boolean text = Wanted.texts().stream().anyMatch(each -> meets(path, each));
    boolean file =
        Wanted.all().stream()
            .anyMatch(
                wanted ->
                    meets(wanted.folder(), path)
                        || wanted.names().stream()
                            .map(name -> wanted.folder() + "/" + name)
                            .anyMatch(each -> meets(path, each) || path.startsWith(each + "/")));
    assertTrue(text || file || LEFT_OUT.contains(path), path);
  }

  /** Stars of one stand for any of the other. */
  private static boolean meets(String pattern, String path) {
    return path.matches(pattern.replace(".", "[.]").replace("*", "[^/]*"));
  }
}
