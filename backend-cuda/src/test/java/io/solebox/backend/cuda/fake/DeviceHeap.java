package io.solebox.backend.cuda.fake;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A fake device's memory. No two devices have the same addresses. Every allocation stands alone
 * with a gap behind it, is aligned to 256 bytes and no more, and begins full of NaN.
 */
public final class DeviceHeap {
  private static final long FIRST = 0x7f_0000_0000L;

  /** Addresses of one device. */
  private static final int SPACE_BITS = 40;

  private static final int PAGE_BITS = 16;
  private static final int PROMISED_ALIGNMENT = 256;
  private static final byte POISON = (byte) 0xff;

  /**
   * One allocation, from {@code base}.
   *
   * @param host empty; or the memory of the host that it is, of which {@code data} is a copy:
   *     programs on the host may read and write it while a kernel runs
   */
  record Allocation(long base, byte[] data, MemorySegment host) {
    static Allocation ofDevice(long base, byte[] data) {
      return new Allocation(base, data, MemorySegment.NULL);
    }

    static Allocation ofHost(MemorySegment host) {
      return new Allocation(host.address(), new byte[(int) host.byteSize()], host);
    }

    boolean holds(long address, long bytes) {
      return address >= base && address - base <= data.length - bytes;
    }

    /** Before {@code data} is read from here on. */
    void fetch(int at, int bytes) {
      if (host.byteSize() > 0) {
        MemorySegment.copy(host, JAVA_BYTE, at, data, at, bytes);
      }
    }

    /** After {@code data} was written from here on. */
    void flush(int at, int bytes) {
      if (host.byteSize() > 0) {
        MemorySegment.copy(data, at, host, JAVA_BYTE, at, bytes);
      }
    }

    private MemorySegment segment(long address, long bytes) {
      MemorySegment all = host.byteSize() > 0 ? host : MemorySegment.ofArray(data);
      return all.asSlice(address - base, bytes);
    }
  }

  /** What a device reaches beyond its own memory. */
  interface Elsewhere {
    /** Reaches nothing. */
    Elsewhere NONE = _ -> null;

    /** What lies at {@code address}, null for nothing. */
    Allocation at(long address);
  }

  /** Holds no address at all. */
  static final Allocation NOTHING = Allocation.ofDevice(0, new byte[0]);

  private final long start;
  private final Elsewhere elsewhere;
  private Allocation[] pages = new Allocation[64];
  private int next;
  private long used;

  /** Of the only device. */
  public DeviceHeap() {
    this(0, Elsewhere.NONE);
  }

  /** Of one of several devices. */
  DeviceHeap(int ordinal, Elsewhere elsewhere) {
    this.start = FIRST + ((long) ordinal << SPACE_BITS);
    this.elsewhere = elsewhere;
  }

  /** The first address. */
  long start() {
    return start;
  }

  /** Of which device memory an address is, or would be. */
  static int ordinalOf(long address) {
    return (int) (address - FIRST >> SPACE_BITS);
  }

  /** The address of {@code bytes} bytes. */
  public long allocate(int bytes) {
    byte[] data = new byte[bytes];
    Arrays.fill(data, POISON);
    int count = (int) ((bytes + 2L * PROMISED_ALIGNMENT) >> PAGE_BITS) + 1;
    if (next + count + 1 > pages.length) {
      pages = Arrays.copyOf(pages, Math.max(2 * pages.length, next + count + 1));
    }
    var made = Allocation.ofDevice(start + ((long) next << PAGE_BITS) + PROMISED_ALIGNMENT, data);
    Arrays.fill(pages, next, next + count, made);
    next += count + 1;
    used += bytes;
    return made.base;
  }

  /** False when nothing begins there. */
  public boolean free(long address) {
    Allocation found = at(address);
    if (found == null || found.base != address) {
      return false;
    }
    for (int i = page(address); i < pages.length && pages[i] == found; i++) {
      pages[i] = null;
    }
    used -= found.data.length;
    return true;
  }

  /** Bytes allocated. */
  public long used() {
    return used;
  }

  private int page(long address) {
    return (int) (address - start >> PAGE_BITS);
  }

  /** What lies at {@code address}, null for nothing: on the hottest path of the interpreter. */
  Allocation at(long address) {
    long index = address - start >> PAGE_BITS;
    return index >= 0 && index < pages.length ? pages[(int) index] : null;
  }

  /** The allocation that holds all of these bytes, here or where this device reaches. */
  Allocation holding(long address, long bytes) {
    Allocation found = at(address);
    if (found == null) {
      found = elsewhere.at(address);
    }
    if (found == null || !found.holds(address, bytes)) {
      throw new KernelFault(KernelFault.Kind.ILLEGAL_ADDRESS, describe(address, bytes));
    }
    return found;
  }

  /** Says how far from which allocation. */
  String describe(long address, long bytes) {
    Allocation near = at(address);
    String where =
        near == null
            ? far(address)
            : "%d bytes from the start of an allocation of %d"
                .formatted(address - near.base, near.data.length);
    return "access of %d bytes at 0x%x is out of bounds, %s".formatted(bytes, address, where);
  }

  private String far(long address) {
    int other = ordinalOf(address);
    return address >= FIRST && other != ordinalOf(start)
        ? "in the memory of device " + other
        : "far from every allocation";
  }

  /** A view of device memory, for the tests and the copies of the fake driver. */
  public MemorySegment segment(long address, long bytes) {
    return holding(address, bytes).segment(address, bytes);
  }
}
