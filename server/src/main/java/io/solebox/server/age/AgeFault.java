package io.solebox.server.age;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;

/** Why a file does not open. */
final class AgeFault {
  private AgeFault() {}

  static SoleboxException notAge(String place) {
    return new SoleboxException(
        ErrorCode.BAD_BUNDLE,
        place,
        "This is no encrypted backup: it does not begin as one.",
        "Give a file that 'solebox backup' has written.");
  }

  static SoleboxException damaged(String place, String what) {
    return new SoleboxException(
        ErrorCode.BAD_BUNDLE,
        place,
        "It is damaged: " + what + ".",
        "Copy it again from where it was written; nothing was changed.");
  }

  static SoleboxException cutShort(String place) {
    return new SoleboxException(
        ErrorCode.BAD_BUNDLE,
        place,
        "It is cut short: its end is missing.",
        "Copy it again from where it was written; nothing was changed.");
  }

  static SoleboxException wrongPassphrase(String place) {
    return new SoleboxException(
        ErrorCode.ACCESS_DENIED,
        place,
        "That is not its passphrase.",
        "Try again; nothing was changed. Without the passphrase nobody can open it.");
  }

  static SoleboxException wrongKey(String place, String wanted) {
    return new SoleboxException(
        ErrorCode.ACCESS_DENIED, place, "It does not open with this: " + wanted + ".", remedy());
  }

  private static String remedy() {
    return "Give the passphrase, or with --identity the secret key of one for whom it was written;"
        + " nothing was changed.";
  }
}
