package io.solebox.store.intake;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelHeader;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.MediaTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A model as a manifest says it, before any of it is in a store.
 *
 * @param config what the manifest's config holds
 * @param files the others with their digests, in the order of the layers
 */
public record Description(Manifest manifest, byte[] config, Map<Path, Digest> files) {
  /**
   * Reads a model's files where they lie.
   *
   * @param path a GGUF file, of several any, or a folder of safetensors
   * @param title of a single file that has no name of its own
   * @param progress hears how many bytes were read
   * @throws SoleboxException for what is no model, as {@link ModelSources#open}; {@code IO_ERROR}
   */
  public static Description of(Path path, Optional<String> title, LongConsumer progress) {
    ModelHeader header = ModelHeader.read(path);
    try {
      ModelFiles files = ModelFiles.of(path);
      List<Part> parts = new ArrayList<>();
      for (Path file : files.mediaTypes().keySet()) {
        parts.add(new Part(file, Digest.of(file, progress), Files.size(file)));
      }
      return of(header, files, parts, title, Map.of());
    } catch (IOException e) {
      throw StoreFailure.of(path, e);
    }
  }

  /** A file whose digest is known. */
  record Part(Path file, Digest digest, long bytes) {}

  /**
   * @param parts of each of the files, in their order
   * @param annotations further ones
   */
  static Description of(
      ModelHeader header,
      ModelFiles files,
      List<Part> parts,
      Optional<String> title,
      Map<String, String> annotations) {
    List<Digest> digests = parts.stream().map(Part::digest).toList();
    String format =
        files.mediaTypes().containsValue(MediaTypes.SAFETENSORS) ? "safetensors" : "gguf";
    byte[] config = ModelFacts.config(header, format, digests);
    List<Descriptor> layers = new ArrayList<>();
    Map<Path, Digest> byFile = new LinkedHashMap<>();
    for (Part part : parts) {
      String own = part.file().getFileName().toString();
      String called = parts.size() == 1 ? title.orElse(own) : own;
      layers.add(
          Descriptor.titled(
              files.mediaTypes().get(part.file()), part.digest(), part.bytes(), called));
      byFile.put(part.file(), part.digest());
    }
    Map<String, String> all = new HashMap<>(ModelFacts.annotations(header));
    all.putAll(annotations);
    var manifest =
        new Manifest(
            new Descriptor(MediaTypes.CONFIG, Digest.of(config), config.length), layers, all);
    return new Description(manifest, config, byFile);
  }
}
