package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.kernel.Errors;
import io.solebox.app.airgap.kernel.Kernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;

/** {@link Grounds} that are open. */
final class OpenGrounds implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM_CLOEXEC = 1 | 0x8_0000;

  private final ServerSocket four;
  private final ServerSocket six;
  private final ServerSocketChannel local;
  private final Kernel kernel;
  private final long named;
  private final Arena memory = Arena.ofShared();
  private final Grounds grounds;

  /**
   * @param folder for a local socket
   */
  OpenGrounds(Kernel kernel, Path folder) throws IOException {
    this.kernel = kernel;
    four = new ServerSocket(0, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
    six = six();
    Path path = folder.resolve("socket");
    local = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    local.bind(UnixDomainSocketAddress.of(path), BACKLOG);
    String name = "solebox-airgap-" + ProcessHandle.current().pid();
    named = listen(name);
    MemorySegment secret = memory.allocateFrom(Grounds.SECRET);
    grounds =
        new Grounds(
            four.getLocalPort(),
            six.isBound() ? six.getLocalPort() : 0,
            path,
            name,
            ProcessHandle.current().pid(),
            secret.address());
  }

  /** Not bound where there is no IPv6. */
  private static ServerSocket six() throws IOException {
    var socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0), BACKLOG);
    } catch (IOException e) {
      // Attempts say so.
    }
    return socket;
  }

  private long listen(String name) throws IOException {
    long socket = kernel.call("socket", AF_UNIX, SOCK_STREAM_CLOEXEC, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = Addresses.abstractUnix(arena, name);
      long bound = kernel.call("bind", socket, address.address(), address.byteSize());
      long listens = bound < 0 ? bound : kernel.call("listen", socket, BACKLOG);
      if (listens < 0) {
        throw new IOException("a local socket: " + Errors.name(listens));
      }
      return socket;
    }
  }

  Grounds grounds() {
    return grounds;
  }

  @Override
  public void close() throws IOException {
    kernel.call("close", named);
    local.close();
    six.close();
    four.close();
    memory.close();
  }
}
