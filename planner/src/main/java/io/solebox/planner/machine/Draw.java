package io.solebox.planner.machine;

import io.solebox.planner.figure.Range;

/**
 * What a device draws, in watts of direct current.
 *
 * @param idle with nothing to do
 * @param decode while tokens are made one by one
 * @param prefill while prompts are read, or many clients are served: the most that it draws
 */
public record Draw(Range idle, Range decode, Range prefill) {
  /** Of one of these states. */
  public Range in(Load load) {
    return switch (load) {
      case IDLE -> idle;
      case DECODE -> decode;
      case PREFILL -> prefill;
    };
  }
}
