package io.solebox.engine.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The templates that are part of Solebox. */
class BuiltInTemplatesTest {
  private static final List<ChatMessage> TALK =
      List.of(
          new ChatMessage("system", "S"),
          new ChatMessage("user", "A"),
          new ChatMessage("assistant", "B"),
          new ChatMessage("user", "C"));

  static List<String> names() {
    return ChatTemplates.builtInNames();
  }

  private static Rendering render(String name, List<ChatMessage> messages) {
    Map<String, String> named = Map.of("bos_token", "<s>", "eos_token", "</s>");
    return ChatTemplates.builtIn(name)
        .orElseThrow()
        .render(ChatVariables.of(ChatInput.of(messages), named), Clock.systemUTC());
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyMessageIsThereOnceInItsPlace(String name) {
    String letters = render(name, TALK).text().replaceAll("[^SABC]|[A-Z]{2,}|[A-Z][a-z]+", "");
    List<String> orders = List.of("SABC", "ABSC");
    assertTrue(orders.contains(letters), name + " gives " + letters);
    String opening = render(name, TALK).opening();
    assertTrue(!opening.isEmpty(), name + " does not begin the answer");
    render(name, List.of(new ChatMessage("user", "A")));
    render(name, List.of());
  }

  @Test
  void namesAreThoseOfTheFiles() throws IOException {
    Path folder = Path.of("src/main/resources/io/solebox/engine/chat/templates");
    try (Stream<Path> files = Files.list(folder)) {
      List<String> found =
          files.map(file -> file.getFileName().toString().replace(".jinja", "")).sorted().toList();
      assertEquals(found, names());
    }
    assertEquals(List.copyOf(new TreeSet<>(names())), names());
    assertTrue(ChatTemplates.builtIn("../x").isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          chatml    | `<|im_start|>system\\nS<|im_end|>\\n<|im_start|>user\\nA<|im_end|>\\n<|im_start|>assistant\\nB<|im_end|>\\n<|im_start|>user\\nC<|im_end|>\\n<|im_start|>assistant\\n`
          llama2    | `<s>[INST] <<SYS>>\\nS\\n<</SYS>>\\n\\nA [/INST] B </s><s>[INST] C [/INST]`
          llama3    | `<s><|start_header_id|>system<|end_header_id|>\\n\\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\\n\\nA<|eot_id|><|start_header_id|>assistant<|end_header_id|>\\n\\nB<|eot_id|><|start_header_id|>user<|end_header_id|>\\n\\nC<|eot_id|><|start_header_id|>assistant<|end_header_id|>\\n\\n`
          mistral   | `<s>[INST] A[/INST] B</s>[INST] S\\n\\nC[/INST]`
          vicuna    | `<s>S USER: A ASSISTANT: B</s>USER: C ASSISTANT:`
          zephyr    | `<|system|>\\nS</s>\\n<|user|>\\nA</s>\\n<|assistant|>\\nB</s>\\n<|user|>\\nC</s>\\n<|assistant|>\\n`
          alpaca    | `S\\n\\n### Instruction:\\nA\\n\\n### Response:\\nB</s>\\n\\n### Instruction:\\nC\\n\\n### Response:\\n`
          command-r | `<s><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>S<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>A<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>B<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>C<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>`
          openchat  | `<s>S<|end_of_turn|>GPT4 Correct User: A<|end_of_turn|>GPT4 Correct Assistant: B<|end_of_turn|>GPT4 Correct User: C<|end_of_turn|>GPT4 Correct Assistant:`
          gemma     | `<s><start_of_turn>user\\nS\\n\\nA<end_of_turn>\\n<start_of_turn>model\\nB<end_of_turn>\\n<start_of_turn>user\\nC<end_of_turn>\\n<start_of_turn>model\\n`
          phi4      | `<|im_start|>system<|im_sep|>S<|im_end|><|im_start|>user<|im_sep|>A<|im_end|><|im_start|>assistant<|im_sep|>B<|im_end|><|im_start|>user<|im_sep|>C<|im_end|><|im_start|>assistant<|im_sep|>`
          """)
  void aConversationLooksAsItsMakersSay(String name, String expected) {
    assertEquals(expected.replace("\\n", "\n"), render(name, TALK).text());
  }

  /** Where a publisher's template renders the same format, the built-in one renders the same. */
  @Test
  void equalsThePublishersRenderings() throws IOException {
    Map<String, String> builtIn =
        Map.of(
            "google-gemma-2-2b-it", "gemma",
            "microsoft-Phi-3.5-mini-instruct", "phi3",
            "mistralai-Mistral-Nemo-Instruct-2407", "mistral-tekken",
            "Qwen-Qwen2.5-7B-Instruct", "chatml",
            "MiMo-VL", "chatml",
            "ibm-granite-granite-4.0", "granite");
    List<String> scenarios =
        List.of("user", "multi_turn", "system_user", "system_multi_turn", "user_nogen");
    Path cases = SharedData.folder("template").resolve("cases.jsonl");
    int compared = 0;
    for (String line : Files.readAllLines(cases)) {
      JsonNode node = JsonMapper.shared().readTree(line);
      String name = builtIn.get(node.get("template").asString());
      if (name == null
          || !node.has("expected")
          || !scenarios.contains(node.get("scenario").asString())) {
        continue;
      }
      String expected = node.get("expected").asString();
      boolean ownSystem = expected.contains("system") && !line.contains("\"role\":\"system\"");
      if (!ownSystem) {
        Map<String, Object> variables = JsonValues.map(node.get("input"));
        Rendering rendering =
            ChatTemplates.builtIn(name).orElseThrow().render(variables, Clock.systemUTC());
        assertEquals(expected, rendering.text(), node.get("id").asString());
        compared++;
      }
    }
    assertTrue(compared >= 12, "only " + compared);
  }
}
