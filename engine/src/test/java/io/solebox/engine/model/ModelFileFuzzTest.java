package io.solebox.engine.model;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.Contents;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a file holds, it is a model or refused with a remedy: keys, tensors and vocabulary of
 * damaged files go all the way up to the graph.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class ModelFileFuzzTest {
  private static int opened;
  private static int refused;

  @TempDir Path folder;

  static Stream<byte[]> sound() throws IOException {
    GgufWriter scaled =
        TinyLlama.of("qwen2")
            .put("qwen2.rope.scaling.factor", 4f)
            .put("qwen2.attention.head_count_kv", new int[] {1, 1})
            .put("qwen2.attention.key_length", 4);
    GgufWriter bytePair =
        TinyLlama.of("llama")
            .put("tokenizer.ggml.model", "gpt2")
            .put("tokenizer.ggml.pre", "llama-bpe")
            .put("tokenizer.ggml.merges", List.of("t 1", "t1 0"))
            .put("tokenizer.ggml.token_type", new int[12])
            .put("tokenizer.ggml.bos_token_id", 3);
    return Stream.of(bytes(TinyLlama.of("llama")), bytes(scaled), bytes(bytePair));
  }

  private static byte[] bytes(GgufWriter writer) throws IOException {
    Path path = Files.createTempFile("sound", ".gguf");
    try {
      writer.write(path);
      return Files.readAllBytes(path);
    } finally {
      Files.delete(path);
    }
  }

  @MethodSource("sound")
  @DictionaryFile(resourcePath = "/fuzz-dictionaries/gguf.dict")
  @Timeout(60)
  @FuzzTest(maxDuration = "12s", maxExecutions = 20_000)
  void mutatedModels(byte[] damaged) throws IOException {
    Path path = folder.resolve("damaged.gguf");
    Files.write(path, damaged);
    try (ModelFile file = ModelFile.open(path, ModelSource.Access.MAPPED)) {
      assertTrue(file.graph().ops().size() > 3);
      assertTrue(file.info().trainedContext() > 0);
      file.tokenizer()
          .decode(file.tokenizer().encode("t1 t0", Tokenizer.Specials.PARSE, true), true);
      opened++;
    } catch (SoleboxException e) {
      assertSound(e);
      refused++;
    }
    try {
      assertTrue(Contents.read(path).fileBytes() > 0);
    } catch (SoleboxException e) {
      assertSound(e);
    }
  }

  private static void assertSound(SoleboxException e) {
    assertFalse(e.remedy().isBlank(), e.describe());
    assertTrue(e.describe().chars().noneMatch(Character::isISOControl), e.describe());
  }

  @AfterAll
  static void someOpenedAndSomeDidNot() {
    assertTrue(opened > 0 && refused > 0, "opened " + opened + ", refused " + refused);
  }
}
