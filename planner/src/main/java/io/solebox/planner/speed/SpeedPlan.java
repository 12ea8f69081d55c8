package io.solebox.planner.speed;

import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * How fast a model would answer.
 *
 * @param single tokens a second for one client
 * @param together the same for all clients together
 * @param each of them
 * @param prefill tokens of a prompt a second; empty where nothing is known of how fast devices
 *     compute
 * @param firstToken seconds to the first token of an answer, with nothing in the cache
 * @param limit what of single decode is the least that the memory allows: tokens a second if it
 *     gave all it has and nothing else took time
 * @param bytesPerToken that decode of one client reads
 * @param reasons one sentence each, without its end
 */
public record SpeedPlan(
    Range single,
    Range together,
    Range each,
    Optional<Range> prefill,
    Optional<Range> firstToken,
    Range limit,
    Range bytesPerToken,
    List<String> reasons) {
  public SpeedPlan {
    reasons = List.copyOf(reasons);
  }

  /** Of devices that compute together. */
  public static SpeedPlan of(Layout layout, Traffic traffic) {
    int clients = traffic.clients();
    int context = traffic.context();
    Range bytes = bytes(layout, traffic);
    Range step = seconds(layout, traffic, t -> t.decode(1, context), List.of(1));
    Range shared = seconds(layout, traffic, t -> t.decode(clients, context), List.of(clients));
    String measured = measured(layout, false);
    boolean computes = layout.parts().stream().allMatch(stage -> stage.device().knowsOperations());
    Optional<Range> prompt = computes ? Optional.of(prompt(layout, traffic)) : Optional.empty();
    return new SpeedPlan(
        perSecond(
            step,
            1,
            "a token of one client reads %s at %d positions of context%s"
                .formatted(bytes.text(), context, measured)),
        perSecond(
            shared,
            clients,
            "%d clients share each reading of the weights%s%s"
                .formatted(
                    clients,
                    computes ? "" : "; what computing takes is not known, so it may be less",
                    measured)),
        perSecond(shared, 1, "each of %d has a token of every step%s".formatted(clients, measured)),
        prompt.map(
            s ->
                perSecond(
                    s,
                    traffic.prompt(),
                    "a prompt of %d tokens, in steps of %d%s"
                        .formatted(
                            traffic.prompt(), traffic.stepTokens(), measured(layout, true)))),
        prompt.map(
            s ->
                s.because(
                    "a prompt of %d tokens, nothing of it in the cache%s"
                        .formatted(traffic.prompt(), measured(layout, true)))),
        limit(layout, traffic),
        bytes,
        reasons(layout));
  }

  /** What a figure's reason ends with where the paces behind it were measured. */
  private static String measured(Layout layout, boolean ofPrompts) {
    return layout.parts().stream()
        .flatMap(stage -> stage.device().measured().stream())
        .filter(measured -> measured.withPrompts() || !ofPrompts)
        .map(measured -> "; its pace was " + measured.words())
        .distinct()
        .collect(Collectors.joining());
  }

  private static Range bytes(Layout layout, Traffic traffic) {
    double bytes = layout.parts().stream().mapToDouble(s -> bytes(s, traffic)).sum();
    return Range.exactly(bytes, Unit.BYTES, "what the ops of a step read");
  }

  private static double bytes(Stage stage, Traffic traffic) {
    return stage.work().decodeBytes(1, traffic.context(), traffic.kvType());
  }

  private static Range limit(Layout layout, Traffic traffic) {
    double slow = layout.readSeconds(s -> bytes(s, traffic) / s.device().bandwidth().low());
    double fast = layout.readSeconds(s -> bytes(s, traffic) / s.device().bandwidth().high());
    return new Range(1 / slow, 1 / fast, Unit.TOKENS_PER_SECOND, "bandwidth over bytes of a token");
  }

  private static Range prompt(Layout layout, Traffic traffic) {
    List<Integer> steps = new ArrayList<>();
    for (int done = 0; done < traffic.prompt(); done += traffic.stepTokens()) {
      steps.add(Math.min(traffic.stepTokens(), traffic.prompt() - done));
    }
    ToDoubleFunction<StepTimes> all = t -> t.prefill(traffic.prompt(), traffic.stepTokens());
    Range turns = seconds(layout, traffic, all, steps);
    return new Range(
        layout.promptSeconds(fast(traffic, all), steps),
        turns.high(),
        Unit.SECONDS,
        turns.reason());
  }

  private static ToDoubleFunction<Stage> fast(Traffic traffic, ToDoubleFunction<StepTimes> of) {
    return s -> of.applyAsDouble(new StepTimes(s.work(), s.device().fast(), traffic.kvType()));
  }

  private static ToDoubleFunction<Stage> slow(Traffic traffic, ToDoubleFunction<StepTimes> of) {
    return s -> of.applyAsDouble(new StepTimes(s.work(), s.device().slow(), traffic.kvType()));
  }

  private static Range seconds(
      Layout layout, Traffic traffic, ToDoubleFunction<StepTimes> of, List<Integer> stepTokens) {
    return new Range(
        layout.fastSeconds(fast(traffic, of), stepTokens),
        layout.slowSeconds(slow(traffic, of), stepTokens),
        Unit.SECONDS,
        "each op as long as it reads or computes");
  }

  private static Range perSecond(Range seconds, int tokens, String why) {
    return seconds.map(s -> tokens / s, Unit.TOKENS_PER_SECOND, why);
  }

  private static List<String> reasons(Layout layout) {
    List<String> all = new ArrayList<>();
    layout.parts().forEach(stage -> all.addAll(stage.device().reasons()));
    all.addAll(layout.reasons());
    return all.stream().distinct().toList();
  }

  /**
   * What a wished speed of one client asks of the memory.
   *
   * @param tokensPerSecond wished
   * @return a sentence: whether it can be, and what share of the bandwidth it needs
   */
  public String judge(double tokensPerSecond) {
    double share = tokensPerSecond / limit.high();
    String needs =
        "%.3g tok/s needs %.0f %% of the bandwidth (%s a token)"
            .formatted(tokensPerSecond, 100 * share, bytesPerToken.text());
    if (share > 1) {
      return "Impossible: %s. The most is %.3g tok/s; a smaller format reads less, and only guessing ahead or several clients at once make more of a reading."
          .formatted(needs, limit.high());
    }
    if (tokensPerSecond > single.high()) {
      return "Not to be expected: %s, and %s are expected.".formatted(needs, single.text());
    }
    return tokensPerSecond < single.low()
        ? "Certain: %s, and %s are expected.".formatted(needs, single.text())
        : "Possible: %s, and %s are expected.".formatted(needs, single.text());
  }
}
