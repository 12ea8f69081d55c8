package io.solebox.engine.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step from texts and conversations to ids. */
class PromptsTest {
  /** Ids of the vocabulary's last tokens. */
  private static final int BOS = 256;

  private static final int EOS = 257;
  private static final int MARK = 258;

  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path folder;

  /** 256 bytes, then {@code <s>}, {@code </s>} and {@code marker}, of a kind. */
  private Tokenizer tokenizer(String marker, int kind, boolean addBos, boolean addEos) {
    GgufWriter writer =
        SmallVocabularies.bytePair("llama-bpe", List.of(), List.of("<s>", "</s>", marker));
    int[] kinds = new int[259];
    Arrays.fill(kinds, 1);
    kinds[BOS] = 3;
    kinds[EOS] = 3;
    kinds[MARK] = kind;
    writer
        .put("tokenizer.ggml.token_type", kinds)
        .put("tokenizer.ggml.bos_token_id", BOS)
        .put("tokenizer.ggml.eos_token_id", EOS)
        .put("tokenizer.ggml.padding_token_id", marker.equals("[PAD]") ? MARK : 9999)
        .put("tokenizer.ggml.add_bos_token", addBos)
        .put("tokenizer.ggml.add_eos_token", addEos);
    return SmallVocabularies.load(writer, folder.resolve("v.gguf"));
  }

  private static Prompts prompts(Tokenizer tokenizer, String template) {
    return new Prompts(tokenizer, Optional.of(ChatTemplates.of(template, "t")), Map.of());
  }

  private static int[] chat(Tokenizer tokenizer, String template, String message) {
    ChatInput input = ChatInput.of(List.of(new ChatMessage("user", message)));
    return prompts(tokenizer, template).chat(input, CLOCK).ids();
  }

  @Test
  void beginsWithOneBeginTokenWhoeverWroteIt() {
    String silent = "{{ messages[0].content }}";
    String speaking = "{{ bos_token + messages[0].content }}";
    Tokenizer wants = tokenizer("<x>", 3, true, false);
    int[] expected = {BOS, 'h', 'i'};
    assertArrayEquals(expected, chat(wants, silent, "hi"));
    assertArrayEquals(expected, chat(wants, speaking, "hi"));
    assertArrayEquals(expected, chat(wants, "<s>" + speaking, "hi"));
    Prompts raw = prompts(wants, silent);
    for (String text : List.of("hi", "<s>hi", "<s><s>hi")) {
      assertArrayEquals(expected, raw.raw(text, Specials.PARSE).ids(), text);
    }
    assertArrayEquals(
        new int[] {BOS, '<', 's', '>'}, raw.raw("<s>", Specials.AS_TEXT).ids(), "as text");
    Tokenizer wantsNone = tokenizer("<x>", 3, false, false);
    assertArrayEquals(new int[] {'h', 'i'}, chat(wantsNone, silent, "hi"));
    assertArrayEquals(expected, chat(wantsNone, speaking, "hi"));
    assertArrayEquals(
        new int[] {BOS}, prompts(wants, silent).raw("", Specials.PARSE).ids(), "nothing");
  }

  @Test
  void aBeginTokenInAMessageIsNone() {
    Tokenizer wants = tokenizer("<x>", 3, true, false);
    assertArrayEquals(
        new int[] {BOS, '<', 's', '>', 'h'}, chat(wants, "{{ messages[0].content }}", "<s>h"));
  }

  @Test
  void noEndTokenIsPutBehind() {
    Tokenizer both = tokenizer("<x>", 3, true, true);
    assertArrayEquals(new int[] {BOS, 'a'}, chat(both, "{{ messages[0].content }}", "a"));
    Prompts prompts = prompts(both, "");
    assertArrayEquals(new int[] {BOS, 'a'}, prompts.raw("a", Specials.PARSE).ids());
  }

