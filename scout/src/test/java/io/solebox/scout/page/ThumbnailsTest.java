package io.solebox.scout.page;

import static io.solebox.scout.Sightings.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.Sightings;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.state.Hearing;
import io.solebox.scout.state.Interest;
import io.solebox.scout.state.Ledger;
import io.solebox.scout.state.ScoutTables;
import io.solebox.scout.story.Event;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import io.solebox.store.pull.http.Head;
import io.solebox.store.pull.http.Outbound;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures on request, from where they may come alone, and as what they are alone. */
class ThumbnailsTest {
  private static final URI PICTURE = URI.create("https://i.ebayimg.com/images/g/x/s-l225.jpg");
  private static final ItemKey KEY = new ItemKey("ebay", "1");

  /** One pixel. */
  private static final byte[] PNG =
      HexFormat.of()
          .parseHex(
              "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
                  + "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082");

  @TempDir private Path folder;

  private final List<URI> asked = new ArrayList<>();
  private Database database;
  private Ledger ledger;
  private Thumbnails thumbnails;

  @BeforeEach
  void open() {
    database = ScoutTables.open(folder.resolve(ScoutTables.FILE));
    ledger =
        new Ledger(
            database,
            new Hearing() {
              @Override
              public Interest interest(Sighting seen) {
                return new Interest(Judgement.NONE, List.of("all"), Map.of());
              }

              @Override
              public void seen(Sql sql, Sighting seen, Interest interest) {}

              @Override
              public String wishes() {
                return "";
              }

              @Override
              public void wantedAnew(Sql sql, Event event, Interest interest, List<String> fresh) {}

              @Override
              public void happened(Sql sql, Event event, Interest interest, List<String> before) {}
            });
    thumbnails = new Thumbnails(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void list(URI picture) {
    Sighting seen = Sightings.at("1", 0, "400", "EUR");
    ledger.take(
        List.of(
            new Sighting(
                seen.key(),
                seen.site(),
                seen.group(),
                seen.seen(),
                seen.title(),
                seen.page(),
                Optional.of(picture),
                seen.sale(),
                seen.shown(),
                seen.shipping(),
                seen.condition(),
                seen.seller(),
                seen.country(),
                seen.aspects(),
                seen.listed())));
  }

  private Thumbnails.Asking answers(int status, Map<String, List<String>> headers, byte[] body) {
    return (ask, most) -> {
      asked.add(ask.uri());
      if (body.length > most) {
        throw new IOException("the answer is longer than " + most + " bytes");
      }
      return new Outbound.Reply(new Head(ask.uri(), status, headers), body);
    };
  }

  private Map<String, Object> fetched(Thumbnails.Asking outbound) throws InterruptedException {
    assertEquals("asked", thumbnails.wish(KEY, START).get("state"));
    thumbnails.fetch(outbound, ImageHosts.EBAY, START);
    return thumbnails.wish(KEY, START);
  }

  @Test
  void aPictureComesOnRequestAndGoesWithItsListing() throws InterruptedException {
    list(PICTURE);
    thumbnails.fetch(answers(200, Map.of(), PNG), ImageHosts.EBAY, START);
    assertEquals(List.of(), asked);
    Map<String, Object> here = fetched(answers(200, Map.of(), PNG));
    assertEquals("here", here.get("state"));
    assertTrue(here.get("image").toString().startsWith("data:image/png;base64,iVBOR"));
    thumbnails.fetch(answers(200, Map.of(), PNG), ImageHosts.EBAY, START);
    assertEquals(List.of(PICTURE), asked);
    ledger.ended(List.of(KEY), START.plusSeconds(60));
    thumbnails.fetch(answers(200, Map.of(), PNG), ImageHosts.EBAY, START);
    assertEquals(
        List.of(),
        database.read(sql -> sql.list(row -> row.getString(1), "SELECT id FROM thumbnail")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://i.ebayimg.com/x.jpg",
        "https://ebayimg.com.evil.example/x.jpg",
        "https://evilebayimg.com/x.jpg",
        "https://192.168.1.1/x.jpg",
        "https://user@i.ebayimg.com/x.jpg",
        "https://i.ebayimg.com:8443/x.jpg",
        "file:///etc/passwd",
        "data:image/png;base64,AA"
      })
  void nothingIsFetchedFromElsewhere(String address) throws InterruptedException {
    list(URI.create(address));
    assertEquals("none", fetched(answers(200, Map.of(), PNG)).get("state"));
    assertEquals(List.of(), asked);
  }

  @Test
  void redirectsAreFollowedToTheMarketsOwnHostsAlone() throws InterruptedException {
    list(PICTURE);
    var elsewhere = Map.of("location", List.of("https://evil.example/x.jpg"));
    assertEquals("none", fetched(answers(302, elsewhere, new byte[0])).get("state"));
    assertEquals(List.of(PICTURE), asked);
    asked.clear();
    Map<String, Object> again = thumbnails.wish(KEY, START.plusSeconds(3600));
    assertEquals("asked", again.get("state"));
    var loop = Map.of("location", List.of("/again.jpg"));
    thumbnails.fetch(answers(301, loop, new byte[0]), ImageHosts.EBAY, START.plusSeconds(3600));
    assertEquals(3, asked.size());
    assertEquals("none", thumbnails.wish(KEY, START.plusSeconds(3600)).get("state"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, <svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "200, <html>GIF89a</html>",
    "200, GIF89a",
    "404, GIF89a",
    "500, ''"
  })
  void whatIsNoPictureIsNotShown(int status, String body) throws InterruptedException {
    list(PICTURE);
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    Map<String, Object> none = fetched(answers(status, Map.of(), bytes));
    assertEquals("none", none.get("state"));
    assertFalse(none.get("why").toString().isEmpty());
  }

  @Test
  void hugePicturesAreNotShown() throws InterruptedException {
    list(PICTURE);
    assertEquals("none", fetched(answers(200, Map.of(), new byte[1 << 20])).get("state"));
  }

  @Test
  void kindsAreToldByTheirFirstBytes() {
    assertEquals("image/png", type(PNG));
    assertEquals("image/gif", type(bytes("GIF89a", 100, 0, 80, 0, 0, 0, 0)));
    assertEquals("none", type(bytes("GIF89a", 0, 0x10, 80, 0, 0, 0, 0)));
    assertEquals(
        "image/jpeg",
        type(
            bytes("\377\330\377\340", 0, 4, 0, 0, 0xff, 0xff, 0xc0, 0, 17, 8, 0, 64, 0, 64, 3, 1)));
    assertEquals("none", type(bytes("\377\330\377\340", 0, 0, 0xff, 0xe1, 0, 0, 0, 0, 0, 0)));
    assertEquals(
        "none", type(bytes("\377\330\377\300", 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3, 1, 0)));
    assertEquals(
        "image/webp",
        type(bytes("RIFF\0\0\0\0WEBPVP8X\n\0\0\0", 0, 0, 0, 0, 63, 0, 0, 63, 0, 0, 0, 0, 0)));
    assertEquals("none", type(bytes("%PDF-1.7", 1, 2, 3)));
  }

  private static String type(byte[] bytes) {
    return Picture.of(bytes).map(Picture::type).orElse("none");
  }

  private static byte[] bytes(String head, int... rest) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    for (int each : rest) {
      out.write(each);
    }
    return out.toByteArray();
  }
}
