package io.solebox.scout.fake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A mail server that answers as it is told, one connection at a time. */
public final class FakeSmtp implements AutoCloseable {
  private final ServerSocket socket;
  private final Optional<SSLContext> encryption;
  private final Map<String, Deque<String>> scripts = new HashMap<>();
  private final List<String> said = new ArrayList<>();
  private final List<String> mails = new ArrayList<>();

  /** In the place of an answer: the connection ends. */
  public static final String HANG_UP = "";

  private FakeSmtp(InetAddress address, Optional<SSLContext> encryption) {
    this.encryption = encryption;
    try {
      socket = new ServerSocket(0, 50, address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::serve);
  }

  public static FakeSmtp plain(InetAddress address) {
    return new FakeSmtp(address, Optional.empty());
  }

  /** One that offers STARTTLS, and to log in once that is done. */
  public static FakeSmtp encrypted(SSLContext context) {
    return new FakeSmtp(InetAddress.getLoopbackAddress(), Optional.of(context));
  }

  public int port() {
    return socket.getLocalPort();
  }

  /**
   * The next answers to a command, in their order; then those of a server that takes all.
   *
   * @param command as in {@code RCPT}; {@code .} for the end of a mail
   */
  public synchronized void script(String command, String... answers) {
    scripts.computeIfAbsent(command, _ -> new ArrayDeque<>()).addAll(List.of(answers));
  }

  /** All lines but those of mails. */
  public synchronized List<String> said() {
    return List.copyOf(said);
  }

  /** As they came, dots at the beginnings of lines undone. */
  public synchronized List<String> mails() {
    return List.copyOf(mails);
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        client.setSoTimeout(20_000);
        talk(client, false);
      } catch (IOException e) {
        // It has hung up, or the test is over.
      }
    }
  }

  private void talk(Socket client, boolean isEncrypted) throws IOException {
    var in =
        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
    if (!isEncrypted) {
      tell(client, "220 fake");
    }
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String command = line.split("[ :]")[0].toUpperCase(Locale.ROOT);
      String answer = note(line, command, usual(command, isEncrypted));
      if (answer.equals(HANG_UP)) {
        return;
      }
      tell(client, answer);
      if (answer.startsWith("220") && command.equals("STARTTLS")) {
        talk(upgraded(client), true);
        return;
      }
      if (answer.startsWith("334")) {
        note(in.readLine(), "CREDENTIALS", "");
        tell(client, scripted("CREDENTIALS").orElse("235 fine"));
      }
      if (answer.startsWith("354")) {
        String mail = mail(in);
        synchronized (this) {
          mails.add(mail);
        }
        String end = scripted(".").orElse("250 taken");
        if (end.equals(HANG_UP)) {
          return;
        }
        tell(client, end);
      }
    }
  }

  private String usual(String command, boolean isEncrypted) {
    return switch (command) {
      case "EHLO" ->
          encryption.isPresent() && !isEncrypted
              ? "250-fake\r\n250-8BITMIME\r\n250 STARTTLS"
              : "250-fake\r\n250-8BITMIME\r\n250 AUTH LOGIN PLAIN";
      case "STARTTLS" -> "220 go on";
      case "AUTH" -> "334 ";
      case "DATA" -> "354 go on";
      case "QUIT" -> "221 bye";
      default -> "250 fine";
    };
  }

  private synchronized String note(String line, String command, String usual) {
    said.add(line);
    return command.equals("CREDENTIALS") ? usual : scripted(command).orElse(usual);
  }

  private synchronized Optional<String> scripted(String command) {
    return Optional.ofNullable(scripts.get(command)).map(Deque::poll);
  }

  private Socket upgraded(Socket client) throws IOException {
    SSLSocket upgraded =
        (SSLSocket)
            encryption
                .orElseThrow()
                .getSocketFactory()
                .createSocket(client, null, client.getPort(), true);
    upgraded.setUseClientMode(false);
    upgraded.startHandshake();
    return upgraded;
  }

  private static String mail(BufferedReader in) throws IOException {
    StringBuilder mail = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      mail.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
    }
    return mail.toString();
  }

  /** The text of a mail that was packed in base 64. */
  public static String text(String mail) {
    String packed = mail.substring(mail.indexOf("\n\n") + 2);
    return new String(Base64.getMimeDecoder().decode(packed), StandardCharsets.UTF_8);
  }

  private static void tell(Socket client, String answer) throws IOException {
    client.getOutputStream().write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
    client.getOutputStream().flush();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
