package io.solebox.engine.constrain.text;

import io.solebox.engine.constrain.grammar.Expression;
import java.util.OptionalInt;
import java.util.Set;

/** Reads tokens in angle brackets, by number or by text: {@code <[7]>}, {@code !<think>}. */
final class TokenReader {
  private final Cursor cursor;
  private final TokenNames names;

  TokenReader(Cursor cursor, TokenNames names) {
    this.cursor = cursor;
    this.names = names;
  }

  Expression read() {
    if (names.size() == 0) {
      throw cursor.error(
          cursor.at(),
          "Tokens are those of a model, and there is none here",
          "Name a model, or write texts instead of tokens.");
    }
    boolean others = cursor.accept("!");
    int start = cursor.at();
    cursor.expect("<");
    int id = cursor.accept("[") ? numbered() : named(start);
    if (names.ends(id) && !others) {
      throw cursor.error(
          start,
          "The token %s ends the answer".formatted(cursor.between(start, cursor.at())),
          "Leave it out: an answer ends where the grammar does.");
    }
    return new Expression.Tokens(Set.of(id), others);
  }

  private int numbered() {
    int place = cursor.at();
    int id = cursor.number();
    cursor.expect("]>");
    if (id >= names.size()) {
      throw cursor.error(
          place,
          "%d is no token of this model".formatted(id),
          "Its tokens are 0 to %d.".formatted(names.size() - 1));
    }
    return id;
  }

  private int named(int start) {
    cursor.run(c -> c != '>');
    cursor.expect(">");
    String text = cursor.between(start, cursor.at());
    OptionalInt id = names.id(text);
    if (id.isEmpty()) {
      throw cursor.error(
          start,
          "'%s' is not one token of this model".formatted(text),
          "Write it as a text, in quotes.");
    }
    return id.getAsInt();
  }
}
