package io.solebox.planner.money;

import io.solebox.hardware.table.Figure;
import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.Quantity;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.MachineProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the parts of a machine cost.
 *
 * @param items those with a price
 * @param unpriced what has none in the tables, and is not in the sum
 */
public record PartsCost(List<Item> items, List<String> unpriced) {
  public PartsCost {
    items = List.copyOf(items);
    unpriced = List.copyOf(unpriced);
  }

  /**
   * @param price for all of them
   */
  public record Item(String name, int count, Range price) {}

  /** By the tables. */
  public static PartsCost of(MachineProfile machine) {
    Map<Part, Integer> counts = new LinkedHashMap<>();
    Stream.concat(
            machine.host().stream(), machine.cards().stream().flatMap(card -> card.part().stream()))
        .forEach(part -> counts.merge(part, 1, Integer::sum));
    List<Item> items = new ArrayList<>();
    List<String> unpriced = new ArrayList<>();
    counts.forEach(
        (part, count) -> {
          Optional<Figure> price = part.figure(Quantity.PRICE_USD);
          price.ifPresentOrElse(
              each -> items.add(item(part, count, each)), () -> unpriced.add(part.name()));
        });
    machine.cards().stream()
        .filter(card -> card.part().isEmpty())
        .forEach(card -> unpriced.add(card.name()));
    unpriced.add("supply, case, cooling, carrier boards, memory and disk");
    return new PartsCost(items, unpriced);
  }

  private static Item item(Part part, int count, Figure price) {
    return new Item(
        part.name(),
        count,
        new Range(count * price.low(), count * price.high(), Unit.USD, price.source()));
  }

  /**
   * As it was said, for all of it.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code INVALID_PARAMETER} where it is negative
   */
  public static PartsCost said(double usd) {
    return new PartsCost(
        List.of(new Item("all of it", 1, Prices.said("cost", usd, Unit.USD))), List.of());
  }

  /** Of the items; empty where there is none. */
  public Optional<Range> total() {
    return items.stream()
        .map(Item::price)
        .reduce((a, b) -> a.plus(b, "the sum"))
        .map(
            sum ->
                sum.because(
                    unpriced.isEmpty()
                        ? "all of it"
                        : "without what has no price: " + String.join(", ", unpriced)));
  }
}
