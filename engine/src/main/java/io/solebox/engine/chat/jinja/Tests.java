package io.solebox.engine.chat.jinja;

import io.solebox.engine.chat.jinja.Expr.Comparator;
import java.math.BigInteger;
import java.util.Map;

/** What may follow {@code is}. */
final class Tests {
  private static final Map<String, Test> TESTS =
      Map.ofEntries(
          plain("defined", value -> !(value instanceof Undefined)),
          plain("undefined", value -> value instanceof Undefined),
          plain("none", value -> value == null),
          plain("boolean", value -> value instanceof Boolean),
          plain("true", Boolean.TRUE::equals),
          plain("false", Boolean.FALSE::equals),
          plain("integer", value -> Values.isInteger(value) && !(value instanceof Boolean)),
          plain("float", value -> value instanceof Double),
          plain("number", Values::isNumber),
          plain("string", value -> Markup.plain(value) instanceof Text),
          plain("mapping", value -> value instanceof Map),
          plain("sequence", Tests::isSequence),
          plain("iterable", Values::isIterable),
          plain("callable", value -> value instanceof Callable),
          plain("escaped", value -> value instanceof Markup),
          plain("odd", value -> remainder(value, 2L) != 0),
          plain("even", value -> remainder(value, 2L) == 0),
          Map.entry(
              "divisibleby",
              (context, value, arguments) ->
                  remainder(value, arguments.bind("divisibleby", "num").required(0)) == 0),
          Map.entry("lower", (context, value, arguments) -> isCased(context, value, false)),
          Map.entry("upper", (context, value, arguments) -> isCased(context, value, true)),
          Map.entry("sameas", Tests::isSame),
          Map.entry(
              "filter",
              (context, value, arguments) ->
                  value instanceof Text name && Filters.exists(name.string())),
          Map.entry(
              "test",
              (context, value, arguments) -> value instanceof Text name && exists(name.string())),
          comparison("in", Comparator.IN),
          comparison("eq", Comparator.EQUAL),
          comparison("equalto", Comparator.EQUAL),
          comparison("==", Comparator.EQUAL),
          comparison("ne", Comparator.NOT_EQUAL),
          comparison("!=", Comparator.NOT_EQUAL),
          comparison("lt", Comparator.LESS),
          comparison("lessthan", Comparator.LESS),
          comparison("<", Comparator.LESS),
          comparison("le", Comparator.LESS_OR_EQUAL),
          comparison("<=", Comparator.LESS_OR_EQUAL),
          comparison("gt", Comparator.GREATER),
          comparison("greaterthan", Comparator.GREATER),
          comparison(">", Comparator.GREATER),
          comparison("ge", Comparator.GREATER_OR_EQUAL),
          comparison(">=", Comparator.GREATER_OR_EQUAL));

  private Tests() {}

  private interface Test {
    boolean apply(RenderContext context, Object value, Arguments arguments);
  }

  private interface Property {
    boolean of(Object value);
  }

  static boolean exists(String name) {
    return TESTS.containsKey(name);
  }

  static boolean apply(RenderContext context, String name, Object value, Arguments arguments) {
    Test test = TESTS.get(name);
    if (test == null) {
      throw new TemplateFailure("No test named '" + name + "'.");
    }
    return test.apply(context, value, arguments);
  }

  private static Map.Entry<String, Test> plain(String name, Property property) {
    return Map.entry(
        name,
        (context, value, arguments) -> {
          arguments.bind(name);
          return property.of(value);
        });
  }

  private static Map.Entry<String, Test> comparison(String name, Comparator comparator) {
    return Map.entry(
        name,
        (context, value, arguments) ->
            Compare.apply(
                context.budget(), comparator, value, arguments.bind(name, "other").required(0)));
  }

  /** Python's {@code len} and {@code []} work: dicts and undefined values too, but no views. */
  private static boolean isSequence(Object value) {
    return Values.isIterable(value) && !(value instanceof DictView) && !(value instanceof OneShot);
  }

  private static boolean isSame(RenderContext context, Object value, Arguments arguments) {
    Object other = arguments.bind("sameas", "other").required(0);
    boolean scalar = value instanceof Boolean || value instanceof Long || value instanceof Text;
    return value == other || (scalar && value.equals(other));
  }

  private static boolean isCased(RenderContext context, Object value, boolean upper) {
    String text = PyPrinter.str(context.budget(), value).string();
    context.budget().scan(text.length());
    return StringMethods.isCased(text, upper ? Character::isLowerCase : Character::isUpperCase);
  }

  private static int remainder(Object value, Object divisor) {
    BigInteger by = Arithmetic.big(divisor);
    if (by.signum() == 0) {
      throw new TemplateFailure("division by zero");
    }
    return Arithmetic.big(value).remainder(by).signum();
  }
}
