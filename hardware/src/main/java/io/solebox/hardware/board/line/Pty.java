package io.solebox.hardware.board.line;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A pseudo terminal: a device that others open as a serial port, and the bytes behind it. It keeps
 * the device open itself, since the bytes behind end where nobody has it open.
 */
public final class Pty implements AutoCloseable {
  private static final int LONGEST_NAME = 64;
  private static final int OURS = Posix.O_RDWR | Posix.O_NOCTTY | Posix.O_CLOEXEC;
  private static final MethodHandle OPEN = Posix.of("posix_openpt", JAVA_INT, JAVA_INT);
  private static final MethodHandle GRANT = Posix.of("grantpt", JAVA_INT, JAVA_INT);
  private static final MethodHandle UNLOCK = Posix.of("unlockpt", JAVA_INT, JAVA_INT);
  private static final MethodHandle NAME =
      Posix.of("ptsname_r", JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG);

  private final int behind;
  private final int device;
  private final Path path;

  private Pty(int behind, int device, Path path) {
    this.behind = behind;
    this.device = device;
    this.path = path;
  }

  /**
   * @throws LineTrouble where this system has none to give
   */
  public static Pty open() throws LineTrouble {
    int behind = (int) Posix.call(OPEN, OURS | Posix.O_NONBLOCK);
    if (behind < 0) {
      throw trouble(behind);
    }
    try {
      succeed(Posix.call(GRANT, behind));
      succeed(Posix.call(UNLOCK, behind));
      Path path = name(behind);
      int device = Posix.open(path.toString(), OURS);
      succeed(device);
      int set = Termios.setRaw(device, BoardAddress.Uart.USUAL_BAUD);
      if (set < 0) {
        Posix.close(device);
        throw trouble(set);
      }
      return new Pty(behind, device, path);
    } catch (LineTrouble e) {
      Posix.close(behind);
      throw e;
    }
  }

  private static Path name(int behind) throws LineTrouble {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(LONGEST_NAME, JAVA_BYTE.byteAlignment());
      int error = (int) Posix.call(NAME, behind, name, (long) LONGEST_NAME);
      if (error != 0) {
        throw trouble(error);
      }
      return Path.of(name.getString(0));
    }
  }

  private static void succeed(long result) throws LineTrouble {
    if (result < 0) {
      throw trouble((int) result);
    }
  }

  private static LineTrouble trouble(int result) {
    return new LineTrouble(
        "this system gives no pseudo terminal (error %d); mount /dev/pts".formatted(-result));
  }

  /** What others open, as in {@code /dev/pts/3}. */
  public Path device() {
    return path;
  }

  /**
   * What was written to the device, as soon as something was.
   *
   * @return how many bytes; 0 where none were in time
   */
  public int receive(byte[] into, Duration patience) throws LineTrouble {
    if (Posix.poll(behind, Posix.POLLIN, patience.toNanos()) <= 0) {
      return 0;
    }
    int count = Posix.read(behind, into);
    if (count < 0 && count != -Errno.EAGAIN && count != -Errno.EINTR) {
      throw trouble(count);
    }
    return Math.max(0, count);
  }

  /**
   * Lets bytes be read at the device. What nobody reads is lost, as on a wire.
   *
   * @return how many there was room for
   */
  public int send(byte[] bytes) {
    int sent = 0;
    while (sent < bytes.length) {
      int count = Posix.write(behind, bytes, sent);
      if (count <= 0) {
        return sent;
      }
      sent += count;
    }
    return sent;
  }

  /** Those who have the device open find that it has gone. */
  @Override
  public void close() {
    Posix.close(device);
    Posix.close(behind);
  }
}
