package io.solebox.hardware.board.line;

import java.io.IOException;

/** Why a line cannot be used, in words, with what helps. */
public final class LineTrouble extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message a clause without a full stop
   */
  public LineTrouble(String message) {
    super(message);
  }
}
