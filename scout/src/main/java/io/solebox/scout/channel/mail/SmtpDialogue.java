package io.solebox.scout.channel.mail;

import io.solebox.scout.channel.Delivery;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.net.smtp.AuthenticatingSMTPClient;
import org.apache.commons.net.smtp.AuthenticatingSMTPClient.AUTH_METHOD;

/**
 * Gives one mail to a server (RFC 5321), over a connection of its own. What a server refuses is
 * split in three: 4xx is for later; 5xx before the mail's text is of the settings, and stops; 5xx
 * after it is of this mail alone.
 */
final class SmtpDialogue {
  private static final int MILLIS = 30_000;

  private static final String SETTINGS =
      "See that the server, the sender and the recipients in the settings are right.";

  private final MailServer server;
  private final AuthenticatingSMTPClient client;

  /** Whether all of the mail was given, so that it may have arrived without an answer. */
  private boolean given;

  SmtpDialogue(MailServer server) {
    this.server = server;
    boolean encrypted = server.port() == MailServer.ENCRYPTED;
    this.client = new AuthenticatingSMTPClient(encrypted, server.trust());
    client.setEndpointCheckingEnabled(true);
    client.setConnectTimeout(MILLIS);
    client.setDefaultTimeout(MILLIS);
  }

  boolean isGiven() {
    return given;
  }

  /**
   * @param mail with ends of lines as mail has them
   * @throws IOException if the connection breaks off
   */
  Delivery send(String from, List<String> to, String mail) throws IOException {
    try {
      client.connect(server.host(), server.port());
      Optional<Delivery> problem = greet().or(this::logIn).or(() -> envelope(from, to));
      return problem.isPresent() ? problem.get() : give(mail);
    } catch (Broken e) {
      throw e.cause;
    } finally {
      leave();
    }
  }

  private Optional<Delivery> greet() {
    return unchecked(
        () -> {
          if (client.getReplyCode() / 100 != 2 || hello() / 100 != 2) {
            return Optional.of(refusal(SETTINGS));
          }
          if (server.port() == MailServer.ENCRYPTED) {
            return Optional.empty();
          }
          if (!offers("STARTTLS")) {
            return isThisMachine()
                ? Optional.empty()
                : Optional.of(
                    new Delivery.Stopped(
                        "the server offers no encryption",
                        "Name another port, 465 or 587, or a server that does."));
          }
          return client.execTLS() && hello() / 100 == 2
              ? Optional.empty()
              : Optional.of(refusal(SETTINGS));
        });
  }

  private int hello() throws IOException {
    String address = client.getLocalAddress().getHostAddress();
    int scope = address.indexOf('%');
    String plain = scope < 0 ? address : address.substring(0, scope);
    return client.ehlo(plain.contains(":") ? "[IPv6:" + plain + "]" : "[" + plain + "]");
  }

  private boolean isThisMachine() {
    InetAddress there = client.getRemoteAddress();
    return there.isLoopbackAddress();
  }

  private boolean offers(String extension) {
    return offered(extension).isPresent();
  }

  /** What stands behind an extension in the last answer to EHLO. */
  private Optional<String> offered(String extension) {
    return Arrays.stream(client.getReplyStrings())
        .filter(line -> line.length() > 4)
        .map(line -> line.substring(4).toUpperCase(Locale.ROOT))
        .filter(line -> line.equals(extension) || line.startsWith(extension + " "))
        .map(line -> line.substring(extension.length()).strip())
        .findFirst();
  }

  private Optional<Delivery> logIn() {
    if (server.login().isEmpty()) {
      return Optional.empty();
    }
    MailServer.Login login = server.login().get();
    List<String> ways = List.of(offered("AUTH").orElse("").split(" "));
    if (!ways.contains("PLAIN") && !ways.contains("LOGIN")) {
      return Optional.of(
          new Delivery.Stopped("the server offers no way to log in that is known", SETTINGS));
    }
    AUTH_METHOD way = ways.contains("PLAIN") ? AUTH_METHOD.PLAIN : AUTH_METHOD.LOGIN;
    return unchecked(
        () ->
            client.auth(way, login.user(), login.password())
                ? Optional.empty()
                : Optional.of(refusal("See that the user and the password are right.")));
  }

  private Optional<Delivery> envelope(String from, List<String> to) {
    return unchecked(
        () -> {
          if (!client.setSender(from)) {
            return Optional.of(refusal(SETTINGS));
          }
          for (String recipient : to) {
            if (!client.addRecipient(recipient)) {
              return Optional.of(refusal(SETTINGS)); // nobody gets it, so that nobody misses it
            }
          }
          return Optional.empty();
        });
  }

  private Delivery give(String mail) throws IOException {
    Writer out = client.sendMessageData(); // doubles dots at the beginnings of lines
    if (out == null) {
      return new Delivery.Later(Duration.ZERO, said(), false);
    }
    out.write(mail);
    given = true;
    out.close(); // the dot alone on a line
    if (client.completePendingCommand()) {
      return new Delivery.Accepted();
    }
    return client.getReplyCode() / 100 == 5
        ? new Delivery.Refused(said())
        : new Delivery.Later(Duration.ZERO, said(), false);
  }

  /** Of the last answer, before the mail itself. */
  private Delivery refusal(String remedy) {
    return client.getReplyCode() / 100 == 4
        ? new Delivery.Later(Duration.ZERO, said(), false)
        : new Delivery.Stopped(said(), remedy);
  }

  /** Its words are the server's, and may hold what was asked: the code says enough. */
  private String said() {
    return "the server answered " + client.getReplyCode();
  }

  private void leave() {
    try {
      if (client.isConnected()) {
        if (!given || client.getReplyCode() / 100 == 2) {
          client.quit();
        }
        client.disconnect();
      }
    } catch (IOException e) {
      // What became of the mail is known already.
    }
  }

  @FunctionalInterface
  private interface Step {
    Optional<Delivery> run() throws IOException, GeneralSecurityException;
  }

  /** A connection that broke off inside of a step. */
  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient IOException cause;

    Broken(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  private static Optional<Delivery> unchecked(Step step) {
    try {
      return step.run();
    } catch (IOException e) {
      throw new Broken(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has what logging in needs", e);
    }
  }
}
