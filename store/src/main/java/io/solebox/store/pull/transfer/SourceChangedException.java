package io.solebox.store.pull.transfer;

/** The source has another file under the same name now: what came of the old one is of no use. */
public final class SourceChangedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SourceChangedException(String message) {
    super(message);
  }
}
