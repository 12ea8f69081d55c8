package io.solebox.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.console.Environment;
import io.solebox.app.session.ModelLocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Under which names models are served. */
class ServedModelsTest {
  @TempDir Path folder;

  private String a;
  private String b;
  private ModelLocator locator;

  @BeforeEach
  void files() throws IOException {
    a = Files.createFile(folder.resolve("a.gguf")).toString();
    b =
        Files.createFile(Files.createDirectories(folder.resolve("x=y")).resolve("b.gguf"))
            .toString();
    locator = new ModelLocator(new Environment(Map.of(), folder, Optional.empty()));
  }

  private ServedModels served(List<String> models, List<String> aliases, boolean anyName) {
    return ServedModels.of(
        models, aliases, anyName, locator, new CommandLine(CommandSpec.create()));
  }

  private String refused(List<String> models, List<String> aliases, boolean anyName) {
    return assertThrows(ParameterException.class, () -> served(models, aliases, anyName))
        .getMessage();
  }

  @Test
  void filesHaveTheirOwnNamesOrGivenOnes() {
    assertEquals(
        Map.of("a", Path.of(a), "b", Path.of(b), "other", Path.of(a)),
        served(List.of(a, b, "other=" + a), List.of(), false).files());
    assertTrue(refused(List.of(a, a), List.of(), false).contains("NAME="));
    assertTrue(refused(List.of(a, "a=" + b), List.of(), false).contains("offered as a"));
  }

  @Test
  void aliasesStandForOneOfThem() {
    assertEquals(Map.of("gpt-4", "a"), served(List.of(a), List.of("gpt-4"), false).aliases());
    assertEquals(
        Map.of("p", "b", "q", "a"), served(List.of(a, b), List.of("p=b", "q=a"), false).aliases());
    assertTrue(refused(List.of(a, b), List.of("p"), false).contains("ALIAS=NAME"));
    assertTrue(refused(List.of(a, b), List.of("p=c"), false).contains("only a, b"));
    assertTrue(refused(List.of(a, b), List.of("p=a", "p=b"), false).contains("twice"));
    assertTrue(refused(List.of(a, b), List.of("b=a"), false).contains("own name"));
  }

  @Test
  void anyNameIsForOneModel() {
    served(List.of(a), List.of(), true);
    assertTrue(refused(List.of(a, b), List.of(), true).contains("--any-name"));
  }
}
