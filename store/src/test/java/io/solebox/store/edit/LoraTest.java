package io.solebox.store.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters of PEFT as GGUF files, and merged into their models. */
class LoraTest {
  private static final Path TESTS =
      Path.of("..", "engine-testkit", "src", "test").toAbsolutePath().normalize();

  @TempDir Path home;

  private static Path adapter(String name) {
    return TESTS.resolve("adapters").resolve(name);
  }

  private static Path model(String name) {
    return TESTS.resolve("reference").resolve(name).resolve(name + "-f32.gguf");
  }

  private static float[] floats(GgufSource source, TensorInfo tensor) {
    return source.data(tensor).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  /** The reference has one alpha where there is one, and scales in B where they differ. */
  @ParameterizedTest
  @CsvSource({"poet, llama-linear", "clerk, llama-linear", "joiner, glm4"})
  void isWhatTheReferenceHas(String name, String base) {
    Path out = home.resolve(name + ".gguf");
    LoraConversion.write(adapter(name), model(base), out, false);
    try (var expected =
            GgufSource.openAdapter(adapter(name).resolve(name + ".gguf"), Access.MAPPED);
        var actual = GgufSource.openAdapter(out, Access.MAPPED)) {
      assertEquals(
          new TreeSet<>(expected.metadata().keys()), new TreeSet<>(actual.metadata().keys()));
      for (String key : expected.metadata().keys()) {
        assertEquals(expected.metadata().find(key), actual.metadata().find(key), key);
      }
      assertEquals(
          expected.tensors().stream().collect(Collectors.toSet()),
          actual.tensors().stream().collect(Collectors.toSet()));
      for (TensorInfo tensor : expected.tensors()) {
        assertArrayEquals(floats(expected, tensor), floats(actual, tensor), 1e-6f, tensor.name());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"poet, llama-linear, 1", "clerk, llama-linear, 0.5", "joiner, glm4, 1"})
  void mergedMatricesAreTheSum(String name, String base, float scale) {
    Path out = home.resolve("merged.gguf");
    var options = new LoraMerge.Options(scale, Optional.empty(), false);
    int matrices =
        LoraMerge.write(model(base), adapter(name), out, options, Progress.none()).matrices();
    int changed = 0;
    try (var before = GgufSource.open(model(base), Access.MAPPED);
        var lora = GgufSource.openAdapter(adapter(name).resolve(name + ".gguf"), Access.MAPPED);
        var after = GgufSource.open(out, Access.MAPPED)) {
      for (TensorInfo tensor : before.tensors()) {
        float[] expected = floats(before, tensor);
        Optional<TensorInfo> a = lora.tensor(tensor.name() + ".lora_a");
        if (a.isPresent()) {
          changed++;
          TensorInfo b = lora.tensor(tensor.name() + ".lora_b").orElseThrow();
          boolean one = lora.metadata().has("adapter.lora.alpha");
          float alpha = one ? lora.metadata().floatValue("adapter.lora.alpha") : 0;
          add(expected, floats(lora, a.get()), floats(lora, b), b.cols(), scale, alpha);
        }
        assertArrayEquals(expected, floats(after, tensor), 2e-5f, tensor.name());
      }
    }
    assertEquals(matrices, changed);
  }

  private static void add(float[] w, float[] a, float[] b, int rank, float scale, float alpha) {
    float all = alpha == 0 ? scale : scale * alpha / rank;
    int cols = a.length / rank;
    for (int i = 0; i < w.length; i++) {
      double sum = 0;
      for (int k = 0; k < rank; k++) {
        sum += (double) b[i / cols * rank + k] * a[k * cols + i % cols];
      }
      w[i] += (float) (all * sum);
    }
  }

  private Path quantized() {
    Path file = home.resolve("q8.gguf");
    try (var source = GgufSource.open(model("llama-linear"), Access.MAPPED)) {
      var writer = new GgufWriter();
      Keys.copy(source, writer);
      for (TensorInfo tensor : source.tensors()) {
        boolean matrix = tensor.shape().size() > 1;
        TensorType type = matrix ? TensorType.Q8_0 : TensorType.F32;
        byte[] bytes = new byte[(int) type.bytes(tensor.elements())];
        BlockLayouts.quantizer(type)
            .orElseThrow()
            .quantize(
                floats(source, tensor),
                0,
                MemorySegment.ofArray(bytes),
                0,
                (int) tensor.elements());
        writer.tensor(
            tensor.name(),
            type,
            tensor.shape(),
            GgufWriter.TensorData.of(MemorySegment.ofArray(bytes)));
      }
      writer.write(file);
    }
    return file;
  }

  @Test
  void quantizedModelsAreMergedOnlyAsFloats() {
    Path model = quantized();
    Path out = home.resolve("out.gguf");
    var silent = new LoraMerge.Options(1, Optional.empty(), false);
    var refused =
        assertThrows(
            SoleboxException.class,
            () -> LoraMerge.write(model, adapter("clerk"), out, silent, Progress.none()));
    assertEquals(ErrorCode.INVALID_PARAMETER, refused.code());
    assertTrue(!out.toFile().exists());
    var asked = new LoraMerge.Options(1, Optional.of(TensorType.F16), false);
    LoraMerge.write(model, adapter("clerk"), out, asked, Progress.none());
    try (var source = GgufSource.open(out, Access.MAPPED)) {
      assertEquals(TensorType.F16, source.tensor("blk.0.attn_q.weight").orElseThrow().type());
      assertEquals(TensorType.Q8_0, source.tensor("blk.0.attn_k.weight").orElseThrow().type());
    }
  }
}
