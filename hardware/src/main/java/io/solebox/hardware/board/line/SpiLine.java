package io.solebox.hardware.board.line;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/**
 * A board at SPI, in mode 3 ({@code linux/spi/spidev.h}). Bytes come only as fast as others are
 * sent, so zeroes are sent while an answer is waited for; where in them it begins, nobody knows,
 * and the decoder finds it.
 */
final class SpiLine implements Line {
  private static final int FLAGS = Posix.O_RDWR | Posix.O_CLOEXEC;
  private static final long WRITE_MODE = 0x4001_6b01L;
  private static final long WRITE_BITS = 0x4001_6b03L;
  private static final long WRITE_HERTZ = 0x4004_6b04L;
  private static final long TRANSFER = 0x4020_6b00L;
  private static final byte MODE_3 = 3;
  private static final byte BITS = 8;

  /** More than the longest frame. */
  private static final int CHUNK = 256;

  /** The board looks at what came once a millisecond, and answers by the next. */
  private static final long ANSWERING_NANOS = 3_000_000;

  /** It needs time for what came; more would be in front of a question. */
  private static final long DIGESTING_NANOS = 10_000_000;

  /** Of {@code struct spi_ioc_transfer}. */
  private static final int TRANSFER_BYTES = 32;

  private static final int RX_AT = 8;
  private static final int LENGTH_AT = 16;
  private static final int HERTZ_AT = 20;
  private static final int BITS_AT = 26;

  private final BoardAddress.Spi address;
  private OptionalInt file = OptionalInt.empty();

  SpiLine(BoardAddress.Spi address) {
    this.address = address;
  }

  @Override
  public String name() {
    return address.text();
  }

  @Override
  public Turn take(Duration patience) throws LineTrouble {
    int bus = file.isPresent() ? file.getAsInt() : open();
    file = OptionalInt.of(bus);
    DeviceLock.take(bus, address.device(), patience);
    return new BusTurn(bus);
  }

  private int open() throws LineTrouble {
    int bus = Posix.open(address.device().toString(), FLAGS);
    if (bus < 0) {
      throw Errno.opening(address.device(), bus);
    }
    try (Arena arena = Arena.ofConfined()) {
      int set = Posix.ioctl(bus, WRITE_MODE, arena.allocateFrom(JAVA_BYTE, MODE_3));
      set = set < 0 ? set : Posix.ioctl(bus, WRITE_BITS, arena.allocateFrom(JAVA_BYTE, BITS));
      set =
          set < 0
              ? set
              : Posix.ioctl(bus, WRITE_HERTZ, arena.allocateFrom(JAVA_INT, address.hertz()));
      if (set < 0) {
        Posix.close(bus);
        throw set == -Errno.ENOTTY
            ? new LineTrouble(address.device() + " is no device of spidev; name one")
            : Errno.failing(address.device(), "setting up", set);
      }
    }
    return bus;
  }

  @Override
  public void close() {
    file.ifPresent(Posix::close);
    file = OptionalInt.empty();
  }

  private final class BusTurn implements Turn {
    private final int bus;

    /** Came while bytes were sent. */
    private byte[] early = {};

    private long pauseNanos = ANSWERING_NANOS;

    private BusTurn(int bus) {
      this.bus = bus;
    }

    @Override
    public void send(byte[] bytes) throws LineTrouble {
      early = swap(bytes);
      pauseNanos = ANSWERING_NANOS;
    }

    @Override
    public int receive(byte[] into, Duration patience) throws LineTrouble {
      byte[] came = early;
      early = new byte[0];
      if (came.length == 0) {
        LockSupport.parkNanos(Math.min(pauseNanos, patience.toNanos()));
        pauseNanos = DIGESTING_NANOS;
        came = swap(new byte[Math.min(CHUNK, into.length)]);
      }
      System.arraycopy(came, 0, into, 0, came.length);
      return came.length;
    }

    /** Sends bytes; as many come. */
    private byte[] swap(byte[] bytes) throws LineTrouble {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment out = arena.allocateFrom(JAVA_BYTE, bytes);
        MemorySegment in = arena.allocate(bytes.length);
        MemorySegment transfer = arena.allocate(TRANSFER_BYTES, Long.BYTES);
        transfer.set(JAVA_LONG_UNALIGNED, 0, out.address());
        transfer.set(JAVA_LONG_UNALIGNED, RX_AT, in.address());
        transfer.set(JAVA_INT, LENGTH_AT, bytes.length);
        transfer.set(JAVA_INT, HERTZ_AT, address.hertz());
        transfer.set(JAVA_BYTE, BITS_AT, BITS);
        int result = Posix.ioctl(bus, TRANSFER, transfer);
        if (result < 0) {
          SpiLine.this.close();
          throw Errno.failing(address.device(), "speaking with", result);
        }
        return Arrays.copyOf(in.toArray(JAVA_BYTE), bytes.length);
      }
    }

    @Override
    public void close() {
      if (file.isPresent()) {
        DeviceLock.free(bus);
      }
    }
  }
}
