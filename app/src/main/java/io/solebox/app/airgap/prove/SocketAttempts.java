package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.kernel.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Ways out through sockets, by system calls. */
final class SocketAttempts {
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int STREAM = 1;
  private static final int DATAGRAM = 2;
  private static final int RAW = 3;
  private static final int NO_SIGNAL = 0x4000;
  private static final int FAST_OPEN = 0x2000_0000;
  private static final int X32 = 0x4000_0000;
  private static final int IP_ADD_MEMBERSHIP = 35;

  private static final int EBADF = 9;
  private static final int EPIPE = 32;
  private static final int EPROTOTYPE = 91;
  private static final int ENOTCONN = 107;
  private static final int EINPROGRESS = 115;

  /** Sockets of programs that would go out for others. */
  private static final List<String> HELPERS =
      List.of(
          "/run/systemd/resolve/io.systemd.Resolve",
          "/run/nscd/socket",
          "/run/avahi-daemon/socket",
          "/run/dbus/system_bus_socket",
          "/run/docker.sock",
          "/run/containerd/containerd.sock",
          "/run/podman/podman.sock",
          "/run/snapd.socket");

  /** Family, type and protocol of sockets that are more than TCP. */
  private static final Map<String, int[]> KINDS =
      Map.ofEntries(
          Map.entry("udp4", new int[] {AF_INET, DATAGRAM, 0}),
          Map.entry("udp6", new int[] {AF_INET6, DATAGRAM, 0}),
          Map.entry("ping", new int[] {AF_INET, DATAGRAM, 1}),
          Map.entry("raw-icmp", new int[] {AF_INET, RAW, 1}),
          Map.entry("raw-icmp6", new int[] {AF_INET6, RAW, 58}),
          Map.entry("sctp", new int[] {AF_INET, STREAM, 132}),
          Map.entry("mptcp", new int[] {AF_INET, STREAM, 262}),
          Map.entry("packet", new int[] {17, RAW, 0x0300}),
          Map.entry("netlink-route", new int[] {16, RAW, 0}),
          Map.entry("vsock", new int[] {40, STREAM, 0}),
          Map.entry("bluetooth", new int[] {31, STREAM, 3}),
          Map.entry("can", new int[] {29, RAW, 1}),
          Map.entry("kernel-ciphers", new int[] {38, 5, 0}),
          Map.entry("xdp", new int[] {44, RAW, 0}),
          Map.entry("smc", new int[] {43, STREAM, 0}),
          Map.entry("unix-datagrams", new int[] {AF_UNIX, DATAGRAM, 0}));

  private final Grounds grounds;
  private final Calls calls;
  private final Kernel kernel;

  SocketAttempts(Grounds grounds, Kernel kernel) {
    this.grounds = grounds;
    this.calls = new Calls(kernel);
    this.kernel = kernel;
  }

  List<Attempt> all() {
    var all = new ArrayList<Attempt>();
    KINDS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(kind -> all.add(kind(kind)));
    all.add(new Attempt("connect4", "connect to 127.0.0.1, by number", () -> connect(0)));
    all.add(new Attempt("connect6", "connect to ::1, by number", this::connect6));
    var foreign = new Apart(() -> connect(X32));
    all.add(new Attempt("connect-x32", "connect to 127.0.0.1, as an x32 call", foreign));
    all.add(new Attempt("sendto", "sendto an address", () -> sendTo(0)));
    all.add(new Attempt("fast-open", "TCP fast open, by sendto", () -> sendTo(FAST_OPEN)));
    all.add(new Attempt("fast-open-message", "TCP fast open, by sendmsg", this::fastOpenMessage));
    all.add(message("sendmsg", "a message to an address"));
    all.add(message("sendmmsg", "messages to addresses"));
    all.add(message("recvmsg", "a descriptor that another process hands in"));
    all.add(new Attempt("multicast-join", "a multicast group joined, by TCP's socket", this::join));
    all.add(new Attempt("unix-pair", "a pair of Unix datagram sockets", this::pair));
    all.add(new Attempt("unix", "a Unix socket", () -> unix(grounds.unix().toString())));
    all.add(new Attempt("unix-abstract", "an abstract Unix socket", this::abstractUnix));
    for (String helper : HELPERS) {
      if (Files.exists(Path.of(helper))) {
        all.add(new Attempt("unix:" + helper, "the Unix socket " + helper, () -> unix(helper)));
      }
    }
    return all;
  }