  @Test
  void controlTokensAreTheTemplates() {
    String template = "<x>{{ messages[0].content }}<x>";
    for (int kind : List.of(3, 2, 4, 1, 5)) {
      Tokenizer tokenizer = tokenizer("<x>", kind, false, false);
      assertArrayEquals(
          new int[] {MARK, 'a', '<', 'x', '>', MARK},
          chat(tokenizer, template, "a<x>"),
          "kind " + kind);
    }
  }

  @Test
  void aTokenIsNotMadeOfBoth() {
    String template = "<{{ messages[0].content }}>";
    Tokenizer tokenizer = tokenizer("<x>", 3, false, false);
    assertArrayEquals(new int[] {'<', 'x', '>'}, chat(tokenizer, template, "x"));
    Tokenizer user = tokenizer("<user>", 3, false, false);
    String role = "{{ '<' + messages[0].role + '>' + messages[0].content }}";
    assertArrayEquals(new int[] {MARK, 'h'}, chat(user, role, "h"), "a role is structure");
  }

  @Test
  void userDefinedTokensThatAreNoMarkersAreFoundInMessages() {
    String template = "<b>{{ messages[0].content }}";
    assertArrayEquals(
        new int[] {'<', 'b', '>', 'a', MARK, 'b'},
        chat(tokenizer("   ", 4, false, false), template, "a   b"),
        "spaces");
    assertArrayEquals(
        new int[] {'<', 'b', '>', MARK},
        chat(tokenizer("<td>", 4, false, false), template, "<td>"),
        "a tag that the template does not write");
    assertArrayEquals(
        new int[] {'<', 'b', '>', '<', '|', 'c', '|', '>'},
        chat(tokenizer("<|c|>", 4, false, false), template, "<|c|>"),
        "nobody writes these as words");
  }

  @Test
  void aWordThatTheFileCallsNormalStaysOne() {
    // The merges make this word, so it is no forgotten marker, although the template writes it.
    GgufWriter writer = SmallVocabularies.bytePair("gpt-2", List.of("[ -", "[- ]"), List.of("<x>"));
    Tokenizer tokenizer = SmallVocabularies.load(writer, folder.resolve("w.gguf"));
    int[] ids = chat(tokenizer, "[-]{{ messages[0].content }}", "a[-]");
    assertArrayEquals(tokenizer.encode("[-]a[-]", Specials.AS_TEXT, false), ids);
    assertEquals(3, ids.length);
  }

  @Test
  void namedTokensAreKnownByName() {
    Tokenizer tokenizer = tokenizer("[PAD]", 1, false, false);
    assertEquals(
        Map.of("bos_token", BOS, "eos_token", EOS, "pad_token", MARK), tokenizer.namedTokens());
    assertArrayEquals(
        new int[] {MARK, EOS, '[', 'P', 'A', 'D', ']'},
        chat(tokenizer, "{{ pad_token + eos_token + messages[0].content }}", "[PAD]"));
  }

  @Test
  void textIsEncodedAsOneWhoeverWroteIt() {
    GgufWriter writer = SmallVocabularies.bytePair("gpt-2", List.of("a b", "ab c"), List.of("<x>"));
    Tokenizer tokenizer = SmallVocabularies.load(writer, folder.resolve("m.gguf"));
    int[] ids = chat(tokenizer, "{{ 'a' + messages[0].content + 'c' }}", "b");
    assertArrayEquals(tokenizer.encode("abc", Specials.AS_TEXT, false), ids);
    assertEquals(1, ids.length);
  }

