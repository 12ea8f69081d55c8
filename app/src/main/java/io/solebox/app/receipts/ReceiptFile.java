package io.solebox.app.receipts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.receipts.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that commands about receipts read. */
final class ReceiptFile {
  private ReceiptFile() {}

  /**
   * A receipt, or that of an answer.
   *
   * @throws SoleboxException {@code UNTRUSTED} where not every bit of it is as it was signed
   */
  static Receipt read(Path file) {
    return Receipt.read(bytes(file), file.toString());
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The file cannot be read (%s).".formatted(e),
          "Check its name and permissions.",
          e);
    }
  }
}
