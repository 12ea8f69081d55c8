package io.solebox.hardware.smoke;

import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.smoke.Expectation.Nothing;
import io.solebox.hardware.smoke.Expectation.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What goes from card to card, held against the slower of their two links. */
public final class PeerJudge {
  private static final String NO_SOURCE = "no source says what this should be";

  private final CopyJudge copies = new CopyJudge();
  private final Map<String, CardFacts> cards;

  /**
   * @param cards by their names as devices
   */
  public PeerJudge(Map<String, CardFacts> cards) {
    this.cards = Map.copyOf(cards);
  }

  /** Of one pair, one way. */
  public List<Figure> judge(PeerFacts pair) {
    List<Figure> figures = new ArrayList<>();
    String subject = pair.subject();
    pair.direct()
        .ifPresent(
            speeds -> {
              figures.add(direct(pair, speeds));
              figures.add(
                  Figure.speed(
                      "peer.direct.both",
                      subject,
                      "Direct, while as much goes back",
                      speeds.bothWays(),
                      Unit.BYTES_PER_SECOND,
                      copies.expected(slower(pair), "both")));
              figures.add(latency("peer.direct.latency", subject, "Direct, latency", speeds));
            });
    Figure host =
        Figure.plain(
            "peer.host",
            subject,
            "By way of the host",
            pair.throughHost().bytesPerSecond(),
            Unit.BYTES_PER_SECOND,
            "it crosses both links and the host's memory");
    figures.add(
        pair.direct().isPresent()
            ? host
            : host.because(List.of("No direct access: " + pair.refused())));
    figures.add(
        latency("peer.host.latency", subject, "By way of the host, latency", pair.throughHost()));
    return figures;
  }

  private static Figure latency(String id, String subject, String title, PeerFacts.Speeds speeds) {
    return Figure.plain(id, subject, title, speeds.latencySeconds(), Unit.SECONDS, NO_SOURCE);
  }

  private Figure direct(PeerFacts pair, PeerFacts.Speeds speeds) {
    Figure figure =
        Figure.speed(
            "peer.direct",
            pair.subject(),
            "Direct",
            speeds.bytesPerSecond(),
            Unit.BYTES_PER_SECOND,
            copies.expected(slower(pair), "to_device"));
    List<String> reasons = new ArrayList<>();
    boolean isDetour = speeds.bytesPerSecond() < pair.throughHost().bytesPerSecond();
    if (isDetour) {
      reasons.add(
          "By way of the host is faster, %s; such cards are better not let into each other's memory."
              .formatted(Unit.BYTES_PER_SECOND.text(pair.throughHost().bytesPerSecond())));
    }
    if (figure.isTrouble() || isDetour) {
      reasons.addAll(path(pair));
    }
    return figure.because(reasons);
  }

  private List<String> path(PeerFacts pair) {
    List<String> reasons = new ArrayList<>();
    links(pair)
        .filter(link -> !link.isWhole())
        .flatMap(link -> LinkCauses.words(link).stream())
        .distinct()
        .forEach(reasons::add);
    Optional<LinkFacts.Shared> from = link(pair.from()).flatMap(LinkFacts::shared);
    boolean isNear = from.filter(group -> group.cards().contains(pair.to())).isPresent();
    if (reasons.isEmpty()) {
      reasons.add(
          isNear
              ? "Both are behind the switch at %s: ACS may send what they exchange up to the root and back."
                  .formatted(from.orElseThrow().port())
              : "They share no switch that is known: it goes over root ports, or the link between"
                  + " two sockets.");
    }
    return reasons;
  }

  private Optional<LinkFacts> link(String device) {
    return Optional.ofNullable(cards.get(device)).map(CardFacts::link);
  }

  private Stream<LinkFacts> links(PeerFacts pair) {
    return Stream.of(pair.from(), pair.to()).flatMap(each -> link(each).stream());
  }

  /** Empty where one of them is not known. */
  private Optional<PciLink> slower(PeerFacts pair) {
    List<PciLink> known = links(pair).flatMap(each -> each.due().stream()).toList();
    return known.size() == 2
        ? known.stream().min(Comparator.comparingDouble(PciLink::gigabytes))
        : Optional.empty();
  }

  /**
   * Of a sum over several cards, the largest that was measured: small ones measure latency alone.
   *
   * @param members their names as devices
   * @param busBytesPerSecond as nccl-tests count it
   * @param pairs all that were measured
   */
  public static Figure reduce(
      List<String> members, double busBytesPerSecond, List<PeerFacts> pairs) {
    Optional<Double> slowest =
        pairs.stream()
            .filter(each -> members.contains(each.from()) && members.contains(each.to()))
            .map(each -> each.best().bytesPerSecond())
            .min(Comparator.naturalOrder());
    boolean isPair = members.size() == 2;
    Expectation expected =
        slowest
            .<Expectation>map(
                speed ->
                    new Value(
                        speed * (isPair ? 0.75 : 0.4),
                        "%s of the slowest pair's copies; inference, source notes 5"
                            .formatted(isPair ? "0.75" : "0.4")))
            .orElseGet(() -> new Nothing("no copies between these cards were measured"));
    Figure figure =
        Figure.speed(
            "all_reduce." + members.size(),
            String.join(", ", members),
            "Sum over %d cards, bus bandwidth".formatted(members.size()),
            busBytesPerSecond,
            Unit.BYTES_PER_SECOND,
            expected);
    return figure.isTrouble()
        ? figure.because(
            List.of("Copies between these cards are faster than the sum: they share a way up."))
        : figure;
  }
}
