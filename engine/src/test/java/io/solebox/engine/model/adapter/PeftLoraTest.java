package io.solebox.engine.model.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.TinyLlama;
import io.solebox.engine.source.ModelSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of PEFT: what they ask for is computed or refused, with its place and what helps. */
class PeftLoraTest {
  private static final int WIDTH = 8;
  private static final String Q = "base_model.model.model.layers.0.self_attn.q_proj";
  private static final String DOWN = "base_model.model.model.layers.1.mlp.down_proj";

  @TempDir Path folder;

  private final Map<String, int[]> tensors = new LinkedHashMap<>();
  private Path adapter;

  @BeforeEach
  void begin() throws IOException {
    adapter = Files.createDirectory(folder.resolve("poet"));
    pair(Q, 2);
    pair(DOWN, 2);
  }

  private void pair(String module, int rank) {
    tensors.put(module + ".lora_A.weight", new int[] {rank, WIDTH});
    tensors.put(module + ".lora_B.weight", new int[] {WIDTH, rank});
  }

  /** Elements are numbered from 0 in each tensor. */
  private void writeTensors() throws IOException {
    StringBuilder header = new StringBuilder("{");
    int end = 0;
    for (var tensor : tensors.entrySet()) {
      int[] shape = tensor.getValue();
      int bytes = 4 * shape[0] * shape[1];
      header.append(header.length() > 1 ? "," : "");
      header.append(
          "\"%s\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
              .formatted(tensor.getKey(), shape[0], shape[1], end, end + bytes));
      end += bytes;
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + end).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    for (int[] shape : tensors.values()) {
      for (int i = 0; i < shape[0] * shape[1]; i++) {
        file.putFloat(i);
      }
    }
    Files.write(adapter.resolve("adapter_model.safetensors"), file.array());
  }

  private ModelFile open(String architecture, String config) throws IOException {
    Files.writeString(adapter.resolve("adapter_config.json"), config);
    writeTensors();
    Path model = folder.resolve("model.gguf");
    TinyLlama.of(architecture).write(model);
    var options = List.of(new AdapterOptions("poet", adapter));
    return ModelFile.open(model, ModelSource.Access.MAPPED, options);
  }

