package io.solebox.scout.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.item.Condition;
import io.solebox.scout.item.Money;
import io.solebox.scout.outbox.Calm;
import io.solebox.scout.settings.ChannelSettings.Way;
import io.solebox.scout.settings.ScoutFile.Reading;
import io.solebox.scout.source.ebay.EbaySite;
import io.solebox.scout.story.Happening;
import io.solebox.scout.toml.Mistake;
import io.solebox.scout.watch.Watch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoutFileTest {
  private static final Path FOLDER = Path.of("/data");

  private static String resource(String name) throws IOException {
    try (InputStream in = ScoutFileTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static ScoutSettings good(String text) {
    Reading reading = ScoutFile.of(text, FOLDER, ZoneOffset.UTC);
    return assertInstanceOf(Reading.Good.class, reading, reading::toString).settings();
  }

  private static List<Mistake> bad(String text) {
    return assertInstanceOf(Reading.Bad.class, ScoutFile.of(text, FOLDER, ZoneOffset.UTC))
        .mistakes();
  }

  @Test
  void readsAllThatThereIs() throws IOException {
    ScoutSettings all = good(resource("good.toml"));
    General general = all.general();
    assertEquals(Optional.of("DE"), general.country());
    assertEquals(ZoneId.of("Europe/Berlin"), general.calm().zone());
    assertEquals("rk3588", general.box().orElseThrow().host());
    EbaySettings ebay = all.ebay().orElseThrow();
    assertEquals(Set.of(EbaySite.EBAY_DE, EbaySite.EBAY_AT), ebay.sites());
    assertEquals(OptionalInt.of(4000), ebay.callsPerDay());
    assertEquals(EbaySettings.API, ebay.api());
    assertEquals(new SecretPlace.InFile(FOLDER.resolve("ebay.secret")), ebay.clientSecret());
    assertEquals(8090, ebay.notices().orElseThrow().listen().getPort());
    assertEquals(
        List.of(Duration.ofMinutes(20), Duration.ofHours(2)),
        all.feeds().stream().map(FeedSettings::every).toList());
    assertEquals(Optional.of("EUR"), all.feeds().getFirst().currency());
    assertEquals(FOLDER.resolve("refurb.toml"), all.shops().getFirst().mapping());
  }

  @Test
  void channelsHaveTheTimesOfTheScoutUnlessTheySayTheirOwn() throws IOException {
    List<ChannelSettings> channels = good(resource("good.toml")).channels();
    var phone = new Calm.Quiet(LocalTime.of(22, 0), LocalTime.of(7, 0));
    assertEquals(Optional.of(phone), channels.getFirst().calm().quiet());
    assertEquals(Set.of(Happening.ENDING), channels.getFirst().calm().atOnce());
    assertInstanceOf(Way.Ntfy.class, channels.getFirst().way());
    var post = channels.getLast().calm();
    assertEquals(LocalTime.of(20, 0), post.quiet().orElseThrow().from());
    assertEquals(Optional.of(LocalTime.of(8, 0)), post.digest());
    assertEquals(Set.of(), post.atOnce());
  }

  @Test
  void watchesMayBeWrittenShort() throws IOException {
    Watch watch = good(resource("good.toml")).watches().getFirst();
    assertEquals(List.of("v100", "\"tesla v100\""), watch.any());
    assertEquals(List.of("heatsink"), watch.none());
    assertEquals(List.of("V100-SXM2-32GB", "P40"), watch.cards());
    assertEquals(
        new Watch.Band(Optional.of(Money.of("100", "EUR")), Optional.of(Money.of("450", "EUR"))),
        watch.price().orElseThrow());
    assertEquals(Optional.of(Money.of("0.50", "USD")), watch.perBandwidth());
    assertEquals(Set.of(Condition.USED, Condition.FOR_PARTS), watch.conditions());
    assertEquals(Set.of(Happening.NEW, Happening.PRICE_DROP), watch.tell());
    assertEquals(Optional.of("DE"), watch.shipsTo(), "of the scout");
    Watch other = good(resource("good.toml")).watches().getLast();
    assertEquals(Set.of(Happening.values()), other.tell());
    assertEquals(Optional.of("AT"), other.shipsTo());
  }

  @Test
  void everyMistakeIsSaidAtOnceWithItsPlaceAndShowsNoSecret() throws IOException {
    String text =
        bad(resource("bad.toml")).stream()
            .map(each -> each.in("f"))
            .collect(Collectors.joining("\n", "", "\n"));
    assertEquals(resource("bad.txt"), text);
    assertFalse(text.contains("TOP-SECRET"));
  }

  @Test
  void whatIsNoTomlIsSaidWithItsPlace() {
    assertEquals(List.of(2), bad("[scout]\ncountry = \n").stream().map(Mistake::line).toList());
    assertEquals(4, bad("# é\n\n[scout]\n x = 1\n").getFirst().line());
    assertEquals(2, bad("# é\n\n[scout]\n x = 1\n").getFirst().column());
  }

  @Test
  void secretsAreReadWhereTheyLieAndNeverShown(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("s"), " abc \n");
    assertEquals("abc", new SecretPlace.InFile(file).read(Map.of()));
    assertEquals("x", new SecretPlace.InVariable("V").read(Map.of("V", "x")));
    SecretPlace none = new SecretPlace.InFile(folder.resolve("none"));
    assertThrows(SoleboxException.class, () -> none.read(Map.of()));
    SecretPlace noAddress = new SecretPlace.InFile(file);
    var e = assertThrows(SoleboxException.class, () -> noAddress.address(Map.of()));
    assertFalse(e.describe().contains("abc"), e.describe());
    assertTrue(e.describe().contains(file.toString()), e.describe());
  }

  @Test
  void aSecretOfSeveralLinesIsRefusedAndNotShown() {
    var place = new SecretPlace.InVariable("TOKEN");
    var refused =
        assertThrows(
            SoleboxException.class, () -> place.read(Map.of("TOKEN", "first-part\nsecond-part")));
    assertFalse(refused.toString().contains("part"), refused::toString);
    assertEquals("one", place.read(Map.of("TOKEN", " one\n")));
  }
}
