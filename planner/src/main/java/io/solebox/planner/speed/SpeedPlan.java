package io.solebox.planner.speed;

import io.solebox.engine.backend.KvType;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

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

  /**
   * Of stages that compute one after the other.
   *
   * @param stages of which each token passes all
   */
  public static SpeedPlan of(List<Stage> stages, Traffic traffic) {
    int clients = traffic.clients();
    Range bytes = bytes(stages, traffic);
    Range step = seconds(stages, traffic.kvType(), t -> t.decode(1, traffic.context()));
    Range shared = seconds(stages, traffic.kvType(), t -> t.decode(clients, traffic.context()));
    boolean computes = stages.stream().allMatch(stage -> stage.device().knowsOperations());
    Optional<Range> prompt =
        computes
            ? Optional.of(
                seconds(
                    stages,
                    traffic.kvType(),
                    t -> t.prefill(traffic.prompt(), traffic.stepTokens())))
            : Optional.empty();
    String why =
        "a token of one client reads %s at %d positions of context"
            .formatted(bytes.text(), traffic.context());
    return new SpeedPlan(
        perSecond(step, 1, why),
        perSecond(
            shared,
            clients,
            "%d clients share each reading of the weights%s"
                .formatted(
                    clients,
                    computes ? "" : "; what computing takes is not known, so it may be less")),
        perSecond(shared, 1, "each of %d has a token of every step".formatted(clients)),
        prompt.map(
            s ->
                perSecond(
                    s,
                    traffic.prompt(),
                    "a prompt of %d tokens, in steps of %d"
                        .formatted(traffic.prompt(), traffic.stepTokens()))),
        prompt.map(
            s ->
                s.because(
                    "a prompt of %d tokens, nothing of it in the cache"
                        .formatted(traffic.prompt()))),
        limit(stages, traffic),
        bytes,
        reasons(stages));
  }

  private static Range bytes(List<Stage> stages, Traffic traffic) {
    double bytes =
        stages.stream()
            .mapToDouble(s -> s.work().decodeBytes(1, traffic.context(), traffic.kvType()))
            .sum();
    return Range.exactly(bytes, Unit.BYTES, "what the ops of a step read");
  }

  /** One stage after the other. */
  private static Range limit(List<Stage> stages, Traffic traffic) {
    double slow = 0;
    double fast = 0;
    for (Stage stage : stages) {
      double bytes = stage.work().decodeBytes(1, traffic.context(), traffic.kvType());
      slow += bytes / stage.device().bandwidth().low();
      fast += bytes / stage.device().bandwidth().high();
    }
    return new Range(1 / slow, 1 / fast, Unit.TOKENS_PER_SECOND, "bandwidth over bytes of a token");
  }

  private static Range seconds(List<Stage> stages, KvType kvType, ToDoubleFunction<StepTimes> of) {
    double fast = 0;
    double slow = 0;
    for (Stage stage : stages) {
      fast += of.applyAsDouble(new StepTimes(stage.work(), stage.device().fast(), kvType));
      slow += of.applyAsDouble(new StepTimes(stage.work(), stage.device().slow(), kvType));
    }
    return new Range(fast, slow, Unit.SECONDS, "each op as long as it reads or computes");
  }

  private static Range perSecond(Range seconds, int tokens, String why) {
    return seconds.map(s -> tokens / s, Unit.TOKENS_PER_SECOND, why);
  }

  private static List<String> reasons(List<Stage> stages) {
    List<String> all = new ArrayList<>();
    stages.forEach(stage -> all.addAll(stage.device().reasons()));
    if (stages.size() > 1) {
      all.add("Stages compute one after the other: more cards give room, and one client no speed");
    }
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
