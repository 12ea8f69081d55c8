package io.solebox.app.bundle;

import io.solebox.app.console.Environment;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.session.ModelLocator;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.store.blob.Digest;
import io.solebox.store.bundle.BundleContents;
import io.solebox.store.bundle.BundleMaker;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Models that a person named, to be brought to another machine: of the store, of another program,
 * of the models folder, or files. They are found as 'solebox run' finds them.
 *
 * @param bar for files whose digests nobody knows yet
 */
record TravellingModels(Environment environment, ProgressBar bar) {
  List<BundleMaker.Content> of(List<String> models) {
    List<BundleMaker.Content> contents = new ArrayList<>();
    Set<String> titles = new HashSet<>();
    for (String model : models) {
      BundleMaker.Content content = of(model);
      if (!titles.add(content.item().title())) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            model,
            "two models would have this name there: " + content.item().title(),
            "Name each once, or import one of them under another name first.");
      }
      contents.add(content);
    }
    return contents;
  }

  private BundleMaker.Content of(String model) {
    ModelLocator.Located located = new ModelLocator(environment).locateNamed(Optional.of(model));
    Path file = located.file();
    ModelName name =
        ModelName.find(located.name()).orElseGet(() -> ModelName.resembling(located.name()));
    Optional<ModelStore> store = ModelStore.holding(file);
    Optional<Manifest> manifest = store.flatMap(holding -> manifest(holding, file, name));
    if (manifest.isPresent()) {
      return BundleContents.stored(store.orElseThrow(), name, manifest.get());
    }
    bar.report("reading " + name, 0);
    Optional<String> title = // for Ollama's files, which are named by digests
        ModelSources.isModel(file) ? Optional.empty() : Optional.of(name.fileName());
    return BundleContents.elsewhere(file, name, title, _ -> bar.report("reading " + name, 0));
  }

  /** What a name stands for, if the file is of that. */
  private static Optional<Manifest> manifest(ModelStore store, Path file, ModelName name) {
    Optional<Digest> digest = store.manifestOf(file);
    return store
        .current(name)
        .map(now -> now.manifest())
        .filter(manifest -> digest.filter(manifest.digest()::equals).isPresent());
  }
}
