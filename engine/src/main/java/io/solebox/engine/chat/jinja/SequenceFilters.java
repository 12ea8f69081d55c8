package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Filters over lists, dicts and whatever else iterates. */
final class SequenceFilters {
  private SequenceFilters() {}

  static void register(Map<String, Filters.Filter> filters) {
    filters.put("list", SequenceFilters::list);
    filters.put("first", SequenceFilters::first);
    filters.put("last", SequenceFilters::last);
    filters.put("join", SequenceFilters::join);
    filters.put("items", SequenceFilters::items);
    filters.put("dictsort", SequenceFilters::dictSort);
    filters.put("sort", SequenceFilters::sort);
    filters.put("min", (context, input, args) -> extreme(context, "min", input, args, 1));
    filters.put("max", (context, input, args) -> extreme(context, "max", input, args, -1));
    filters.put("reverse", SequenceFilters::reverse);
    filters.put("sum", SequenceFilters::sum);
    filters.put("batch", SequenceFilters::batch);
    filters.put("slice", SequenceFilters::slice);
  }

  private static Object list(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("list");
    List<Object> items = Values.iterate(context.budget(), input);
    context.budget().elements(items.size());
    return new ArrayList<>(items);
  }

  private static Object first(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("first");
    String message = "No first item, sequence was empty.";
    if (input instanceof OneShot iterator) {
      return iterator.takeFirst(message);
    }
    List<Object> items = Values.iterate(context.budget(), input);
    return items.isEmpty() ? new Undefined(message) : items.getFirst();
  }

  private static Object last(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("last");
    if (input instanceof OneShot iterator) {
      throw new TemplateFailure("'" + iterator.type() + "' object is not reversible");
    }
    List<Object> items = Values.iterate(context.budget(), input);
    return items.isEmpty() ? new Undefined("No last item, sequence was empty.") : items.getLast();
  }

  private static Object join(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("join", "d", "attribute");
    Budget budget = context.budget();
    Attributes attribute = Attributes.of(budget, bound.or(1, null), Optional.empty());
    Text separator = PyPrinter.str(budget, bound.or(0, Text.EMPTY));
    BoundedText out = new BoundedText(budget);
    boolean first = true;
    for (Object item : Values.iterate(budget, input)) {
      out.append(first ? Text.EMPTY : separator).append(PyPrinter.str(budget, attribute.get(item)));
      first = false;
    }
    return out.toText();
  }

  private static Object items(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("items");
    return switch (input) {
      case Undefined undefined -> OneShot.generator(List.of());
      case Map<?, ?> map -> OneShot.generator(ContainerMethods.pairs(context.budget(), map));
      case null, default -> throw new TemplateFailure("Can only get item pairs from a mapping.");
    };
  }

  private static Object dictSort(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
    if (!(input instanceof Map<?, ?> map)) {
      throw new TemplateFailure("dictsort() needs a dict, not " + Values.typeName(input));
    }
    long position =
        switch (bound.has(1) ? bound.string(1).string() : "key") {
          case "key" -> 0;
          case "value" -> 1;
          default -> throw new TemplateFailure("You can only sort by either \"key\" or \"value\"");
        };
    List<Object> pairs = ContainerMethods.pairs(context.budget(), map);
    Attributes attribute = Attributes.of(context.budget(), position, Optional.empty());
    sort(context.budget(), pairs, attribute, bound.truthOr(0, false), bound.truthOr(2, false));
    return pairs;
  }

  private static Object sort(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
    Budget budget = context.budget();
    List<Object> all = Values.iterate(budget, input);
    budget.elements(all.size());
    List<Object> items = new ArrayList<>(all);
    boolean reverse = bound.truthOr(0, false);
    boolean caseSensitive = bound.truthOr(1, false);
    if (bound.or(2, null) instanceof Text text && text.string().indexOf(',') >= 0) {
      // The last key first: the sort is stable.
      for (String part : List.of(text.string().split(",", -1)).reversed()) {
        Attributes attribute = Attributes.of(budget, Text.plain(part), Optional.empty());
        sort(budget, items, attribute, caseSensitive, reverse);
      }
    } else {
      Attributes attribute = Attributes.of(budget, bound.or(2, null), Optional.empty());
      sort(budget, items, attribute, caseSensitive, reverse);
    }
    return items;
  }

