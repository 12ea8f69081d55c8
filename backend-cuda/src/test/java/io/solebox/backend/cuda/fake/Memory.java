package io.solebox.backend.cuda.fake;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Loads and stores of one lane, and the checks before them. */
final class Memory {
  /** Where shared memory lies among generic addresses. */
  static final long SHARED_WINDOW = 0x1_0000_0000_0000L;

  private static final long SHARED_WINDOW_END = SHARED_WINDOW + (1 << 24);
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private Memory() {}

  /** Which memory an instruction works on. */
  enum Space {
    GLOBAL,
    SHARED,
    GENERIC;

    static Space of(Statement s) {
      if (s.has("global")) {
        return GLOBAL;
      }
      if (s.opcode().contains(".shared")) {
        return SHARED;
      }
      if (s.has("local") || s.has("const") || s.has("param")) {
        throw s.unsupported();
      }
      return GENERIC;
    }

    boolean isShared(long address) {
      return this == SHARED
          || this == GENERIC && address >= SHARED_WINDOW && address < SHARED_WINDOW_END;
    }

    /** Offset in shared memory. */
    long inShared(long address) {
      return this == SHARED ? address : address - SHARED_WINDOW;
    }
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  static long get(byte[] data, int at, int bytes) {
    return switch (bytes) {
      case 1 -> data[at] & 0xff;
      case 2 -> (short) SHORT.get(data, at) & 0xffff;
      case 4 -> (int) INT.get(data, at) & 0xffffffffL;
      default -> (long) LONG.get(data, at);
    };
  }

  static int getInt(byte[] data, int at) {
    return (int) INT.get(data, at);
  }

  static void putInt(byte[] data, int at, int value) {
    INT.set(data, at, value);
  }

  static void put(byte[] data, int at, int bytes, long value) {
    switch (bytes) {
      case 1 -> data[at] = (byte) value;
      case 2 -> SHORT.set(data, at, (short) value);
      case 4 -> INT.set(data, at, (int) value);
      default -> LONG.set(data, at, value);
    }
  }

  static void requireAligned(long address, int bytes) {
    if ((address & (bytes - 1)) != 0) {
      throw new KernelFault(
          KernelFault.Kind.MISALIGNED_ADDRESS,
          "access of %d bytes at 0x%x is not aligned".formatted(bytes, address));
    }
  }

  static void requireShared(byte[] data, long address, int bytes) {
    if (address < 0 || address > data.length - bytes) {
      throw new KernelFault(
          KernelFault.Kind.ILLEGAL_ADDRESS,
          "shared access of %d bytes at %d is outside the %d that the block has"
              .formatted(bytes, address, data.length));
    }
  }
}
