package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.testkit.GoldenModels.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** What publishers write into config.json, leave out of it, or could write by mistake. */
class PublishedConfigTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What no field should have, or few. */
  private static final List<String> STRANGE =
      List.of("null", "-1", "0", "1", "3", "1e9", "0.5", "true", "\"x\"", "[]", "[null]", "{}");

  @TempDir Path scratch;

  private Path folder(String model) {
    Weights weights = Weights.of(model, "f32");
    assumeTrue(
        ModelFolders.all().contains(weights), () -> "SKIPPED: there is no folder of " + model);
    return ModelFolders.of(weights, scratch);
  }

  private static ObjectNode config(Path folder) throws IOException {
    return (ObjectNode) JSON.readTree(Files.readAllBytes(folder.resolve("config.json")));
  }

  private Path changed(Path folder, JsonNode config) throws IOException {
    return changed(folder, config.toString());
  }

  /** The same folder with another config.json. */
  private Path changed(Path folder, String config) throws IOException {
    Path other = Files.createTempDirectory(scratch, "changed");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> !f.equals(folder)).toList()) {
        Path to = other.resolve(folder.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectory(to);
        } else if (!file.endsWith("config.json") || !file.getParent().equals(folder)) {
          Files.copy(file, to);
        }
      }
    }
    Files.writeString(other.resolve("config.json"), config);
    return other;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "command-r|output_past|true",
        "command-r|rope_theta|10000",
        "qwen2|use_mrope|false",
        "qwen3_moe|use_qk_norm|true",
        "qwen3_moe|shared_expert_intermediate_size|0",
        "qwen3_moe|qkv_bias|false",
        "phi3|full_attn_mod|1",
        "phi3|interpolate_factor|1.0",
        "phi3|lm_head_bias|false",
        "gemma2|sliding_window_size|4096",
        "lfm2|tie_embedding|true",
        "lfm2|theta|1000000.0",
        "granitehybrid|normalization_function|\"rmsnorm\"",
        "granitemoe|normalization_function|\"rmsnorm\"",
        "granitehybrid|mamba_d_head|\"auto\"",
        "qwen35|mtp_num_hidden_layers|1",
        "qwen35moe|mtp_use_dedicated_embeddings|false",
        "bert-reranker|sbert_ce_default_activation_function|\"torch.nn.modules.linear.Identity\"",
        "bert-reranker|sentence_transformers|{\"version\":\"5.0\"}",
        "nomic-bert|parallel_block_tied_norm|false",
        "nomic-bert|rotary_scaling_factor|1.0",
        "mamba2|time_step_limit|[0.0,Infinity]",
        "mamba2|time_step_limit|[0,Infinity]",
        "falcon-h1|time_step_limit|[0.0,Infinity]",
        "falcon-h1|mlp_expansion_factor|8",
        "falcon-h1|time_step_floor|0.0001",
        "falcon-h1|mamba_d_head|\"auto\"",
        "ernie4-5-moe|moe_capacity|[64,64,64]",
        "ernie4-5-moe|moe_gate|\"topk\"",
        "ernie4-5-moe|moe_use_aux_free|true",
        "ernie4-5-moe|moe_layer_end_index|-1",
        "ernie4-5-moe|num_nextn_predict_layers|1",
        "llama4|for_llm_compressor|false",
        "llama4|floor_scale|8192.0",
        "llama4|no_rope_layers|[]",
        "gpt_oss|swiglu_limit|7",
        "deepseek_v2|moe_layer_freq|1.0",
      })
  void fieldsThatChangeNothingArePassedOver(String model, String field, String value)
      throws IOException {
    Path folder = folder(model);
    ObjectNode config = config(folder);
    String marker = "\"the value\"";
    config.put(field, "the value");
    String text = config.toString().replace(marker, value);
    ModelFile.open(changed(folder, text), ModelSource.Access.MAPPED).close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "qwen3_moe|use_qk_norm|false",
        "qwen3_moe|shared_expert_intermediate_size|64",
        "phi3|full_attn_mod|2",
        "phi3|lm_head_bias|true",
        "granitemoe|normalization_function|\"layernorm\"",
        "mamba2|time_step_limit|[0.0,0.1]",
        "ernie4-5-moe|moe_gate|\"sinkhorn\"",
        "llama4|no_rope_layers|[1,1,0,1]",
        "smollm3|no_rope_layers|[null,1,1,0]",
        "deepseek_v2|topk_method|\"noaux_tc\"",
        "deepseek_v2|norm_topk_prob|true",
        "deepseek_v3|topk_method|\"greedy\"",
      })
  void fieldsThatChangeSomethingAreNamed(String model, String field, String value)
      throws IOException {
    Path folder = folder(model);
    ObjectNode config = config(folder);
    config.set(field, JSON.readTree(value));
    Path path = changed(folder, config);
    var e =
        assertThrows(
            SoleboxException.class, () -> ModelFile.open(path, ModelSource.Access.MAPPED).close());
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, e.code(), e.describe());
    assertTrue(e.describe().contains(field), e.describe());
  }

  @ParameterizedTest
  @CsvSource({
    "command-r, rope_parameters, command-r.rope.freq_base, 500000",
    "cohere2, rope_parameters, cohere2.rope.freq_base, 10000",
    "ernie4-5, rope_parameters, ernie4_5.rope.freq_base, 500000",
    "ernie4-5-moe, rope_parameters, ernie4_5-moe.rope.freq_base, 500000",
    "lfm2, rope_parameters, lfm2.rope.freq_base, 1000000",
    "lfm2moe, rope_parameters, lfm2moe.rope.freq_base, 1000000",
    "llama4, rope_parameters, llama4.rope.freq_base, 500000",
    "olmo3, rope_parameters, olmo2.rope.freq_base, 500000",
    "gpt_oss, rope_parameters rope_theta, gpt-oss.rope.freq_base, 150000",
    "mixtral, rope_parameters rope_theta, llama.rope.freq_base, 1000000",
    "smollm3, rope_parameters rope_theta, smollm3.rope.freq_base, 2000000",
    "mistral, rope_parameters rope_theta, llama.rope.freq_base, 10000",
    "mistral, sliding_window, llama.attention.sliding_window, 4096",
    "gemma2, attn_logit_softcapping, gemma2.attn_logit_softcapping, 50",
    "gemma2, final_logit_softcapping, gemma2.final_logit_softcapping, 30",
    "deepseek_v3, n_group, deepseek2.expert_group_count, 8",
    "deepseek_v3, routed_scaling_factor, deepseek2.expert_weights_scale, 2.5",
    "glm4moe, first_k_dense_replace, glm4moe.leading_dense_block_count, 1",
  })
  void whatIsLeftOutIsWhatTransformersTakes(
      String model, String fields, String key, double expected) throws IOException {
    Path folder = folder(model);
    ObjectNode config = config(folder);
    for (String field : fields.split(" ")) {
      config.remove(field);
    }
    try (ModelSource source =
        ModelSources.open(changed(folder, config), ModelSource.Access.MAPPED)) {
      assertEquals(expected, number(source.metadata().find(key).orElseThrow()));
    }
  }

  private static double number(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Whole whole -> whole.value();
      case MetadataValue.Real real -> real.value();
      case MetadataValue.Bool _, MetadataValue.Text _, MetadataValue.Array _ -> Double.NaN;
    };
  }

  /** Null is a value: no window. */
  @ParameterizedTest
  @CsvSource({"mistral", "phi3"})
  void aWindowOfNullIsNone(String model) throws IOException {
    Path folder = folder(model);
    ObjectNode config = config(folder);
    config.putNull("sliding_window");
    try (ModelSource source =
        ModelSources.open(changed(folder, config), ModelSource.Access.MAPPED)) {
      assertTrue(source.metadata().keys().stream().noneMatch(k -> k.contains("sliding_window")));
    }
  }

  static List<Weights> folders() {
    return ModelFolders.all();
  }

  /** Each field with a strange value: the model loads, or is refused with a place and a remedy. */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("folders")
  void strangeValuesAreRefusedInWords(Weights weights) throws IOException {
    Path folder = ModelFolders.of(weights, scratch);
    var random = new SplittableRandom(weights.model().hashCode());
    Path path = changed(folder, "{}");
    for (String field : new ArrayList<>(config(folder).propertyNames())) {
      ObjectNode config = config(folder);
      String value = STRANGE.get(random.nextInt(STRANGE.size()));
      config.set(field, JSON.readTree(value));
      Files.writeString(path.resolve("config.json"), config.toString());
      try {
        ModelSources.open(path, ModelSource.Access.MAPPED).close();
      } catch (SoleboxException e) {
        assertTrue(!e.place().isBlank() && !e.remedy().isBlank(), e.describe());
      } catch (RuntimeException e) {
        throw new AssertionError(field + " = " + value, e);
      }
    }
  }
}
