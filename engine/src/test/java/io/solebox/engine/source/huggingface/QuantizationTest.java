package io.solebox.engine.source.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights that are stored as codes and scales, and what config.json says of them. */
class QuantizationTest {
  @TempDir Path folder;

  private SoleboxException refused(Path path) {
    var e = assertThrows(SoleboxException.class, () -> ModelFile.open(path, Access.MAPPED).close());
    assertFalse(e.remedy().isBlank());
    assertTrue(e.place().contains(folder.toString()), e.describe());
    return e;
  }

  private static final String GPTQ =
      "{\"quant_method\":\"gptq\",\"bits\":4,\"group_size\":32,\"sym\":true}";

  private static final Map<String, String> WHOLE =
      Map.of("qweight", "I32 [4,64]", "qzeros", "I32 [1,8]", "scales", "F16 [1,64]");

  @Test
  void gptqBecomesBlocksWithItsScales() {
    var tiny =
        new TinyFolder(folder).with("quantization_config", GPTQ).quantized("mlp.up_proj", WHOLE);
    try (var model = ModelFile.open(tiny.write(), Access.MAPPED)) {
      assertEquals(1, model.info().notes().size());
      assertTrue(model.info().notes().getFirst().contains("Q4_0, with the same values"));
    }
    try (ModelSource source = HuggingFaceSource.open(folder, Access.MAPPED)) {
      TensorInfo up = source.tensor("blk.0.ffn_up.weight").orElseThrow();
      assertEquals(TensorType.Q4_0, up.type());
      // Codes of 0 and zeros of 0 + 1 are not symmetric, which is seen when they are read.
      var e = assertThrows(SoleboxException.class, () -> source.data(up));
      assertTrue(e.describe().contains("calls itself symmetric"), e.describe());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "group_size\":32|group_size\":24|groups of 24 do not divide its 32 columns",
        "bits\":4|bits\":3|bits",
        "gptq\",|gptq\",\"checkpoint_format\":\"marlin\",|checkpoint_format",
      })
  void quantizationsThatMakeNoSenseAreRefused(String what, String instead, String message) {
    new TinyFolder(folder)
        .with("quantization_config", GPTQ.replace(what, instead))
        .quantized("mlp.up_proj", WHOLE)
        .write();
    assertTrue(refused(folder).describe().contains(message), refused(folder).describe());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qweight I32 [4,64];qzeros I32 [1,8]",
        "qweight I32 [4,64];qzeros I32 [1,8];scales F16 [2,64]",
        "qweight I32 [4,64];qzeros I32 [1,7];scales F16 [1,64]",
        "qweight F16 [4,64];qzeros I32 [1,8];scales F16 [1,64]",
        "qweight I32 [4,64];qzeros I32 [1,8];scales F16 [1,64];g_idx I32 [31]",
        "weight F8_E4M3 [64,32]",
        "weight F8_E4M3 [64,32];weight_scale F32 [3]",
        "weight F8_E4M3 [64,32];weight_scale I32 [1]",
        "weight I8 [64,32]",
        "weight_packed I32 [64,4];weight_scale F16 [64,1]",
        "weight_packed I32 [64,4];weight_scale F16 [64,1];weight_shape I64 [2]",
      })
  void partsThatDoNotFitTogetherAreRefused(String parts) {
    var described = new LinkedHashMap<String, String>();
    for (String part : parts.split(";")) {
      described.put(part.split(" ", 2)[0], part.split(" ", 2)[1]);
    }
    new TinyFolder(folder)
        .with("quantization_config", GPTQ)
        .quantized("mlp.up_proj", described)
        .write();
    SoleboxException e = refused(folder);
    assertEquals(ErrorCode.BAD_MODEL_FILE, e.code(), e.describe());
    assertTrue(e.place().contains("mlp.up_proj"), e.describe());
  }

  /** As in layers of DeepSeek-V3: 64 rows, and 32 blocks down by 2 across. */
  @Test
  void blocksAreToldFromRowsByTheShapeOfTheScales() {
    String quantization = "{\"quant_method\":\"fp8\",\"weight_block_size\":[2,16]}";
    var tiny =
        new TinyFolder(folder)
            .with("quantization_config", quantization)
            .quantized(
                "mlp.up_proj",
                Map.of("weight", "F8_E4M3 [64,32]", "weight_scale_inv", "F32 [32,2]"));
    byte[] ones = new byte[64 * 32];
    Arrays.fill(ones, (byte) 0x38);
    tiny.contents.put("model.layers.0.mlp.up_proj.weight", ones);
    var scales = ByteBuffer.allocate(4 * 64).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 64; i++) {
      scales.putFloat(i + 1);
    }
    tiny.contents.put("model.layers.0.mlp.up_proj.weight_scale_inv", scales.array());
    try (ModelSource source = HuggingFaceSource.open(tiny.write(), Access.MAPPED)) {
      TensorInfo up = source.tensor("blk.0.ffn_up.weight").orElseThrow();
      assertEquals(TensorType.BF16, up.type());
      short[] values = source.data(up).toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
      for (int i = 0; i < values.length; i++) {
        int scale = i / 32 / 2 * 2 + i % 32 / 16;
        assertEquals(scale + 1, Float.intBitsToFloat(values[i] << 16), "element " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[32,4]", // blocks of 2 by 16 would be [32,2]
        "[1,32]", "[2,32]", "[64,2]", "[32]",
      })
  void scalesOfAnotherShapeAreRefused(String shape) {
    new TinyFolder(folder)
        .with("quantization_config", "{\"quant_method\":\"fp8\",\"weight_block_size\":[2,16]}")
        .quantized(
            "mlp.up_proj", Map.of("weight", "F8_E4M3 [64,32]", "weight_scale", "F32 " + shape))
        .write();
    assertTrue(refused(folder).describe().contains("neither by block"), refused(folder).describe());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "compressed-tensors|transform_config|{\"config_groups\":{\"u\":{}}}|turns activations",
        "compressed-tensors|mystery|1|quantization_config.mystery = 1",
        "gptq|dynamic|{\"+:.*down.*\":{\"bits\":8}}|+:.*down.*",
        "gptq|rotation|\"hadamard\"|turns activations",
        "gptq|adapter|{\"name\":\"lora\"}|adds an adapter",
        "gptq|pack_dtype|\"int8\"|pack_dtype",
        "modelopt|x|1|modelopt, which is not known",
      })
  void whatIsNotComputedIsNamed(String method, String field, String value, String message) {
    new TinyFolder(folder)
        .with(
            "quantization_config",
            "{\"quant_method\":\"%s\",\"%s\":%s}".formatted(method, field, value))
        .write();
    SoleboxException e = refused(folder);
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, e.code());
    assertTrue(e.describe().contains(message), e.describe());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"quant_method\":\"gptq\",\"dynamic\":{\"-:.*lm_head.*\":{}},\"meta\":{\"uri\":\"x\"}",
        "\"quant_method\":\"compressed-tensors\",\"transform_config\":{},\"sparsity_config\":{},"
            + "\"config_groups\":{\"group_0\":{\"targets\":[\"Linear\"],\"format\":null,"
            + "\"weights\":{\"num_bits\":8,\"type\":\"float\",\"observer\":\"minmax\"},"
            + "\"input_activations\":{\"num_bits\":8}}}",
        "\"quant_method\":\"fp8\",\"fmt\":\"e4m3\",\"scale_fmt\":\"ue8m0\"",
      })
  void whatChangesNothingIsPassedOver(String fields) {
    new TinyFolder(folder).with("quantization_config", "{" + fields + "}").write();
    ModelFile.open(folder, Access.MAPPED).close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"bits\":4,\"version\":\"gemv_fast\"|gemv_fast, a way to pack AWQ",
        "\"bits\":4,\"checkpoint_format\":\"gemv\"|gemv, a way to pack AWQ",
        "\"bits\":8,\"version\":\"gemm\"|is 8; known are [4]",
      })
  void otherPackingsOfAwqAreRefused(String fields, String message) {
    new TinyFolder(folder)
        .with("quantization_config", "{\"quant_method\":\"awq\",\"group_size\":32," + fields + "}")
        .quantized(
            "mlp.up_proj",
            Map.of("qweight", "I32 [32,8]", "qzeros", "I32 [1,8]", "scales", "F16 [1,64]"))
        .write();
    SoleboxException e = refused(folder);
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, e.code());
    assertTrue(e.describe().contains(message), e.describe());
  }

  @Test
  void floatsOf4BitsAreCalledByTheirName() {
    new TinyFolder(folder)
        .with("quantization_config", "{\"quant_method\":\"compressed-tensors\"}")
        .quantized(
            "mlp.up_proj", Map.of("weight_packed", "U8 [64,16]", "weight_scale", "F8_E4M3 [64,2]"))
        .write();
    SoleboxException e = refused(folder);
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, e.code());
    assertTrue(e.describe().contains("NVFP4"), e.describe());
  }
}
