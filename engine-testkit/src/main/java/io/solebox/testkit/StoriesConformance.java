package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.TextStream;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real trained model tells its story word for word: file, tokenizer, graph, cache, loop and
 * decoder together. See the README of {@code testdata/stories260K}.
 */
public abstract class StoriesConformance {
  /** As in {@code --device}. */
  protected abstract String device();

  @ParameterizedTest
  @CsvSource({"expected-greedy-200.test_all.txt, 200", "expected-greedy-256.run.c.txt, 256"})
  void tellsTheStoryWordForWord(String expectedFile, int tokens)
      throws IOException, InterruptedException {
    Path gguf = TestData.requireShared("stories260K/stories260K-f32.gguf");
    String expected = Files.readString(TestData.requireShared("stories260K/" + expectedFile));
    try (var engine = Engine.open(device(), 2);
        LoadedModel model = Models.load(engine, gguf, KvType.F32)) {
      int[] prompt = model.tokenizer().encode("", Specials.AS_TEXT, true);
      var params =
          SamplingParams.builder()
              .maxTokens(tokens)
              .temperature(0)
              .ignoreEndOfGeneration(true)
              .build();
      var text = new StringBuilder();
      try (var stream =
          new TextStream(model.submit(prompt, params), model.tokenizer(), List.of())) {
        for (var piece = stream.next(); piece.isPresent(); piece = stream.next()) {
          text.append(piece.get().text());
        }
      }
      assertEquals(expected.strip(), text.toString().strip());
      assertTrue(text.length() > 300);
    }
  }
}
