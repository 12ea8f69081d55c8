package io.solebox.scout.channel.mail;

import io.solebox.scout.channel.Channel;
import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Message;
import io.solebox.scout.notice.NoticeText;
import io.solebox.store.pull.http.Network;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Mail by SMTP: the one channel that does not speak HTTP, and so opens a connection of its own,
 * where connections are allowed at all.
 */
public final class MailChannel implements Channel {
  private static final int MOST_NEWS = 50;

  /** One that breaks out of no line and no angle brackets. */
  private static final Pattern ADDRESS = Pattern.compile("[^\\s<>@,;]+@[^\\s<>@,;]+");

  private final String name;
  private final MailServer server;
  private final String from;
  private final List<String> to;
  private final MailText text;
  private final Network network;
  private final InstantSource clock;

  /**
   * @param from an address without a name
   * @param to at least one
   * @param zone of the mail's date
   * @throws IllegalArgumentException if an address is none
   */
  public MailChannel(
      String name,
      MailServer server,
      String from,
      List<String> to,
      NoticeText text,
      ZoneId zone,
      Network network,
      InstantSource clock) {
    this.name = name;
    this.server = server;
    this.from = address(from);
    this.to = to.stream().map(MailChannel::address).toList();
    this.text = new MailText(from, this.to, text, zone);
    this.network = network;
    this.clock = clock;
  }

  private static String address(String address) {
    if (!ADDRESS.matcher(address).matches()) {
      throw new IllegalArgumentException("no address of mail: " + address);
    }
    return address;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int most() {
    return MOST_NEWS;
  }

  @Override
  public Delivery send(Message message) {
    network.require("smtp://" + server.host() + ":" + server.port());
    SmtpDialogue dialogue = new SmtpDialogue(server);
    try {
      return dialogue.send(from, to, text.of(message, clock.instant()));
    } catch (UnknownHostException e) {
      return new Delivery.Later(Duration.ZERO, "its name is not known", false);
    } catch (ConnectException e) {
      return new Delivery.Later(Duration.ZERO, "it cannot be reached", false);
    } catch (SSLException e) {
      return new Delivery.Later(
          Duration.ZERO, "its certificate is not trusted, or not its own", dialogue.isGiven());
    } catch (IOException e) {
      return new Delivery.Later(Duration.ZERO, "the connection broke off", dialogue.isGiven());
    }
  }
}
