package io.solebox.app.receipts;

import io.solebox.app.console.Environment;
import io.solebox.app.session.ModelLocator;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.receipts.Fields;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The model that a receipt tells of, as this machine has it. */
record ReplayedModel(ModelStore store, ModelLocator locator) {
  static ReplayedModel of(Environment environment) {
    return new ReplayedModel(
        ModelStore.open(environment.storeFolder()), new ModelLocator(environment));
  }

  /** What the store vouches for. */
  Optional<String> digest(Path file) {
    return store.blobs().digestOf(file).map(Digest::hex);
  }

  /**
   * @param named by the person; else it is found by what it holds, and at last by its name
   * @param model as the receipt has it
   * @throws SoleboxException {@code MODEL_NOT_FOUND}
   */
  Path find(Optional<String> named, Fields model) {
    if (named.isPresent()) {
      return locator.locate(named);
    }
    return kept(model)
        .or(() -> byName(model))
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.MODEL_NOT_FOUND,
                    model.text("name"),
                    "The model of the receipt is not in the store.",
                    "Name its file with --model."));
  }

  private Optional<Path> kept(Fields model) {
    List<String> wanted = model.objects("files").stream().map(file -> file.text("sha256")).toList();
    for (ModelStore.Entry entry : store.entries()) {
      Set<String> held =
          entry.current().manifest().blobs().stream()
              .map(Descriptor::digest)
              .map(Digest::hex)
              .collect(Collectors.toSet());
      if (held.containsAll(wanted)) {
        return Optional.of(store.file(entry.name(), entry.current().manifest()));
      }
    }
    return Optional.empty();
  }

  /** As the built-in one is, which is in no store. */
  private Optional<Path> byName(Fields model) {
    try {
      return Optional.of(locator.locate(Optional.of(base(model))));
    } catch (SoleboxException e) {
      if (e.code() == ErrorCode.MODEL_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The model's name without the adapter's. */
  static String base(Fields model) {
    String name = model.text("name");
    for (Fields adapter : model.objects("adapters")) {
      String ending = ":" + adapter.text("name");
      if (name.endsWith(ending)) {
        return name.substring(0, name.length() - ending.length());
      }
    }
    return name;
  }
}
