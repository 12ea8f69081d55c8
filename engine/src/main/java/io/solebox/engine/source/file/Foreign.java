package io.solebox.engine.source.file;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;

/**
 * What a file is that is no model in a format that can be read.
 *
 * @param what goes on after "this is", as in {@code a web page}
 * @param remedy how to come to the model
 */
record Foreign(ErrorCode code, String what, String remedy) {
  /** Not the file that somebody wanted to have. */
  static Foreign wrong(String what, String remedy) {
    return new Foreign(ErrorCode.BAD_MODEL_FILE, what, remedy);
  }

  /** Possibly a model, in another format. */
  static Foreign other(String what, String remedy) {
    return new Foreign(ErrorCode.UNSUPPORTED_MODEL, what, remedy);
  }

  SoleboxException refusal(String place) {
    return new SoleboxException(code, place, "this is " + Printable.line(what), remedy);
  }
}
