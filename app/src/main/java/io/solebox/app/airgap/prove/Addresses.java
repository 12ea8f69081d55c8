package io.solebox.app.airgap.prove;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Addresses as the kernel reads them ({@code struct sockaddr_*}). */
final class Addresses {
  private static final ValueLayout.OfShort NETWORK_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final short AF_UNIX = 1;
  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;
  private static final int IPV4_BYTES = 16;
  private static final int IPV6_BYTES = 28;
  private static final int IPV6_HOST = 8;
  private static final int PATH = 2;

  private Addresses() {}

  /** 127.0.0.1. */
  static MemorySegment loopback4(Arena arena, int port) {
    return ip4(arena, port, 127, 0, 0, 1);
  }

  static MemorySegment ip4(Arena arena, int port, int... host) {
    MemorySegment address = arena.allocate(IPV4_BYTES, Long.BYTES);
    address.set(ValueLayout.JAVA_SHORT, 0, AF_INET);
    address.set(NETWORK_SHORT, 2, (short) port);
    for (int i = 0; i < host.length; i++) {
      address.set(ValueLayout.JAVA_BYTE, 4 + i, (byte) host[i]);
    }
    return address;
  }

  /** ::1. */
  static MemorySegment loopback6(Arena arena, int port) {
    MemorySegment address = arena.allocate(IPV6_BYTES, Long.BYTES);
    address.set(ValueLayout.JAVA_SHORT, 0, AF_INET6);
    address.set(NETWORK_SHORT, 2, (short) port);
    address.set(ValueLayout.JAVA_BYTE, IPV6_HOST + 15, (byte) 1);
    return address;
  }

  static MemorySegment unix(Arena arena, String path) {
    return local(arena, path + "\0");
  }

  /** One that lies in no folder. */
  static MemorySegment abstractUnix(Arena arena, String name) {
    return local(arena, "\0" + name);
  }

  private static MemorySegment local(Arena arena, String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    MemorySegment address = arena.allocate(PATH + bytes.length, Long.BYTES);
    address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, PATH, bytes.length);
    return address;
  }
}
