package io.solebox.app.airgap.prove;

/** What became of an attempt to get out. */
sealed interface Answer {
  /** How the kernel, or Java, answered. */
  String said();

  /** It went through, or got as far as the kernel trying it. */
  record Through(String said) implements Answer {}

  /** It was refused. */
  record Held(String said) implements Answer {}

  /** It could not, or was not to be tried, and why. */
  record NotTried(String said) implements Answer {}

  /** As it stands in JSON. */
  default String word() {
    return switch (this) {
      case Through _ -> "through";
      case Held _ -> "held";
      case NotTried _ -> "not_tried";
    };
  }

  /**
   * @throws IllegalArgumentException if the word is none of these
   */
  static Answer of(String word, String said) {
    return switch (word) {
      case "through" -> new Through(said);
      case "held" -> new Held(said);
      case "not_tried" -> new NotTried(said);
      default -> throw new IllegalArgumentException(word);
    };
  }
}
