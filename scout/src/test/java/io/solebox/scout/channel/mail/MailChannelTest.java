package io.solebox.scout.channel.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Hostile;
import io.solebox.scout.channel.Message;
import io.solebox.scout.fake.FakeSmtp;
import io.solebox.scout.notice.NoticeText;
import io.solebox.scout.outbox.News;
import io.solebox.store.pull.http.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailChannelTest {
  private static final Message ONE = new Message("k1", List.of(News.of(1, News.NOON)), false);
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  private static MailChannel channel(MailServer server) {
    return channel(server, new Network.Open());
  }

  private static MailChannel channel(MailServer server, Network network) {
    return new MailChannel(
        "mail",
        server,
        "scout@example.org",
        List.of("a@example.org", "b@example.org"),
        new NoticeText(ZONE),
        ZONE,
        network,
        () -> News.NOON);
  }

  private static FakeSmtp fake() {
    return FakeSmtp.plain(InetAddress.getLoopbackAddress());
  }

  private static MailServer server(FakeSmtp fake) {
    return new MailServer("127.0.0.1", fake.port(), Optional.empty(), trustNobodyElse());
  }

  private static SSLContext trustNobodyElse() {
    try {
      return SSLContext.getDefault();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aMailHasItsKeyAsItsIdAndIsWhatMailIs() {
    try (FakeSmtp fake = fake()) {
      assertEquals(new Delivery.Accepted(), channel(server(fake)).send(ONE));
      channel(server(fake)).send(new Message("k1", ONE.news(), true));
      String mail = fake.mails().getFirst();
      assertTrue(mail.contains("\nMessage-ID: <k1@example.org>\n"), mail);
      assertTrue(mail.contains("\nDate: Mon, 30 Nov 2026 13:00:00 +0100\n"), mail);
      assertTrue(mail.contains("\nTo: <a@example.org>,\n <b@example.org>\n"), mail);
      assertTrue(FakeSmtp.text(mail).contains("Price: 400.00 EUR"), FakeSmtp.text(mail));
      assertTrue(fake.mails().get(1).contains("\nMessage-ID: <k1@example.org>\n"));
      assertTrue(subject(fake.mails().get(1)).startsWith("(perhaps a repeat) New: "));
      assertTrue(fake.said().contains("RCPT TO:<b@example.org>"), fake.said().toString());
      assertEquals("EHLO [127.0.0.1]", fake.said().getFirst());
    }
  }

  /** Its encoded words undone. */
  private static String subject(String mail) {
    String folded = mail.substring(mail.indexOf("Subject: ") + 9, mail.indexOf("\nDate: "));
    StringBuilder subject = new StringBuilder();
    for (String word : folded.split("\n ")) {
      assertTrue(word.length() <= 75, word);
      subject.append(
          word.startsWith("=?UTF-8?B?")
              ? new String(
                  Base64.getDecoder().decode(word.substring(10, word.length() - 2)),
                  StandardCharsets.UTF_8)
              : word);
    }
    return subject.toString();
  }

  @Test
  void noTitleBreaksOutOfItsMail() {
    try (FakeSmtp fake = fake()) {
      for (String title : Hostile.TITLES) {
        var message = new Message("k1", List.of(News.titled(1, title)), false);
        assertEquals(new Delivery.Accepted(), channel(server(fake)).send(message), title);
      }
      assertEquals(Hostile.TITLES.size(), fake.mails().size());
      for (String mail : fake.mails()) {
        assertTrue(subject(mail).startsWith("New: "), subject(mail));
        assertFalse(mail.contains("\nBcc"), mail);
        assertTrue(mail.lines().allMatch(line -> line.length() <= 78), mail);
      }
    }
  }

  @Test
  void whatIsForLaterAndWhatNeverIsToldApart() {
    try (FakeSmtp fake = fake()) {
      MailChannel channel = channel(server(fake));
      fake.script("RCPT", "451 greylisted");
      assertFalse(assertInstanceOf(Delivery.Later.class, channel.send(ONE)).perhapsArrived());
      fake.script("RCPT", "250 fine", "550 nobody");
      assertInstanceOf(Delivery.Stopped.class, channel.send(ONE));
      fake.script(".", "452 full", "554 spam", FakeSmtp.HANG_UP);
      assertFalse(assertInstanceOf(Delivery.Later.class, channel.send(ONE)).perhapsArrived());
      assertEquals(new Delivery.Refused("the server answered 554"), channel.send(ONE));
      assertTrue(assertInstanceOf(Delivery.Later.class, channel.send(ONE)).perhapsArrived());
      fake.script("DATA", FakeSmtp.HANG_UP);
      assertFalse(assertInstanceOf(Delivery.Later.class, channel.send(ONE)).perhapsArrived());
      assertEquals(3, fake.mails().size(), "one was given that a recipient had refused");
    }
  }

  @Test
  void aServerElsewhereMustEncrypt() throws IOException {
    Optional<InetAddress> outside =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .findFirst();
    assumeTrue(outside.isPresent(), "this machine has no address but its loopback's");
    try (FakeSmtp fake = FakeSmtp.plain(outside.get())) {
      var server =
          new MailServer(
              outside.get().getHostAddress(),
              fake.port(),
              Optional.of(new MailServer.Login("me", "s3cret")),
              trustNobodyElse());
      Delivery.Stopped stopped =
          assertInstanceOf(Delivery.Stopped.class, channel(server).send(ONE));
      assertEquals("the server offers no encryption", stopped.reason());
      assertTrue(fake.said().stream().noneMatch(line -> line.startsWith("AUTH")));
    }
  }

  @Test
  void itLogsInOnceItIsEncryptedAndOnlyToWhomItTrusts(@TempDir Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    SSLContext own = own(folder);
    try (FakeSmtp fake = FakeSmtp.encrypted(own)) {
      var login = Optional.of(new MailServer.Login("me", "s3cret"));
      var trusted = new MailServer("127.0.0.1", fake.port(), login, own);
      assertEquals(new Delivery.Accepted(), channel(trusted).send(ONE));
      String secret =
          Base64.getEncoder().encodeToString("\0me\0s3cret".getBytes(StandardCharsets.UTF_8));
      assertTrue(fake.said().contains(secret), fake.said().toString());
      assertFalse(trusted.toString().contains("s3cret"), trusted.toString());

      fake.script("CREDENTIALS", "535 no");
      assertInstanceOf(Delivery.Stopped.class, channel(trusted).send(ONE));

      var stranger = new MailServer("127.0.0.1", fake.port(), login, trustNobodyElse());
      assertInstanceOf(Delivery.Later.class, channel(stranger).send(ONE));
      assertEquals(1, fake.mails().size());
    }
  }

  /** A context with a certificate of its own, which it trusts. */
  private static SSLContext own(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path file = folder.resolve("keys.p12");
    int made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "fake",
                "-keyalg",
                "EC",
                "-dname",
                "CN=fake",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.txt").toFile())
            .start()
            .waitFor();
    assertEquals(0, made);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    var manager = KeyManagerFactory.getInstance("PKIX");
    manager.init(keys, "changeit".toCharArray());
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("fake", keys.getCertificate("fake"));
    var trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(trust);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(manager.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }

  @Test
  void nothingIsAskedWhereConnectionsAreSwitchedOff() {
    try (FakeSmtp fake = fake()) {
      MailChannel channel = channel(server(fake), new Network.Closed("a test says so"));
      assertThrows(SoleboxException.class, () -> channel.send(ONE));
      assertEquals(List.of(), fake.said());
    }
  }
}
