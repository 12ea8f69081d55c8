package io.solebox.backend.cuda.fake;

/** PTX that the interpreter cannot read, as the driver's compiler would refuse it. */
public final class PtxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PtxException(int line, String message) {
    super("line " + line + ": " + message);
  }
}
