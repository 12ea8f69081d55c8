package io.solebox.engine.model.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.TinyLlama;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.source.gguf.TinyGguf;
import io.solebox.engine.tensor.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an adapter asks for is computed or refused, with its place and what helps. */
class AdaptersTest {
  private static final int WIDTH = 8;

  @TempDir Path folder;

  private static GgufWriter adapter() {
    return new GgufWriter()
        .put("general.architecture", "llama")
        .put("general.type", "adapter")
        .put("adapter.type", "lora")
        .put("adapter.lora.alpha", 6f);
  }

  private static GgufWriter matrix(GgufWriter out, String name, long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= Math.toIntExact(size);
    }
    List<Long> sizes = Arrays.stream(shape).boxed().toList();
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return out.tensor(name, TensorType.F32, sizes, TinyGguf.floats(ones));
  }

  private static GgufWriter pair(GgufWriter out, String tensor, int rank) {
    matrix(out, tensor + ".lora_a", WIDTH, rank);
    return matrix(out, tensor + ".lora_b", rank, WIDTH);
  }

  private ModelFile open(GgufWriter model, GgufWriter adapter) {
    Path base = folder.resolve("model.gguf");
    model.write(base);
    return open(base, adapter);
  }

  private ModelFile open(Path base, GgufWriter adapter) {
    Path path = folder.resolve("adapter.gguf");
    adapter.write(path);
    var options = List.of(new AdapterOptions("poet", path, 0.5f));
    return ModelFile.open(base, ModelSource.Access.MAPPED, options);
  }

  private SoleboxException refused(GgufWriter adapter) {
    return assertThrows(SoleboxException.class, () -> open(TinyLlama.of("llama"), adapter).close());
  }

  /** In the order of their products. */
  private static List<LowRank.Change> changes(ModelFile file) {
    return file.graph().ops().stream()
        .filter(LowRank.class::isInstance)
        .flatMap(op -> ((LowRank) op).changes().stream())
        .toList();
  }

  @Test
  void aChangeIsAddedToItsProduct() {
    GgufWriter adapter = pair(adapter(), "blk.1.ffn_down.weight", 3);
    try (ModelFile file = open(TinyLlama.of("llama"), pair(adapter, "blk.0.attn_q.weight", 3))) {
      assertEquals(2, changes(file).size());
      LowRank.Change change = changes(file).getLast();
      assertEquals("blk.1.ffn_down.weight.lora_a", change.a().name());
      assertEquals(1, change.variant());
      assertEquals(3, change.rank());
      assertEquals(0.5f * 6 / 3, change.scale());
      AdapterInfo info = file.adapters().getFirst();
      assertEquals("poet", info.name());
      assertEquals(2, info.matrices());
      assertEquals(3, info.rank());
      assertEquals(2 * 2 * 3 * WIDTH, info.parameters());
    }
  }

  @Test
  void withoutAlphaItIsAddedAsItStands() {
    var adapter = new GgufWriter().put("general.architecture", "llama");
    try (ModelFile file = open(TinyLlama.of("llama"), pair(adapter, "blk.1.ffn_up.weight", 2))) {
      assertEquals(0.5f, changes(file).getFirst().scale());
    }
  }

  /** Each part of a matrix that a graph cuts gets the rows of B that belong to it. */
  @Test
  void queriesKeysAndValuesOfOneTensorHaveTheirRows() {
    GgufWriter adapter = matrix(adapter(), "blk.0.attn_qkv.weight.lora_a", WIDTH, 2);
    float[] b = new float[2 * 3 * WIDTH];
    for (int i = 0; i < b.length; i++) {
      b[i] = i;
    }
    adapter.tensor(
        "blk.0.attn_qkv.weight.lora_b",
        TensorType.F32,
        List.of(2L, 3L * WIDTH),
        TinyGguf.floats(b));
    try (ModelFile file = open(TinyLlama.fused("llama"), adapter)) {
      int row = 0;
      assertEquals(3, changes(file).size());
      for (LowRank.Change change : changes(file)) {
        float[] first = new float[2];
        change.b().dequantize(0, first, 0);
        assertEquals(2f * row, first[0]);
        row += change.b().rows();
      }
      assertEquals(3 * WIDTH, row);
    }
  }

  @Test
  void theGraphCanBeCutAsBefore() {
    GgufWriter adapter = adapter();
    pair(adapter, "blk.0.ffn_down.weight", 1);
    pair(adapter, "blk.1.attn_output.weight", 1);
    try (ModelFile file = open(TinyLlama.of("llama"), adapter)) {
      assertTrue(file.graph().canCutBefore(1));
      var stages = file.graph().cutBefore(1);
      assertEquals(1, stages.first().ops().stream().filter(LowRank.class::isInstance).count());
      assertEquals(1, stages.second().ops().stream().filter(LowRank.class::isInstance).count());
      assertEquals(1, stages.second().boundaries().getFirst().opIndex());
    }
  }

  @Test
  void anAdapterForAnotherArchitectureIsRefused() {
    GgufWriter other = pair(adapter(), "blk.0.attn_q.weight", 2);
    other.put("general.architecture", "qwen3");
    var error = refused(other);
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertTrue(error.getMessage().contains("qwen3"), error.getMessage());
    assertTrue(error.place().endsWith("adapter.gguf"), error.place());
  }

  @Test
  void anAdapterForALargerModelIsRefusedByWhatIsNotThere() {
    GgufWriter adapter = pair(adapter(), "blk.0.attn_q.weight", 2);
    pair(adapter, "blk.7.attn_q.weight", 2);
    var error = refused(adapter);
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertTrue(error.getMessage().contains("blk.7.attn_q.weight"), error.getMessage());
    assertTrue(!error.getMessage().contains("blk.0"), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "16, 2, 2, 8, '[8, 16]'",
    "8, 2, 2, 24, '[24, 8]'",
    "8, 2, 3, 8, rank is 2",
    "8, 5, 2, 8, rank is 5"
  })
  void whatFitsNothingIsRefused(long in, long rankA, long rankB, long out, String message) {
    GgufWriter adapter = matrix(adapter(), "blk.0.attn_q.weight.lora_a", in, rankA);
    matrix(adapter, "blk.0.attn_q.weight.lora_b", rankB, out);
    var error = refused(adapter);
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertTrue(error.getMessage().contains(message), error.getMessage());
    assertTrue(error.place().endsWith("blk.0.attn_q.weight.lora_a"), error.place());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b"})
  void halfAPairIsRefused(String half) {
    var error = refused(matrix(adapter(), "blk.0.attn_q.weight.lora_" + half, WIDTH, WIDTH));
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    String other = half.equals("a") ? "lora_b" : "lora_a";
    assertTrue(error.getMessage().contains(other), error.getMessage());
  }

  @Test
  void anAdapterOfNothingIsRefused() {
    assertEquals(ErrorCode.BAD_MODEL_FILE, refused(adapter()).code());
  }

  private void isUnsupported(String word, Consumer<GgufWriter> change) {
    GgufWriter adapter = pair(adapter(), "blk.0.attn_q.weight", 2);
    change.accept(adapter);
    var error = refused(adapter);
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.describe().contains(word), error.describe());
  }

  @Test
  void whatNobodyComputesIsRefusedByName() {
    isUnsupported("adapter.type", w -> w.put("adapter.type", "control_vector"));
    isUnsupported("aLoRA", w -> w.put("adapter.alora.invocation_tokens", tokens()));
    isUnsupported("adapter.lora.strange", w -> w.put("adapter.lora.strange", 1));
    isUnsupported("blk.0.attn_norm.weight", w -> matrix(w, "blk.0.attn_norm.weight", WIDTH));
    isUnsupported("embedding", w -> embedding(w));
    isUnsupported(
        "experts",
        w -> {
          matrix(w, "blk.0.ffn_up.weight.lora_a", WIDTH, 2, 3);
          matrix(w, "blk.0.ffn_up.weight.lora_b", 2, WIDTH, 3);
        });
  }

  private static MetadataValue tokens() {
    return new MetadataValue.Ints(ValueType.U32, new int[] {1, 2});
  }

  private static void embedding(GgufWriter w) {
    matrix(w, "token_embd.weight.lora_a", WIDTH, 2);
    matrix(w, "token_embd.weight.lora_b", 2, 12);
  }

  @Test
  void whatIsNoAdapterIsRefused() {
    Path model = folder.resolve("model.gguf");
    TinyLlama.of("llama").write(model);
    var options = List.of(new AdapterOptions("poet", model));
    var error =
        assertThrows(
            SoleboxException.class,
            () -> ModelFile.open(model, ModelSource.Access.MAPPED, options).close());
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertTrue(error.getMessage().contains("no adapter"), error.getMessage());
  }

  @Test
  void anAdapterAloneIsNoModel() {
    Path path = folder.resolve("adapter.gguf");
    pair(adapter(), "blk.0.attn_q.weight", 2).write(path);
    var error =
        assertThrows(
            SoleboxException.class, () -> ModelFile.open(path, ModelSource.Access.MAPPED).close());
    assertTrue(error.remedy().contains("--adapter"), error.remedy());
  }

  @Test
  void aPromptThatItWantsIsSaid() {
    GgufWriter adapter = pair(adapter(), "blk.0.attn_q.weight", 2);
    adapter.put("adapter.lora.task_name", "retrieval").put("adapter.lora.prompt_prefix", "Query: ");
    try (ModelFile file = open(TinyLlama.of("llama"), adapter)) {
      assertTrue(file.adapterNotes().getFirst().contains("Query: "));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a\nb"})
  void namesThatNobodyCanAskForAreRefused(String name) {
    assertThrows(SoleboxException.class, () -> new AdapterOptions(name, folder));
  }

  @Test
  void scalesAreNumbersAndNamesDistinct() {
    assertThrows(SoleboxException.class, () -> new AdapterOptions("a", folder, Float.NaN));
    var one = new AdapterOptions("a", folder);
    assertThrows(SoleboxException.class, () -> AdapterOptions.requireDistinct(List.of(one, one)));
  }
}
