package io.solebox.store.intake;

import io.solebox.store.layout.MediaTypes;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the files of a folder of Hugging Face are, by their names. */
public final class FolderFiles {
  /** What describes the model, without which it cannot be run. */
  public static final String CONFIG = "config.json";

  /** Says which of several files a tensor is in. */
  public static final String INDEX = "model.safetensors.index.json";

  private static final String WEIGHTS = ".safetensors";
  private static final Set<String> COMPANIONS = Set.of("json", "model", "txt", "jinja");

  private FolderFiles() {}

  /** Whether it is a file of weights. */
  public static boolean isWeights(String name) {
    return name.endsWith(WEIGHTS);
  }

  /**
   * The type of what belongs to a model beside its weights: configuration, vocabulary, template,
   * licence; empty for a file that does not.
   */
  public static Optional<String> companion(String name) {
    if (name.toUpperCase(Locale.ROOT).startsWith("LICEN")) {
      return Optional.of(MediaTypes.LICENSE);
    }
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return COMPANIONS.contains(ending) ? Optional.of(MediaTypes.MODEL_FILE) : Optional.empty();
  }
}
