package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Filters that choose among items or change each of them. */
final class SelectionFilters {
  private SelectionFilters() {}

  static void register(Map<String, Filters.Filter> filters) {
    filters.put("map", SelectionFilters::map);
    filters.put("select", (context, input, args) -> select(context, input, args, true));
    filters.put("reject", (context, input, args) -> select(context, input, args, false));
    filters.put("selectattr", (context, input, args) -> selectAttr(context, input, args, true));
    filters.put("rejectattr", (context, input, args) -> selectAttr(context, input, args, false));
    filters.put("unique", SelectionFilters::unique);
    filters.put("groupby", SelectionFilters::groupBy);
    filters.put("attr", SelectionFilters::attr);
  }

  private static Object map(RenderContext context, Object input, Arguments arguments) {
    Budget budget = context.budget();
    UnaryOperator<Object> change;
    if (arguments.positional().isEmpty()
        && arguments.named().containsKey(Text.plain("attribute"))) {
      Arguments.Bound bound = arguments.bind("map", "attribute", "default");
      Optional<Object> fallback = Optional.ofNullable(bound.or(1, null));
      change = Attributes.of(budget, bound.required(0), fallback)::get;
    } else {
      String name = name(arguments, 0, "map requires a filter argument");
      change = item -> Filters.apply(context, name, item, arguments.skip(1));
    }
    List<Object> results = new ArrayList<>();
    for (Object item : items(context, input)) {
      budget.elements(1);
      results.add(change.apply(item));
    }
    return OneShot.generator(results);
  }

  /** None and other values that count as false have no items here; elsewhere None is an error. */
  private static List<Object> items(RenderContext context, Object input) {
    return Values.isTrue(input) ? Values.iterate(context.budget(), input) : List.of();
  }

  private static String name(Arguments arguments, int index, String message) {
    if (index < arguments.positional().size()
        && Markup.plain(arguments.positional().get(index)) instanceof Text name) {
      return name.string();
    }
    throw new TemplateFailure(message);
  }

  private static Object select(
      RenderContext context, Object input, Arguments arguments, boolean wanted) {
    Predicate<Object> test = test(context, arguments);
    return filter(context, input, item -> test.test(item) == wanted);
  }

  private static Object selectAttr(
      RenderContext context, Object input, Arguments arguments, boolean wanted) {
    if (arguments.positional().isEmpty()) {
      throw new TemplateFailure("Missing parameter for attribute name");
    }
    Object path = arguments.positional().getFirst();
    Attributes attribute = Attributes.of(context.budget(), path, Optional.empty());
    Predicate<Object> test = test(context, arguments.skip(1));
    return filter(context, input, item -> test.test(attribute.get(item)) == wanted);
  }

  /** The test that the arguments name, or whether the value counts as true. */
  private static Predicate<Object> test(RenderContext context, Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      return Values::isTrue;
    }
    String name = name(arguments, 0, "a test is named by a string");
    return item -> Tests.apply(context, name, item, arguments.skip(1));
  }

  private static OneShot filter(RenderContext context, Object input, Predicate<Object> wanted) {
    List<Object> kept = new ArrayList<>();
    for (Object item : items(context, input)) {
      context.budget().elements(1);
      if (wanted.test(item)) {
        kept.add(item);
      }
    }
    return OneShot.generator(kept);
  }

  private static Object unique(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
    Budget budget = context.budget();
    Attributes attribute = Attributes.of(budget, bound.or(1, null), Optional.empty());
    Map<Object, Object> byKey = new LinkedHashMap<>();
    for (Object item : Values.iterate(budget, input)) {
      budget.elements(1);
      Object key = Values.key(attribute.key(item, bound.truthOr(0, false)));
      if (!byKey.containsKey(key)) {
        byKey.put(key, item);
      }
    }
    return OneShot.generator(new ArrayList<>(byKey.values()));
  }

  private static Object groupBy(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
    Budget budget = context.budget();
    Optional<Object> fallback = Optional.ofNullable(bound.or(1, null));
    Attributes attribute = Attributes.of(budget, bound.required(0), fallback);
    boolean caseSensitive = bound.truthOr(2, false);
    List<Object> sorted = new ArrayList<>(Values.iterate(budget, input));
    budget.elements(sorted.size());
    sorted.sort(
        (a, b) ->
            Compare.order(
                budget,
                Expr.Comparator.LESS,
                attribute.key(a, caseSensitive),
                attribute.key(b, caseSensitive)));
    List<Object> groups = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      Object key = attribute.key(sorted.get(from), caseSensitive);
      if (i == sorted.size()
          || !Compare.equal(budget, key, attribute.key(sorted.get(i), caseSensitive))) {
        budget.elements(i - from + 2L);
        List<Object> group = new ArrayList<>(sorted.subList(from, i));
        groups.add(Tuple.of(attribute.get(group.getFirst()), group));
        from = i;
      }
    }
    return groups;
  }

  private static Object attr(RenderContext context, Object input, Arguments arguments) {
    Text name = arguments.bind("attr", "name").string(0);
    boolean named = input instanceof Namespace || input instanceof LoopState;
    return named || !(input instanceof Map)
        ? Access.attribute(input, name)
        : Undefined.attribute(input, name);
  }
}
