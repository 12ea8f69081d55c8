package io.solebox.engine.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.constrain.match.Machine;
import io.solebox.engine.constrain.match.MatchState;
import io.solebox.engine.constrain.schema.JsonSchema;
import io.solebox.engine.constrain.schema.SchemaOptions;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmUpTest {
  private static final String SCHEMA =
      """
      {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},\
      "required":["name","age"],"additionalProperties":false}\
      """;

  @TempDir private Path folder;
  private Vocabulary vocabulary;

  @BeforeEach
  void load() {
    Tokenizer tokenizer =
        SmallVocabularies.load(
            SmallVocabularies.bytePair("gpt-2", List.of(), List.of("<end>")),
            folder.resolve("v.gguf"));
    vocabulary = Vocabulary.of(tokenizer);
  }

  @Test
  void whatComesFirstIsKnownBeforeItIsAskedFor() {
    byte[] schema = SCHEMA.getBytes(StandardCharsets.UTF_8);
    CompiledGrammar grammar = CompiledGrammar.of(JsonSchema.grammar(schema, SchemaOptions.DEFAULT));
    MaskCache cache = new MaskCache();
    Masks masks = new Masks(vocabulary, cache, new Machine(grammar.network()));
    MatchState state = masks.start();
    assertTrue(cache.whole(masks, state).isPresent());
    WarmUp.from(masks, state, Duration.ofSeconds(20));
    // Into the first string, where anything may follow.
    for (byte letter : "{\"name\":\"".getBytes(StandardCharsets.UTF_8)) {
      state = masks.machine().next(state, letter);
    }
    assertTrue(cache.whole(masks, state).isPresent());
    assertEquals(
        masks.mask(state),
        new Masks(vocabulary, new MaskCache(), masks.machine()).mask(state),
        "what is found early is what would be found late");
  }

  @Test
  void aGrammarOfManyWaysIsNotFollowedToItsEnd() {
    String many = "{\"type\":\"string\",\"pattern\":\"^[a-z]{40}[0-9]{40}$\"}";
    CompiledGrammar grammar =
        CompiledGrammar.of(
            JsonSchema.grammar(many.getBytes(StandardCharsets.UTF_8), SchemaOptions.DEFAULT));
    Masks masks = new Masks(vocabulary, new MaskCache(), new Machine(grammar.network()));
    WarmUp.from(masks, masks.start(), Duration.ofSeconds(20));
    assertTrue(masks.remembered() < 20_000, () -> "states: " + masks.remembered());
  }
}
