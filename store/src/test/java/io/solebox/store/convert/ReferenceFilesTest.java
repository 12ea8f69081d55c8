package io.solebox.store.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.testkit.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Converted folders against files that llama.cpp's converter made of them: every key, and every
 * byte of every tensor.
 */
class ReferenceFilesTest {
  /** Keys that the reference leaves out where their value is the one taken without them. */
  private static final Set<String> SAID_BESIDES =
      Set.of(
          "vocab_size",
          "attention.head_count_kv",
          "attention.key_length",
          "attention.value_length",
          "rope.dimension_count",
          "rope.freq_base",
          "rope.scaling.type",
          "rope.scaling.yarn_attn_factor",
          "expert_gating_func",
          "expert_weights_norm",
          "attention.sliding_window_pattern");

  /** What the reference loses: Mistral's window, which the architecture has a key for. */
  private static final Map<String, String> KEPT = Map.of("mistral", "attention.sliding_window");

  @TempDir Path folder;

  private record Case(String model, OutputType type, Path reference) {
    @Override
    public String toString() {
      return model + " " + type;
    }
  }

  static Stream<Case> cases() throws IOException {
    Path arch = TestData.requireShared("arch");
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> models = Files.list(arch)) {
      for (Path model : models.filter(Files::isDirectory).sorted().toList()) {
        String name = model.getFileName().toString();
        for (OutputType type : List.of(OutputType.F32, OutputType.F16, OutputType.BF16)) {
          Path file = model.resolve(name + "-" + type.name().toLowerCase(Locale.ROOT) + ".gguf");
          if (Files.exists(file)) {
            cases.add(new Case(name, type, file));
          }
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isWhatTheReferenceConverterWrites(Case reference) {
    Path out = folder.resolve("out.gguf");
    Path hf = reference.reference().resolveSibling("hf");
    var options = new ConversionOptions(reference.type(), false, Optional.empty());
    try (var conversion = Conversion.open(hf, options)) {
      conversion.write(out, Progress.none());
    }
    try (var expected = GgufSource.open(reference.reference(), Access.MAPPED);
        var actual = GgufSource.open(out, Access.MAPPED)) {
      assertEquals(List.of(), keys(expected, actual));
      assertEquals(Set.of(), besides(reference.model(), expected, actual));
      assertEquals(names(expected), names(actual));
      for (TensorInfo tensor : expected.tensors()) {
        assertEquals(Optional.of(tensor), actual.tensor(tensor.name()));
        assertEquals(-1, expected.data(tensor).mismatch(actual.data(tensor)), () -> tensor.name());
      }
    }
  }

  private static Set<String> names(GgufSource source) {
    return new TreeSet<>(source.tensors().stream().map(TensorInfo::name).toList());
  }

  /** Keys of the reference that are missing or say something else. */
  private static List<String> keys(GgufSource expected, GgufSource actual) {
    List<String> different = new ArrayList<>();
    for (String key : expected.metadata().keys()) {
      String one = text(expected.metadata().find(key).orElseThrow());
      String other = actual.metadata().find(key).map(ReferenceFilesTest::text).orElse("missing");
      if (!one.equals(other)) {
        different.add(key + ": " + shortened(one) + " was " + shortened(other));
      }
    }
    return different;
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(300, text.length()));
  }

  private static Set<String> besides(String model, GgufSource expected, GgufSource actual) {
    Set<String> keys = new TreeSet<>(actual.metadata().keys());
    keys.removeAll(expected.metadata().keys());
    String prefix = actual.metadata().string("general.architecture") + ".";
    keys.removeIf(key -> key.startsWith(prefix) && isKnown(model, key.substring(prefix.length())));
    return keys;
  }

  private static boolean isKnown(String model, String key) {
    return SAID_BESIDES.contains(key) || key.equals(KEPT.get(model));
  }

  private static String text(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Strings strings -> "strings " + strings.asList();
      case MetadataValue.Ints ints -> ints.elementType() + Arrays.toString(ints.values());
      case MetadataValue.Floats floats -> Arrays.toString(floats.values());
      case MetadataValue.Bools bools -> Arrays.toString(bools.values());
      case MetadataValue other -> other.toString();
    };
  }
}
