package io.solebox.engine.chat.jinja;

import java.math.RoundingMode;
import java.util.Map;

/** Filters that give a number, or any value a default. */
final class NumberFilters {
  private NumberFilters() {}

  static void register(Map<String, Filters.Filter> filters) {
    filters.put("abs", NumberFilters::abs);
    filters.put("int", NumberFilters::integer);
    filters.put("float", NumberFilters::floating);
    filters.put("round", NumberFilters::round);
    filters.put("length", NumberFilters::length);
    filters.put("count", NumberFilters::length);
    filters.put("default", NumberFilters::defaultValue);
    filters.put("d", NumberFilters::defaultValue);
  }

  private static Object abs(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("abs");
    return input instanceof Double number
        ? (Object) Math.abs(number)
        : Arithmetic.shrink(Arithmetic.big(input).abs());
  }

  private static Object integer(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("int", "default", "base");
    long base = bound.integerOr(1, 10);
    if (base < Character.MIN_RADIX || base > Character.MAX_RADIX) {
      throw new TemplateFailure("int() base must be >= 2 and <= 36");
    }
    return Numbers.parseInteger(input, (int) base).orElseGet(() -> bound.or(0, 0L));
  }

  private static Object floating(RenderContext context, Object input, Arguments arguments) {
    Object fallback = arguments.bind("float", "default").or(0, 0.0);
    return Numbers.parseFloat(input).map(number -> (Object) number).orElse(fallback);
  }

  private static Object round(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("round", "precision", "method");
    RoundingMode mode =
        switch (bound.has(1) ? bound.string(1).string() : "common") {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw new TemplateFailure("method must be common, ceil or floor");
        };
    boolean common = mode == RoundingMode.HALF_EVEN;
    Object number = common ? input : Arithmetic.toDouble(input);
    return Numbers.round(number, bound.integerOr(0, 0), mode);
  }

  private static Object length(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("length");
    return Values.length(context.budget(), input);
  }

  private static Object defaultValue(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
    boolean missing =
        input instanceof Undefined || (bound.truthOr(1, false) && !Values.isTrue(input));
    return missing ? bound.or(0, Text.EMPTY) : input;
  }
}
