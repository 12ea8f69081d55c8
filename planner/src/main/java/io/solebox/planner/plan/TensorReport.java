package io.solebox.planner.plan;

import io.solebox.engine.api.Placement;
import io.solebox.engine.backend.SplitTimes;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.memory.MemoryPlan;
import io.solebox.planner.speed.CardLink;
import io.solebox.planner.speed.SpeedPlan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The same model with a part of every layer on each card, as {@code --split tensor} has it. */
public sealed interface TensorReport {
  /**
   * It cannot be split so.
   *
   * @param why a sentence or two, with how many cards could have it
   */
  record Refused(String why) implements TensorReport {}

  /**
   * It can.
   *
   * @param near speeds behind a prompt; empty where they are not known by layers, or no link is
   * @param because why the verdict is so, in sentences
   */
  record Planned(MemoryPlan memory, Optional<SpeedPlan> near, Verdict verdict, String because)
      implements TensorReport {}

  /** What {@code --split auto} would take, by the computation with which it decides. */
  enum Verdict {
    /** With any link that cards may have. */
    TENSOR,
    LAYERS,
    /** The link decides, which is measured when the cards are there. */
    LINK_DECIDES,
    /** Nobody can tell: it would be by layers. */
    UNKNOWN;

    /** For programs. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param position of the tokens that are made
   * @return empty for one device alone
   */
  static Optional<TensorReport> of(ModelQuestion question, Speeds speeds, int position) {
    if (question.devices().machine().computing().size() < 2) {
      return Optional.empty();
    }
    try {
      MemoryPlan memory =
          MemoryPlan.ofRanks(question.model(), question.devices(), question.options());
      return Optional.of(of(memory, speeds, position));
    } catch (SoleboxException e) {
      if (e.code() != ErrorCode.INVALID_PARAMETER) {
        throw e;
      }
      return Optional.of(new Refused(e.explanation()));
    }
  }

  private static TensorReport of(MemoryPlan memory, Speeds speeds, int position) {
    List<Placement.Stage> ranks = memory.placement().stages();
    List<DeviceProfile> cards = ranks.stream().map(MemoryPlan::device).toList();
    Optional<CardLink> link = CardLink.of(cards);
    List<Double> bandwidths =
        cards.stream()
            .flatMap(card -> card.bandwidth().stream())
            .map(rate -> rate.range().middle())
            .toList();
    if (link.isEmpty() || bandwidths.size() < cards.size()) {
      return new Planned(
          memory,
          Optional.empty(),
          Verdict.UNKNOWN,
          "Whether it is faster cannot be told: it is not known how fast the %s. By itself it is by layers."
              .formatted(link.isEmpty() ? "links of all cards are" : "memory of all cards is"));
    }
    var work =
        SplitTimes.Work.of(
            memory.placement().graph(), ranks.stream().map(Placement.Stage::graph).toList());
    SplitTimes fast = SplitTimes.of(work, bandwidths, link.get().fast());
    SplitTimes slow = SplitTimes.of(work, bandwidths, link.get().slow());
    Verdict verdict = verdict(fast, slow);
    return new Planned(
        memory,
        speeds.byRanks(memory, work, link.get(), position),
        verdict,
        because(verdict, work, fast, slow));
  }

  private static Verdict verdict(SplitTimes fast, SplitTimes slow) {
    if (fast.tensorIsFaster() != slow.tensorIsFaster()) {
      return Verdict.LINK_DECIDES;
    }
    return fast.tensorIsFaster() ? Verdict.TENSOR : Verdict.LAYERS;
  }

  private static String because(
      Verdict verdict, SplitTimes.Work work, SplitTimes fast, SplitTimes slow) {
    String ending =
        switch (verdict) {
          case TENSOR -> "it is faster whatever the link, and --split auto takes it";
          case LAYERS -> "it is slower whatever the link, and --split auto takes layers";
          case LINK_DECIDES, UNKNOWN ->
              "the link decides, which --split auto takes as it was measured on the cards";
        };
    return "At all that memories give, a token reads weights for %s by layers, and for %s inside them, %d sums over all cards included: %s."
        .formatted(
            milliseconds(fast.layersSeconds(), slow.layersSeconds()),
            milliseconds(fast.tensorSeconds(), slow.tensorSeconds()),
            work.sums(),
            ending);
  }

  private static String milliseconds(double fast, double slow) {
    return new Range(1e3 * fast, 1e3 * slow, Unit.MILLISECONDS, "").text();
  }
}
