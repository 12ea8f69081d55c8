package io.solebox.engine.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What values are. Python's types are held as: str {@link Text}, bool Boolean, int Long or
 * BigInteger (only where a long is too small), float Double, None null, list List, tuple {@link
 * Tuple}, dict Map in the order of insertion. Lists and dicts are never changed once made. A String
 * is no value: it could not say who wrote it.
 */
final class Values {
  private static final int MAX_INPUT_DEPTH = 100;

  private Values() {}

  /** A caller's value in the engine's own types; its texts are plain unless they say otherwise. */
  static Object fromJava(Object value) {
    return fromJava(value, 0);
  }

  private static Object fromJava(Object value, int depth) {
    if (depth > MAX_INPUT_DEPTH) {
      throw new TemplateFailure("the variables nest more than " + MAX_INPUT_DEPTH + " deep");
    }
    return switch (value) {
      case null -> null;
      case String text -> Text.plain(text);
      case Text text -> text;
      case Boolean truth -> truth;
      case Double number -> number;
      case Float number -> number.doubleValue();
      case BigDecimal number -> number.doubleValue();
      case BigInteger number -> Arithmetic.shrink(number);
      case Number number -> number.longValue();
      case Map<?, ?> map -> {
        Map<Object, Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          Text key = Text.plain(String.valueOf(entry.getKey()));
          copy.put(key, fromJava(entry.getValue(), depth + 1));
        }
        yield copy;
      }
      case List<?> list -> {
        List<Object> copy = new ArrayList<>(list.size());
        list.forEach(item -> copy.add(fromJava(item, depth + 1)));
        yield copy;
      }
      default ->
          throw new IllegalArgumentException(
              "not a JSON type: " + value.getClass().getSimpleName());
    };
  }

  /** Python's name of the type. */
  static String typeName(Object value) {
    return switch (value) {
      case null -> "NoneType";
      case Text text -> "str";
      case Markup markup -> "Markup";
      case Boolean truth -> "bool";
      case Long number -> "int";
      case BigInteger number -> "int";
      case Double number -> "float";
      case Tuple tuple -> "tuple";
      case Range range -> "range";
      case List<?> list -> "list";
      case Map<?, ?> map -> "dict";
      case DictView view -> view.kind();
      case OneShot iterator -> iterator.type();
      case Undefined undefined -> "Undefined";
      case Namespace namespace -> "Namespace";
      case LoopState loop -> "LoopContext";
      case MacroFunction macro -> "Macro";
      default -> "function";
    };
  }

  static String describeOwner(Object owner) {
    return owner == null ? "None" : typeName(owner) + " object";
  }

  static boolean isTrue(Object value) {
    return switch (value) {
      case null -> false;
      case Boolean truth -> truth;
      case Text text -> !text.isEmpty();
      case Markup markup -> !markup.text().isEmpty();
      case Long number -> number != 0;
      case BigInteger number -> number.signum() != 0;
      case Double number -> number != 0;
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case DictView view -> !view.items().isEmpty();
      case Undefined undefined -> false;
      default -> true;
    };
  }

  static boolean isNumber(Object value) {
    return isInteger(value) || value instanceof Double;
  }

  /** As in Python, booleans are integers. */
  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
  }

  static boolean isIterable(Object value) {
    return value instanceof List
        || value instanceof Map
        || value instanceof Text
        || value instanceof Markup
        || value instanceof DictView
        || value instanceof OneShot
        || value instanceof Undefined;
  }

  /** What a loop over the value visits. Uses a one-shot iterator up. */
  static List<Object> iterate(Budget budget, Object value) {
    return switch (value) {
      case List<?> list -> objects(list);
      case Map<?, ?> map -> {
        budget.elements(map.size());
        yield new ArrayList<>(map.keySet());
      }
      case Text text -> PyText.characters(budget, text);
      case Markup markup -> PyText.characters(budget, markup.text());
      case DictView view -> view.items();
      case OneShot iterator -> iterator.takeAll();
      case Undefined undefined -> List.of();
      case null, default ->
          throw new TemplateFailure("'" + typeName(value) + "' object is not iterable");
    };
  }

  /** Python's len. */
  static long length(Budget budget, Object value) {
    return switch (value) {
      case Text text -> {
        budget.scan(text.length());
        yield PyText.length(text);
      }
      case Markup markup -> length(budget, markup.text());
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case DictView view -> view.items().size();
      case Undefined undefined -> 0;
      case LoopState loop -> loop.length();
      case null, default ->
          throw new TemplateFailure("object of type '" + typeName(value) + "' has no len()");
    };
  }

  /** Checks that a value can be the key of a dict: a text, a number, a boolean or None. */
  static Object key(Object value) {
    return switch (value) {
      case null -> null;
      case Text text -> text;
      case Markup markup -> markup.text();
      case Long number -> number;
      case BigInteger number -> number;
      case Boolean truth -> truth;
      case Double number -> number;
      case Undefined undefined -> throw undefined.failure();
      default -> throw new TemplateFailure("unhashable type: '" + typeName(value) + "'");
    };
  }

  @SuppressWarnings("unchecked") // every list here holds values, and nobody writes to it
  static List<Object> objects(List<?> list) {
    return (List<Object>) list;
  }
}
