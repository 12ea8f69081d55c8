package io.solebox.scout.item;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * An amount in one currency. Amounts of two currencies are not compared: what the day's rate does
 * is no change of a price.
 *
 * @param amount not negative
 * @param currency its code as in ISO 4217: {@code EUR}
 */
public record Money(BigDecimal amount, String currency) {
  private static final int MOST_DIGITS = 40;
  private static final Pattern CODE = Pattern.compile("[A-Z]{3}");

  public Money {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("an amount below nothing: " + amount);
    }
    if (Math.abs(amount.scale()) > MOST_DIGITS || amount.precision() > 2 * MOST_DIGITS) {
      throw new IllegalArgumentException("an amount that nobody asks"); // 1e999999999 fills memory
    }
    if (!CODE.matcher(currency).matches()) {
      throw new IllegalArgumentException("no code of a currency: " + currency);
    }
  }

  /** From digits: {@code 199.90}. */
  public static Money of(String amount, String currency) {
    return new Money(new BigDecimal(amount), currency);
  }

  /** Whether both are of one currency, and so can be compared and added. */
  public boolean isComparableWith(Money other) {
    return currency.equals(other.currency);
  }

  /**
   * @throws IllegalArgumentException if it is of another currency
   */
  public Money plus(Money other) {
    requireSame(other);
    return new Money(amount.add(other.amount), currency);
  }

  /**
   * @throws IllegalArgumentException if it is of another currency
   */
  public int compareTo(Money other) {
    requireSame(other);
    return amount.compareTo(other.amount);
  }

  private void requireSame(Money other) {
    if (!isComparableWith(other)) {
      throw new IllegalArgumentException(currency + " against " + other.currency);
    }
  }

  /** As people read it: {@code 199.90 EUR}. */
  @Override
  public String toString() {
    return amount.toPlainString() + " " + currency;
  }
}
