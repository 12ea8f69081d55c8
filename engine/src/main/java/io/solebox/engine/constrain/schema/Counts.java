package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.schema.Alternative.Denied;
import java.math.BigDecimal;

/**
 * How many characters, items or properties there may be.
 *
 * @param max {@link Expression#UNBOUNDED} for no bound; less than {@code min} if no number will do
 */
record Counts(int min, int max) {
  /** No answer has more: what must be beyond is refused, what may be beyond has no bound. */
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000);

  /**
   * @param least keyword of the least number
   * @param most keyword of the greatest one
   */
  static Counts of(Alternative alternative, String least, String most) {
    int min = 0;
    int max = Expression.UNBOUNDED;
    for (Schema schema : alternative.asserted()) {
      if (schema.has(least)) {
        min = Math.max(min, least(schema, least, schema.count(least)));
      }
      if (schema.has(most)) {
        max = Math.min(max, most(schema.count(most)));
      }
    }
    for (Denied atom : alternative.denied()) {
      Schema schema = atom.schema();
      if (atom.keyword().equals(least)) {
        max = Math.min(max, most(schema.count(least).subtract(BigDecimal.ONE)));
      } else if (atom.keyword().equals(most)) {
        min = Math.max(min, least(schema, most, schema.count(most).add(BigDecimal.ONE)));
      }
    }
    return new Counts(min, max);
  }

  private static int least(Schema schema, String keyword, BigDecimal count) {
    if (count.compareTo(MOST) > 0) {
      throw Refusal.tooMuch(
          schema.pointer(keyword),
          "%s asks for more than %s, which no answer has.".formatted(keyword, MOST));
    }
    return count.intValueExact();
  }

  private static int most(BigDecimal count) {
    return count.compareTo(MOST) > 0 ? Expression.UNBOUNDED : count.intValueExact();
  }

  boolean isEmpty() {
    return min > max;
  }

  /** Whether nothing is asked. */
  boolean isFree() {
    return min == 0 && !isBounded();
  }

  boolean isBounded() {
    return max != Expression.UNBOUNDED;
  }

  boolean contain(int count) {
    return min <= count && count <= max;
  }
}
