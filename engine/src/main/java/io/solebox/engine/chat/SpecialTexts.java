package io.solebox.engine.chat;

import io.solebox.engine.tokenizer.Tokenizer;
import java.util.Optional;

/**
 * The texts of a vocabulary's special tokens that templates print.
 *
 * @param bos the begin token; empty when the vocabulary has none
 * @param eos the end token; likewise
 */
public record SpecialTexts(Optional<String> bos, Optional<String> eos) {
  public static final SpecialTexts NONE = new SpecialTexts(Optional.empty(), Optional.empty());

  public static SpecialTexts of(Tokenizer tokenizer) {
    Optional<String> bos =
        tokenizer.bos().isPresent()
            ? Optional.of(tokenizer.tokenText(tokenizer.bos().getAsInt()))
            : Optional.empty();
    Optional<String> eos =
        tokenizer.eos().isPresent()
            ? Optional.of(tokenizer.tokenText(tokenizer.eos().getAsInt()))
            : Optional.empty();
    return new SpecialTexts(bos, eos);
  }
}
