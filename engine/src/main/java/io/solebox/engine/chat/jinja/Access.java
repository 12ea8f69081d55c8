package io.solebox.engine.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attributes, subscripts and slices, as Jinja's sandboxed environment looks them up. */
final class Access {
  private Access() {}

  /** {@code owner.name}: a method first, then the element of that name. */
  static Object attribute(Object owner, Text name) {
    Optional<Object> found = member(owner, name);
    if (found.isPresent()) {
      return found.get();
    }
    return switch (owner) {
      case Namespace namespace -> fromMap(namespace, namespace.attributes(), name);
      case Map<?, ?> map -> fromMap(owner, map, name);
      case Undefined undefined -> throw undefined.failure();
      case LoopState loop -> loop.attribute(name);
      case null, default -> Undefined.attribute(owner, name);
    };
  }

  /** {@code owner[index]}: the element first, then the attribute of that name. */
  static Object element(Budget budget, Object owner, Object key) {
    if (owner instanceof Markup markup && Values.isInteger(key)) {
      return element(budget, markup.text(), key);
    }
    Object index = Markup.plain(key);
    Optional<Element> found =
        switch (owner) {
          case Undefined undefined -> throw undefined.failure();
          case Map<?, ?> map -> mapElement(map, index);
          case List<?> list when Values.isInteger(index) -> listElement(list, index);
          case Text text when Values.isInteger(index) -> {
            budget.scan(text.length());
            yield character(text, index);
          }
          case null, default -> Optional.empty();
        };
    if (found.isPresent()) {
      return found.get().value();
    }
    if (index instanceof Text name && !(owner instanceof Map)) {
      return attribute(owner, name);
    }
    if (index instanceof Text name) {
      return member(owner, name).orElseGet(() -> Undefined.attribute(owner, name));
    }
    return Undefined.attribute(owner, PyPrinter.repr(budget, index));
  }

  /** Wraps an element, because None is null and an Optional cannot hold it. */
  private record Element(Object value) {}

  private static Optional<Element> mapElement(Map<?, ?> map, Object index) {
    boolean hashable = index == null || index instanceof Text || Values.isNumber(index);
    return hashable && map.containsKey(index)
        ? Optional.of(new Element(map.get(index)))
        : Optional.empty();
  }

  private static Optional<Element> listElement(List<?> list, Object index) {
    int at = position(index, list.size());
    return at < 0 ? Optional.empty() : Optional.of(new Element(list.get(at)));
  }

  private static Optional<Element> character(Text text, Object index) {
    int at = position(index, PyText.length(text));
    if (at < 0) {
      return Optional.empty();
    }
    int from = PyText.offset(text, at);
    int to = text.string().offsetByCodePoints(from, 1);
    return Optional.of(new Element(text.substring(from, to)));
  }

  /** An index from the start; negative when it lies outside. */
  private static int position(Object index, int size) {
    BigInteger at = Arithmetic.big(index);
    if (at.bitLength() >= Integer.SIZE) {
      return -1;
    }
    int plain = at.intValue();
    int fromStart = plain < 0 ? plain + size : plain;
    return fromStart < size ? fromStart : -1;
  }

  private static Object fromMap(Object owner, Map<?, ?> map, Text name) {
    Object value = map.get(name);
    return value != null || map.containsKey(name) ? value : Undefined.attribute(owner, name);
  }

  /** A method or another fixed member of the type. */
  private static Optional<Object> member(Object owner, Text attribute) {
    String name = attribute.string();
    return switch (owner) {
      case Text text -> StringMethods.find(text, name).map(method -> method);
      case Markup markup ->
          StringMethods.find(markup.text(), name)
              .map(
                  method ->
                      (Callable)
                          (context, arguments) -> markup.call(name, method, context, arguments));
      case Map<?, ?> map -> ContainerMethods.ofMap(map, name).map(method -> method);
      case List<?> list -> ContainerMethods.ofList(list, name).map(method -> method);
      case MacroFunction macro when name.equals("name") -> Optional.of(Text.written(macro.name()));
      case null, default -> Optional.empty();
    };
  }

  /** {@code target[start:stop:step]}; None stands for an absent part. */
  static Object slice(Budget budget, Object target, Object start, Object stop, Object step) {
    if (target instanceof Markup markup) {
      return new Markup((Text) slice(budget, markup.text(), start, stop, step));
    }
    int size =
        switch (target) {
          case Text text -> PyText.length(text);
          case List<?> list -> list.size();
          case Undefined undefined -> throw undefined.failure();
          case null, default ->
              throw new TemplateFailure(
                  "'" + Values.typeName(target) + "' object is not subscriptable");
        };
    long stride = step == null ? 1 : clamp(step);
    if (stride == 0) {
      throw new TemplateFailure("slice step cannot be zero");
    }
    long from = bound(start, size, stride, stride > 0 ? 0 : size - 1);
    long to = bound(stop, size, stride, stride > 0 ? size : -1);
    if (target instanceof Text text) {
      return sliceText(budget, text, from, to, stride);
    }
    List<?> list = (List<?>) target;
    List<Object> items = new ArrayList<>();
    for (long i = from; stride > 0 ? i < to : i > to; i += stride) {
      budget.elements(1);
      items.add(list.get((int) i));
    }
    return target instanceof Tuple ? new Tuple(items) : items;
  }

  private static Text sliceText(Budget budget, Text text, long from, long to, long stride) {
    budget.scan(text.length());
    if (stride == 1) {
      int begin = PyText.offset(text, (int) from);
      Text slice =
          to <= from
              ? Text.EMPTY
              : text.substring(begin, text.string().offsetByCodePoints(begin, (int) (to - from)));
      budget.text(slice);
      return slice;
    }
    int[] offsets = PyText.offsets(budget, text);
    BoundedText slice = new BoundedText(budget);
    for (long i = from; stride > 0 ? i < to : i > to; i += stride) {
      slice.append(text, offsets[(int) i], offsets[(int) i + 1]);
    }
    return slice.toText();
  }

  private static long bound(Object value, int size, long stride, long absent) {
    if (value == null) {
      return absent;
    }
    long at = clamp(value);
    at = at < 0 ? at + size : at;
    return stride > 0 ? Math.clamp(at, 0, size) : Math.clamp(at, -1, size - 1);
  }

  /** An integer, cut to what fits: a slice beyond the end is the same however far. */
  private static long clamp(Object value) {
    BigInteger limit = BigInteger.valueOf(Integer.MAX_VALUE);
    return Arithmetic.big(value).min(limit).max(limit.negate()).longValue();
  }
}
