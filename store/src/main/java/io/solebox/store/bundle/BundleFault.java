package io.solebox.store.bundle;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;

/** Why a bundle is refused. */
final class BundleFault {
  private static final String COPY_AGAIN =
      "Copy it again from where it was made, or let whoever signed it make it again.";

  private BundleFault() {}

  /** It is not what its signature says, or nothing that Solebox writes. */
  static SoleboxException damaged(String place, String message) {
    return new SoleboxException(ErrorCode.BAD_BUNDLE, place, message, COPY_AGAIN);
  }

  /** It is whole, and not to be taken here and now. */
  static SoleboxException refused(String place, String message, String remedy) {
    return new SoleboxException(ErrorCode.BAD_BUNDLE, place, message, remedy);
  }
}
