package io.solebox.planner.money;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.machine.Load;
import java.util.Locale;

/**
 * What part of the time a machine is busy with what; the three add up to 1.
 *
 * @param decode making tokens
 * @param prefill reading prompts
 * @param idle doing nothing
 */
public record Duty(double decode, double prefill, double idle) {
  /**
   * In whatever unit, as in hours of a day.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where one is negative, or all are nothing
   */
  public Duty {
    double sum = decode + prefill + idle;
    if (!(decode >= 0 && prefill >= 0 && idle >= 0) || !Double.isFinite(sum)) {
      throw bad("a share cannot be negative");
    }
    if (sum == 0) {
      throw bad("they add up to nothing");
    }
    decode /= sum;
    prefill /= sum;
    idle /= sum;
  }

  private static SoleboxException bad(String why) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "duty",
        "These are no shares of the time: " + why + ".",
        "Write decode, prefill and idle as in '6:2:16', hours of a day.");
  }

  /** Making tokens all the time, which nobody does: the best case for buying. */
  public static Duty always() {
    return new Duty(1, 0, 0);
  }

  /** Of a text as in {@code 6:2:16}; see {@link #Duty}. */
  public static Duty parse(String text) {
    String[] shares = text.strip().split(":", -1);
    if (shares.length != 3) {
      throw bad("'%s' is not three of them".formatted(text));
    }
    try {
      return new Duty(
          Double.parseDouble(shares[0]),
          Double.parseDouble(shares[1]),
          Double.parseDouble(shares[2]));
    } catch (NumberFormatException _) {
      throw bad("'%s' is not three numbers".formatted(text));
    }
  }

  double of(Load load) {
    return switch (load) {
      case DECODE -> decode;
      case PREFILL -> prefill;
      case IDLE -> idle;
    };
  }

  /** As in {@code 25 % decode, 8 % prefill, 67 % idle}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.0f %% decode, %.0f %% prefill, %.0f %% idle",
        100 * decode,
        100 * prefill,
        100 * idle);
  }
}
