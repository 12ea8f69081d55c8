package io.solebox.hardware.smoke;

import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.smoke.Expectation.Nothing;
import io.solebox.hardware.smoke.Expectation.Value;
import io.solebox.hardware.table.Sourced;
import io.solebox.hardware.table.SpeedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What goes between the host and its cards, of each alone and of all at once. */
public final class CopyJudge {
  private static final String HOST_BOUND =
      "copies of ordinary memory go through the processor, which sets their pace";

  private final SpeedTable table = new SpeedTable();

  /** Of a card alone. */
  public List<Figure> alone(CardFacts card, CopyFacts copy) {
    Expectation expected =
        copy.pinned() ? expected(card.link().due(), copy.way()) : new Nothing(HOST_BOUND);
    Figure speed =
        Figure.speed(
            copy.id(),
            card.device(),
            "Copy " + copy.title(),
            copy.bytesPerSecond(),
            Unit.BYTES_PER_SECOND,
            expected);
    List<Figure> figures = new ArrayList<>();
    figures.add(speed.because(reasons(card.link(), speed)));
    if (copy.wrongBytes() > 0) {
      figures.add(
          Figure.faults(
              copy.id() + ".wrong",
              card.device(),
              "Wrong bytes, copy " + copy.title(),
              copy.wrongBytes(),
              "what is sent arrives",
              List.of(
                  "The link or the IOMMU changes what is sent: do not use this card in this slot;"
                      + " see 'solebox doctor' for aer and smmu.faults.")));
    }
    return figures;
  }

  /** What a link reaches, of the table. */
  Expectation expected(Optional<PciLink> link, String way) {
    return Expectation.of(
        link.flatMap(each -> reached(each, way)),
        1e9,
        link.isEmpty() ? "nobody knows this card's link" : "no table has what such a link reaches");
  }

  private Optional<Sourced> reached(PciLink link, String way) {
    return table.gigabytes(link.generation(), link.lanes(), way);
  }

  /** What is so of the slot stands beside the link, where that was seen, and not at every copy. */
  private static List<String> reasons(LinkFacts link, Figure speed) {
    List<String> reasons = new ArrayList<>();
    if (speed.isTrouble() || link.atWork().isEmpty()) {
      reasons.addAll(LinkCauses.words(link));
    }
    if (speed.isTrouble() && link.isWhole()) {
      reasons.add(
          "The card's own link is whole, so it is further up: a slot of the chipset or behind a"
              + " narrower port, host memory of another socket (of a P100: 3.8 and 2.5 GB/s), or an"
              + " IOMMU that translates.");
    }
    return reasons;
  }

  /**
   * Of a card while all others copied, too.
   *
   * @param alone what it reached by itself
   */
  public Figure atOnce(CardFacts card, CopyFacts alone, CopyFacts together) {
    Optional<LinkFacts.Shared> shared = card.link().shared();
    Expectation expected =
        shared
            .<Expectation>map(group -> part(group, alone))
            .orElseGet(() -> new Value(alone.bytesPerSecond(), "what it reached alone"));
    Figure speed =
        Figure.speed(
            together.id() + ".at_once",
            card.device(),
            "All cards at once, copy " + together.title(),
            together.bytesPerSecond(),
            Unit.BYTES_PER_SECOND,
            expected);
    return speed.because(shared(shared, speed, alone));
  }

  /** Its part of the way up, if that is not more than the card can use. */
  private Expectation part(LinkFacts.Shared group, CopyFacts alone) {
    int cards = group.cards().size();
    Optional<Sourced> up = group.uplink().flatMap(link -> reached(link, alone.way()));
    double whole = up.map(each -> each.value() * 1e9).orElse(alone.bytesPerSecond());
    return new Value(
        Math.min(alone.bytesPerSecond(), whole / cards),
        "its part of the switch at %s, which %d cards share%s"
            .formatted(
                group.port(),
                cards,
                up.map(each -> "; " + each.source())
                    .orElse("; taken for as fast as one card alone")));
  }

  private static List<String> shared(
      Optional<LinkFacts.Shared> group, Figure speed, CopyFacts alone) {
    if (group.isPresent()) {
      return List.of(
          String.format(
              Locale.ROOT,
              "It shares the way up of the switch at %s with %s; alone it reached %s.",
              group.get().port(),
              String.join(
                  ", ",
                  group.get().cards().stream()
                      .filter(each -> !each.equals(speed.subject()))
                      .toList()),
              Unit.BYTES_PER_SECOND.text(alone.bytesPerSecond())));
    }
    return speed.isTrouble()
        ? List.of(
            "Something on the way is shared that the buses do not show as a switch: the chipset, one"
                + " root port, or the host's memory.")
        : List.of();
  }
}