  private Attempt kind(Map.Entry<String, int[]> kind) {
    int[] three = kind.getValue();
    return new Attempt(
        "socket-" + kind.getKey(),
        "a socket for " + kind.getKey(),
        () -> calls.descriptor(kernel.call("socket", three[0], three[1], three[2])));
  }

  /** The kernel looks at the descriptor first, so -1 shows whether it got there. */
  private Attempt message(String call, String what) {
    return new Attempt(
        call,
        call + ": " + what,
        () -> calls.answer(kernel.call(call, -1, 0, 0, NO_SIGNAL), EBADF));
  }

  private interface With {
    Answer stream(long socket, Arena arena);
  }

  private Answer stream(int family, With with) {
    long socket = kernel.call("socket", family, STREAM, 0);
    if (socket < 0) {
      return calls.answer(socket);
    }
    try (Arena arena = Arena.ofConfined()) {
      return with.stream(socket, arena);
    } finally {
      kernel.call("close", socket);
    }
  }

  private Answer connect(int abi) {
    return stream(
        AF_INET,
        (socket, arena) -> {
          MemorySegment to = Addresses.loopback4(arena, grounds.port4());
          long number = kernel.calls().number("connect") | abi;
          return calls.answer(kernel.call(number, socket, to.address(), to.byteSize()));
        });
  }

  private Answer connect6() {
    if (grounds.port6() == 0) {
      return new Answer.NotTried("there is no IPv6");
    }
    return stream(
        AF_INET6,
        (socket, arena) -> {
          MemorySegment to = Addresses.loopback6(arena, grounds.port6());
          return calls.answer(kernel.call("connect", socket, to.address(), to.byteSize()));
        });
  }

  private Answer sendTo(int flags) {
    return stream(
        AF_INET,
        (socket, arena) -> {
          MemorySegment to = Addresses.loopback4(arena, grounds.port4());
          MemorySegment text = arena.allocateFrom("x");
          long sent =
              kernel.call(
                  "sendto",
                  socket,
                  text.address(),
                  1,
                  NO_SIGNAL | flags,
                  to.address(),
                  to.byteSize());
          return calls.answer(sent, EPIPE, ENOTCONN, EINPROGRESS);
        });
  }

  private Answer fastOpenMessage() {
    return stream(
        AF_INET,
        (socket, arena) -> {
          MemorySegment to = Addresses.loopback4(arena, grounds.port4());
          MemorySegment part = arena.allocate(16, Long.BYTES);
          part.set(ValueLayout.ADDRESS, 0, arena.allocateFrom("x"));
          part.set(ValueLayout.JAVA_LONG, 8, 1);
          MemorySegment message = arena.allocate(56, Long.BYTES); // struct msghdr
          message.set(ValueLayout.ADDRESS, 0, to);
          message.set(ValueLayout.JAVA_INT, 8, (int) to.byteSize());
          message.set(ValueLayout.ADDRESS, 16, part);
          message.set(ValueLayout.JAVA_LONG, 24, 1);
          long sent = kernel.call("sendmsg", socket, message.address(), NO_SIGNAL | FAST_OPEN);
          return calls.answer(sent, EINPROGRESS);
        });
  }

  /** The kernel gives groups to no stream, whatever a filter says. */
  private Answer join() {
    return stream(
        AF_INET,
        (socket, arena) -> {
          MemorySegment group =
              arena.allocateFrom(
                  ValueLayout.JAVA_BYTE,
                  (byte) 224,
                  (byte) 0,
                  (byte) 0,
                  (byte) 251,
                  (byte) 127,
                  (byte) 0,
                  (byte) 0,
                  (byte) 1);
          return calls.answer(
              kernel.call("setsockopt", socket, 0, IP_ADD_MEMBERSHIP, group.address(), 8));
        });
  }

  private Answer pair() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment two = arena.allocate(ValueLayout.JAVA_INT, 2);
      return calls.answer(kernel.call("socketpair", AF_UNIX, DATAGRAM, 0, two.address()));
    }
  }

  private Answer unix(String path) {
    return stream(
        AF_UNIX,
        (socket, arena) -> {
          MemorySegment to = Addresses.unix(arena, path);
          return calls.answer(
              kernel.call("connect", socket, to.address(), to.byteSize()), EPROTOTYPE);
        });
  }

  private Answer abstractUnix() {
    return stream(
        AF_UNIX,
        (socket, arena) -> {
          MemorySegment to = Addresses.abstractUnix(arena, grounds.abstractName());
          return calls.answer(kernel.call("connect", socket, to.address(), to.byteSize()));
        });
  }
}
