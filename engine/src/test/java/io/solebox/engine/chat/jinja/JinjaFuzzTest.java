package io.solebox.engine.chat.jinja;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.solebox.engine.chat.JsonValues;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Damaged templates render or fail with a {@link TemplateFailure}; nothing else comes out. */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class JinjaFuzzTest {
  private static List<String> lines;
  private static Map<String, Object> variables;
  private static int tried;
  private static int rendered;

  @BeforeAll
  static void readSnippets() throws IOException {
    lines = Files.readAllLines(JinjaSnippetsTest.SNIPPETS);
    variables = JsonValues.map(JsonMapper.shared().readTree(lines.getFirst()).get("variables"));
  }

  static Stream<byte[]> snippets() {
    return lines.stream()
        .skip(1)
        .map(line -> JsonMapper.shared().readTree(line).get("template").asString().getBytes(UTF_8));
  }

  @MethodSource("snippets")
  @DictionaryFile(resourcePath = "/fuzz-dictionaries/jinja.dict")
  @Timeout(60)
  @FuzzTest(maxDuration = "12s", maxExecutions = 100_000)
  void damagedSnippets(byte[] template) {
    tried++;
    if (DamagedTemplate.renders(template, variables)) {
      rendered++;
    }
  }

  @AfterAll
  static void enoughRender() {
    assertTrue(rendered > tried / 20, "too few render: " + rendered + " of " + tried);
  }
}
