package io.solebox.scout.source.feed;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Known;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;
import io.solebox.scout.source.Source;
import io.solebox.scout.source.web.Fetch;
import io.solebox.scout.watch.Watch;
import io.solebox.store.pull.http.Outbound;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A feed, read as a whole. By which version of it was read last is kept in memory: after a start it
 * is read once more. While it does not change, what is in it is still for sale.
 */
public final class FeedSource implements Source {
  private static final String ACCEPT =
      "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9,"
          + " text/xml;q=0.8";

  private final Feed feed;
  private final Fetch fetch;
  private final InstantSource clock;
  private Fetch.Version version = Fetch.Version.NONE;
  private List<Sighting> last = List.of();
  private Optional<Duration> rest = Optional.empty();
  private Set<Integer> skipHours = Set.of();

  public FeedSource(Feed feed, Outbound outbound, InstantSource clock) {
    this.feed = feed;
    this.clock = clock;
    this.fetch = new Fetch(outbound, clock, Optional.empty(), ACCEPT);
  }

  @Override
  public String market() {
    return feed.name();
  }

  @Override
  public List<Search> searches(List<Watch> watches) {
    return Search.ofWhole(feed.name(), watches);
  }

  /** As its owner wants, or rarer, as the feed wants; not in the hours that it leaves out. */
  @Override
  public Duration every(int searches) {
    Duration wait = rest.filter(it -> it.compareTo(feed.every()) > 0).orElse(feed.every());
    Instant now = clock.instant();
    Instant next = now.plus(wait);
    while (skipHours.contains(next.atZone(ZoneOffset.UTC).getHour())) {
      next = next.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    }
    return Duration.between(now, next);
  }

  @Override
  public Found find(Search search, Known known) throws InterruptedException {
    return switch (fetch.get(feed.address(), version)) {
      case Fetch.Answer.Fresh fresh -> read(fresh);
      case Fetch.Answer.Unchanged() -> new Found.Whole(seenAgain(), List.of());
      case Fetch.Answer.Failed(Duration pause, String reason) ->
          new Found.Part(List.of(), pause, reason);
      case Fetch.Answer.Closed(String reason, String remedy) ->
          new Found.Closed(List.of(), reason, remedy);
    };
  }

  private List<Sighting> seenAgain() {
    Instant now = clock.instant();
    last = last.stream().map(each -> Posts.seen(each, now)).toList();
    return last;
  }

  private Found read(Fetch.Answer.Fresh fresh) {
    FeedPage page = FeedReader.read(Decoding.text(fresh.body(), fresh.type()));
    rest = page.rest();
    skipHours = page.skipHours();
    var posts = new Posts(feed, fresh.from(), page.link(), clock.instant());
    List<Sighting> sightings = posts.sightings(page.entries());
    var notes = new ArrayList<>(fresh.notes());
    notes.addAll(page.faults());
    if (posts.passedOver() > 0) {
      notes.add("%d entries have no id and no title.".formatted(posts.passedOver()));
    }
    boolean sound = page.faults().isEmpty();
    version = sound ? fresh.version() : Fetch.Version.NONE;
    last = sightings;
    return sightings.isEmpty() && !sound
        ? new Found.Part(List.of(), Duration.ZERO, String.join(" ", notes))
        : new Found.Whole(sightings, notes);
  }

  /** A feed says nothing of single things. */
  @Override
  public int mostRefreshed() {
    return 0;
  }

  @Override
  public Refreshed refresh(List<ItemKey> keys) {
    return new Refreshed(new Found.Whole(List.of(), List.of()), List.of());
  }

  @Override
  public Optional<Duration> clockBehind() {
    return fetch.clockBehind();
  }
}
