package io.solebox.engine.chat.jinja;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.provider.MethodSource;

/** As {@link JinjaFuzzTest}, from the templates that published models carry. */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class PublishedTemplatesFuzzTest {
  private static final Map<String, Object> VARIABLES =
      Map.of(
          "messages",
          List.of(
              Map.of("role", "system", "content", "a"),
              Map.of("role", "user", "content", "b"),
              Map.of("role", "assistant", "content", "c", "tool_calls", List.of())),
          "bos_token",
          "<s>");

  private static Path published;

  @BeforeAll
  static void needsTheTemplates() {
    published = SharedData.folder("template/templates");
  }

  static List<byte[]> templates() throws IOException {
    List<byte[]> templates = new ArrayList<>();
    try (Stream<Path> files = Files.list(published)) {
      for (Path file : files.sorted().toList()) {
        templates.add(Files.readAllBytes(file));
      }
    }
    return templates;
  }

  @MethodSource("templates")
  @DictionaryFile(resourcePath = "/fuzz-dictionaries/jinja.dict")
  @Timeout(60)
  @FuzzTest(maxDuration = "12s", maxExecutions = 20_000)
  void damagedPublishedTemplates(byte[] template) {
    DamagedTemplate.renders(template, VARIABLES);
  }
}
