package io.solebox.engine.constrain.text;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rules of a grammar while it is read, and where they are called. Owned by one reader. */
final class RuleBook {
  private final Cursor cursor;
  private final Map<String, Expression> rules = new LinkedHashMap<>();
  private final Map<String, Integer> calls = new LinkedHashMap<>();

  RuleBook(Cursor cursor) {
    this.cursor = cursor;
  }

  /**
   * @param place where its name is
   */
  void define(String name, int place, Expression body) {
    if (rules.putIfAbsent(name, body) != null) {
      throw cursor.error(
          place, "The rule '%s' is there already".formatted(name), "Leave one of the two out.");
    }
  }

  boolean defines(String name) {
    return rules.containsKey(name);
  }

  /**
   * @param place where it is called
   */
  Expression call(String name, int place) {
    calls.putIfAbsent(name, place);
    return new Expression.Call(name);
  }

  /**
   * @throws SoleboxException {@code BAD_GRAMMAR} if a rule is missing
   */
  Grammar grammar(String root) {
    calls.forEach(this::requireThere);
    if (!rules.containsKey(root)) {
      throw new SoleboxException(
          ErrorCode.BAD_GRAMMAR,
          "",
          "The grammar has no rule '%s', with which it would begin.".formatted(root),
          "Name its first rule '%s'.".formatted(root));
    }
    return new Grammar(root, rules);
  }

  private void requireThere(String name, int place) {
    if (!rules.containsKey(name)) {
      throw cursor.error(
          place, "There is no rule '%s'".formatted(name), "Write the rule, or correct its name.");
    }
  }
}
