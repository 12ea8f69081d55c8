package io.solebox.scout.source.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.fake.FakeSite;
import io.solebox.scout.item.Condition;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Search;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import io.solebox.store.pull.http.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShopSourceTest {
  private static final String MAPPING =
      """
      url = "%s"
      items = "/data/list"
      next = "/data/next"
      currency = "EUR"
      page = "https://shop.example/p/{key}"
      [fields]
      key = "/id"
      title = "/name"
      price = "/price/0"
      condition = "/a~1b"
      stock = "/stock"
      mpn = "/mpn"
      """;

  private final Outbound outbound = new Outbound(new Network.Open(), Patience.USUAL);
  private FakeSite site;
  private ShopSource source;

  @BeforeEach
  void open() throws IOException {
    site = new FakeSite();
    var mapping =
        assertInstanceOf(
                ShopMapping.Reading.Good.class,
                ShopMapping.of(MAPPING.formatted(site.at("/api?page=1"))))
            .mapping();
    var shop =
        new Shop(
            "shop",
            mapping,
            Duration.ofHours(1),
            Optional.of(Secret.bearer("TOKEN")),
            Optional.of("DE"));
    source = new ShopSource(shop, outbound, () -> Instant.EPOCH);
  }

  @AfterEach
  void close() {
    site.close();
    outbound.close();
  }

  private Found find() throws InterruptedException {
    return source.find(new Search("shop", "", Optional.empty()), _ -> false);
  }

  private void answer(String json) {
    site.answer(200, Map.of(), json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsPageByPageWhatTheMappingNames() throws InterruptedException {
    answer(
        """
        {"data": {"next": "/api?page=2", "list": [
          {"id": 7, "name": "V100 <b>32GB</b>", "price": ["1.299,00 €"], "a/b": "Used", "stock": 2,
           "mpn": "PG500"},
          {"id": 8, "name": "sold", "price": [1], "a/b": "New", "stock": 0, "mpn": "x"},
          {"name": "no key"}]}}
        """);
    answer("{\"data\": {\"list\": [{\"id\": \"a b\", \"name\": \"P40\", \"price\": [150.5]}]}}");
    var found = assertInstanceOf(Found.Whole.class, find());
    assertEquals(2, found.sightings().size());
    Sighting first = found.sightings().getFirst();
    assertEquals(new ItemKey("shop", "7"), first.key());
    assertEquals("V100 32GB", first.title());
    assertEquals(new Sale.Fixed(Money.of("1299.00", "EUR"), false), first.sale());
    assertEquals(Condition.USED, first.condition());
    assertEquals(Map.of("MPN", "PG500"), first.aspects());
    Sighting second = found.sightings().getLast();
    assertEquals("https://shop.example/p/a%20b", second.page().toString());
    assertEquals(Money.of("150.5", "EUR"), second.sale().asked().orElseThrow());
    assertEquals("Bearer TOKEN", site.asked().getLast().headers().getFirst("Authorization"));
    assertTrue(
        found.notes().contains("'/mpn' (mpn) is missing in 2 of 4 things."),
        found.notes()::toString);
  }

  @Test
  void whatCameBeforeAFaultCounts() throws InterruptedException {
    answer("{\"data\": {\"next\": \"/2\", \"list\": [{\"id\": 1, \"name\": \"P40\"}]}}");
    answer("{\"data\": {\"list\": [{\"id\": 2, \"na");
    assertEquals(1, assertInstanceOf(Found.Part.class, find()).sightings().size());
    answer("{\"other\": 1}");
    assertEquals(
        List.of("There is no list at '/data/list' (items)."),
        assertInstanceOf(Found.Whole.class, find()).notes());
    answer("{\"data\": {\"next\": \"https://elsewhere.example/\", \"list\": []}}");
    assertInstanceOf(Found.Whole.class, find(), "the token is for one host");
  }

  @Test
  void mistakesOfTheMappingAreSaidAtOnce() {
    var bad =
        assertInstanceOf(
            ShopMapping.Reading.Bad.class,
            ShopMapping.of("url = \"x\"\nitem = \"/a\"\n[fields]\nkey = \"id\"\nprice = \"/p\"\n"));
    assertEquals(6, bad.mistakes().size(), bad::toString);
  }
}
