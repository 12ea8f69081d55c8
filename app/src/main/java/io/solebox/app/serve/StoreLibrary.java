package io.solebox.app.serve;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.library.CleanupTally;
import io.solebox.server.library.Incoming;
import io.solebox.server.library.KeptModel;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.library.ModelRecipe;
import io.solebox.server.library.ModelSettings;
import io.solebox.server.library.PullWatcher;
import io.solebox.server.library.PullWish;
import io.solebox.server.library.Suggestion;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.layout.Sweeper;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The store of this machine as a server changes it. */
final class StoreLibrary implements ModelLibrary {
  private final ModelStore store;
  private final LiveCatalog catalog;
  private final ServerPulls pulls;
  private final ServedCleanup cleanup;
  private final Suggestions suggestions;

  StoreLibrary(
      ModelStore store,
      LiveCatalog catalog,
      ServerPulls pulls,
      ServedCleanup cleanup,
      Suggestions suggestions) {
    this.store = store;
    this.catalog = catalog;
    this.pulls = pulls;
    this.cleanup = cleanup;
    this.suggestions = suggestions;
  }

  @Override
  public Optional<KeptModel> find(String name) {
    return catalog
        .kept(name)
        .or(() -> store.find(name).flatMap(found -> catalog.kept(found.toString())))
        .map(StoreLibrary::described);
  }

  @Override
  public boolean keeps(String name) {
    return catalog.keeps(name);
  }

  private static KeptModel described(LiveCatalog.Kept kept) {
    Generation current = kept.entry().current();
    Manifest manifest = current.manifest();
    Map<String, String> said = manifest.annotations();
    return new KeptModel(
        kept.offer().name(),
        manifest.digest().hex(),
        manifest.size(),
        current.published(),
        said.getOrDefault(Annotations.ARCHITECTURE, ""),
        said.getOrDefault(Annotations.QUANTIZATION, ""),
        number(said.get(Annotations.PARAMETERS)),
        kept.entry().pinned(),
        said);
  }

  private static OptionalLong number(String said) {
    return said != null && said.matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(said))
        : OptionalLong.empty();
  }

  @Override
  public Optional<String> digest(Path file) {
    return store.blobs().digestOf(file).map(Digest::hex);
  }

  @Override
  public ModelSettings settings(String name) {
    return OllamaLayers.settings(store, require(name).entry().current().manifest());
  }

  @Override
  public KeptModel pull(PullWish wish, PullWatcher watcher) throws InterruptedException {
    KeptModel pulled = described(pulls.pull(wish, watcher));
    cleanup.wake();
    return pulled;
  }

  private KeptModel described(ModelName name) {
    return find(name.toString())
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    name.toString(),
                    "It is in the store, and is not offered: the server was started with another"
                        + " model of this name, or it cannot be run.",
                    "Ask for it under another name, with 'solebox models cp'."));
  }

  @Override
  public KeptModel copy(String from, String to) {
    ModelName name = ModelName.parse(to);
    store.publish(name, require(from).entry().current().manifest());
    return described(name);
  }

  @Override
  public boolean hasFile(String digest) {
    return store.blobs().find(Digest.ofHex(digest).orElseThrow()).isPresent();
  }

  @Override
  public void receive(String digest, Incoming file) throws InterruptedException {
    new ReceivedFile(store, Digest.ofHex(digest).orElseThrow()).write(file);
  }

  @Override
  public String receive(Incoming file) throws InterruptedException {
    return ReceivedFile.whatever(store, file).hex();
  }

  @Override
  public List<Suggestion> suggestions(boolean idle) {
    return suggestions.all(idle);
  }

  @Override
  public KeptModel create(ModelRecipe recipe, Progress progress) {
    ModelName name = ModelName.parse(recipe.name());
    var creation = new StoreCreation(store, name, recipe, progress);
    switch (recipe.origin()) {
      case ModelRecipe.Origin.Kept(String from) -> creation.of(require(from).entry());
      case ModelRecipe.Origin.Files(Map<String, String> digests) -> creation.of(digests);
    }
    cleanup.wake();
    return described(name);
  }

  @Override
  public void remove(String name) {
    Set<Digest> theirs = new HashSet<>();
    for (Generation generation : store.remove(require(name).entry().name())) {
      generation.manifest().blobs().stream().map(Descriptor::digest).forEach(theirs::add);
    }
    new Sweeper(store).sweep(new Sweeper.Rule(OptionalInt.empty(), theirs, Instant.now()));
  }

  @Override
  public KeptModel pin(String name, boolean pinned) {
    ModelName own = require(name).entry().name();
    store.pin(own, pinned);
    return described(own);
  }

  @Override
  public CleanupTally cleanups() {
    return cleanup.tally();
  }

  private LiveCatalog.Kept require(String name) {
    return catalog
        .kept(name)
        .or(() -> store.find(name).flatMap(found -> catalog.kept(found.toString())))
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.MODEL_NOT_FOUND,
                    name,
                    "there is no such model in the store",
                    "/api/tags shows which there are."));
  }
}
