package io.solebox.engine.constrain.pattern;

import io.solebox.engine.constrain.pattern.Language.Step;
import io.solebox.engine.regex.CodePointSet;
import io.solebox.engine.regex.RegexException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sets of numbers as JSON writes them, without exponents: a minus or none, digits without zeros in
 * front, perhaps a dot and digits.
 */
public final class Decimals {
  private static final int ZERO = '0';

  private Decimals() {}

  /** How a number that was read stands to another one. */
  private enum Order {
    LESS,
    EQUAL,
    MORE
  }

  /** Numbers of at least {@code low}, or more than it if {@code exclusive}. */
  public static Language atLeast(BigDecimal low, boolean exclusive, Budget budget) {
    if (low.signum() > 0 || (low.signum() == 0 && exclusive)) {
      return compared(low, exclusive, true, budget);
    }
    Language positive = compared(BigDecimal.ZERO, false, true, budget);
    return low.signum() == 0
        ? positive
        : positive.or(negative(compared(low.negate(), exclusive, false, budget), budget), budget);
  }

  /** Numbers of at most {@code high}, or less than it if {@code exclusive}. */
  public static Language atMost(BigDecimal high, boolean exclusive, Budget budget) {
    if (high.signum() < 0 || (high.signum() == 0 && exclusive)) {
      return negative(compared(high.negate(), exclusive, true, budget), budget);
    }
    Language negative = negative(compared(BigDecimal.ZERO, false, true, budget), budget);
    return compared(high, exclusive, false, budget).or(negative, budget);
  }

  private static Language negative(Language magnitudes, Budget budget) {
    LanguageBuilder builder = new LanguageBuilder(budget);
    int minus = builder.state();
    builder.reading(0, CodePointSet.of('-'), minus);
    return builder.build(builder.add(minus, magnitudes));
  }

  /** Magnitudes of at least a number that is not negative, or of at most it. */
  private static Language compared(
      BigDecimal to, boolean exclusive, boolean atLeast, Budget budget) {
    return new Comparison(to, budget)
        .language(
            switch (atLeast ? Order.MORE : Order.LESS) {
              case MORE -> exclusive ? List.of(Order.MORE) : List.of(Order.MORE, Order.EQUAL);
              case LESS -> exclusive ? List.of(Order.LESS) : List.of(Order.LESS, Order.EQUAL);
              case EQUAL -> throw new AssertionError();
            });
  }

  /**
   * Compares digit by digit. States are numbered as they are met: before the dot by how many digits
   * were read and how they compare, behind it likewise.
   */
  private static final class Comparison {
    private final String digits;
    private final String fraction;
    private final Budget budget;
    private final List<Place> places = new ArrayList<>();
    private final Map<Place, Integer> numbers = new HashMap<>();

    /**
     * @param read digits read so far; one more than the number has stands for all that are more
     */
    private record Place(boolean behindDot, int read, Order order) {}

    Comparison(BigDecimal to, Budget budget) {
      this.budget = budget;
      String plain = to.signum() == 0 ? "0" : to.stripTrailingZeros().toPlainString();
      int dot = plain.indexOf('.');
      this.digits = dot < 0 ? plain : plain.substring(0, dot);
      this.fraction = dot < 0 ? "" : plain.substring(dot + 1);
    }

    Language language(List<Order> wanted) {
      number(new Place(false, 0, Order.EQUAL));
      List<Step> steps = new ArrayList<>();
      for (int at = 0; at < places.size(); at++) {
        Language.checkSize(at);
        Place place = places.get(at);
        steps.add(step(place, wanted.contains(verdict(place)) && place.read > 0));
      }
      return Language.of(steps, budget);
    }

    /** How the number stands if it ends here. */
    private Order verdict(Place place) {
      if (place.behindDot) {
        boolean shorter = place.order == Order.EQUAL && place.read < fraction.length();
        return shorter ? Order.LESS : place.order;
      }
      if (place.read != digits.length()) {
        return place.read < digits.length() ? Order.LESS : Order.MORE;
      }
      boolean shorter = place.order == Order.EQUAL && !fraction.isEmpty();
      return shorter ? Order.LESS : place.order;
    }

    private Step step(Place place, boolean accepting) {
      StepBuilder step = new StepBuilder();
      step.add(0, Language.DEAD);
      if (!place.behindDot && place.read > 0) {
        Order order =
            place.read == digits.length()
                ? place.order
                : place.read < digits.length() ? Order.LESS : Order.MORE;
        step.add('.', number(new Place(true, 0, order)));
        step.add('.' + 1, Language.DEAD);
      }
      for (int digit = 0; digit <= 9; digit++) {
        step.add(ZERO + digit, number(next(place, (char) (ZERO + digit))));
      }
      step.add('9' + 1, Language.DEAD);
      return step.build(accepting);
    }

    private Place next(Place place, char digit) {
      String other = place.behindDot ? fraction : digits;
      int read = Math.min(place.read + 1, other.length() + 1);
      if (place.order != Order.EQUAL) {
        return new Place(place.behindDot, read, place.order);
      }
      char theirs = place.read < other.length() ? other.charAt(place.read) : '0';
      boolean longer = place.read >= other.length() && !place.behindDot;
      Order order =
          longer || digit > theirs ? Order.MORE : digit < theirs ? Order.LESS : Order.EQUAL;
      return new Place(place.behindDot, read, order);
    }

    private int number(Place place) {
      Integer known = numbers.putIfAbsent(place, places.size());
      if (known != null) {
        return known;
      }
      places.add(place);
      return places.size() - 1;
    }
  }

  /** Numbers that are one of these, however they are written. */
  public static Language among(List<BigDecimal> values, Budget budget) {
    if (values.size() == 1) {
      BigDecimal value = values.getFirst();
      Language same = atLeast(value, false, budget).and(atMost(value, false, budget), budget);
      return value.signum() == 0 ? same.or(Pattern.whole("-0(?:\\.0+)?", budget), budget) : same;
    }
    int middle = values.size() / 2; // by halves, so that each is looked at a few times only
    return among(values.subList(0, middle), budget)
        .or(among(values.subList(middle, values.size()), budget), budget);
  }

  /**
   * Multiples of a number that is more than 0.
   *
   * @throws RegexException if they take too many states
   */
  public static Language multiples(BigDecimal of, Budget budget) {
    BigDecimal divisor = of.stripTrailingZeros();
    int places = Math.max(0, divisor.scale());
    BigInteger unscaled = divisor.scaleByPowerOfTen(places).toBigIntegerExact();
    BigInteger states = unscaled.multiply(BigInteger.valueOf(places + 3L));
    if (states.compareTo(BigInteger.valueOf(Language.MAX_STATES)) > 0) {
      throw new RegexException("multiples of " + of.toPlainString() + " take too many states");
    }
    return Remainders.language(unscaled.intValueExact(), places, budget);
  }
}
