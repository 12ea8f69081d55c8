package io.solebox.store.pull.transfer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.http.Ask;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** How transfers end that cannot go on. What has come is kept by all of them. */
final class Failures {
  private static final String GO_ON = "Pull it again to go on: what has come is kept.";

  private Failures() {}

  static SoleboxException gone(URI uri) {
    return new SoleboxException(
        ErrorCode.MODEL_NOT_FOUND,
        Ask.shown(uri),
        "The source no longer has this file, or this state of it.",
        "See whether it moved; what has come is kept.");
  }

  static SoleboxException refused(URI uri, int status) {
    boolean access = status == 401 || status == 403;
    return new SoleboxException(
        access ? ErrorCode.ACCESS_DENIED : ErrorCode.IO_ERROR,
        Ask.shown(uri),
        "The source refuses to give this file (HTTP " + status + "), with a fresh address too.",
        access ? "See whether you may have it, and with which token. " + GO_ON : GO_ON);
  }

  static SoleboxException lies(URI uri, String fault) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        Ask.shown(uri),
        "Something between here and the source gives wrong answers: " + fault + ".",
        "Nothing of them was kept. Try from another network or another source.");
  }

  static SoleboxException lost(URI uri, int tries, String why, Optional<IOException> cause) {
    var lost =
        new SoleboxException(
            ErrorCode.IO_ERROR,
            Ask.shown(uri),
            "The connection failed " + tries + " times in a row: " + why + ".",
            GO_ON);
    cause.ifPresent(lost::initCause);
    return lost;
  }

  static SoleboxException otherBytes(URI uri, Identity wanted) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        Ask.shown(uri),
        "All of it came, twice, and it is not the file that the source names: its checksum is not "
            + wanted.key()
            + ".",
        "It was not installed. Pull it again later, or from another source.");
  }

  static SoleboxException badDisk(String file, int chunk) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        file,
        "Piece " + chunk + " was written three times and is read differently each time.",
        "Look after this disk and this memory.");
  }
}
