package io.solebox.testkit;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The models of {@code testdata/arch}, a folder each, and the mixes of {@code testdata/quant-e2e}:
 * those that this module carries, which every build must run, and those beside the checkout, which
 * it runs as soon as it knows their architecture or format.
 */
final class GoldenModels {
  private static final String ARCHITECTURES = "arch";
  private static final String MIXES = "quant-e2e";
  private static final String ENDING = ".gguf";

  /** Opened once: every suite asks which it can run. */
  private static final Map<Weights, Optional<String>> ALL = findAll();

  private GoldenModels() {}

  /**
   * One file of weights.
   *
   * @param folder within the reference data
   * @param model that the file is named after
   * @param type of the weights: {@code f32}, {@code f16}, {@code bf16}, or a mix as {@code Q4_K_M}
   */
  record Weights(String folder, String model, String type) implements Comparable<Weights> {
    static Weights of(String model, String type) {
      return new Weights(ARCHITECTURES + "/" + model, model, type);
    }

    /** Where its reference data is, this file among it. */
    String path() {
      return path(this + ENDING);
    }

    /** Another file of its folder. */
    String path(String file) {
      return folder + "/" + file;
    }

    /** Whether it is one model in a mix of formats, and not a model of its own. */
    boolean isMix() {
      return folder.equals(MIXES);
    }

    /** Whether this module carries it, so that no build may refuse it. */
    boolean isBundled() {
      return TestData.hasResource(path());
    }

    @Override
    public int compareTo(Weights other) {
      return path().compareTo(other.path());
    }

    @Override
    public String toString() {
      return model + "-" + type;
    }
  }

  /** All of them, and why this version cannot run them: empty where it can. */
  static Map<Weights, Optional<String>> all() {
    return ALL;
  }

  /** Models that this version can run, with weights of these types. */
  static List<Weights> models(String... types) {
    return runnable()
        .filter(weights -> List.of(types).contains(weights.type))
        .filter(ReferenceModel::hasLogits)
        .toList();
  }

  /** Models for embeddings that this version can run, with weights of these types. */
  static List<Weights> embeddings(String... types) {
    return runnable()
        .filter(weights -> List.of(types).contains(weights.type))
        .filter(weights -> !ReferenceModel.hasLogits(weights))
        .toList();
  }

  /** Mixes of formats that this version can run. */
  static List<Weights> mixes() {
    return runnable().filter(Weights::isMix).toList();
  }

  private static Stream<Weights> runnable() {
    return ALL.keySet().stream().filter(weights -> ALL.get(weights).isEmpty());
  }

  private static Map<Weights, Optional<String>> findAll() {
    var folders = new TreeSet<String>();
    namesIn(ARCHITECTURES).forEach(model -> folders.add(ARCHITECTURES + "/" + model));
    folders.add(MIXES);
    var all = new TreeMap<Weights, Optional<String>>();
    try {
      Path scratch = Files.createTempDirectory("golden-models");
      for (String folder : folders) {
        weightsIn(folder).forEach(weights -> all.put(weights, refusal(weights, scratch)));
      }
      for (String copy : TestData.namesIn(scratch)) {
        Files.delete(scratch.resolve(copy));
      }
      Files.delete(scratch);
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> namesIn(String folder) {
    return Stream.of(
            TestData.resourcesIn(folder), TestData.sharedNames(folder), TestData.ownNames(folder))
        .flatMap(List::stream);
  }

  private static Stream<Weights> weightsIn(String folder) {
    return namesIn(folder)
        .filter(file -> file.endsWith(ENDING))
        .map(file -> file.substring(0, file.length() - ENDING.length()))
        .map(
            name -> {
              int dash = name.lastIndexOf('-');
              return new Weights(folder, name.substring(0, dash), name.substring(dash + 1));
            });
  }

  private static Optional<String> refusal(Weights weights, Path scratch) {
    Path path = TestData.file(weights.path(), scratch);
    try (var _ = ModelFile.open(path, ModelSource.Access.MAPPED)) {
      return Optional.empty();
    } catch (SoleboxException e) {
      // Whatever else is said of a golden file is a mistake of ours, for the suites to find.
      return e.code() == ErrorCode.UNSUPPORTED_MODEL
          ? Optional.of(e.getMessage())
          : Optional.empty();
    }
  }
}
