package io.solebox.store.foreign;

import static java.util.stream.Collectors.joining;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.layout.ModelName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The models that other programs keep on this machine: Ollama, Hugging Face's client and llama.cpp,
 * LM Studio, GPT4All. They are read where they are; nothing is written there.
 */
public final class ForeignModels {
  private final List<ForeignFolder> folders;

  private ForeignModels(List<ForeignFolder> folders) {
    this.folders = folders;
  }

  /**
   * Where the programs keep theirs for this user.
   *
   * @param variables of the environment, which may say where
   */
  public static ForeignModels of(Map<String, String> variables, Path home) {
    return new ForeignModels(ForeignPlaces.folders(variables, home));
  }

  /** All, program by program. Those that cannot be run say why. */
  public List<ForeignModel> all() {
    List<ForeignModel> all = new ArrayList<>();
    for (ForeignFolder folder : folders) {
      try {
        all.addAll(folder.models());
      } catch (IOException e) {
        throw StoreFailure.of(folder.root(), e);
      }
    }
    return all;
  }

  /**
   * The one that a text means, as {@link io.solebox.store.layout.ModelStore#find} reads it. Of
   * several programs that have it, the first in the order of {@link #all}.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND} where it may mean several, or is not where it
   *     was; {@code UNSUPPORTED_MODEL} where it cannot be run
   */
  public Optional<ForeignModel> find(String text) {
    Optional<ModelName> written = ModelName.find(text);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    List<ForeignModel> alike =
        all().stream()
            .filter(
                model ->
                    model.name().equals(written.get())
                        || !ModelName.saysTag(text) && model.name().isTagOf(written.get()))
            .toList();
    List<ForeignModel> exact =
        alike.stream().filter(model -> model.name().equals(written.get())).toList();
    List<ForeignModel> found = exact.isEmpty() ? alike : exact;
    Set<ModelName> names = new LinkedHashSet<>();
    found.forEach(model -> names.add(model.name()));
    if (names.size() > 1) {
      throw new SoleboxException(
          ErrorCode.MODEL_NOT_FOUND,
          text,
          "there are several of this name",
          "Name one: " + names.stream().map(ModelName::toString).collect(joining(", ")) + ".");
    }
    Optional<ForeignModel> sound =
        found.stream().filter(model -> model.trouble().isEmpty()).findFirst();
    if (sound.isEmpty() && !found.isEmpty()) {
      throw refusal(found.getFirst());
    }
    return sound;
  }

  private static SoleboxException refusal(ForeignModel model) {
    return new SoleboxException(
        model.bytes() == 0 ? ErrorCode.MODEL_NOT_FOUND : ErrorCode.UNSUPPORTED_MODEL,
        model.name().toString(),
        "this model of %s cannot be run: %s".formatted(model.program(), model.trouble().orElse("")),
        "Let %s fetch it again, or pull or import it here.".formatted(model.program()));
  }

  /**
   * Files on this machine that hold these bytes, as far as names or sizes tell; whoever takes one
   * holds it to the digest.
   *
   * @param bytes how many they are
   */
  public List<Path> candidates(Digest digest, long bytes) {
    List<Path> found = new ArrayList<>();
    for (ForeignFolder folder : folders) {
      try {
        found.addAll(folder.candidates(digest, bytes));
      } catch (IOException e) {
        throw StoreFailure.of(folder.root(), e);
      }
    }
    return found;
  }
}
