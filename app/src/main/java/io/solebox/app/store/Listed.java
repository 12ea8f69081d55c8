package io.solebox.app.store;

import io.solebox.store.blob.StoreFailure;
import io.solebox.store.foreign.ForeignModel;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A model as a list shows it; what is not known is empty.
 *
 * @param name by which it is run
 * @param source whose it is: {@code store}, {@code file}, or another program's
 * @param where it is looked for, for a person who wonders
 * @param here how it would run on this machine
 */
record Listed(
    String name,
    String source,
    long bytes,
    String architecture,
    String quantization,
    Optional<String> license,
    Optional<Instant> changed,
    Optional<Instant> lastUse,
    boolean pinned,
    Optional<Path> where,
    Optional<String> trouble,
    LookHere.Seen here) {

  static Listed of(ModelStore store, ModelStore.Entry entry, LookHere.Seen here) {
    Generation current = entry.current();
    Manifest manifest = current.manifest();
    Map<String, String> said = manifest.annotations();
    try {
      return new Listed(
          entry.name().toString(),
          "store",
          manifest.size(),
          said.getOrDefault(Annotations.ARCHITECTURE, ""),
          said.getOrDefault(Annotations.QUANTIZATION, ""),
          Optional.ofNullable(said.get(Annotations.LICENSES)),
          Optional.of(current.published()),
          store.leases().knowsUses() ? store.leases().lastUse(manifest) : Optional.empty(),
          entry.pinned(),
          Optional.empty(),
          Optional.empty(),
          here);
    } catch (IOException e) {
      throw StoreFailure.of(store.blobs().root(), e);
    }
  }

  /** A model that another program keeps. */
  static Listed of(ForeignModel model, LookHere look) {
    return new Listed(
        model.name().toString(),
        model.program(),
        model.bytes(),
        "",
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.of(model.file()),
        model.trouble(),
        model.trouble().isPresent() ? LookHere.Seen.NOTHING : look.of(model::file));
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("source", source);
    fields.put("bytes", bytes);
    fields.put("architecture", architecture);
    fields.put("quantization", quantization);
    license.ifPresent(text -> fields.put("license", text));
    changed.ifPresent(time -> fields.put("changed", time.toString()));
    lastUse.ifPresent(time -> fields.put("last_use", time.toString()));
    fields.put("pinned", pinned);
    where.ifPresent(path -> fields.put("path", path.toString()));
    trouble.ifPresent(text -> fields.put("trouble", text));
    fields.putAll(here.expected().fields());
    if (!here.notes().isEmpty()) {
      fields.put("notes", here.notes());
    }
    return fields;
  }
}
