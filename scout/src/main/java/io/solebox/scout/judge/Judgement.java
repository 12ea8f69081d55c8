package io.solebox.scout.judge;

import io.solebox.scout.card.CardMatch;
import io.solebox.scout.item.Money;
import java.util.List;
import java.util.Optional;

/**
 * What the scout makes of one thing.
 *
 * @param card which it is; empty where it is none that is known
 * @param perUnit what one card costs, without shipping
 * @param perGigabyte of its memory
 * @param perBandwidth for 1 GB/s of its memory's bandwidth
 * @param standing empty where too few prices were seen
 * @param noStanding why it is empty, a sentence; empty where it is not
 * @param outlook what the card would do, in a line for each figure; empty where it is none that is
 *     known
 */
public record Judgement(
    Optional<CardMatch> card,
    Optional<Money> perUnit,
    Optional<Money> perGigabyte,
    Optional<Money> perBandwidth,
    Optional<Standing> standing,
    Optional<String> noStanding,
    List<Suspicion> suspicions,
    List<Outlook> outlook) {
  /** Of what is not known at all. */
  public static final Judgement NONE =
      new Judgement(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of());

  public Judgement {
    suspicions = List.copyOf(suspicions);
    outlook = List.copyOf(outlook);
  }

  /**
   * One figure of the planner's.
   *
   * @param name stable, as in {@code tokens_per_second_13b}
   * @param label for people
   * @param value with its unit, as people read it
   * @param reason where it comes from
   */
  public record Outlook(String name, String label, String value, String reason) {}
}
