package io.solebox.app.airgap.prove;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

/** Ways out as programs in Java go them. */
final class JavaAttempts {
  private static final int DISCARD = 9;
  private static final int TIMEOUT_MILLIS = 2000;
  private static final Path CARDS = Path.of("/sys/class/net");

  /** fe80::1. */
  private static final byte[] LINK_LOCAL =
      HexFormat.of().parseHex("fe800000000000000000000000000001");

  private final Grounds grounds;
  private final ExecutorService early;

  /**
   * @param early a thread that was there before the gap
   */
  JavaAttempts(Grounds grounds, ExecutorService early) {
    this.grounds = grounds;
    this.early = early;
  }

  List<Attempt> all() {
    return List.of(
        new Attempt("java-tcp4", "TCP to 127.0.0.1, by Java", this::connect4),
        new Attempt("java-tcp6", "TCP to ::1, by Java", this::connect6),
        new Attempt(
            "java-early-thread", "TCP, by a thread that was there before", this::connectEarly),
        new Attempt("java-unix", "a Unix socket, by Java", this::unix),
        new Attempt("java-udp4", "UDP to 127.0.0.1, by Java", () -> send("127.0.0.1")),
        new Attempt("java-udp6", "UDP to ::1, by Java", this::send6),
        new Attempt(
            "java-multicast", "UDP to all hosts (224.0.0.1), by Java", JavaAttempts::multicast),
        new Attempt("java-process", "another program, by Java", () -> run("true")),
        new Attempt(
            "java-shell",
            "a shell's /dev/tcp",
            () -> run("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + grounds.port4())),
        new Attempt("java-lookup", "a name looked up, by Java", true, JavaAttempts::lookUp),
        new Attempt(
            "java-link-local", "TCP to 169.254.1.1 (link-local)", true, () -> far("169.254.1.1")),
        new Attempt(
            "java-link-local6", "TCP to fe80::1 (link-local)", true, JavaAttempts::linkLocal6),
        new Attempt(
            "java-far", "TCP to 192.0.2.1 (another network)", true, () -> far("192.0.2.1")));
  }

  private Answer connect4() throws IOException {
    return connect("127.0.0.1", grounds.port4());
  }

  private Answer connect6() throws IOException {
    return grounds.port6() == 0
        ? new Answer.NotTried("there is no IPv6")
        : connect("::1", grounds.port6());
  }

  private Answer connectEarly() throws IOException, InterruptedException {
    try {
      return early.submit(this::connect4).get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        default -> throw new IllegalStateException(e);
      }
    }
  }

  private static Answer connect(String host, int port) throws IOException {
    var address = new InetSocketAddress(InetAddress.ofLiteral(host), port);
    try (SocketChannel channel = SocketChannel.open(address)) {
      return new Answer.Through("connected from " + channel.getLocalAddress());
    }
  }

  private static Answer far(String host) throws IOException {
    return far(InetAddress.ofLiteral(host));
  }

  /** Over the first card, found where no socket is needed for it, as Java's own way does. */
  private static Answer linkLocal6() throws IOException {
    try (Stream<Path> cards = Files.list(CARDS)) {
      Optional<Path> first =
          cards
              .filter(card -> !card.endsWith("lo"))
              .map(card -> card.resolve("ifindex"))
              .sorted()
              .findFirst();
      if (first.isEmpty()) {
        return new Answer.NotTried("there is no network card");
      }
      int index = Integer.parseInt(Files.readString(first.get()).strip());
      return far(Inet6Address.getByAddress("", LINK_LOCAL, index));
    } catch (NoSuchFileException e) {
      return new Answer.NotTried("there is no " + e.getMessage());
    }
  }

  private static Answer far(InetAddress host) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, DISCARD), TIMEOUT_MILLIS);
      return new Answer.Through("connected");
    }
  }

  private Answer unix() throws IOException {
    try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(grounds.unix()))) {
      return new Answer.Through("connected");
    }
  }

  private Answer send6() throws IOException {
    return grounds.port6() == 0 ? new Answer.NotTried("there is no IPv6") : send("::1");
  }

  private static Answer send(String host) throws IOException {
    try (DatagramChannel channel = DatagramChannel.open()) {
      return sent(channel, host);
    }
  }

  /** With no hop to go, it stays on this machine. */
  private static Answer multicast() throws IOException {
    try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
      channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 0);
      return sent(channel, "224.0.0.1");
    }
  }

  private static Answer sent(DatagramChannel channel, String host) throws IOException {
    var address = new InetSocketAddress(InetAddress.ofLiteral(host), DISCARD);
    return new Answer.Through(channel.send(ByteBuffer.allocate(1), address) + " byte sent");
  }

  private static Answer lookUp() throws IOException {
    String name = "airgap-" + System.nanoTime() + ".example.com";
    return new Answer.Through("it is " + InetAddress.getByName(name));
  }

  private static Answer run(String... command) throws IOException, InterruptedException {
    int code = new ProcessBuilder(command).start().waitFor();
    return code == 0 ? new Answer.Through("it ran") : new Answer.Held("exit code " + code);
  }
}
