package io.solebox.hardware.board.line;

import java.io.IOException;

/** Why a line cannot be used, in words, with what helps. */
public final class LineTrouble extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean gone;

  /**
   * @param message a clause without a full stop
   */
  public LineTrouble(String message) {
    this(message, false);
  }

  private LineTrouble(String message, boolean gone) {
    super(message);
    this.gone = gone;
  }

  /** Of a device that was open, and is not there any more. */
  static LineTrouble gone(String message) {
    return new LineTrouble(message, true);
  }

  /** Whether a device has gone that was there; it may be back already. */
  public boolean isGone() {
    return gone;
  }
}
