package io.solebox.scout.run;

import io.solebox.scout.channel.Channel;
import io.solebox.scout.channel.discord.DiscordLimits;
import io.solebox.scout.channel.discord.DiscordWebhook;
import io.solebox.scout.channel.mail.MailChannel;
import io.solebox.scout.channel.mail.MailServer;
import io.solebox.scout.channel.matrix.MatrixRoom;
import io.solebox.scout.channel.ntfy.NtfyTopic;
import io.solebox.scout.channel.webhook.JsonWebhook;
import io.solebox.scout.item.Hashes;
import io.solebox.scout.notice.NoticeText;
import io.solebox.scout.outbox.Way;
import io.solebox.scout.settings.ChannelSettings;
import io.solebox.scout.settings.SecretPlace;
import io.solebox.store.pull.http.Authority;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Secret;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Channels as the owner has set them up. */
public final class ChannelParts {
  private final Map<String, String> variables;
  private final Network network;
  private final Outbound outbound;
  private final InstantSource clock;
  private final ZoneId zone;
  private final NoticeText text;
  private final DiscordLimits discord = new DiscordLimits();

  /** All secrets of one channel, since a channel with another is another. */
  private final List<String> secrets = new ArrayList<>();

  private ChannelParts(
      ZoneId zone,
      Map<String, String> variables,
      Network network,
      Outbound outbound,
      InstantSource clock) {
    this.zone = zone;
    this.variables = variables;
    this.network = network;
    this.outbound = outbound;
    this.clock = clock;
    this.text = new NoticeText(zone);
  }

  /**
   * What the pump takes.
   *
   * @param zone in which people are told times
   * @param variables of the environment
   * @param network which {@code outbound} uses
   * @throws io.solebox.engine.error.SoleboxException if a secret is missing
   */
  public static List<Way> ways(
      List<ChannelSettings> settings,
      ZoneId zone,
      Map<String, String> variables,
      Network network,
      Outbound outbound,
      InstantSource clock) {
    ChannelParts parts = new ChannelParts(zone, variables, network, outbound, clock);
    return settings.stream().map(parts::way).toList();
  }

  private Way way(ChannelSettings settings) {
    secrets.clear();
    Channel channel = channel(settings.name(), settings.way());
    List<String> all = new ArrayList<>(secrets);
    all.addFirst(settings.way().toString());
    return new Way(channel, Hashes.of(all), settings.calm());
  }

  private Channel channel(String name, ChannelSettings.Way way) {
    return switch (way) {
      case ChannelSettings.Way.Discord(SecretPlace webhook) -> {
        secret(webhook);
        yield new DiscordWebhook(name, webhook.address(variables), outbound, text, discord, clock);
      }
      case ChannelSettings.Way.Mail mail -> mail(name, mail);
      case ChannelSettings.Way.Ntfy ntfy ->
          new NtfyTopic(
              name,
              ntfy.server(),
              secret(ntfy.topic()),
              ntfy.token().map(this::secret).map(Secret::bearer),
              outbound,
              text);
      case ChannelSettings.Way.Matrix matrix ->
          new MatrixRoom(
              name,
              matrix.server(),
              matrix.room(),
              Secret.bearer(secret(matrix.token())),
              outbound,
              text);
      case ChannelSettings.Way.Webhook(SecretPlace address, Optional<SecretPlace> signing) -> {
        secret(address);
        yield new JsonWebhook(
            name, address.address(variables), signing.map(this::secret), outbound);
      }
    };
  }

  private Channel mail(String name, ChannelSettings.Way.Mail mail) {
    Optional<MailServer.Login> login =
        mail.user()
            .flatMap(
                user -> mail.password().map(place -> new MailServer.Login(user, secret(place))));
    MailServer server = new MailServer(mail.host(), mail.port(), login, trust());
    return new MailChannel(name, server, mail.from(), mail.to(), text, zone, network, clock);
  }

  private SSLContext trust() {
    return network.trusted().map(Authority::context).orElseGet(ChannelParts::usualTrust);
  }

  private static SSLContext usualTrust() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java speaks TLS", e);
    }
  }

  private String secret(SecretPlace place) {
    String secret = place.read(variables);
    secrets.add(secret);
    return secret;
  }
}
