package io.solebox.planner.speed;

import io.solebox.engine.backend.LinkFigures;
import io.solebox.engine.backend.SplitTimes;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How the devices of a model compute a step together. */
public sealed interface Layout {
  /** Of a prompt in a step, that go from stage to stage together, at least. */
  int PART_TOKENS = 128;

  /** What each device has of it. */
  List<Stage> parts();

  /** Some of the layers each, one device after the other. */
  record Layers(List<Stage> parts) implements Layout {
    public Layers {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A part of every layer each, all at once, and then they add up what each has.
   *
   * @param sums that a step adds up over all
   * @param sumBytes of each, for a token
   */
  record Ranks(List<Stage> parts, int sums, long sumBytes, CardLink link) implements Layout {
    public Ranks {
      parts = List.copyOf(parts);
    }

    private double sumSeconds(LinkFigures reached, List<Integer> stepTokens) {
      return stepTokens.stream()
          .mapToDouble(
              tokens -> sums * SplitTimes.sumSeconds(reached, parts.size(), tokens * sumBytes))
          .sum();
    }
  }

  /**
   * Of all together, of what takes each of them so long.
   *
   * @param stepTokens of each step that this is made of
   */
  default double fastSeconds(ToDoubleFunction<Stage> each, List<Integer> stepTokens) {
    return switch (this) {
      case Layers(List<Stage> stages) -> stages.stream().mapToDouble(each).sum();
      case Ranks ranks -> slowest(each) + ranks.sumSeconds(ranks.link().fast(), stepTokens);
    };
  }

  /** The same where links are as slow as they may be. */
  default double slowSeconds(ToDoubleFunction<Stage> each, List<Integer> stepTokens) {
    return switch (this) {
      case Layers(List<Stage> stages) -> stages.stream().mapToDouble(each).sum();
      case Ranks ranks -> slowest(each) + ranks.sumSeconds(ranks.link().slow(), stepTokens);
    };
  }

  /**
   * A prompt at best: parts of it follow each other through stages, so that the others wait for the
   * slowest one with one part alone ({@code StagedPlan}).
   */
  default double promptSeconds(ToDoubleFunction<Stage> each, List<Integer> stepTokens) {
    return switch (this) {
      case Layers(List<Stage> stages) -> {
        int count = stepTokens.stream().mapToInt(t -> Math.max(1, t / PART_TOKENS)).sum();
        double waiting = stages.stream().mapToDouble(each).sum() - slowest(each);
        yield slowest(each) + waiting / count;
      }
      case Ranks _ -> fastSeconds(each, stepTokens);
    };
  }

  private double slowest(ToDoubleFunction<Stage> each) {
    return parts().stream().mapToDouble(each).max().orElse(0);
  }

  /** Of what only reads, with nothing to add up. */
  default double readSeconds(ToDoubleFunction<Stage> each) {
    return switch (this) {
      case Layers(List<Stage> stages) -> stages.stream().mapToDouble(each).sum();
      case Ranks _ -> slowest(each);
    };
  }

  /** Sentences without their ends. */
  default List<String> reasons() {
    return switch (this) {
      case Layers(List<Stage> stages) ->
          stages.size() > 1
              ? List.of(
                  "Stages compute one after the other: more cards give room, and one answer no speed; parts of a prompt follow each other through them")
              : List.of();
      case Ranks ranks ->
          List.of(
              "All cards compute at once, and %d times a step they add up what each has: %s in %.1f to %.0f us, %s; %s"
                  .formatted(
                      ranks.sums(),
                      ranks.link().bandwidth().text(),
                      1e6 * ranks.link().latency().low(),
                      1e6 * ranks.link().latency().high(),
                      ranks.link().bandwidth().reason(),
                      ranks.link().latency().reason()));
    };
  }
}
