package io.solebox.store.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.source.huggingface.CodesAs;
import io.solebox.engine.source.huggingface.HuggingFaceSource;
import io.solebox.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders whose matrices are codes that GGUF has no format for. */
class StoredCodesTest {
  private static final Path FOLDERS =
      Path.of("..", "engine-testkit", "src", "test", "reference").toAbsolutePath().normalize();

  @TempDir Path home;

  /** A folder of the references, with a word for what its vocabulary lacks. */
  private Path folder(String name) throws IOException {
    Path from = FOLDERS.resolve(name).resolve("hf");
    Path folder = Files.createDirectories(home.resolve(name));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(from.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    String tokenizer = Files.readString(from.resolve("tokenizer.json"));
    Files.writeString(
        folder.resolve("tokenizer.json"),
        tokenizer.replaceFirst("\"type\": ?\"BPE\"", "\"type\":\"BPE\",\"unk_token\":\"<unk>\""));
    return folder;
  }

  private Loss write(String name, ConversionOptions options) throws IOException {
    try (var conversion = Conversion.open(folder(name), options)) {
      assertTrue(conversion.hasCodes());
      return conversion.write(home.resolve("out.gguf"), Progress.none());
    }
  }

  private static ConversionOptions nearest() {
    return new ConversionOptions(OutputType.AUTO, true, Optional.empty());
  }

  private static ConversionOptions as(OutputType type) {
    return new ConversionOptions(type, false, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gptq", "awq", "fp8", "pack-quantized", "int-quantized"})
  void nobodyDecidesSilently(String name) throws IOException {
    Path folder = folder(name);
    var refused =
        assertThrows(SoleboxException.class, () -> Conversion.open(folder, as(OutputType.AUTO)));
    assertEquals(ErrorCode.INVALID_PARAMETER, refused.code());
    assertTrue(refused.describe().contains("--nearest"), refused.describe());
  }

  /** Scales of F16 stay, and the codes do: nothing is lost. FP8 is rounded to BF16. */
  @ParameterizedTest
  @CsvSource({
    "gptq, Q4_0 F32, 0",
    "awq, Q5_0 F32, 0",
    "pack-quantized, Q5_0 F32, 0.002",
    "fp8, BF16 F32, 0.002"
  })
  void theNearestFormatKeepsWhatItCan(String name, String types, double bound) throws IOException {
    Loss loss = write(name, nearest());
    try (var file = GgufSource.open(home.resolve("out.gguf"), Access.MAPPED)) {
      Set<String> found =
          file.tensors().stream().map(t -> t.type().name()).collect(Collectors.toSet());
      assertTrue(found.containsAll(Set.of(types.split(" "))), () -> found + " of " + name);
    }
    assertTrue(loss.worst() <= bound, () -> name + " lost " + loss.worst());
    assertEquals(0, loss.overflowed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gptq", "gptq-act-order", "awq", "fp8", "float-quantized"})
  void valuesCanBeWrittenInFull(String name) throws IOException {
    write(name, as(OutputType.F32));
    try (var file = GgufSource.open(home.resolve("out.gguf"), Access.MAPPED);
        var values = HuggingFaceSource.open(folder(name), Access.MAPPED, CodesAs.VALUES)) {
      for (TensorInfo tensor : file.tensors()) {
        assertEquals(TensorType.F32, tensor.type());
        TensorInfo other = values.tensor(tensor.name()).orElseThrow();
        if (other.type() == TensorType.F32) {
          assertEquals(
              -1, file.data(tensor).mismatch(values.data(other)), () -> name + tensor.name());
        }
        float[] numbers = file.data(tensor).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        assertTrue(Float.isFinite(numbers[0]));
      }
    }
  }
}
