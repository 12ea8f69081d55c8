package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import java.util.List;
import java.util.Set;

/**
 * How arguments are written that are no JSON object: one by one, each between marks of its own. A
 * format says how it writes a value of which types, and what its reader would take for something
 * else.
 */
public non-sealed interface ArgumentForm extends CallForm {
  /** What may stand between two arguments. */
  Expression between();

  /** Names that can stand in the marks: what matches as a whole. */
  String names();

  /** What ends a value, so that none has it in it. */
  String end();

  /** How the value of an argument is written that the schema declares. */
  List<Way> ways(String name);

  /** How the value of any other argument is written. */
  List<Way> waysOfOthers();

  /**
   * One way to write an argument.
   *
   * @param around what stands around a value, by the name of the argument
   * @param value what stands there
   */
  record Way(Written around, Value value) {}

  /** The marks of one argument. */
  interface Written {
    /** The value between its marks, by the name as it is written. */
    Expression of(Expression name, Expression value);
  }

  /** What is written as a value. */
  sealed interface Value {
    /**
     * Strings, without quotes.
     *
     * @param unlike what a reader takes for something else: patterns that match as a whole
     */
    record Text(Set<String> unlike) implements Value {
      public Text {
        unlike = Set.copyOf(unlike);
      }
    }

    /**
     * JSON of some types.
     *
     * @param types as JSON Schema names them
     * @param capitals those of them that Python's True, False and None are read as, too
     */
    record Json(Set<String> types, Set<String> capitals) implements Value {
      public Json {
        types = Set.copyOf(types);
        capitals = Set.copyOf(capitals);
      }
    }
  }
}
