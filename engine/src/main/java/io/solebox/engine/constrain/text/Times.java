package io.solebox.engine.constrain.text;

import io.solebox.engine.constrain.grammar.Expression;

/** How often something may come. */
record Times(int min, int max) {
  static final Times ANY = new Times(0, Expression.UNBOUNDED);
  static final Times SOME = new Times(1, Expression.UNBOUNDED);
  static final Times ONCE = new Times(0, 1);

  /**
   * @param place where it is written
   */
  static Times checked(int min, int max, Cursor cursor, int place) {
    if (max < min) {
      throw cursor.error(place, "%d is more than %d".formatted(min, max), Cursor.REMEDY);
    }
    return new Times(min, max);
  }

  Expression of(Expression body) {
    return new Expression.Repeat(body, min, max);
  }
}