  @Test
  void argumentsReachTheTemplateAndAConversationsOwnComeFirst() {
    String template = "{{ 'off' if enable_thinking is false else effort }}";
    Tokenizer tokenizer = tokenizer("<x>", 3, false, false);
    Prompts prompts =
        new Prompts(
            tokenizer,
            Optional.of(ChatTemplates.of(template, "t")),
            Map.of("enable_thinking", false, "effort", "high"));
    ChatInput input = ChatInput.of(List.of());
    assertEquals("off", tokenizer.decode(prompts.chat(input, CLOCK).ids(), true));
    ChatInput own = input.withArguments(Map.of("enable_thinking", true));
    assertEquals("high", tokenizer.decode(prompts.chat(own, CLOCK).ids(), true));
    SoleboxException error =
        assertThrows(
            SoleboxException.class,
            () -> new Prompts(tokenizer, Optional.empty(), Map.of("bos_token", "x")));
    assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
  }

  @Test
  void aModelWithoutATemplateStillContinuesText() {
    Tokenizer tokenizer = tokenizer("<x>", 3, false, false);
    for (Prompts prompts :
        List.of(
            new Prompts(tokenizer, Optional.empty(), Map.of()),
            prompts(tokenizer, "{% include 'x' %}"))) {
      assertArrayEquals(new int[] {'a'}, prompts.raw("a", Specials.PARSE).ids());
      SoleboxException error =
          assertThrows(SoleboxException.class, () -> prompts.chat(ChatInput.of(List.of()), CLOCK));
      assertEquals(ErrorCode.BAD_TEMPLATE, error.code());
    }
  }

  @Test
  void theOpeningIsWhatTheTemplateWroteLast() {
    Tokenizer tokenizer = tokenizer("<x>", 3, false, false);
    ChatInput input = ChatInput.of(List.of(new ChatMessage("user", "hi")));
    String open = "{{ messages[0].content + '\n<a>\n<think>\n' }}";
    assertEquals("\n<a>\n<think>\n", prompts(tokenizer, open).chat(input, CLOCK).opening());
    assertEquals("", prompts(tokenizer, "a{{ messages[0].content }}").chat(input, CLOCK).opening());
  }

  private static Prompt goneOnWith(Prompts prompts, String... contents) {
    List<ChatMessage> messages =
        Arrays.stream(contents).map(text -> new ChatMessage("assistant", text)).toList();
    return prompts.chat(ChatInput.of(messages).withEnding(ChatInput.Ending.IN_LAST_MESSAGE), CLOCK);
  }

  @Test
  void anAnswerIsGoneOnWithWhereItsTextEnds() {
    Tokenizer tokenizer = tokenizer("<x>", 3, true, false);
    String turns = "{% for m in messages %}<x>{{ m.content }}<x>{% endfor %}";
    Prompts prompts = prompts(tokenizer, turns + "{{ 'new' if add_generation_prompt }}");
    Prompt prompt = goneOnWith(prompts, "a", "b<x>");
    assertArrayEquals(
        new int[] {BOS, MARK, 'a', MARK, MARK, 'b', '<', 'x', '>'}, prompt.ids(), "as text");
    assertEquals("", prompt.opening());
    assertEquals("<x>", goneOnWith(prompts, "").opening(), "begins the answer");
    // The mark is the template's: a message cannot end a prompt by writing it.
    String mark = ChatVariables.END_MARK;
    assertEquals(
        "<x>" + mark + "a<x><x>" + mark + "b",
        tokenizer.decode(goneOnWith(prompts, mark + "a", mark + "b").ids(), true).substring(3));
    ChatInput none = ChatInput.of(List.of()).withEnding(ChatInput.Ending.AFTER_MESSAGES);
    assertArrayEquals(new int[] {BOS}, prompts.chat(none, CLOCK).ids());
  }

  @Test
  void aTemplateThatLeavesTheLastMessageOutCannotGoOnWithIt() {
    Tokenizer tokenizer = tokenizer("<x>", 3, false, false);
    Prompts prompts = prompts(tokenizer, "{{ messages[0].content }}");
    assertArrayEquals(new int[] {'a'}, goneOnWith(prompts, "a").ids());
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> goneOnWith(prompts, "a", "b"));
    assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
    assertEquals("continue_final_message", error.place());
  }
}
