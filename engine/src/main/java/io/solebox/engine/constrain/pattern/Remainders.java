package io.solebox.engine.constrain.pattern;

import io.solebox.engine.constrain.pattern.Language.Step;
import java.util.ArrayList;
import java.util.List;

/** Numbers whose digits, up to a number of places behind the dot, leave no remainder. */
final class Remainders {
  private Remainders() {}

  /**
   * Multiples of {@code divisor} / 10^{@code places}. States: the beginning, behind a minus, then a
   * remainder for each count of places, then zeros behind the last one.
   */
  static Language language(int divisor, int places, Budget budget) {
    List<Step> steps = new ArrayList<>();
    int first = 2;
    StepBuilder start = new StepBuilder();
    start.add(0, Language.DEAD);
    start.add('-', 1);
    start.add('-' + 1, Language.DEAD);
    digits(start, divisor, 0, first);
    steps.add(start.build(false));
    StepBuilder behindMinus = new StepBuilder();
    behindMinus.add(0, Language.DEAD);
    digits(behindMinus, divisor, 0, first);
    steps.add(behindMinus.build(false));
    // Level 0 reads before the dot, level i has read i - 1 places; on the last one are zeros.
    for (int level = 0; level <= places + 2; level++) {
      for (int rest = 0; rest < divisor; rest++) {
        steps.add(step(divisor, places, level, rest, first));
      }
    }
    return Language.of(steps, budget);
  }

  private static Step step(int divisor, int places, int level, int rest, int first) {
    StepBuilder step = new StepBuilder();
    step.add(0, Language.DEAD);
    long left = rest;
    for (int i = Math.max(0, level - 1); i < places; i++) {
      left = left * 10 % divisor;
    }
    boolean multiple = left == 0 && level != 1;
    if (level == 0) {
      step.add('.', first + divisor + rest);
      step.add('.' + 1, Language.DEAD);
      digits(step, divisor, rest, first);
    } else if (level <= places) {
      digits(step, divisor, rest, first + (level + 1) * divisor);
    } else if (rest == 0) {
      step.add('0', first + (places + 2) * divisor);
      step.add('0' + 1, Language.DEAD);
    }
    return step.build(multiple);
  }

  private static void digits(StepBuilder step, int divisor, int rest, int level) {
    for (int digit = 0; digit <= 9; digit++) {
      step.add('0' + digit, level + (int) ((rest * 10L + digit) % divisor));
    }
    step.add('9' + 1, Language.DEAD);
  }
}
