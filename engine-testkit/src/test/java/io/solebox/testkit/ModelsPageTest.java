package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.file.Contents;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.GoldenModels.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tables of {@code docs/models.md} are those of the registry and of the references: {@code
 * -Dsolebox.models.renew=true} writes them anew.
 */
class ModelsPageTest {
  private static final String BEGIN = "<!-- tables -->\n";
  private static final String END = "<!-- end of tables -->\n";

  @TempDir Path scratch;

  private static Path page() {
    return Stream.of(".", "..")
        .map(up -> Path.of(up, "docs", "models.md"))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void saysWhatTheRegistryAndTheReferencesSay() throws IOException {
    TestData.requireShared("arch");
    String page = Files.readString(page());
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    String tables = tables();
    if (Boolean.getBoolean("solebox.models.renew")) {
      Files.writeString(page(), page.substring(0, begin) + tables + page.substring(end));
      return;
    }
    assertEquals(tables, page.substring(begin, end), "run with -Dsolebox.models.renew=true");
  }

  @Test
  void everyArchitectureHasAReferenceOrIsNamedAsOneWithout() throws IOException {
    TestData.requireShared("arch");
    Map<String, Set<String>> cases = cases();
    Set<String> without = new TreeSet<>(ModelFile.architectures());
    without.removeAll(cases.keySet());
    assertEquals(new TreeSet<>(Set.of("nomic-bert-moe")), without);
    assertFalse(cases.isEmpty());
  }

  /** The references of each architecture that this version runs. */
  private Map<String, Set<String>> cases() {
    Map<String, Set<String>> cases = new TreeMap<>();
    GoldenModels.all()
        .forEach(
            (weights, refusal) -> {
              if (refusal.isEmpty() && !weights.isMix()) {
                cases
                    .computeIfAbsent(architecture(weights), _ -> new TreeSet<>())
                    .add(weights.model());
              }
            });
    return cases;
  }

  private String architecture(Weights weights) {
    Path file = TestData.file(weights.path(), scratch);
    return Contents.read(file).metadata().string("general.architecture");
  }

  private String tables() {
    var text = new StringBuilder("\n## Architectures\n\n");
    text.append("| `general.architecture` | proved by |\n|---|---|\n");
    Map<String, Set<String>> cases = cases();
    for (String name : ModelFile.architectures()) {
      String proofs = String.join(", ", cases.getOrDefault(name, Set.of("no reference yet")));
      text.append("| `%s` | %s |\n".formatted(name, proofs));
    }
    text.append("\n## Weight formats\n\n");
    text.append(
        Stream.of(TensorType.values())
            .map(type -> "`" + type + "`")
            .collect(Collectors.joining(", ", "", ".\n\n")));
    return text.toString();
  }
}
