package io.solebox.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * A token that is found in text before the model sees it (huggingface/tokenizers:
 * tokenizer/added_vocabulary.rs).
 *
 * @param special whether it is structure, not text
 * @param singleWord whether it is found only where no word goes on at either side
 * @param stripsLeft whether it takes the spaces before it
 * @param stripsRight whether it takes the spaces behind it
 * @param normalized whether it is looked for in normalized text
 */
record AddedToken(
    int id,
    String content,
    boolean special,
    boolean singleWord,
    boolean stripsLeft,
    boolean stripsRight,
    boolean normalized) {
  static AddedToken of(JsonFields fields) {
    OptionalInt id = fields.number("id");
    if (id.isEmpty() || id.getAsInt() < 0) {
      throw fields.bad("id", "must be a number from 0 on");
    }
    boolean special = fields.flag("special", false);
    return new AddedToken(
        id.getAsInt(),
        fields.requiredText("content"),
        special,
        fields.flag("single_word", false),
        fields.flag("lstrip", false),
        fields.flag("rstrip", false),
        fields.flag("normalized", !special));
  }

  AddedToken withId(int other) {
    return new AddedToken(other, content, special, singleWord, stripsLeft, stripsRight, normalized);
  }

  byte[] utf8() {
    return content.getBytes(StandardCharsets.UTF_8);
  }
}
