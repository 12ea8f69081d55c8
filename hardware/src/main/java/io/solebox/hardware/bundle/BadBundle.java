package io.solebox.hardware.bundle;

import java.io.IOException;

/** An archive that is no bundle, or is one that should not be read. */
public final class BadBundle extends IOException {
  private static final long serialVersionUID = 1;

  private final String remedy;

  BadBundle(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  /** One that was made badly, or with bad intent. */
  static BadBundle refused(String message) {
    return new BadBundle(
        message, "Make it with solebox doctor --collect FILE, or with scripts/collect.sh.");
  }

  /** What helps. */
  public String remedy() {
    return remedy;
  }
}
