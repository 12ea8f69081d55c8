package io.solebox.app.update.file;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;

/** Refusals of updates, all of which leave the machine as it is. */
public final class BadUpdate {
  private BadUpdate() {}

  /**
   * @param place a file, or what of the machine it is about
   */
  public static SoleboxException because(String place, String what, String remedy) {
    return new SoleboxException(ErrorCode.BAD_UPDATE, place, what, remedy);
  }

  /** For files that are not as they were made. */
  static SoleboxException damaged(String place, String what) {
    return because(place, what, "Get the file again, and see that it is copied whole.");
  }
}
