package io.solebox.backend.cuda.driver;

/** The library is there, but older than a function that Solebox needs. */
final class MissingFunctionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MissingFunctionException(String function) {
    super(function);
  }
}
