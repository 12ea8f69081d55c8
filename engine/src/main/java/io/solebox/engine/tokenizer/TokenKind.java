package io.solebox.engine.tokenizer;

/** What a token is for (ggml-org/llama.cpp: include/llama.h, enum llama_token_type). */
enum TokenKind {
  NORMAL,
  /** Stands for what the vocabulary lacks. */
  UNKNOWN,
  /** Structure, not text: begin, end, turn. Text becomes one only when that is asked for. */
  CONTROL,
  /** Text that is always this one token. */
  USER_DEFINED,
  UNUSED,
  /** One byte of text, written {@code <0x0A>}. */
  BYTE;

  /** As in {@code tokenizer.ggml.token_type}. */
  int id() {
    return ordinal() + 1;
  }

  /** Ids that mean nothing become {@link #UNUSED}. */
  static TokenKind byId(int id) {
    return switch (id) {
      case 1 -> NORMAL;
      case 2 -> UNKNOWN;
      case 3 -> CONTROL;
      case 4 -> USER_DEFINED;
      case 6 -> BYTE;
      default -> UNUSED;
    };
  }

  /** Whether a token of this kind is hidden from readers. */
  boolean isHidden() {
    return this == CONTROL || this == UNKNOWN;
  }
}
