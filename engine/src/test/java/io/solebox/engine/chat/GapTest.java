package io.solebox.engine.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.tokenizer.MiddleTokens;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts with a gap, for models that can fill one. */
class GapTest {
  @TempDir Path folder;

  private Tokenizer tokenizer(String... tags) {
    return SmallVocabularies.load(
        SmallVocabularies.bytePair("gpt-2", List.of(), List.of(tags)),
        folder.resolve(tags.length + ".gguf"));
  }

  @Test
  void theGapStandsBehindBoth() {
    Tokenizer tokenizer =
        tokenizer("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|endoftext|>");
    MiddleTokens tokens = tokenizer.middleTokens().orElseThrow();
    assertEquals("<|fim_prefix|>", tokenizer.tokenText(tokens.prefix()));
    assertEquals("<|fim_suffix|>", tokenizer.tokenText(tokens.suffix()));
    assertEquals("<|fim_middle|>", tokenizer.tokenText(tokens.middle()));
    Prompt prompt =
        new Prompts(tokenizer, Optional.empty(), Map.of())
            .gap(new int[] {5, 6}, new int[] {7})
            .orElseThrow();
    assertArrayEquals(
        new int[] {tokens.prefix(), 5, 6, tokens.suffix(), 7, tokens.middle()}, prompt.ids());
  }

  @Test
  void aVocabularyWithoutAllThreeHasNone() {
    Tokenizer tokenizer = tokenizer("<|fim_prefix|>", "<|fim_suffix|>");
    assertTrue(tokenizer.middleTokens().isEmpty());
    assertTrue(
        new Prompts(tokenizer, Optional.empty(), Map.of())
            .gap(new int[] {5}, new int[] {6})
            .isEmpty());
  }
}
