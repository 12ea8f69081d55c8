package io.solebox.scout.source.shop;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Known;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;
import io.solebox.scout.source.Source;
import io.solebox.scout.source.web.Fetch;
import io.solebox.scout.source.web.WebLinks;
import io.solebox.scout.watch.Watch;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Outbound;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A shop that answers in JSON, read as a whole, page by page. What came before a fault counts. */
public final class ShopSource implements Source {
  private static final int MOST_PAGES = 50;
  private static final int MOST_THINGS = 20_000;
  private static final JsonLimits LIMITS = new JsonLimits(8 << 20, 64, 256 << 10, 1_000_000);

  private final Shop shop;
  private final Fetch fetch;
  private final InstantSource clock;

  public ShopSource(Shop shop, Outbound outbound, InstantSource clock) {
    this.shop = shop;
    this.clock = clock;
    this.fetch = new Fetch(outbound, clock, shop.token(), "application/json");
  }

  @Override
  public String market() {
    return shop.name();
  }

  @Override
  public List<Search> searches(List<Watch> watches) {
    return Search.ofWhole(shop.name(), watches);
  }

  @Override
  public Duration every(int searches) {
    return shop.every();
  }

  @Override
  public Found find(Search search, Known known) throws InterruptedException {
    var round = new Round(new Goods(shop, clock.instant()));
    Optional<URI> page = Optional.of(shop.mapping().url());
    for (int pages = 0; page.isPresent(); pages++) {
      if (pages == MOST_PAGES) {
        round.notes.add("It has more than %d pages; only these are read.".formatted(MOST_PAGES));
        break;
      }
      switch (fetch.get(page.get(), Fetch.Version.NONE)) {
        case Fetch.Answer.Fresh fresh -> {
          try {
            page = round.take(new JsonReader(LIMITS).read(fresh.body()), fresh);
          } catch (JsonException e) {
            return round.part(Duration.ZERO, "its answer is no JSON: " + e.what());
          }
        }
        case Fetch.Answer.Failed(Duration pause, String reason) -> {
          return round.part(pause, reason);
        }
        case Fetch.Answer.Closed(String reason, String remedy) -> {
          return new Found.Closed(round.sightings, reason, remedy);
        }
        case Fetch.Answer.Unchanged() -> {
          return round.part(Duration.ZERO, "it answers what it was not asked");
        }
      }
    }
    return round.whole();
  }

  /** What was read of one list. */
  private final class Round {
    private final Goods goods;
    private final List<Sighting> sightings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Round(Goods goods) {
      this.goods = goods;
    }

    /** Takes in a page; returns the next one. */
    Optional<URI> take(Object value, Fetch.Answer.Fresh fresh) {
      notes.addAll(fresh.notes());
      Pointer items = shop.mapping().items();
      if (!(items.in(value).orElse("") instanceof List<?> things)) {
        notes.add("There is no list at '%s' (items).".formatted(items.text()));
        return Optional.empty();
      }
      for (Object each : things) {
        if (sightings.size() == MOST_THINGS) {
          notes.add("It has more than %d things; only these are read.".formatted(MOST_THINGS));
          return Optional.empty();
        }
        goods.sighting(each, fresh.from()).ifPresent(sightings::add);
      }
      return next(value, fresh.from());
    }

    Found part(Duration pause, String reason) {
      return new Found.Part(sightings, pause, reason);
    }

    Found whole() {
      notes.addAll(goods.notes());
      return new Found.Whole(sightings, notes);
    }
  }

  /** Of the same host alone: the token is for it. */
  private Optional<URI> next(Object value, URI from) {
    return shop.mapping()
        .next()
        .flatMap(it -> it.scalar(value))
        .flatMap(it -> WebLinks.of(from, it))
        .filter(it -> Ask.sameHost(from, it) && !it.equals(from));
  }

  /** Its whole list is read each time. */
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
