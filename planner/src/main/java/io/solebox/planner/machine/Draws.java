package io.solebox.planner.machine;

import io.solebox.hardware.table.Figure;
import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.Quantity;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import java.util.Optional;

/** What parts draw: as it was seen, and where nobody saw it as a share of their limit. */
final class Draws {
  private Draws() {}

  static Optional<Draw> card(Part card) {
    return card.figure(Quantity.POWER_W)
        .or(() -> card.figure(Quantity.POWER_WORST_W))
        .map(limit -> card(card, limit));
  }

  private static Draw card(Part card, Figure limit) {
    return new Draw(
        seen(card, Quantity.IDLE_W)
            .orElseGet(
                () ->
                    share(
                        limit,
                        0.05,
                        0.15,
                        "a V100 at rest draws 11 to 15 % of it (nvidia-pstated"
                            + " issue 6), cards with fewer clocks in idleness more than newer ones")),
        seen(card, Quantity.DECODE_W)
            .orElseGet(
                () ->
                    share(
                        limit,
                        0.45,
                        0.75,
                        "decode waits for memory: a V100 draws 51 to 58 % of it"
                            + " (ai-server issue 15)")),
        share(
            limit,
            0.75,
            1,
            "prefill multiplies, and a card under full load reaches 75 % of its"
                + " limit at least (DCGM's targeted_power)"));
  }

  private static Optional<Range> seen(Part part, Quantity quantity) {
    return part.figure(quantity)
        .map(known -> new Range(known.low(), known.high(), Unit.WATTS, known.source()));
  }

  private static Range share(Figure limit, double least, double most, String why) {
    return new Range(
        limit.low() * least,
        limit.high() * most,
        Unit.WATTS,
        "%.0f to %.0f %% of its limit of %.0f W (%s), since %s"
            .formatted(100 * least, 100 * most, limit.high(), limit.source(), why));
  }

  /** With a card that computes: a host that launches kernels has little to do. */
  static Optional<Draw> host(Part host) {
    return seen(host, Quantity.IDLE_W)
        .map(
            idle -> {
              Range busy =
                  idle.times(
                      1, 1.5, idle.reason() + "; while cards compute up to half more, a guess");
              return new Draw(idle, busy, busy);
            });
  }
}