  /** With further fields, each with a comma behind it. */
  private static String config(String more) {
    return "{%s\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":6}".formatted(more);
  }

  private SoleboxException refused(String config) {
    return assertThrows(SoleboxException.class, () -> open("llama", config).close());
  }

  private static List<LowRank.Change> changes(ModelFile file) {
    return file.graph().ops().stream()
        .filter(LowRank.class::isInstance)
        .flatMap(op -> ((LowRank) op).changes().stream())
        .toList();
  }

  @Test
  void rowsOfQueriesStandAsInTheModelsFile() throws IOException {
    try (ModelFile file = open("llama", config(""))) {
      LowRank.Change q = changes(file).getFirst();
      assertEquals(3, q.scale());
      int[] rows = new int[WIDTH];
      float[] row = new float[2];
      for (int r = 0; r < WIDTH; r++) {
        q.b().dequantize(r, row, 0);
        rows[r] = (int) row[0] / 2;
      }
      // Two heads of four: halves become neighbours.
      assertEquals(List.of(0, 2, 1, 3, 4, 6, 5, 7), Arrays.stream(rows).boxed().toList());
    }
    try (ModelFile file = open("qwen2", config(""))) {
      float[] row = new float[2];
      changes(file).getFirst().b().dequantize(1, row, 0);
      assertEquals(2, row[0]);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 3 | 3",
        "'\"use_rslora\":true,' | 4.2426407 | 4.2426407",
        "'\"alpha_pattern\":{\"down_proj\":1},' | 3 | 0.5",
        "'\"alpha_pattern\":{\"layers.0.self_attn.q_proj\":8},' | 4 | 3",
        "'\"alpha_pattern\":{\"^model.layers.0.self_attn.q_proj\":8},' | 4 | 3",
        "'\"alpha_pattern\":{\"proj\":8},' | 3 | 3"
      })
  void scalesAreThoseOfPeft(String more, float ofQ, float ofDown) throws IOException {
    try (ModelFile file = open("llama", config(more))) {
      assertEquals(ofQ, changes(file).getFirst().scale(), 1e-6f);
      assertEquals(ofDown, changes(file).getLast().scale(), 1e-6f);
    }
  }

  @Test
  void alphaIs8WhereNothingIsSaid() throws IOException {
    try (ModelFile file = open("llama", "{\"peft_type\":\"LORA\",\"r\":2}")) {
      assertEquals(4, changes(file).getFirst().scale());
    }
  }

  @Test
  void beginningsThatLeaveTheModelAsItIsArePassedOver() throws IOException {
    String eva = "\"init_lora_weights\":\"eva\",\"eva_config\":{\"rho\":2.0,\"tau\":0.99},";
    open("llama", config(eva)).close();
  }

  @Test
  void aModuleMayHaveARankOfItsOwn() throws IOException {
    pair(DOWN, 5);
    try (ModelFile file = open("llama", config("\"rank_pattern\":{\"mlp.down_proj\":5},"))) {
      assertEquals(5, changes(file).getLast().rank());
      assertEquals(6f / 5, changes(file).getLast().scale());
    }
    var error = refused(config(""));
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertTrue(error.describe().contains("rank of 5"), error.describe());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"use_dora\":true,",
        "\"modules_to_save\":[\"lm_head\"],",
        "\"bias\":\"all\",",
        "\"lora_bias\":true,",
        "\"init_lora_weights\":\"pissa\",",
        "\"layer_replication\":[[0,4]],",
        "\"trainable_token_indices\":[1],",
        "\"target_parameters\":[\"mlp.experts\"],",
        "\"alora_invocation_tokens\":[1],",
        "\"something_new\":1,"
      })
  void whatNobodyComputesIsRefusedByItsField(String more) {
    var error = refused(config(more));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    String field = more.substring(1, more.indexOf('"', 1));
    assertTrue(error.getMessage().contains(field), error.getMessage());
    assertTrue(error.place().contains("adapter_config.json, " + field), error.place());
  }

  @Test
  void fieldsThatAskForNothingAreNone() throws IOException {
    String more =
        "\"use_dora\":false,\"modules_to_save\":null,\"bias\":\"none\",\"loftq_config\":{},"
            + "\"something_new\":null,\"lora_dropout\":0.1,\"target_modules\":[\"q_proj\"],";
    open("llama", config(more)).close();
  }

  @ParameterizedTest
  @CsvSource({
    "base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector, DoRA",
    "base_model.model.model.embed_tokens.lora_embedding_A, embedding",
    "base_model.model.lm_head.modules_to_save.weight, no part",
    "base_model.model.model.layers.0.mlp.experts.3.up_proj.lora_A.weight, mlp.experts.3",
    "base_model.model.vision_tower.encoder.layers.0.self_attn.q_proj.lora_A.weight, vision_tower"
  })
  void tensorsThatNobodyUsesAreRefusedByName(String name, String word) {
    tensors.put(name, new int[] {2, WIDTH});
    tensors.put(name.replace("lora_A", "lora_B"), new int[] {2, WIDTH});
    var error = refused(config(""));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.describe().contains(word), error.describe());
  }

  @Test
  void anAdapterOfALargerModelIsRefused() {
    pair("base_model.model.model.layers.7.mlp.up_proj", 2);
    var error = refused(config("\"base_model_name_or_path\":\"someone/large\","));
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertTrue(error.getMessage().contains("blk.7.ffn_up.weight"), error.getMessage());
    assertTrue(error.remedy().contains("someone/large"), error.remedy());
  }

  @Test
  void halfAPairIsRefused() {
    tensors.remove(Q + ".lora_B.weight");
    var error = refused(config(""));
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertTrue(error.getMessage().contains("lora_B"), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "{\"peft_type\":\"LORA\"}",
        "{\"peft_type\":\"LORA\",\"r\":0}",
        "{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":\"x\"}"
      })
  void aBrokenDescriptionIsRefused(String config) {
    var error = refused(config);
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertTrue(error.place().contains("adapter_config.json"), error.place());
  }

  @Test
  void otherKindsOfPeftAreRefused() {
    var error = refused("{\"peft_type\":\"PREFIX_TUNING\"}");
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.getMessage().contains("PREFIX_TUNING"), error.getMessage());
  }

  @Test
  void picklesAreNeverOpened() throws IOException {
    Files.writeString(adapter.resolve("adapter_config.json"), config(""));
    Files.write(adapter.resolve("adapter_model.bin"), new byte[10]);
    Path model = folder.resolve("model.gguf");
    TinyLlama.of("llama").write(model);
    var options = List.of(new AdapterOptions("poet", adapter));
    var error =
        assertThrows(
            SoleboxException.class,
            () -> ModelFile.open(model, ModelSource.Access.MAPPED, options).close());
    assertTrue(error.describe().contains("pickle"), error.describe());
  }
}
