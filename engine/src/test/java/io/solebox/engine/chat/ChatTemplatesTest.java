package io.solebox.engine.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tokenizer.Segment;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private static String render(String template, Map<String, Object> variables) {
    return ChatTemplates.compile(template, "m.gguf").render(variables, CLOCK).text();
  }

  private static SoleboxException fail(String template, Map<String, Object> variables) {
    return assertThrows(
        SoleboxException.class,
        () -> ChatTemplates.compile(template, "m.gguf").render(variables, CLOCK));
  }

  @Test
  void rendersAConversation() {
    ChatInput input =
        ChatInput.of(
            List.of(new ChatMessage("system", " Be brief. "), new ChatMessage("user", "Hi")));
    Map<String, Object> variables = ChatVariables.of(input, Map.of("bos_token", "<s>"));
    Rendering rendering = ChatTemplates.compile(CHAT, "m.gguf").render(variables, CLOCK);
    assertEquals("<s><|system|>Be brief.\n<|user|>Hi\n<|assistant|>", rendering.text());
    List<Segment> expected =
        List.of(
            new Segment("<s><|system|>", Specials.PARSE),
            new Segment("Be brief.", Specials.AS_TEXT),
            new Segment("\n<|user|>", Specials.PARSE),
            new Segment("Hi", Specials.AS_TEXT),
            new Segment("\n<|assistant|>", Specials.PARSE));
    assertEquals(expected, rendering.segments());
    assertEquals("\n<|assistant|>", rendering.opening());
  }

  @Test
  void takesMessagesWithMoreThanText() {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "user");
    message.put("content", List.of(Map.of("type", "text", "text", "Hi")));
    Map<String, Object> variables = ChatVariables.of(ChatInput.ofMaps(List.of(message)), Map.of());
    String template = "{{ messages[0].content[0].text }} {{ bos_token is defined }}";
    assertEquals("Hi False", render(template, variables));
  }

  @Test
  void passesToolsAndDocumentsAsNull() {
    Map<String, Object> variables = ChatVariables.of(ChatInput.of(List.of()), Map.of());
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
  void whatDoesNotCompileSaysSoWhenItIsAskedFor() {
    ChatTemplate broken = ChatTemplates.of("a\n{% include 'b' %}", "m.gguf");
    assertEquals("m.gguf, line 2 of the chat template", broken.problem().orElseThrow().place());
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> broken.render(Map.of(), CLOCK));
    assertEquals("m.gguf, line 2 of the chat template", error.place());
    assertTrue(error.remedy().contains("--chat-template"));
    assertTrue(ChatTemplates.of("a", "m.gguf").problem().isEmpty());
  }

  @Test
  void usualRolesAreTheTemplatesAndOthersPlain() {
    List<ChatMessage> messages =
        List.of(new ChatMessage("user", "user"), new ChatMessage("im_end", "x"));
    Map<String, Object> variables = ChatVariables.of(ChatInput.of(messages), Map.of());
    String source = "{% for m in messages %}{{ '<|' + m.role + '|>' + m.content }}{% endfor %}";
    assertEquals(
        List.of(
            new Segment("<|user|>", Specials.PARSE),
            new Segment("user", Specials.AS_TEXT),
            new Segment("<|", Specials.PARSE),
            new Segment("im_end", Specials.AS_TEXT),
            new Segment("|>", Specials.PARSE),
            new Segment("x", Specials.AS_TEXT)),
        ChatTemplates.compile(source, "m.gguf").render(variables, CLOCK).segments());
  }

  @Test
  void argumentsCannotReplaceWhatATemplateIsGiven() {
    ChatInput input = ChatInput.of(List.of());
    for (String name : List.of("messages", "tools", "add_generation_prompt", "bos_token")) {
      SoleboxException error =
          assertThrows(SoleboxException.class, () -> input.withArguments(Map.of(name, "x")));
      assertEquals(name, error.place());
    }
    Map<String, Object> variables =
        ChatVariables.of(input.withArguments(Map.of("effort", "<|x|>")), Map.of());
    String source = "{{ effort }}";
    assertEquals(
        List.of(new Segment("<|x|>", Specials.AS_TEXT)),
        ChatTemplates.compile(source, "m.gguf").render(variables, CLOCK).segments());
  }

  @Test
  void refusesWithTheTemplatesOwnMessage() {
    ChatInput input = ChatInput.of(List.of(new ChatMessage("robot", "x")));
    Map<String, Object> variables = ChatVariables.of(input, Map.of());
    SoleboxException error = fail(CHAT, variables);
    assertEquals(ErrorCode.BAD_TEMPLATE, error.code());
    assertEquals("Unknown role robot", error.getMessage());
    assertFalse(error.remedy().isEmpty());
  }

  @Test
  void asksTheGivenClock() {
    ChatTemplate template = ChatTemplates.compile("{{ strftime_now('%d %b %Y') }}", "m.gguf");
    assertEquals("02 Jan 2027", template.render(Map.of(), CLOCK).text());
  }

  @Test
  void keepsNothingBetweenRenderings() {
    ChatTemplate template = ChatTemplates.compile("{% set x = (x or 0) + 1 %}{{ x }}", "m.gguf");
    assertEquals("1", template.render(Map.of(), CLOCK).text());
    assertEquals("1", template.render(Map.of(), CLOCK).text());
  }

  @Test
  void takesGenerationBlocks() {
    String source =
        "{% set a = 1 %}{% generation %}{% set a = 2 %}{{ a }}{% endgeneration %}{{ a }}";
    assertEquals("21", render(source, Map.of()));
  }

  @Test
  void takesSmallJavaNumbers() {
    Map<String, Object> variables = Map.of("i", 3, "f", 1.5f, "l", List.of((short) 1));
    assertEquals("4 1.5 [1]", render("{{ i + 1 }} {{ f }} {{ l }}", variables));
  }
}
