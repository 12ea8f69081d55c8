package io.solebox.engine.source.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A folder says the same as the GGUF file that llama.cpp's converter made of it: keys, and every
 * number of every tensor.
 */
class TranslationTest {
  static Stream<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(SharedData.folder("arch"))) {
      return all.filter(f -> Files.isDirectory(f.resolve("hf"))).sorted().toList().stream();
    }
  }

  /** What only the converter writes, and nothing is computed by. */
  private static final Set<String> WITHOUT_MEANING =
      Set.of("phi3.rope.scaling.original_context_length");

  @ParameterizedTest
  @MethodSource("folders")
  void saysWhatTheConvertedFileSays(Path folder) {
    Path hf = folder.resolve("hf");
    Path gguf = folder.resolve(folder.getFileName() + "-f32.gguf");
    try (var converted = GgufSource.open(gguf, ModelSource.Access.MAPPED);
        var direct = HuggingFaceSource.open(hf, ModelSource.Access.MAPPED)) {
      List<String> differences = new ArrayList<>(keys(converted, direct));
      differences.addAll(tensors(converted, direct));
      assertEquals("", String.join("\n", differences));
    }
  }

  private static List<String> keys(ModelSource expected, ModelSource actual) {
    List<String> differences = new ArrayList<>();
    String namespace = expected.metadata().string("general.architecture");
    if (!namespace.equals(actual.metadata().string("general.architecture"))) {
      differences.add("architecture " + actual.metadata().string("general.architecture"));
    }
    for (String key : expected.metadata().keys()) {
      if (!key.startsWith(namespace + ".") || WITHOUT_MEANING.contains(key)) {
        continue;
      }
      String wanted = shown(expected.metadata().find(key));
      String found = shown(actual.metadata().find(key));
      if (!wanted.equals(found)) {
        differences.add(key + ": " + wanted + " is " + found);
      }
    }
    return differences;
  }

  private static String shown(Optional<MetadataValue> value) {
    return switch (value.orElse(null)) {
      case null -> "absent";
      case MetadataValue.Whole whole -> String.valueOf(whole.value());
      case MetadataValue.Real real -> String.format(Locale.ROOT, "%.6g", real.value());
      case MetadataValue.Bool bool -> String.valueOf(bool.value());
      case MetadataValue.Text text -> text.value();
      case MetadataValue.Ints ints -> Arrays.toString(ints.values());
      case MetadataValue.Longs longs -> Arrays.toString(longs.values());
      case MetadataValue.Bools bools -> Arrays.toString(bools.values());
      case MetadataValue.Strings strings -> strings.asList().toString();
      case MetadataValue.Array array -> array.toString();
    };
  }

  private static List<String> tensors(ModelSource expected, ModelSource actual) {
    List<String> differences = new ArrayList<>();
    var names = new TreeSet<String>(names(expected));
    names.addAll(names(actual));
    for (String name : names) {
      Optional<TensorInfo> a = expected.tensor(name);
      Optional<TensorInfo> b = actual.tensor(name);
      if (a.isEmpty() || b.isEmpty()) {
        differences.add(name + (a.isEmpty() ? " is new " : " is missing"));
        continue;
      }
      if (!squeezed(a.get()).equals(squeezed(b.get()))) {
        differences.add(name + " " + b.get().shape() + " and not " + a.get().shape());
        continue;
      }
      double difference = difference(values(expected, a.get()), values(actual, b.get()));
      if (difference > 1e-6) {
        differences.add(name + " differs by " + difference);
      }
    }
    return differences;
  }

  private static List<Long> squeezed(TensorInfo tensor) {
    return tensor.shape().stream().filter(size -> size != 1).collect(Collectors.toList());
  }

  private static List<String> names(ModelSource source) {
    return source.tensors().stream().map(TensorInfo::name).toList();
  }

  private static double difference(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]) / Math.max(1, Math.abs(a[i])));
    }
    return most;
  }

  private static float[] values(ModelSource source, TensorInfo tensor) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) tensor.bytes()]);
    source.bytes(tensor).copyTo(bytes);
    float[] values = new float[(int) tensor.elements()];
    BlockLayouts.of(tensor.type()).dequantize(bytes, 0, values, 0, values.length);
    return values;
  }
}
