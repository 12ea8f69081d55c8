package io.solebox.hardware.board.line;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Settings of terminals and serial ports ({@code struct termios} of glibc and musl on Linux: four
 * words of flags, the discipline, 32 characters, two speeds).
 */
final class Termios {
  private static final long BYTES = 60;
  private static final long C_CFLAG = 8;

  /** {@code asm-generic/termbits.h}. */
  private static final int CBAUD = 0x100f;

  private static final int CSIZE = 0x30;
  private static final int CS8 = 0x30;
  private static final int CSTOPB = 0x40;
  private static final int CREAD = 0x80;
  private static final int PARENB = 0x100;
  private static final int HUPCL = 0x400;
  private static final int CLOCAL = 0x800;
  private static final int CRTSCTS = 0x8000_0000;

  private static final int TCSANOW = 0;
  private static final int TCIFLUSH = 0;

  private static final MethodHandle GET = Posix.of("tcgetattr", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle SET =
      Posix.of("tcsetattr", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle RAW = Posix.of("cfmakeraw", JAVA_INT, ADDRESS);
  private static final MethodHandle SPEED = Posix.of("cfsetspeed", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle FLUSH = Posix.of("tcflush", JAVA_INT, JAVA_INT, JAVA_INT);

  private Termios() {}

  /**
   * Has a port pass bytes as they are: eight bits, no parity, one stop bit, nothing that holds them
   * up. Closing it does not let go of DTR, which resets some boards.
   *
   * @param baud one of {@link Baud}
   * @return 0, or an error's number below 0; {@link Errno#EINVAL} where the port takes no such
   *     speed
   */
  static int setRaw(int file, int baud) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment settings = arena.allocate(BYTES, 4);
      int result = (int) Posix.call(GET, file, settings);
      if (result < 0) {
        return result;
      }
      Posix.call(RAW, settings);
      int flags = settings.get(JAVA_INT, C_CFLAG);
      flags &= ~(CSIZE | CSTOPB | PARENB | HUPCL | CRTSCTS);
      settings.set(JAVA_INT, C_CFLAG, flags | CS8 | CREAD | CLOCAL);
      int code = Baud.code(baud).orElseThrow();
      Posix.call(SPEED, settings, code);
      result = (int) Posix.call(SET, file, TCSANOW, settings);
      // It says that all is well as soon as anything was set.
      if (result == 0 && Posix.call(GET, file, settings) == 0) {
        flags = settings.get(JAVA_INT, C_CFLAG);
        boolean isSet = (flags & CBAUD) == code && (flags & (CSIZE | PARENB | CRTSCTS)) == CS8;
        return isSet ? 0 : -Errno.EINVAL;
      }
      return result;
    }
  }

  /** Throws away what has come and was not read. */
  static int flushInput(int file) {
    return (int) Posix.call(FLUSH, file, TCIFLUSH);
  }
}
