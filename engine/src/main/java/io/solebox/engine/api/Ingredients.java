package io.solebox.engine.api;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Arithmetic;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.model.adapter.AdapterOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a loaded model is made of: all that can change a bit of what it says, beside a request and
 * this very program.
 *
 * @param files of the model, as they were when it was loaded
 * @param adapters that are in all that it computes
 * @param templateArguments variables of the chat template that a request may replace
 * @param contextTokens the longest sequence
 * @param speculation who guesses answers ahead; guesses do not change what is said
 * @param stages what computes, from the first layer to the last
 */
public record Ingredients(
    List<SourceFile> files,
    List<Adapter> adapters,
    Map<String, Object> templateArguments,
    KvType kvType,
    Activations activations,
    int contextTokens,
    Speculation speculation,
    List<Arithmetic> stages) {
  /**
   * Raised whenever kernels come to give other bits, or the bytes of what a plan keeps come to mean
   * something else.
   */
  public static final int NUMERICS = 1;

  /**
   * An adapter.
   *
   * @param scale 1 is as it was trained
   */
  public record Adapter(String name, float scale, List<SourceFile> files) {
    public Adapter {
      files = List.copyOf(files);
    }
  }

  public Ingredients {
    files = List.copyOf(files);
    adapters = List.copyOf(adapters);
    stages = List.copyOf(stages);
  }

  /** Of a model that was loaded just now, with all the adapters that it can have. */
  static Ingredients of(Path model, LoadOptions options, Reserved reserved) {
    return new Ingredients(
        files(model),
        options.adapters().stream().map(Ingredients::adapter).toList(),
        new TreeMap<>(options.chat().arguments()),
        options.kvType(),
        options.activations(),
        reserved.limits().maxSequenceTokens(),
        options.speculation(),
        reserved.placement().stages().stream()
            .map(stage -> stage.device().backend().arithmetic())
            .toList());
  }

  private static Adapter adapter(AdapterOptions options) {
    return new Adapter(options.name(), options.scale(), files(options.path()));
  }

  private static List<SourceFile> files(Path path) {
    return SourceFile.filesOf(path).stream().map(SourceFile::of).toList();
  }

  /** The same with one adapter alone. */
  Ingredients with(String adapter) {
    return with(adapters.stream().filter(its -> its.name().equals(adapter)).toList());
  }

  /** The same with these adapters. */
  Ingredients with(List<Adapter> value) {
    return new Ingredients(
        files, value, templateArguments, kvType, activations, contextTokens, speculation, stages);
  }

  /** Whether the same request is answered with the same bits, whatever else is answered. */
  public boolean repeats() {
    return stages.stream().allMatch(Arithmetic::batchInvariant);
  }
}
