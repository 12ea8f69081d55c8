package io.solebox.engine.chat.jinja;

import io.solebox.engine.chat.jinja.Expr.Comparator;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Python's comparisons. */
final class Compare {
  private static final int MAX_DEPTH = 150;

  private Compare() {}

  static boolean apply(Budget budget, Comparator comparator, Object left, Object right) {
    return switch (comparator) {
      case EQUAL -> equal(budget, left, right);
      case NOT_EQUAL -> !equal(budget, left, right);
      case LESS -> order(budget, comparator, left, right) < 0;
      case LESS_OR_EQUAL -> order(budget, comparator, left, right) <= 0;
      case GREATER -> order(budget, comparator, left, right) > 0;
      case GREATER_OR_EQUAL -> order(budget, comparator, left, right) >= 0;
      case IN -> contains(budget, right, left);
      case NOT_IN -> !contains(budget, right, left);
    };
  }

  static boolean equal(Budget budget, Object left, Object right) {
    return equal(budget, left, right, 0);
  }

  private static boolean equal(Budget budget, Object first, Object second, int depth) {
    Object left = Markup.plain(first);
    Object right = Markup.plain(second);
    if (depth > MAX_DEPTH) {
      throw new TemplateFailure("a value nests too deeply to be compared");
    }
    budget.steps(1);
    if (left == right) {
      return !(left instanceof Double number && number.isNaN());
    }
    if (left == null || right == null) {
      return false;
    }
    if (left instanceof Text a && right instanceof Text b) {
      budget.scan(Math.min(a.length(), b.length()));
      return a.equals(b);
    }
    if (Values.isNumber(left) && Values.isNumber(right)) {
      return numbers(left, right) == 0;
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      return Values.typeName(a).equals(Values.typeName(b)) && equalItems(budget, a, b, depth);
    }
    if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
      return equalEntries(budget, a, b, depth);
    }
    return left instanceof Undefined && right instanceof Undefined;
  }

  private static boolean equalItems(Budget budget, List<?> left, List<?> right, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!equal(budget, left.get(i), right.get(i), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalEntries(Budget budget, Map<?, ?> left, Map<?, ?> right, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : left.entrySet()) {
      if (!right.containsKey(entry.getKey())
          || !equal(budget, entry.getValue(), right.get(entry.getKey()), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  /** NaN compares as greater than everything; templates have no use for it. */
  private static int numbers(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    boolean finite =
        Double.isFinite(Arithmetic.toDouble(left)) && Double.isFinite(Arithmetic.toDouble(right));
    if (!finite || (left instanceof Double && right instanceof Double)) {
      double a = Arithmetic.toDouble(left);
      double b = Arithmetic.toDouble(right);
      return a == b ? 0 : Double.compare(a, b);
    }
    return exact(left).compareTo(exact(right));
  }

  private static BigDecimal exact(Object number) {
    return number instanceof Double floating
        ? new BigDecimal(floating)
        : new BigDecimal(Arithmetic.big(number));
  }

  /** Negative, zero or positive, as a comparator has it. */
  static int order(Budget budget, Comparator comparator, Object left, Object right) {
    return order(budget, comparator, left, right, 0);
  }

  private static int order(
      Budget budget, Comparator comparator, Object first, Object second, int depth) {
    Object left = Markup.plain(first);
    Object right = Markup.plain(second);
    if (depth > MAX_DEPTH) {
      throw new TemplateFailure("a value nests too deeply to be compared");
    }
    budget.steps(1);
    if (Values.isNumber(left) && Values.isNumber(right)) {
      return numbers(left, right);
    }
    if (left instanceof Text a && right instanceof Text b) {
      budget.scan(Math.min(a.length(), b.length()));
      return codePointOrder(a.string(), b.string());
    }
    boolean comparable =
        left instanceof List
            && right instanceof List
            && !(left instanceof Range)
            && Values.typeName(left).equals(Values.typeName(right));
    if (comparable) {
      return orderItems(budget, comparator, (List<?>) left, (List<?>) right, depth);
    }
    if (left instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.failure();
    }
    throw new TemplateFailure(
        "'"
            + comparator.symbol()
            + "' not supported between instances of '"
            + Values.typeName(left)
            + "' and '"
            + Values.typeName(right)
            + "'");
  }

  private static int orderItems(
      Budget budget, Comparator comparator, List<?> left, List<?> right, int depth) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      if (!equal(budget, left.get(i), right.get(i), depth + 1)) {
        return order(budget, comparator, left.get(i), right.get(i), depth + 1);
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  /** UTF-16 order differs from Python's where surrogates meet characters above them. */
  private static int codePointOrder(String left, String right) {
    int mismatch = Arrays.mismatch(left.toCharArray(), right.toCharArray());
    if (mismatch < 0 || mismatch >= Math.min(left.length(), right.length())) {
      return Integer.compare(left.length(), right.length());
    }
    char a = left.charAt(mismatch);
    char b = right.charAt(mismatch);
    if (Character.isSurrogate(a) != Character.isSurrogate(b)) {
      return Character.isSurrogate(a) ? 1 : -1;
    }
    return Character.compare(a, b);
  }

  static boolean contains(Budget budget, Object container, Object item) {
    if (Markup.plain(container) instanceof Text text) {
      return switch (Markup.plain(item)) {
        case Text part -> Search.first(budget, text, part, 0) >= 0;
        case Undefined undefined -> throw undefined.failure();
        case null, default ->
            throw new TemplateFailure(
                "'in <string>' requires string as left operand, not " + Values.typeName(item));
      };
    }
    if (container instanceof Map<?, ?> map) {
      budget.steps(1);
      return !(item instanceof Undefined) && map.containsKey(Values.key(item));
    }
    if (!Values.isIterable(container)) {
      throw new TemplateFailure(
          "argument of type '" + Values.typeName(container) + "' is not iterable");
    }
    for (Object candidate : Values.iterate(budget, container)) {
      if (equal(budget, candidate, item)) {
        return true;
      }
    }
    return false;
  }
}
