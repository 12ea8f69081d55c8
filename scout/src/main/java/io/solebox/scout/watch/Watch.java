package io.solebox.scout.watch;

import io.solebox.scout.item.Condition;
import io.solebox.scout.item.Money;
import io.solebox.scout.story.Happening;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What somebody looks for.
 *
 * @param name by which people and the state know it
 * @param any of these must be there, where there are any: words, phrases in quotes, {@code word*}
 *     for a stem, {@code word~} or {@code word~2} for one or two letters that are wrong
 * @param all of these must be there
 * @param none of these may be there
 * @param partNumbers one of which is as good as one of {@code any}: as printed, or how they begin
 *     with {@code *} or {@code ...} at the end
 * @param cards names of the table of GPUs, one of which is as good as one of {@code any}
 * @param price what is asked for the whole, without shipping
 * @param perUnit for one card of a lot
 * @param perGigabyte of memory
 * @param perBandwidth for 1 GB/s of the memory's bandwidth
 * @param conditions empty for all but {@link Condition#FOR_PARTS}, which is only found where it is
 *     named
 * @param sales empty for all
 * @param sellerScore the least
 * @param sellerPercent the least, 0 to 100
 * @param blockedSellers keys as of {@link io.solebox.scout.item.Seller}, or names, which a source
 *     turns into them
 * @param shipsTo a country's code; what does not go there is not told. Where nothing is said it is
 * @param category of the market, as it counts them
 * @param sites of the markets; empty for all that are switched on
 * @param tell what of it
 * @param channels by their names; empty for all
 */
public record Watch(
    String name,
    List<String> any,
    List<String> all,
    List<String> none,
    List<String> partNumbers,
    List<String> cards,
    Optional<Band> price,
    Optional<Money> perUnit,
    Optional<Money> perGigabyte,
    Optional<Money> perBandwidth,
    Set<Condition> conditions,
    Set<Kind> sales,
    OptionalInt sellerScore,
    OptionalDouble sellerPercent,
    Set<String> blockedSellers,
    Optional<String> shipsTo,
    Optional<String> category,
    Set<String> sites,
    Set<Happening> tell,
    Set<String> channels) {
  /** How things are sold. */
  public enum Kind {
    FIXED,
    AUCTION,
    /** At a price, of which less may be offered. */
    OFFER
  }

  /** From a price to a price, of one currency; what is asked in another is not left out by it. */
  public record Band(Optional<Money> least, Optional<Money> most) {}

  public Watch {
    any = List.copyOf(any);
    all = List.copyOf(all);
    none = List.copyOf(none);
    partNumbers = List.copyOf(partNumbers);
    cards = List.copyOf(cards);
    conditions = Set.copyOf(conditions);
    sales = Set.copyOf(sales);
    blockedSellers = Set.copyOf(blockedSellers);
    sites = Set.copyOf(sites);
    tell = Set.copyOf(tell);
    channels = Set.copyOf(channels);
  }

  /** The same that blocks these sellers, and no others. */
  public Watch blocking(Set<String> sellers) {
    return new Watch(
        name,
        any,
        all,
        none,
        partNumbers,
        cards,
        price,
        perUnit,
        perGigabyte,
        perBandwidth,
        conditions,
        sales,
        sellerScore,
        sellerPercent,
        sellers,
        shipsTo,
        category,
        sites,
        tell,
        channels);
  }

  /** All that decides what it wants, as one text: another text is another wish. */
  public String wish() {
    return String.join(
        "\n",
        any.toString(),
        all.toString(),
        none.toString(),
        partNumbers.toString(),
        cards.toString(),
        price.toString(),
        perUnit.toString(),
        perGigabyte.toString(),
        perBandwidth.toString(),
        new TreeSet<>(conditions).toString(),
        new TreeSet<>(sales).toString(),
        sellerScore.toString(),
        sellerPercent.toString(),
        new TreeSet<>(blockedSellers).toString(),
        shipsTo.toString(),
        category.toString(),
        new TreeSet<>(sites).toString());
  }
}
