package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The methods of Python's {@code dict} and {@code list} that change nothing. The others exist, but
 * are refused: transformers renders in Jinja's immutable sandbox.
 */
final class ContainerMethods {
  private static final Set<String> CHANGES_DICT =
      Set.of("clear", "pop", "popitem", "setdefault", "update");
  private static final Set<String> CHANGES_LIST =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");

  private ContainerMethods() {}

  static Optional<Object> ofMap(Map<?, ?> map, String name) {
    if (CHANGES_DICT.contains(name)) {
      return Optional.of(refused(map, name));
    }
    Callable method =
        switch (name) {
          case "get" -> (context, arguments) -> get(map, arguments);
          case "items" -> (context, arguments) -> items(context.budget(), map, arguments);
          case "keys" ->
              (context, arguments) -> {
                arguments.bind("keys");
                context.budget().elements(map.size());
                return new DictView("dict_keys", new ArrayList<>(map.keySet()));
              };
          case "values" ->
              (context, arguments) -> {
                arguments.bind("values");
                context.budget().elements(map.size());
                return new DictView("dict_values", new ArrayList<>(map.values()));
              };
          case "copy" ->
              (context, arguments) -> {
                arguments.bind("copy");
                context.budget().elements(map.size());
                return new LinkedHashMap<Object, Object>(map);
              };
          default -> null;
        };
    return Optional.ofNullable(method);
  }

  private static Undefined refused(Object owner, String name) {
    return new Undefined(
        "access to attribute '" + name + "' of '" + Values.typeName(owner) + "' object is unsafe.");
  }

  private static Object get(Map<?, ?> map, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("get", "key", "default");
    Object key = Values.key(bound.required(0));
    return map.containsKey(key) ? map.get(key) : bound.or(1, null);
  }

  private static DictView items(Budget budget, Map<?, ?> map, Arguments arguments) {
    arguments.bind("items");
    return new DictView("dict_items", pairs(budget, map));
  }

  static List<Object> pairs(Budget budget, Map<?, ?> map) {
    budget.elements(3L * map.size());
    List<Object> pairs = new ArrayList<>(map.size());
    map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
    return pairs;
  }

  static Optional<Object> ofList(List<?> list, String name) {
    boolean isList = !(list instanceof Tuple) && !(list instanceof Range);
    if (isList && CHANGES_LIST.contains(name)) {
      return Optional.of(refused(list, name));
    }
    Callable method =
        switch (name) {
          case "count" ->
              (context, arguments) -> {
                Object wanted = arguments.bind("count", "value").required(0);
                return list.stream()
                    .filter(item -> Compare.equal(context.budget(), item, wanted))
                    .count();
              };
          case "index" -> (context, arguments) -> index(context.budget(), list, arguments);
          case "copy" ->
              (context, arguments) -> {
                arguments.bind("copy");
                context.budget().elements(list.size());
                return new ArrayList<Object>(list);
              };
          default -> null;
        };
    return Optional.ofNullable(method);
  }

  private static long index(Budget budget, List<?> list, Arguments arguments) {
    Object wanted = arguments.bind("index", "value").required(0);
    for (int i = 0; i < list.size(); i++) {
      if (Compare.equal(budget, list.get(i), wanted)) {
        return i;
      }
    }
    throw new TemplateFailure("the list has no such element");
  }
}
