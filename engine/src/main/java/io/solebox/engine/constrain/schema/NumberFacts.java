package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.schema.Alternative.Denied;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a number.
 *
 * @param kinds integers, fractions or both
 * @param multiples numbers that it must be multiples of
 * @param notMultiples numbers that it must not be multiples of
 * @param allowed the only ones, without those that are denied; empty if any is allowed
 */
record NumberFacts(
    Set<Kind> kinds,
    Optional<Limit> low,
    Optional<Limit> high,
    Set<BigDecimal> multiples,
    Set<BigDecimal> notMultiples,
    Optional<List<Number>> allowed,
    List<BigDecimal> denied) {

  /**
   * @param exclusive whether the number itself is beyond it
   */
  record Limit(BigDecimal value, boolean exclusive) {}

  /** Any numbers of these kinds. */
  static NumberFacts any(Set<Kind> kinds) {
    return new NumberFacts(
        kinds, Optional.empty(), Optional.empty(), Set.of(), Set.of(), Optional.empty(), List.of());
  }

  boolean isFree() {
    return equals(any(kinds));
  }

  static NumberFacts of(Alternative alternative) {
    Collector facts = new Collector();
    for (Schema schema : alternative.asserted()) {
      limits(schema, facts);
      schema.text("format").flatMap(Formats::width).ifPresent(facts::width);
      divisor(schema).ifPresent(facts.multiples::add);
    }
    for (Denied atom : alternative.denied()) {
      Schema schema = atom.schema();
      switch (atom.keyword()) {
        case "minimum" ->
            schema
                .number("minimum")
                .ifPresent(n -> facts.high(new Limit(n, !exclusive(schema, "exclusiveMinimum"))));
        case "maximum" ->
            schema
                .number("maximum")
                .ifPresent(n -> facts.low(new Limit(n, !exclusive(schema, "exclusiveMaximum"))));
        case "exclusiveMinimum" ->
            bound(schema, "exclusiveMinimum").ifPresent(n -> facts.high(new Limit(n, false)));
        case "exclusiveMaximum" ->
            bound(schema, "exclusiveMaximum").ifPresent(n -> facts.low(new Limit(n, false)));
        case "multipleOf" -> divisor(schema).ifPresent(facts.notMultiples::add);
        default -> {
          // of other kinds of values
        }
      }
    }
    Scalars scalars = Scalars.of(alternative);
    return new NumberFacts(
        Kind.common(alternative.kinds(), Kind.NUMBERS),
        facts.low,
        facts.high,
        facts.multiples,
        facts.notMultiples,
        scalars.numbers(),
        scalars.numbers().isPresent() ? List.of() : scalars.deniedNumbers().toList());
  }

  private static void limits(Schema schema, Collector facts) {
    schema
        .number("minimum")
        .ifPresent(n -> facts.low(new Limit(n, exclusive(schema, "exclusiveMinimum"))));
    schema
        .number("maximum")
        .ifPresent(n -> facts.high(new Limit(n, exclusive(schema, "exclusiveMaximum"))));
    bound(schema, "exclusiveMinimum").ifPresent(n -> facts.low(new Limit(n, true)));
    bound(schema, "exclusiveMaximum").ifPresent(n -> facts.high(new Limit(n, true)));
  }

  /** In draft 4 it is a flag beside the limit. */
  private static boolean exclusive(Schema schema, String keyword) {
    return Boolean.TRUE.equals(schema.keywords().get(keyword));
  }

  private static Optional<BigDecimal> bound(Schema schema, String keyword) {
    boolean flag = schema.keywords().get(keyword) instanceof Boolean;
    return flag ? Optional.empty() : schema.number(keyword);
  }

  static Optional<BigDecimal> divisor(Schema schema) {
    Optional<BigDecimal> divisor = schema.number("multipleOf");
    if (divisor.isPresent() && divisor.get().signum() <= 0) {
      throw Refusal.malformed(schema.pointer("multipleOf"), "multipleOf must be more than 0.");
    }
    return divisor.map(BigDecimal::stripTrailingZeros);
  }

  private static final class Collector {
    private Optional<Limit> low = Optional.empty();
    private Optional<Limit> high = Optional.empty();
    private final Set<BigDecimal> multiples = new LinkedHashSet<>();
    private final Set<BigDecimal> notMultiples = new LinkedHashSet<>();

    void low(Limit limit) {
      int order = low.map(old -> limit.value().compareTo(old.value())).orElse(1);
      if (order > 0 || (order == 0 && limit.exclusive())) {
        low = Optional.of(limit);
      }
    }

    void high(Limit limit) {
      int order = high.map(old -> limit.value().compareTo(old.value())).orElse(-1);
      if (order < 0 || (order == 0 && limit.exclusive())) {
        high = Optional.of(limit);
      }
    }

    void width(Formats.Width width) {
      low(new Limit(width.first(), false));
      high(new Limit(width.end(), true));
    }
  }

  /** What it takes to look at all that are allowed. */
  long weight() {
    return allowed.map(List::size).orElse(0)
        * (16L + 8L * (multiples.size() + notMultiples.size()));
  }

  /** Whether no number between the limits is left, as far as that is seen at once. */
  boolean isEmpty() {
    if (kinds.isEmpty() || (allowed.isPresent() && allowed.get().stream().noneMatch(this::holds))) {
      return true;
    }
    if (low.isEmpty() || high.isEmpty()) {
      return false;
    }
    int order = low.get().value().compareTo(high.get().value());
    return order > 0 || (order == 0 && (low.get().exclusive() || high.get().exclusive()));
  }

  /** Whether a number is as is asked, whatever is allowed. */
  boolean holds(Number number) {
    BigDecimal value = Kind.decimal(number);
    int above = low.map(limit -> value.compareTo(limit.value())).orElse(1);
    int below = high.map(limit -> limit.value().compareTo(value)).orElse(1);
    return kinds.contains(Kind.of(number))
        && (above > 0 || (above == 0 && !low.orElseThrow().exclusive()))
        && (below > 0 || (below == 0 && !high.orElseThrow().exclusive()))
        && multiples.stream().allMatch(of -> value.remainder(of).signum() == 0)
        && notMultiples.stream().noneMatch(of -> value.remainder(of).signum() == 0)
        && denied.stream().noneMatch(one -> one.compareTo(value) == 0);
  }
}
