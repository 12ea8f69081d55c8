package io.solebox.scout.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.solebox.scout.Sightings;
import io.solebox.scout.outbox.Calm;
import io.solebox.scout.outbox.Way;
import io.solebox.scout.settings.ChannelSettings;
import io.solebox.scout.settings.SecretPlace;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import java.net.URI;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChannelPartsTest {
  private static final SecretPlace ADDRESS = new SecretPlace.InVariable("ADDRESS");
  private static final SecretPlace WORD = new SecretPlace.InVariable("WORD");
  private static final URI SERVER = URI.create("https://server.example");

  private static final List<ChannelSettings.Way> ALL =
      List.of(
          new ChannelSettings.Way.Discord(ADDRESS),
          new ChannelSettings.Way.Mail(
              "mail.example",
              587,
              Optional.of("me"),
              Optional.of(WORD),
              "me@server.example",
              List.of("me@server.example")),
          new ChannelSettings.Way.Ntfy(SERVER, WORD, Optional.empty()),
          new ChannelSettings.Way.Matrix(SERVER, "!a:server.example", WORD),
          new ChannelSettings.Way.Webhook(ADDRESS, Optional.of(WORD)));

  private static List<Way> ways(String address, String word) {
    Network network = new Network.Open();
    try (Outbound outbound = new Outbound(network, Patience.USUAL)) {
      return ChannelParts.ways(
          ALL.stream()
              .map(way -> new ChannelSettings(way.getClass().getSimpleName(), way, Calm.NONE))
              .toList(),
          ZoneId.of("UTC"),
          Map.of("ADDRESS", address, "WORD", word),
          network,
          outbound,
          () -> Sightings.START);
    }
  }

  private static List<String> hashes(List<Way> ways) {
    return ways.stream().map(Way::settings).toList();
  }

  @Test
  void everyKindIsMadeAndIsAnotherWithAnotherSecret() {
    List<Way> ways = ways("https://a.example/1", "one");
    assertEquals(
        List.of("Discord", "Mail", "Ntfy", "Matrix", "Webhook"),
        ways.stream().map(way -> way.channel().name()).toList());
    assertEquals(hashes(ways), hashes(ways("https://a.example/1", "one")));
    List<String> others = hashes(ways("https://a.example/2", "two"));
    for (int i = 0; i < ALL.size(); i++) {
      assertNotEquals(ways.get(i).settings(), others.get(i), ALL.get(i).toString());
    }
    assertEquals(ALL.size(), new HashSet<>(hashes(ways)).size());
    assertFalse(ways.toString().contains("a.example/1"), ways.toString());
  }
}
