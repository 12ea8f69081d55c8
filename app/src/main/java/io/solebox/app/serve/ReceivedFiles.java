package io.solebox.app.serve;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Files that clients have sent, under the names that they gave them. */
final class ReceivedFiles {
  private static final String SAFETENSORS = ".safetensors";
  private static final String GGUF = ".gguf";

  private final ModelStore store;
  private final Map<String, Digest> byTitle = new TreeMap<>();

  /**
   * @param digests of their contents, by their names
   * @throws SoleboxException {@code INVALID_PARAMETER} for what is no name of a file
   */
  ReceivedFiles(ModelStore store, Map<String, String> digests) {
    this.store = store;
    digests.forEach((name, hex) -> byTitle.put(title(name, digests.size()), parse(hex)));
  }

  private static Digest parse(String hex) {
    return Digest.ofHex(hex).orElseThrow();
  }

  /** A single file that is no safetensors can only be a GGUF file, whatever it is called. */
  private static String title(String name, int files) {
    if (name.contains("/") || !Descriptor.isTitle(name)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "files",
          "A name is none that a file can have here: letters, digits and '.', '-', '_' are, without"
              + " folders.",
          "Give another name.");
    }
    boolean bare = files == 1 && !name.endsWith(SAFETENSORS) && !name.endsWith(GGUF);
    return bare ? name + GGUF : name;
  }

  /** By the names of the links. */
  Map<String, Digest> byTitle() {
    return byTitle;
  }

  /**
   * Gives the files their names in a partial, which claims them.
   *
   * @return what is to be opened: the folder for weights in safetensors, else the first GGUF file
   * @throws SoleboxException {@code INVALID_PARAMETER} where one was not received, or none is a
   *     model
   */
  Path link(Partial partial) {
    partial.claim(byTitle.values());
    Path folder = partial.file("files");
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, Digest> file : byTitle.entrySet()) {
        Path link = folder.resolve(file.getKey());
        Files.deleteIfExists(link); // of a try that broke off
        Files.createSymbolicLink(link, blob(file.getKey(), file.getValue()));
      }
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
    return model(folder);
  }

  private Path blob(String title, Digest digest) {
    return store
        .blobs()
        .find(digest)
        .map(Path::toAbsolutePath)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    "files." + title,
                    "There is no file %s.".formatted(digest),
                    "Send it to /api/blobs/%s, and make the model within the hour."
                        .formatted(digest)));
  }

  private Path model(Path folder) {
    if (byTitle.keySet().stream().anyMatch(title -> title.endsWith(SAFETENSORS))) {
      return folder;
    }
    return byTitle.keySet().stream()
        .map(folder::resolve)
        .filter(ModelSources::isModel)
        .findFirst()
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    "files",
                    "None of them is called as a model is.",
                    "Send a GGUF file, or a folder of safetensors with its JSON files."));
  }
}
