package io.solebox.app.airgap.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files that this process was begun with. A filter refuses to open a way out; one that is open
 * already it cannot see. Local sockets with a connection stay: systemd gives its journal to
 * services as such, and who starts a program reads what it prints in any case.
 */
public final class InheritedFiles {
  private static final Path OWN = Path.of("/proc/self/fd");
  private static final int SOL_SOCKET = 1;
  private static final int SO_TYPE = 3;
  private static final int SO_ACCEPTCONN = 30;
  private static final int SO_DOMAIN = 39;
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_SEQPACKET = 5;

  private final Kernel kernel;

  private InheritedFiles(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Those through which something could leave, each as {@code descriptor 5 is ...}.
   *
   * @throws IOException if the kernel does not tell which there are
   */
  public static List<String> waysOut(Kernel kernel) throws IOException {
    var files = new InheritedFiles(kernel);
    var found = new ArrayList<String>();
    try (Stream<Path> all = Files.list(OWN)) {
      for (Path file : all.sorted().toList()) {
        files
            .wayOut(file)
            .ifPresent(what -> found.add("descriptor " + file.getFileName() + " is " + what));
      }
    }
    return found;
  }

  private Optional<String> wayOut(Path file) throws IOException {
    String target;
    try {
      target = Files.readSymbolicLink(file).toString();
    } catch (NoSuchFileException e) {
      return Optional.empty(); // that of the list itself
    }
    if (target.startsWith("socket:")) {
      return socket(Integer.parseInt(file.getFileName().toString()));
    }
    if (target.startsWith("/dev/net/tun") || target.startsWith("/dev/vhost")) {
      return Optional.of("the device " + target);
    }
    return target.contains("io_uring")
        ? Optional.of("an io_uring, to which the kernel listens by itself")
        : Optional.empty();
  }

  private Optional<String> socket(int descriptor) {
    int domain = option(descriptor, SO_DOMAIN);
    int type = option(descriptor, SO_TYPE);
    boolean listens = option(descriptor, SO_ACCEPTCONN) == 1;
    return switch (domain) {
      case AF_UNIX ->
          type == SOCK_STREAM || type == SOCK_SEQPACKET
              ? Optional.empty()
              : Optional.of("a local socket for datagrams");
      case AF_INET, AF_INET6 ->
          type == SOCK_STREAM && listens
              ? Optional.empty()
              : Optional.of("a network socket that does not listen");
      default -> Optional.of("a socket of family " + domain);
    };
  }

  /** An option of a socket; the kernel knows these of all of them. */
  private int option(int descriptor, int name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
      long result =
          kernel.call("getsockopt", descriptor, SOL_SOCKET, name, value.address(), bytes.address());
      return result < 0 ? (int) result : value.get(ValueLayout.JAVA_INT, 0);
    }
  }
}
