package io.solebox.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.source.gguf.TinyGguf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file asks for is computed or refused, never passed over. */
class ModelFileTest {
  @TempDir Path folder;

  private ModelFile open(GgufWriter writer) {
    Path path = folder.resolve("model.gguf");
    writer.write(path);
    return ModelFile.open(path, ModelSource.Access.MAPPED);
  }

  private SoleboxException refused(GgufWriter writer) {
    return assertThrows(SoleboxException.class, () -> open(writer).close());
  }

  private <T> T read(GgufWriter writer, Function<ModelFile, T> reader) {
    try (ModelFile file = open(writer)) {
      return reader.apply(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2"})
  void plainFilesOpenWithoutNotes(String architecture) {
    read(
        TinyLlama.of(architecture),
        file -> {
          assertEquals(List.of(), file.info().notes());
          assertEquals(TinyLlama.LAYERS, file.info().numLayers());
          assertEquals(64, file.info().trainedContext());
          return file;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2"})
  void biasesOfEveryProductAreComputed(String architecture) {
    GgufWriter writer = TinyLlama.of(architecture);
    List<String> names =
        List.of("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down");
    for (int l = 0; l < TinyLlama.LAYERS; l++) {
      for (String name : names) {
        TinyLlama.vector(writer, "blk." + l + "." + name + ".bias", TinyLlama.WIDTH);
      }
    }
    TinyLlama.vector(writer, "output.bias", TinyLlama.VOCABULARY);
    Graph graph = read(writer, ModelFile::graph);
    List<Op.Linear> products =
        graph.ops().stream()
            .filter(Op.Linear.class::isInstance)
            .map(Op.Linear.class::cast)
            .toList();
    assertEquals(TinyLlama.LAYERS * names.size() + 1, products.size());
    for (Op.Linear product : products) {
      assertTrue(product.bias().isPresent(), product.out().name());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blk.0.attn_norm.bias",
        "blk.1.attn_q.scale",
        "blk.0.attn_sinks.weight",
        "blk.2.attn_norm.weight",
        "token_types.weight",
        "blk.0.attn_q_norm.weight"
      })
  void tensorsThatNobodyAskedForRefuseTheFileByName(String name) {
    GgufWriter writer = TinyLlama.of("llama");
    SoleboxException error = refused(TinyLlama.vector(writer, name, TinyLlama.WIDTH));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.getMessage().contains(name), error.describe());
    assertTrue(error.place().contains("model.gguf"), error.describe());
  }

  @Test
  void tensorsOfPicturesAreLeftOutWithANote() {
    GgufWriter writer = TinyLlama.of("llama");
    TinyLlama.vector(writer, "v.blk.0.attn_q.weight", 4);
    TinyLlama.vector(writer, "mm.0.weight", 4);
    TinyLlama.vector(writer, "blk.0.attn_rot_embd.weight", 4);
    List<String> notes = read(writer, file -> file.info().notes());
    assertEquals(2, notes.size(), notes.toString());
    assertTrue(notes.toString().contains("2 tensors are not used: v.blk.0"), notes.toString());
  }

  @Test
  void missingTensorsAreNamedWithThoseThatStandThereInstead() {
    GgufWriter writer = new GgufWriter();
    writer
        .put("general.architecture", "llama")
        .put("llama.block_count", 1)
        .put("llama.embedding_length", 8)
        .put("llama.attention.head_count", 2)
        .put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    TinyLlama.matrix(writer, "blk.0.attn_qvk.weight", 24);
    SoleboxException error = refused(writer);
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    for (String word : List.of("11 tensors are missing", "token_embd.weight", "attn_qvk")) {
      assertTrue(error.getMessage().contains(word), error.describe());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attn_logit_softcapping",
        "final_logit_softcapping",
        "attention.scale",
        "attention.clamp_kqv",
        "attention.max_alibi_bias",
        "embedding_scale",
        "residual_scale",
        "logit_scale",
        "rope.scaling.yarn_ext_factor",
        "rope.scale",
        "attention.temperature_scale",
        "something.of.tomorrow"
      })
  void keysThatChangeTheMathematicsRefuseTheFileByName(String name) {
    SoleboxException error = refused(TinyLlama.of("llama").put("llama." + name, 0.5f));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.getMessage().contains("llama." + name + " = 0.5"), error.describe());
    assertTrue(error.place().contains(" at offset "), error.describe());
  }

  @Test
  void keysOfOtherKindsRefuseTheFileToo() {
    GgufWriter bidirectional = TinyLlama.of("llama").put("llama.attention.causal", false);
    assertTrue(refused(bidirectional).getMessage().contains("attention.causal = false"));
    GgufWriter causal = TinyBert.of().put("bert.attention.causal", true);
    assertTrue(refused(causal).getMessage().contains("attention.causal is true"));
    GgufWriter chunks = TinyLlama.of("llama4").put("llama4.attention.sliding_window", 4096);
    assertTrue(refused(chunks).getMessage().contains("attention.sliding_window is 4096"));
    GgufWriter sections =
        TinyLlama.of("llama").put("llama.rope.dimension_sections", new int[] {1, 1, 0, 0});
    assertTrue(refused(sections).getMessage().contains("dimension_sections"));
    GgufWriter layout = TinyLlama.of("llama").put("llama.tensor_data_layout", "another");
    assertTrue(refused(layout).getMessage().contains("tensor_data_layout = another"));
    GgufWriter experts = TinyLlama.of("qwen2").put("qwen2.expert_count", 8);
    assertTrue(refused(experts).getMessage().contains("mixture of experts"));
    GgufWriter lowercase = TinyLlama.of("llama").put("tokenizer.ggml.normalizer.lowercase", true);
    assertTrue(refused(lowercase).getMessage().contains("normalizer.lowercase = true"));
  }

  @Test
  void harmlessKeysAreHarmless() {
    GgufWriter writer =
        TinyLlama.of("llama")
            .put("llama.vocab_size", 99)
            .put("llama.expert_count", 0)
            .put("llama.logit_scale", 1f)
            .put("llama.final_logit_softcapping", 0f)
            .put("llama.attention.causal", true)
            .put("llama.tensor_data_layout", "Meta AI original pth")
            .put("llama.attention.value_length", 4)
            .put("general.tags", List.of("a"))
            .put("quantize.imatrix.file", "x")
            .put("tokenizer.ggml.padding_token_id", 3)
            .put("tokenizer.ggml.merges", List.of("a b"))
            .put("tokenizer.ggml.pre", "default")
            .put("somebody.else", true);
    assertEquals(List.of(), read(writer, file -> file.info().notes()));
  }

  private float[] frequencies(GgufWriter writer) {
    return read(writer, ModelFile::graph).ops().stream()
        .filter(Op.Rope.class::isInstance)
        .map(op -> ((Op.Rope) op).rotation().inverseFrequencies())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void oldAndShortSpellingsOfLinearScalingMeanTheSame() {
    float[] plain = frequencies(TinyLlama.of("llama"));
    float[] divided = new float[plain.length];
    for (int i = 0; i < plain.length; i++) {
      divided[i] = plain[i] / 4;
    }
    String scaling = "llama.rope.scaling.";
    GgufWriter typed =
        TinyLlama.of("llama").put(scaling + "type", "linear").put(scaling + "factor", 4f);
    assertArrayEquals(divided, frequencies(typed), 1e-9f);
    GgufWriter untyped = TinyLlama.of("llama").put(scaling + "factor", 4f);
    assertArrayEquals(divided, frequencies(untyped), 1e-9f);
    GgufWriter old = TinyLlama.of("llama").put("llama.rope.scale_linear", 4f);
    assertArrayEquals(divided, frequencies(old), 1e-9f);
    GgufWriter whole = TinyLlama.of("llama").put(scaling + "factor", 4);
    assertArrayEquals(divided, frequencies(whole), 1e-9f);
    GgufWriter both =
        TinyLlama.of("llama").put("llama.rope.scale_linear", 9f).put(scaling + "factor", 4f);
    assertArrayEquals(divided, frequencies(both), 1e-9f);
    GgufWriter none =
        TinyLlama.of("llama").put(scaling + "type", "none").put(scaling + "factor", 4f);
    assertArrayEquals(plain, frequencies(none));
    GgufWriter zero = TinyLlama.of("llama").put(scaling + "factor", 0f);
    assertArrayEquals(plain, frequencies(zero));
  }

  @ParameterizedTest
  @ValueSource(strings = {"su", "dynamic", "Linear"})
  void otherWaysToStretchTheContextAreRefusedWithTheContextThatWorks(String type) {
    GgufWriter writer =
        TinyLlama.of("llama")
            .put("llama.rope.scaling.type", type)
            .put("llama.rope.scaling.factor", 4f)
            .put("llama.rope.scaling.original_context_length", 256);
    SoleboxException error = refused(writer);
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.getMessage().contains("rope.scaling.type is " + type), error.describe());
    assertTrue(error.remedy().contains("256 tokens"), error.describe());
  }

  @ParameterizedTest
  @CsvSource({
    "block_count, 0",
    "block_count, 4097",
    "block_count, 2147483647",
    "embedding_length, 0",
    "embedding_length, 2147483647",
    "attention.head_count, 0",
    "attention.head_count, 3",
    "attention.head_count, 2147483647",
    "attention.head_count_kv, 0",
    "attention.head_count_kv, 2147483647",
    "attention.key_length, 0",
    "attention.key_length, 1073741824",
    "attention.key_length, 2147483647",
    "rope.dimension_count, 3",
    "rope.dimension_count, 2147483647"
  })
  void numbersAtTheEdgeAreRefused(String name, int value) {
    SoleboxException error = refused(TinyLlama.of("llama").put("llama." + name, value));
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code(), error.describe());
  }

  @ParameterizedTest
  @CsvSource({
    "attention.layer_norm_rms_epsilon, NaN",
    "attention.layer_norm_rms_epsilon, -1",
    "rope.freq_base, 0",
    "rope.freq_base, Infinity",
    "rope.scaling.factor, NaN",
    "rope.scaling.factor, -2",
    "rope.scale_linear, Infinity"
  })
  void numbersThatAreNoneAreRefused(String name, float value) {
    SoleboxException error = refused(TinyLlama.of("llama").put("llama." + name, value));
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code(), error.describe());
    assertTrue(error.place().contains("llama." + name), error.describe());
  }

  @Test
  void numbersPerLayerMustBeTheSameInAllLayers() {
    String heads = "llama.attention.head_count";
    read(TinyLlama.of("llama").put(heads, new int[] {2, 2}), ModelFile::graph);
    SoleboxException mixed = refused(TinyLlama.of("llama").put(heads, new int[] {2, 4}));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, mixed.code());
    assertTrue(mixed.getMessage().contains("differs from layer to layer"), mixed.describe());
    assertEquals(
        ErrorCode.BAD_MODEL_FILE, refused(TinyLlama.of("llama").put(heads, new int[] {2})).code());
  }

  @ParameterizedTest
  @CsvSource({
    "U32, 4294967295, 2147483647",
    "U64, -1, 2147483647",
    "I64, 9223372036854775807, 2147483647",
    "U32, 10485760, 10485760",
    "U32, 0, 2048",
    "I32, -5, 2048"
  })
  void absurdTrainedContextsAreTakenAsWhatTheyCanMean(ValueType type, long value, int context) {
    GgufWriter writer =
        TinyLlama.of("llama").put("llama.context_length", new MetadataValue.Whole(type, value));
    int trained = read(writer, file -> file.info().trainedContext());
    assertEquals(context, trained);
  }

  @Test
  void frequenciesMustBeDivisible() {
    GgufWriter fitting = TinyLlama.vector(TinyLlama.of("llama"), "rope_freqs.weight", 2);
    assertEquals(2, frequencies(fitting).length);
    SoleboxException wrong =
        refused(TinyLlama.vector(TinyLlama.of("llama"), "rope_freqs.weight", 3));
    assertTrue(wrong.place().contains("model.gguf, tensor rope_freqs"), wrong.describe());
  }

  @Test
  void aVocabularyWithoutWeightsIsNoModel() {
    GgufWriter writer =
        new GgufWriter()
            .put("general.architecture", "llama")
            .put("tokenizer.ggml.tokens", List.of("a"));
    SoleboxException error = refused(writer);
    assertTrue(error.getMessage().contains("vocabulary without weights"), error.describe());
    assertTrue(error.remedy().contains("solebox tokenize"), error.describe());
  }

  @Test
  void anotherQuantizationIsNoHelpWhereTheArchitectureIsUnknown() throws IOException {
    Path path = folder.resolve("model.gguf");
    for (String architecture : List.of("gemma9", "llama")) {
      TinyLlama.of(architecture).write(path);
      byte[] bytes = Files.readAllBytes(path);
      ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int type = TinyGguf.at(file, "output_norm.weight") + "output_norm.weight".length() + 4 + 8;
      file.putInt(type, 99);
      Files.write(path, bytes);
      SoleboxException error =
          assertThrows(
              SoleboxException.class,
              () -> ModelFile.open(path, ModelSource.Access.MAPPED).close());
      boolean known = architecture.equals("llama");
      assertTrue(error.getMessage().contains(known ? "99" : "gemma9"), error.describe());
    }
  }

  @Test
  void unknownArchitecturesAreNamedOnOneLine() {
    SoleboxException error = refused(TinyLlama.of("\u001b[31mred\n"));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.describe().chars().noneMatch(Character::isISOControl), error.describe());
    assertTrue(error.remedy().contains("llama, qwen2, qwen3, "), error.describe());
    assertTrue(error.getMessage().contains("may be a relative"), error.describe());
  }

  @Test
  void anUnknownArchitectureSaysWhichOfItsTensorsNoKnownOneHas() {
    GgufWriter writer = TinyLlama.of("tomorrow");
    TinyLlama.vector(writer, "blk.0.time_mix_w0.weight", 4);
    TinyLlama.vector(writer, "blk.1.time_mix_w0.weight", 4);
    TinyLlama.vector(writer, "blk.1.hyper_gate.weight", 4);
    SoleboxException error = refused(writer);
    assertTrue(error.getMessage().contains("time_mix_w0, hyper_gate."), error.describe());
  }
}
