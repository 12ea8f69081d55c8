package io.solebox.engine.constrain.structure;

import java.util.List;

/** What texts an answer may be, as people say it. Immutable, and equal where it says the same. */
public sealed interface Structure {
  /** Any JSON object. */
  record JsonObject() implements Structure {}

  /**
   * JSON that a schema allows.
   *
   * @param json the order of members counts
   */
  record Schema(String json) implements Structure {}

  /** Texts that match as a whole. */
  record Regex(String pattern) implements Structure {}

  /** One of these texts. */
  record Choice(List<String> texts) implements Structure {
    public Choice {
      texts = List.copyOf(texts);
    }
  }

  /** Texts of a grammar in the language of llama.cpp. */
  record Gbnf(String grammar) implements Structure {}

  /** Texts of a grammar in the language of Lark. */
  record Lark(String grammar) implements Structure {}

  /** A JSON object of one string, whose text is such a one. */
  record Quoted(String member, Structure text) implements Structure {}

  /** A grammar in whichever of the two languages it is written: only GBNF has {@code ::=}. */
  static Structure grammar(String text) {
    return text.contains("::=") ? new Gbnf(text) : new Lark(text);
  }
}
