package io.solebox.scout.source.feed;

import io.solebox.scout.item.Condition;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Shipping;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.web.PlainText;
import io.solebox.scout.source.web.Prices;
import io.solebox.scout.source.web.WebLinks;
import io.solebox.store.pull.http.Ask;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Makes sightings of the entries of one feed. */
final class Posts {
  private final Feed feed;
  private final URI from;
  private final URI home;
  private final Instant now;
  private int passedOver;

  /**
   * @param from the address that the feed was read at; it may be a secret, and is never shown
   * @param link to what it is a feed of
   */
  Posts(Feed feed, URI from, Optional<String> link, Instant now) {
    this.feed = feed;
    this.from = from;
    this.now = now;
    this.home = link.flatMap(this::elsewhere).orElse(from.resolve("/"));
  }

  /** Where a link leads, unless to the feed itself, as {@code #top} does: channels are told it. */
  private Optional<URI> elsewhere(String link) {
    return WebLinks.of(from, link)
        .filter(
            uri ->
                !Ask.sameHost(from, uri)
                    || !Objects.equals(from.getRawPath(), uri.getRawPath())
                    || !Objects.equals(from.getRawQuery(), uri.getRawQuery()));
  }

  List<Sighting> sightings(List<FeedPage.Entry> entries) {
    List<Sighting> sightings = new ArrayList<>();
    for (FeedPage.Entry entry : entries) {
      if (entry.id().isEmpty() || entry.title().isEmpty()) {
        passedOver++;
      } else {
        sightings.add(sighting(entry));
      }
    }
    return sightings;
  }

  /** How many entries nobody could tell from others, or read. */
  int passedOver() {
    return passedOver;
  }

  private Sighting sighting(FeedPage.Entry entry) {
    String title = PlainText.of(entry.title());
    return new Sighting(
        new ItemKey(feed.name(), WebLinks.id(entry.id())),
        feed.name(),
        Optional.empty(),
        now,
        title,
        elsewhere(entry.link()).orElse(home),
        elsewhere(entry.image()),
        sale(title, PlainText.of(entry.body()), entry.price()),
        Optional.empty(),
        new Shipping.Unknown(),
        Condition.UNKNOWN,
        Optional.empty(),
        feed.country(),
        Map.of(),
        entry.published());
  }

  /** A field for the price is right; a title is nearer to it than a body. */
  private Sale sale(String title, String body, String field) {
    Optional<Money> price =
        Prices.first(field, feed.currency())
            .or(() -> Prices.first(title, feed.currency()))
            .or(() -> Prices.first(body, feed.currency()));
    boolean offers = Prices.takesOffers(title) || Prices.takesOffers(body);
    return price.<Sale>map(it -> new Sale.Fixed(it, offers)).orElseGet(Sale.Unpriced::new);
  }

  /** The same thing at another moment. */
  static Sighting seen(Sighting before, Instant now) {
    return new Sighting(
        before.key(),
        before.site(),
        before.group(),
        now,
        before.title(),
        before.page(),
        before.image(),
        before.sale(),
        before.shown(),
        before.shipping(),
        before.condition(),
        before.seller(),
        before.country(),
        before.aspects(),
        before.listed());
  }
}
