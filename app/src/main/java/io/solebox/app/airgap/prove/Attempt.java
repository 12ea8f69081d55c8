package io.solebox.app.airgap.prove;

import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * One way out.
 *
 * @param id stable name of it
 * @param what in words
 * @param leaves whether something would leave this machine if it went through; such ones are tried
 *     without a gap only where a person asks for it
 */
record Attempt(String id, String what, boolean leaves, Try way) {
  /** Goes the way. */
  interface Try {
    /**
     * @throws IOException counts as being held
     */
    Answer go() throws IOException, InterruptedException;
  }

  /** One that ends in this machine. */
  Attempt(String id, String what, Try way) {
    this(id, what, false, way);
  }

  /** What came of it; errors of another kind than of input and output are bugs of ours. */
  Answer answer() throws InterruptedException {
    try {
      return way.go();
    } catch (IOException e) {
      return new Answer.Held(said(e));
    }
  }

  /** Of errors about files Java says the file alone. */
  private static String said(IOException e) {
    String message = e.getMessage();
    return message == null || e instanceof FileSystemException
        ? e.getClass().getSimpleName()
        : firstLine(message);
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("").strip();
  }
}
