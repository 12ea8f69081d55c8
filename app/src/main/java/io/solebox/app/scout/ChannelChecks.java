package io.solebox.app.scout;

import io.solebox.app.console.Environment;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.channel.Channel;
import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Message;
import io.solebox.scout.notice.Word;
import io.solebox.scout.outbox.ChannelState;
import io.solebox.scout.run.ChannelParts;
import io.solebox.scout.settings.ChannelSettings;
import io.solebox.scout.settings.ChannelSettings.Way;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.settings.SecretPlace;
import io.solebox.storage.Database;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Looks at each channel of a scout; what fails keeps none from its turn. */
final class ChannelChecks {
  private final Environment environment;
  private final ScoutSettings settings;
  private final InstantSource clock;
  private final boolean sends;

  /**
   * @param sends whether each is sent a message, past quiet hours and what waits for it
   */
  ChannelChecks(
      Environment environment, ScoutSettings settings, InstantSource clock, boolean sends) {
    this.environment = environment;
    this.settings = settings;
    this.clock = clock;
    this.sends = sends;
  }

  List<ScoutFinding> all(Database database, Network network, Outbound outbound)
      throws InterruptedException {
    List<ScoutFinding> findings = new ArrayList<>();
    for (ChannelSettings channel : settings.channels()) {
      String what = "channel " + channel.name();
      try {
        secrets(channel.way()).forEach(place -> place.read(environment.variables()));
        findings.add(state(what, channel.name(), database));
        boolean isOpen = network instanceof Network.Open;
        if (sends && isOpen) {
          findings.add(sent("message to " + channel.name(), made(channel, network, outbound)));
        } else if (sends) {
          findings.add(
              ScoutFinding.fail("message to " + channel.name(), "Nothing can be sent here.", ""));
        }
      } catch (SoleboxException e) {
        findings.add(ScoutFinding.fail(what, e.place() + ": " + e.getMessage(), e.remedy()));
      }
    }
    return findings;
  }

  private ScoutFinding state(String what, String name, Database database) {
    ChannelState state = database.read(sql -> ChannelState.of(sql, name, clock.instant()));
    return state.stopped().isPresent()
        ? ScoutFinding.fail(
            what,
            "It has stopped: %s; %d wait.".formatted(state.problem(), state.waiting()),
            state.stopped().get() + " Then: solebox scout doctor --resume " + name)
        : ScoutFinding.ok(what, "Its secrets are there; %d wait.".formatted(state.waiting()));
  }

  private Channel made(ChannelSettings channel, Network network, Outbound outbound) {
    return ChannelParts.ways(
            List.of(channel),
            settings.general().calm().zone(),
            environment.variables(),
            network,
            outbound,
            clock)
        .getFirst()
        .channel();
  }

  private ScoutFinding sent(String what, Channel channel) throws InterruptedException {
    String key = UUID.randomUUID().toString().replace("-", "");
    Word word =
        new Word(
            key,
            clock.instant(),
            "A test of the scout",
            "Somebody wanted to know whether this arrives: solebox scout doctor --send.");
    return switch (channel.send(new Message(key, List.of(word), false))) {
      case Delivery.Accepted _ -> ScoutFinding.ok(what, "It took one; look whether it is there.");
      case Delivery.Later(_, String reason, boolean perhapsArrived) ->
          ScoutFinding.fail(
              what,
              sentence(reason) + (perhapsArrived ? " Perhaps it is there all the same." : ""),
              "Try again later.");
      case Delivery.Refused(String reason) ->
          ScoutFinding.fail(what, sentence(reason), "See what its other end wants.");
      case Delivery.Stopped(String reason, String remedy) ->
          ScoutFinding.fail(what, sentence(reason), remedy);
    };
  }

  private static String sentence(String reason) {
    return "It was not taken: " + reason + ".";
  }

  private static List<SecretPlace> secrets(Way way) {
    return switch (way) {
      case Way.Discord discord -> List.of(discord.webhook());
      case Way.Mail mail -> mail.password().stream().toList();
      case Way.Ntfy ntfy -> both(ntfy.topic(), ntfy.token());
      case Way.Matrix matrix -> List.of(matrix.token());
      case Way.Webhook webhook -> both(webhook.address(), webhook.signing());
    };
  }

  private static List<SecretPlace> both(SecretPlace one, Optional<SecretPlace> other) {
    List<SecretPlace> places = new ArrayList<>(List.of(one));
    other.ifPresent(places::add);
    return places;
  }
}
