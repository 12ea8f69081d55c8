package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tests that {@code docs/llama-server-tests.md} names are there. */
class LlamaSuiteTest {
  private static final Path DOCS = Path.of("../docs/llama-server-tests.md");
  private static final Path TESTS = Path.of("src/test/java/io/solebox/server");
  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+Test)\\.(\\w+)`");

  @Test
  void testsThatAreNamedAreThere() throws IOException {
    List<String> missing = new ArrayList<>();
    int named = 0;
    var names = NAME.matcher(Files.readString(DOCS));
    while (names.find()) {
      named++;
      Path file = TESTS.resolve(names.group(1) + ".java");
      String method = "void " + names.group(2) + "(";
      if (!Files.isRegularFile(file) || !Files.readString(file).contains(method)) {
        missing.add(names.group());
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(named > 50, "there are few names in " + DOCS);
  }
}
