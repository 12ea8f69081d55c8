package io.solebox.server.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.chat.ChatInput.Ending;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.http.Problem;
import io.solebox.server.params.Fields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of {@code system} and {@code messages}. */
class ConversationTest {
  private static Conversation read(String json) {
    Map<String, Object> body =
        new JsonReader(JsonLimits.LOCAL).readObject(json.getBytes(StandardCharsets.UTF_8));
    var table = AnthropicFields.table();
    return Conversation.read(table, new Fields(table, AnthropicFields.MESSAGES, "", body));
  }

  private static Map<String, Object> message(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  @Test
  void textsInAllTheirForms() {
    Conversation read =
        read(
            """
            {"system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}},
                        {"type": "text", "text": "Be kind."}],
             "messages": [
              {"role": "user", "content": "a"},
              {"role": "user", "content": [{"type": "text", "text": "b", "citations": null},
                {"type": "document", "title": "T", "source":
                  {"type": "text", "media_type": "text/plain", "data": "D"}}]},
              {"role": "assistant", "content": [{"type": "text", "text": "c"}, {"type": "text", "text": "d"}]},
              {"role": "user", "content": []}]}
            """);
    assertEquals(
        List.of(
            message("system", "Be brief.\\nBe kind.".replace("\\n", "\n")),
            message("user", "a\nb\nT\nD"),
            message("assistant", "cd"),
            message("user", "")),
        read.messages());
    assertEquals(Ending.NEW_MESSAGE, read.ending());
  }

  @Test
  void callsAndTheirResults() {
    Conversation read =
        read(
            """
            {"system": "", "messages": [
              {"role": "user", "content": "Weather?"},
              {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "Hm.", "signature": "x"},
                {"type": "redacted_thinking", "data": "y"},
                {"type": "text", "text": "I look."},
                {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Bern"}}]},
              {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "7 C"}]},
                {"type": "tool_result", "tool_use_id": "t2", "is_error": true, "content": "gone"},
                {"type": "text", "text": "So?"}]}]}
            """);
    List<Map<String, Object>> messages = read.messages();
    assertEquals(
        Map.of(
            "role", "assistant",
            "content", "I look.",
            "reasoning_content", "Hm.",
            "tool_calls",
                List.of(
                    Map.of(
                        "id", "t1",
                        "type", "function",
                        "function",
                            Map.of("name", "weather", "arguments", Map.of("city", "Bern"))))),
        messages.get(1));
    assertEquals(
        Map.of("role", "tool", "content", "7 C", "tool_call_id", "t1", "name", "weather"),
        messages.get(2));
    assertEquals(
        Map.of("role", "tool", "content", "Error: gone", "tool_call_id", "t2"), messages.get(3));
    assertEquals(message("user", "So?"), messages.get(4));
    assertEquals(5, messages.size());
  }

  @Test
  void aLastMessageOfTheAssistantIsGoneOnWith() {
    String ask = "{\"role\": \"user\", \"content\": \"a\"}, ";
    String said = "{\"role\": \"assistant\", \"content\": \"{\"}";
    assertEquals(Ending.IN_LAST_MESSAGE, read("{\"messages\": [" + ask + said + "]}").ending());
    String called =
        "{\"role\": \"assistant\", \"content\":"
            + " [{\"type\": \"tool_use\", \"id\": \"1\", \"name\": \"f\", \"input\": {}}]}";
    assertEquals(Ending.NEW_MESSAGE, read("{\"messages\": [" + ask + called + "]}").ending());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | missing_required_parameter | messages",
        "{'messages': []} | invalid_value | messages",
        "{'messages': 'x'} | invalid_type | messages",
        "{'messages': ['x']} | invalid_type | messages[0]",
        "{'messages': [{'content': 'x'}]} | missing_required_parameter | messages[0].role",
        "{'messages': [{'role': 'user'}]} | missing_required_parameter | messages[0].content",
        "{'messages': [{'role': 'tool', 'content': ''}]} | invalid_value | messages[0].role",
        "{'messages': [{'role': 'user', 'content': 1}]} | invalid_type | messages[0].content",
        "{'messages': [{'role': 'user', 'content': [{}]}]} | missing_required_parameter | messages[0].content[0].type",
        "{'messages': [{'role': 'user', 'content': [{'type': 'image'}]}]} | unsupported_parameter | messages[0].content[0].type",
        "{'messages': [{'role': 'user', 'content': [{'type': 'server_tool_use'}]}]} | unsupported_parameter | messages[0].content[0].type",
        "{'messages': [{'role': 'user', 'content': [{'type': 'document', 'source': {'type': 'base64'}}]}]} | unsupported_parameter | messages[0].content[0].source.type",
        "{'messages': [{'role': 'user', 'content': [{'type': 'tool_use', 'id': 'i', 'name': 'n', 'input': 1}]}]} | invalid_type | messages[0].content[0].input",
        "{'messages': [{'role': 'user', 'content': [{'type': 'thinking', 'thinking': 'x'}]}]} | invalid_value | messages[0].content",
        "{'messages': [{'role': 'assistant', 'content': [{'type': 'tool_result', 'tool_use_id': 'x'}]}]} | invalid_value | messages[0].content",
        "{'messages': [{'role': 'user', 'content': [{'type': 'tool_result'}]}]} | missing_required_parameter | messages[0].content[0].tool_use_id",
        "{'system': [{'type': 'thinking', 'thinking': 'x'}]} | unsupported_parameter | system",
      })
  void whatIsWrongIsNamed(String json, String code, String param) {
    Problem problem = assertThrows(Problem.class, () -> read(json.replace('\'', '"')));
    assertEquals(code, problem.code());
    assertEquals(param, problem.param().orElseThrow());
    assertEquals(400, problem.status());
  }
}
