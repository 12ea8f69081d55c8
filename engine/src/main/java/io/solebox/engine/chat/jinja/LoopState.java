package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The {@code loop} variable, and the loop's place in its items. Items are taken one at a time,
 * because a loop's condition may depend on what the body did before; only {@code loop.last}, {@code
 * nextitem} and the length look ahead.
 */
final class LoopState implements Callable {
  /** Renders the loop's body over other items, for {@code recursive} loops. */
  interface Recursion {
    Text render(Object items, int depth);
  }

  private final Optional<Recursion> recursion;
  private final int depth0;
  private Iterator<Object> source;
  private int index0 = -1;
  private Object previous;
  private Object current;
  private Object after;
  private boolean hasAfter;
  private OptionalInt length = OptionalInt.empty();
  private Optional<List<Object>> lastChanged = Optional.empty();

  LoopState(Iterator<Object> source, Optional<Recursion> recursion, int depth0) {
    this.source = source;
    this.recursion = recursion;
    this.depth0 = depth0;
  }

  /** Moves to the next item. */
  boolean advance() {
    if (!peek()) {
      return false;
    }
    previous = current;
    current = after;
    hasAfter = false;
    index0++;
    return true;
  }

  private boolean peek() {
    if (!hasAfter && source.hasNext()) {
      after = source.next();
      hasAfter = true;
    }
    return hasAfter;
  }

  Object current() {
    return current;
  }

  int index0() {
    return index0;
  }

  /** Takes all items that are left, once. */
  int length() {
    if (length.isEmpty()) {
      List<Object> rest = new ArrayList<>();
      source.forEachRemaining(rest::add);
      source = rest.iterator();
      length = OptionalInt.of(index0 + 1 + (hasAfter ? 1 : 0) + rest.size());
    }
    return length.getAsInt();
  }

  Object attribute(Text name) {
    return switch (name.string()) {
      case "index" -> index0 + 1L;
      case "index0" -> (long) index0;
      case "revindex" -> (long) length() - index0;
      case "revindex0" -> length() - index0 - 1L;
      case "first" -> index0 == 0;
      case "last" -> !peek();
      case "length" -> (long) length();
      case "depth" -> depth0 + 1L;
      case "depth0" -> (long) depth0;
      case "previtem" -> index0 > 0 ? previous : new Undefined("there is no previous item");
      case "nextitem" -> peek() ? after : new Undefined("there is no next item");
      case "cycle" -> (Callable) (context, arguments) -> cycle(arguments);
      case "changed" -> (Callable) this::changed;
      default -> Undefined.attribute(this, name);
    };
  }

  private Object cycle(Arguments arguments) {
    List<Object> values = arguments.positional();
    if (values.isEmpty()) {
      throw new TemplateFailure("no items for cycling given");
    }
    return values.get(index0 % values.size());
  }

  private Object changed(RenderContext context, Arguments arguments) {
    List<Object> values = arguments.positional();
    boolean same =
        lastChanged.isPresent() && Compare.equal(context.budget(), lastChanged.get(), values);
    lastChanged = Optional.of(values);
    return !same;
  }

  @Override
  public Object call(RenderContext context, Arguments arguments) {
    Object inner = arguments.bind("loop", "iterable").required(0);
    return recursion
        .orElseThrow(
            () -> new TemplateFailure("the loop needs 'recursive' to be called recursively"))
        .render(inner, depth0 + 1);
  }
}
