package io.solebox.app.update.slot;

import java.util.Arrays;
import java.util.Optional;

/** The two places that a system has on the disk, of which one runs. */
public enum SlotName {
  A,
  B;

  private static final String LABEL = "solebox-root-";

  /** In names of files and partitions. */
  public String word() {
    return this == A ? "a" : "b";
  }

  /** By {@link #word}. */
  public static Optional<SlotName> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  /** The name of its partition in the GPT. */
  public String partitionLabel() {
    return LABEL + word();
  }

  /** By {@link #partitionLabel}; empty for other partitions. */
  static Optional<SlotName> ofPartition(String label) {
    return label.startsWith(LABEL) ? of(label.substring(LABEL.length())) : Optional.empty();
  }

  public SlotName other() {
    return this == A ? B : A;
  }
}
