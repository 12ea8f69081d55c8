package io.solebox.engine.tokenizer;

import io.solebox.engine.tokenizer.normalize.Normalizer;

/**
 * What tokens say, by themselves: tokens of a text are put side by side.
 *
 * @param rule from a token's text to what it says
 * @param addsSpacePrefix whether a space at the beginning of a text is not the text's
 * @param addsSpaceSuffix whether a space at the end of a text is not the text's
 */
record TokenDecoder(
    Vocabulary vocabulary, Normalizer rule, boolean addsSpacePrefix, boolean addsSpaceSuffix) {
  byte[] bytes(int id) {
    return rule.normalize(vocabulary.textBytes(id));
  }
}
