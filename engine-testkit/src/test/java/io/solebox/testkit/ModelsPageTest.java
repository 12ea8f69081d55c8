package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.file.Contents;
import io.solebox.engine.tensor.TensorType;
import io.solebox.engine.tensor.Transcoder;
import io.solebox.testkit.GoldenModels.Weights;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tables of {@code docs/models.md} are those of the registry and of the references: {@code
 * -Dsolebox.models.renew=true} writes them anew.
 */
class ModelsPageTest {
  private static final String BEGIN = "<!-- tables -->\n";
  private static final String END = "<!-- end of tables -->\n";

  @TempDir Path scratch;

  /** What Vector API kernels multiply; a test of the CPU backend holds the page to it. */
  private static final Set<TensorType> VECTOR_API =
      EnumSet.of(
          TensorType.F32,
          TensorType.F16,
          TensorType.BF16,
          TensorType.Q8_0,
          TensorType.Q4_0,
          TensorType.Q4_1,
          TensorType.Q5_0,
          TensorType.Q5_1,
          TensorType.Q4_K,
          TensorType.Q5_K,
          TensorType.Q6_K);

  private static Path page() {
    return ofCheckout("docs/models.md");
  }

  private static Path ofCheckout(String path) {
    return Stream.of(".", "..")
        .map(up -> Path.of(up).resolve(path))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void saysWhatTheRegistryAndTheReferencesSay() throws IOException {
    TestData.requireShared("arch");
    String page = Files.readString(page());
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    String tables = tables();
    if (Boolean.getBoolean("solebox.models.renew")) {
      Files.writeString(page(), page.substring(0, begin) + tables + page.substring(end));
      return;
    }
    assertEquals(tables, page.substring(begin, end), "run with -Dsolebox.models.renew=true");
  }

  @Test
  void everyArchitectureHasAReferenceOrIsNamedAsOneWithout() throws IOException {
    TestData.requireShared("arch");
    Map<String, Set<String>> cases = cases();
    Set<String> without = new TreeSet<>(ModelFile.architectures());
    without.removeAll(cases.keySet());
    assertEquals(new TreeSet<>(Set.of("nomic-bert-moe")), without);
    assertFalse(cases.isEmpty());
  }

  /** The references of each architecture that this version runs. */
  private Map<String, Set<String>> cases() {
    Map<String, Set<String>> cases = new TreeMap<>();
    GoldenModels.all()
        .forEach(
            (weights, refusal) -> {
              if (refusal.isEmpty() && !weights.isMix()) {
                cases
                    .computeIfAbsent(architecture(weights), _ -> new TreeSet<>())
                    .add(weights.model());
              }
            });
    return cases;
  }

  private String architecture(Weights weights) {
    Path file = TestData.file(weights.path(), scratch);
    return Contents.read(file).metadata().string("general.architecture");
  }

  private String tables() throws IOException {
    var text = new StringBuilder("\n## Architectures\n\n");
    text.append("| `general.architecture` | proved by |\n|---|---|\n");
    Map<String, Set<String>> cases = cases();
    for (String name : ModelFile.architectures()) {
      String proofs = String.join(", ", cases.getOrDefault(name, Set.of("no reference yet")));
      text.append("| `%s` | %s |\n".formatted(name, proofs));
    }
    return text + formats();
  }

  private String formats() throws IOException {
    var text = new StringBuilder("\n## Weight formats\n\n");
    text.append("Values are those of ggml, bit for bit (`testdata/quant`, all formats), and whole");
    text.append(
        " mixes give\nthe logits of their references. A format without kernels is computed");
    text.append(
        " as another one, which takes\nits memory; `as` says which, and `inspect` how exactly.\n\n");
    text.append("| format | bits per weight | C | Vector API | CUDA | in the mixes |\n");
    text.append("|---|---|---|---|---|---|\n");
    Set<TensorType> c = named("backend-cpu/src/main/native/formats.h", "ROW\\((\\w+), \\d");
    Set<TensorType> cuda = named("backend-cuda/src/main/cuda/formats.txt", "(?m)^\\w+ (\\w+)");
    Map<TensorType, Set<String>> mixes = mixes();
    for (TensorType type : TensorType.values()) {
      text.append(
          "| `%s` | %s | %s | %s | %s | %s |\n"
              .formatted(
                  type,
                  new BigDecimal(8.0 * type.blockBytes() / type.blockSize()).toPlainString(),
                  kernels(type, c),
                  kernels(type, VECTOR_API),
                  kernels(type, cuda),
                  String.join(", ", mixes.getOrDefault(type, Set.of()))));
    }
    return text.append("\n").toString();
  }

  private static String kernels(TensorType type, Set<TensorType> computed) {
    TensorType as = Transcoder.nearest(type, computed);
    return as == type ? "yes" : "as " + as;
  }

  /** The formats that a table of the sources names, each found by a pattern's only group. */
  private static Set<TensorType> named(String path, String pattern) throws IOException {
    var names = EnumSet.noneOf(TensorType.class);
    Pattern.compile(pattern)
        .matcher(Files.readString(ofCheckout(path)))
        .results()
        .forEach(found -> names.add(TensorType.valueOf(found.group(1))));
    return names;
  }

  /** The mixes that have tensors of a format. */
  private Map<TensorType, Set<String>> mixes() {
    var mixes = new EnumMap<TensorType, Set<String>>(TensorType.class);
    GoldenModels.mixes()
        .forEach(
            mix ->
                Contents.read(TestData.file(mix.path(), scratch)).tensors().stream()
                    .map(Contents.Tensor::format)
                    .forEach(
                        name ->
                            mixes
                                .computeIfAbsent(TensorType.valueOf(name), _ -> new TreeSet<>())
                                .add(mix.type())));
    return mixes;
  }
}
