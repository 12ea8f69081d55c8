package io.solebox.app.serve;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.Contents;
import io.solebox.server.library.ModelRecipe;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.intake.Importer;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Leases;
import io.solebox.store.layout.MadeFrom;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.quantize.Mix;
import io.solebox.store.quantize.ModelQuantizer;
import io.solebox.store.quantize.QuantizeJob;
import io.solebox.store.quantize.QuantizeOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one model in the store, as a client of a server wants it. What breaks off leaves the store
 * as it was, and the same wish goes on where the last one ended.
 *
 * @param name that will stand for it
 */
record StoreCreation(ModelStore store, ModelName name, ModelRecipe recipe, Progress progress) {
  /** What becomes of the weights. */
  @FunctionalInterface
  private interface Weights {
    /**
     * @return what a name can stand for, whose blobs the partial claims
     */
    Manifest in(Partial partial);
  }

  /** Makes it of a model of the store. */
  void of(ModelStore.Entry base) {
    Manifest manifest = base.current().manifest();
    var source = new MadeFrom(base.name(), manifest.digest());
    try (Leases.Lease _ = store.leases().take(manifest.digest(), "makes " + name + " of it")) {
      publish(
          Map.of(Annotations.MADE_FROM, source.toString()),
          partial -> {
            Path weights = store.file(base.name(), manifest);
            Optional<Mix> mix = mix();
            return mix.isPresent() ? quantized(partial, weights, mix.get()) : manifest;
          });
    }
  }

  /**
   * Makes it of files that were received.
   *
   * @param digests of their contents, by their names
   */
  void of(Map<String, String> digests) {
    publish(
        Map.of(),
        partial -> {
          var files = new ReceivedFiles(store, digests);
          Path weights = files.link(partial);
          Optional<Mix> mix = mix();
          return mix.isPresent()
              ? quantized(partial, weights, mix.get())
              : new Importer(store).ofBlobs(partial, weights, files.byTitle(), Map.of());
        });
  }

  private void publish(Map<String, String> origin, Weights weights) {
    String key = "create-" + Digest.of(name.toString().getBytes(StandardCharsets.UTF_8)).hex();
    try (Partial partial = store.blobs().partial(key, "creates " + name)) {
      Map<String, String> said = new HashMap<>(origin);
      said.put(Annotations.MADE_BY, mix().map(mix -> "quantize " + mix.name()).orElse("create"));
      Manifest made =
          OllamaLayers.with(store, partial, weights.in(partial), recipe.settings(), said);
      store.publish(name, made);
      partial.discard();
    }
  }

  private Optional<Mix> mix() {
    return recipe
        .quantize()
        .map(
            type ->
                Mix.named(type)
                    .orElseThrow(
                        () ->
                            new SoleboxException(
                                ErrorCode.INVALID_PARAMETER,
                                "quantize",
                                "'%s' is none of the formats.".formatted(type),
                                "There are " + String.join(", ", Mix.names()) + ".")));
  }

  private Manifest quantized(Partial partial, Path weights, Mix mix) {
    Path file = partial.file(name.fileName());
    try (ModelSource source = QuantizeJob.open(weights, Optional.of(name.name()))) {
      source.notes().forEach(note -> progress.report(note, 0));
      var job =
          QuantizeJob.of(
              source, Contents.read(weights).files(), QuantizeOptions.of(mix), Optional.empty());
      ModelQuantizer.run(job, file, threads(), progress);
    }
    return new Importer(store).keepMade(partial, file, Map.of(), progress);
  }

  /** Half of them: somebody may be waiting for an answer. */
  private static int threads() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }
}
