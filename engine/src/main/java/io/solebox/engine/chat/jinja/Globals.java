package io.solebox.engine.chat.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template has: Jinja's, and the two that transformers adds. */
final class Globals {
  /** Nobody writes to it: a rendering has scopes of its own over it. */
  static final Scope SCOPE =
      Scope.of(
          Map.of(
              "range", (Callable) Globals::range,
              "dict", (Callable) Globals::dict,
              "namespace", (Callable) Globals::namespace,
              "cycler", (Callable) Globals::cycler,
              "joiner", (Callable) Globals::joiner,
              "raise_exception", (Callable) Globals::raiseException,
              "strftime_now", (Callable) Globals::strftimeNow));

  private Globals() {}

  private static Object range(RenderContext context, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("range", "start", "stop", "step");
    if (!bound.has(1)) {
      return new Range(0, bound.integer(0), 1);
    }
    return new Range(bound.integer(0), bound.integer(1), bound.has(2) ? bound.integer(2) : 1);
  }

  /** The entries that {@code dict(...)} and {@code namespace(...)} are given. */
  private static Map<Object, Object> entries(
      RenderContext context, String function, Arguments arguments) {
    Map<Object, Object> entries = new LinkedHashMap<>();
    for (Object source : arguments.positional()) {
      if (source instanceof Map<?, ?> map) {
        context.budget().elements(map.size());
        entries.putAll(map);
        continue;
      }
      for (Object pair : Values.iterate(context.budget(), source)) {
        List<Object> both = Values.iterate(context.budget(), pair);
        if (both.size() != 2) {
          throw new TemplateFailure(function + "() needs a dict or pairs");
        }
        context.budget().elements(1);
        entries.put(Values.key(both.get(0)), both.get(1));
      }
    }
    entries.putAll(arguments.named());
    return entries;
  }

  private static Object dict(RenderContext context, Arguments arguments) {
    return entries(context, "dict", arguments);
  }

  private static Object namespace(RenderContext context, Arguments arguments) {
    Namespace namespace = new Namespace();
    entries(context, "namespace", arguments)
        .forEach(
            (key, value) ->
                namespace.attributes().put(PyPrinter.str(context.budget(), key), value));
    return namespace;
  }

  private static Object cycler(RenderContext context, Arguments arguments) {
    List<Object> items = arguments.positional();
    if (items.isEmpty()) {
      throw new TemplateFailure("cycler() needs at least one item");
    }
    Text current = Text.plain("current");
    Namespace cycler = new Namespace();
    int[] position = {0};
    Callable next =
        (caller, none) -> {
          Object item = items.get(position[0]);
          position[0] = (position[0] + 1) % items.size();
          cycler.attributes().put(current, items.get(position[0]));
          return item;
        };
    Callable reset =
        (caller, none) -> {
          position[0] = 0;
          cycler.attributes().put(current, items.getFirst());
          return null;
        };
    cycler.attributes().put(Text.plain("next"), next);
    cycler.attributes().put(Text.plain("reset"), reset);
    cycler.attributes().put(current, items.getFirst());
    return cycler;
  }

  private static Object joiner(RenderContext context, Arguments arguments) {
    Object separator = arguments.bind("joiner", "sep").or(0, Text.plain(", "));
    boolean[] used = {false};
    return (Callable)
        (caller, none) -> {
          Object result = used[0] ? separator : Text.EMPTY;
          used[0] = true;
          return result;
        };
  }

  private static Object raiseException(RenderContext context, Arguments arguments) {
    Object message = arguments.bind("raise_exception", "message").required(0);
    throw TemplateFailure.raised(PyPrinter.str(context.budget(), message).string());
  }

  private static Object strftimeNow(RenderContext context, Arguments arguments) {
    Text format = arguments.bind("strftime_now", "format").string(0);
    return Strftime.format(context, format);
  }
}
