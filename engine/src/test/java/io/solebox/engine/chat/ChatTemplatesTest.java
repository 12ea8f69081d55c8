package io.solebox.engine.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChatTemplatesTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2027-01-02T03:04:05Z"), ZoneOffset.UTC);
  private static final String CHAT =
      """
      {{- bos_token }}
      {%- for message in messages %}
          {%- if message.role not in ['system', 'user', 'assistant'] %}
              {{- raise_exception('Unknown role ' ~ message.role) }}
          {%- endif %}
          {{- '<|' ~ message.role ~ '|>' ~ message.content | trim ~ '\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}
          {{- '<|assistant|>' }}
      {%- endif %}
      """;

  private static SoleboxException fail(String template, Map<String, Object> variables) {
    return assertThrows(
        SoleboxException.class,
        () -> ChatTemplates.compile(template, "m.gguf").render(variables, CLOCK));
  }

  @Test
  void rendersAConversation() {
    Map<String, Object> variables =
        ChatVariables.of(
            List.of(new ChatMessage("system", " Be brief. "), new ChatMessage("user", "Hi")),
            true,
            new SpecialTexts(Optional.of("<s>"), Optional.empty()));
    String text = ChatTemplates.compile(CHAT, "m.gguf").render(variables, CLOCK);
    assertEquals("<s><|system|>Be brief.\n<|user|>Hi\n<|assistant|>", text);
  }

  @Test
  void takesMessagesWithMoreThanText() {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "user");
    message.put("content", List.of(Map.of("type", "text", "text", "Hi")));
    Map<String, Object> variables =
        ChatVariables.ofMaps(List.of(message), false, SpecialTexts.NONE);
    String template = "{{ messages[0].content[0].text }} {{ bos_token is defined }}";
    assertEquals("Hi False", ChatTemplates.compile(template, "m.gguf").render(variables, CLOCK));
  }

  @Test
  void passesToolsAndDocumentsAsNull() {
    Map<String, Object> variables = ChatVariables.of(List.of(), false, SpecialTexts.NONE);
    assertTrue(variables.containsKey("tools") && variables.get("tools") == null);
    assertTrue(variables.containsKey("documents") && variables.get("documents") == null);
    assertFalse(variables.containsKey("bos_token") || variables.containsKey("eos_token"));
  }

  @Test
  void reportsTheLineThatCannotBeCompiled() {
    SoleboxException error =
        assertThrows(
            SoleboxException.class,
            () -> ChatTemplates.compile("a\n{% if true %}\n{{ 1 + }}\n{% endif %}", "m.gguf"));
    assertEquals(ErrorCode.BAD_TEMPLATE, error.code());
    assertEquals("m.gguf, line 3 of the chat template", error.place());
  }

  @Test
  void reportsTheLineThatFailsInAMacro() {
    SoleboxException error =
        fail("{% macro f(x) %}\n{{ x.y.z }}\n{% endmacro %}\n\n{{ f({}) }}", Map.of());
    assertEquals("m.gguf, line 2 of the chat template", error.place());
    assertEquals("'dict object' has no attribute 'y'", error.getMessage());
  }

  @Test
  void refusesWithTheTemplatesOwnMessage() {
    Map<String, Object> variables =
        ChatVariables.of(List.of(new ChatMessage("robot", "x")), true, SpecialTexts.NONE);
    SoleboxException error = fail(CHAT, variables);
    assertEquals(ErrorCode.BAD_TEMPLATE, error.code());
    assertEquals("Unknown role robot", error.getMessage());
    assertFalse(error.remedy().isEmpty());
  }

  @Test
  void asksTheGivenClock() {
    ChatTemplate template = ChatTemplates.compile("{{ strftime_now('%d %b %Y') }}", "m.gguf");
    assertEquals("02 Jan 2027", template.render(Map.of(), CLOCK));
  }

  @Test
  void keepsNothingBetweenRenderings() {
    ChatTemplate template = ChatTemplates.compile("{% set x = (x or 0) + 1 %}{{ x }}", "m.gguf");
    assertEquals("1", template.render(Map.of(), CLOCK));
    assertEquals("1", template.render(Map.of(), CLOCK));
  }

  @Test
  void takesGenerationBlocks() {
    String source =
        "{% set a = 1 %}{% generation %}{% set a = 2 %}{{ a }}{% endgeneration %}{{ a }}";
    assertEquals("21", ChatTemplates.compile(source, "m.gguf").render(Map.of(), CLOCK));
  }

  @Test
  void takesSmallJavaNumbers() {
    Map<String, Object> variables = Map.of("i", 3, "f", 1.5f, "l", List.of((short) 1));
    ChatTemplate template = ChatTemplates.compile("{{ i + 1 }} {{ f }} {{ l }}", "m.gguf");
    assertEquals("4 1.5 [1]", template.render(variables, CLOCK));
  }
}