  private static void sort(
      Budget budget,
      List<Object> items,
      Attributes attribute,
      boolean caseSensitive,
      boolean reverse) {
    Comparator<Object> order = (a, b) -> Compare.order(budget, Expr.Comparator.LESS, a, b);
    Comparator<Object> byKey =
        Comparator.comparing(item -> attribute.key(item, caseSensitive), order);
    items.sort(reverse ? byKey.reversed() : byKey);
  }

  private static Object extreme(
      RenderContext context, String name, Object input, Arguments arguments, int sign) {
    Arguments.Bound bound = arguments.bind(name, "case_sensitive", "attribute");
    Budget budget = context.budget();
    Attributes attribute = Attributes.of(budget, bound.or(1, null), Optional.empty());
    boolean caseSensitive = bound.truthOr(0, false);
    List<Object> items = Values.iterate(budget, input);
    if (items.isEmpty()) {
      return new Undefined("No aggregated item, sequence was empty.");
    }
    Object best = items.getFirst();
    for (Object item : items.subList(1, items.size())) {
      Object key = attribute.key(item, caseSensitive);
      Object bestKey = attribute.key(best, caseSensitive);
      if (sign * Compare.order(budget, Expr.Comparator.LESS, key, bestKey) < 0) {
        best = item;
      }
    }
    return best;
  }

  private static Object reverse(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("reverse");
    if (input instanceof Text text) {
      return Access.slice(context.budget(), text, null, null, -1L);
    }
    List<Object> all = Values.iterate(context.budget(), input);
    context.budget().elements(all.size());
    List<Object> items = new ArrayList<>(all);
    Collections.reverse(items);
    return input instanceof OneShot ? items : new OneShot("list_reverseiterator", items);
  }

  private static Object sum(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
    Budget budget = context.budget();
    Attributes attribute = Attributes.of(budget, bound.or(0, null), Optional.empty());
    Object sum = bound.or(1, 0L);
    if (sum instanceof Text) {
      throw new TemplateFailure("sum() can't sum strings");
    }
    for (Object item : Values.iterate(budget, input)) {
      sum = Arithmetic.apply(budget, Expr.Operator.ADD, sum, attribute.get(item));
    }
    return sum;
  }

  private static Object batch(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with");
    long size = bound.integer(0);
    if (size < 1 || size > Range.MAX_SIZE) {
      throw new TemplateFailure("batch() needs a size between 1 and " + Range.MAX_SIZE);
    }
    List<Object> items = Values.iterate(context.budget(), input);
    List<Object> batches = new ArrayList<>();
    for (int from = 0; from < items.size(); from += (int) size) {
      int to = (int) Math.min(from + size, items.size());
      context.budget().elements(size);
      List<Object> batch = new ArrayList<>(items.subList(from, to));
      while (bound.or(1, null) != null && batch.size() < size) {
        batch.add(bound.or(1, null));
      }
      batches.add(batch);
    }
    return OneShot.generator(batches);
  }

  private static Object slice(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("slice", "slices", "fill_with");
    long count = bound.integer(0);
    if (count < 1 || count > Range.MAX_SIZE) {
      throw new TemplateFailure("slice() needs a number between 1 and " + Range.MAX_SIZE);
    }
    List<Object> items = Values.iterate(context.budget(), input);
    context.budget().elements(items.size() + count);
    int each = items.size() / (int) count;
    int longer = items.size() % (int) count;
    List<Object> slices = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < count; i++) {
      int to = from + each + (i < longer ? 1 : 0);
      List<Object> slice = new ArrayList<>(items.subList(from, to));
      if (bound.or(1, null) != null && i >= longer) {
        slice.add(bound.or(1, null));
      }
      slices.add(slice);
      from = to;
    }
    return OneShot.generator(slices);
  }
}
