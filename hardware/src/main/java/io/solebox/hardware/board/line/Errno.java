package io.solebox.hardware.board.line;

import java.nio.file.Path;

/** Errors of devices, in words with what helps. */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int ENXIO = 6;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EBUSY = 16;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int ENOTTY = 25;

  private Errno() {}

  /**
   * @param result of a call, below 0
   */
  static LineTrouble opening(Path device, int result) {
    return new LineTrouble(
        switch (-result) {
          case ENOENT, ENXIO, ENODEV ->
              "there is no device %s; plug the board in, or name another".formatted(device);
          case EPERM, EACCES ->
              "%s may not be opened by this user; add it to the device's group, as a rule 'dialout' or 'spi'"
                  .formatted(device);
          case EBUSY -> "%s is in use by another program; end that".formatted(device);
          default -> "%s cannot be opened (error %d)".formatted(device, -result);
        });
  }

  /** What was open, and has gone since. */
  static LineTrouble gone(Path device) {
    return LineTrouble.gone(
        "%s has gone away; plug the board in again, and it is opened by itself".formatted(device));
  }

  /**
   * @param doing as in {@code reading}
   */
  static LineTrouble failing(Path device, String doing, int result) {
    return switch (-result) {
      case EIO, ENXIO, ENODEV -> gone(device);
      default -> new LineTrouble("%s %s fails (error %d)".formatted(doing, device, -result));
    };
  }
}
