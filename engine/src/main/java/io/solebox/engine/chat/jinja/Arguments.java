package io.solebox.engine.chat.jinja;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The evaluated arguments of a call. Values may be null: that is None. */
record Arguments(List<Object> positional, Map<Text, Object> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Object... positional) {
    return new Arguments(Arrays.asList(positional), Map.of());
  }

  /** The same without the first {@code count} positional arguments. */
  Arguments skip(int count) {
    int from = Math.min(count, positional.size());
    return new Arguments(positional.subList(from, positional.size()), named);
  }

  /**
   * Matches the arguments with parameters.
   *
   * @param function for messages
   * @param parameters names in order
   * @throws TemplateFailure if there are too many, or one that is not a parameter, or one twice
   */
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new TemplateFailure(function + "() takes at most " + parameters.length + " arguments");
    }
    if (parameters.length == 0 && named.isEmpty()) {
      return Bound.NONE;
    }
    Object[] values = new Object[parameters.length];
    boolean[] given = new boolean[parameters.length];
    for (int i = 0; i < positional.size(); i++) {
      values[i] = positional.get(i);
      given[i] = true;
    }
    for (Map.Entry<Text, Object> entry : named.entrySet()) {
      int index = List.of(parameters).indexOf(entry.getKey().string());
      if (index < 0 || given[index]) {
        throw new TemplateFailure(
            function + "() got an unexpected argument '" + entry.getKey() + "'");
      }
      values[index] = entry.getValue();
      given[index] = true;
    }
    return new Bound(function, parameters, values, given);
  }

  /** Arguments by the index of their parameter. */
  static final class Bound {
    private static final Bound NONE = new Bound("", new String[0], new Object[0], new boolean[0]);

    private final String function;
    private final String[] parameters;
    private final Object[] values;
    private final boolean[] given;

    private Bound(String function, String[] parameters, Object[] values, boolean[] given) {
      this.function = function;
      this.parameters = parameters;
      this.values = values;
      this.given = given;
    }

    boolean has(int index) {
      return given[index];
    }

    Object or(int index, Object fallback) {
      return given[index] ? values[index] : fallback;
    }

    Object required(int index) {
      if (!given[index]) {
        throw new TemplateFailure(
            function + "() is missing its argument '" + parameters[index] + "'");
      }
      return values[index];
    }

    boolean truthOr(int index, boolean fallback) {
      return given[index] ? Values.isTrue(values[index]) : fallback;
    }

    /** None counts as absent. */
    long integerOr(int index, long fallback) {
      if (!given[index] || values[index] == null) {
        return fallback;
      }
      return integer(index);
    }

    long integer(int index) {
      return switch (required(index)) {
        case Long value -> value;
        case Boolean value -> value ? 1 : 0;
        case Undefined undefined -> throw undefined.failure();
        case null, default ->
            throw new TemplateFailure(
                function + "() needs an integer as '" + parameters[index] + "'");
      };
    }

    Text string(int index) {
      return switch (Markup.plain(required(index))) {
        case Text value -> value;
        case Undefined undefined -> throw undefined.failure();
        case null, default ->
            throw new TemplateFailure(
                function
                    + "() needs a string as '"
                    + parameters[index]
                    + "', not "
                    + Values.typeName(values[index]));
      };
    }
  }
}
