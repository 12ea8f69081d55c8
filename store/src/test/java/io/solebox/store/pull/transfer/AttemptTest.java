package io.solebox.store.pull.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptTest {
  private static final ByteRange RANGE = new ByteRange(10, 20);

  @TempDir Path folder;

  private static Attempt attempt(FileChannel file) {
    return new Attempt(file, new CRC32C(), RANGE, RateLimit.none(), () -> true);
  }

  @Test
  void writesNoMoreThanItsRangeAndNothingAfterItsEnd() throws Exception {
    Path path = folder.resolve("data");
    try (var file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      Attempt attempt = attempt(file);
      assertTrue(attempt.take(ByteBuffer.wrap(new byte[4])));
      assertFalse(attempt.take(ByteBuffer.wrap(new byte[1000])));
      assertEquals(20, attempt.end());
      attempt.take(ByteBuffer.wrap(new byte[5]));
      assertEquals(20, attempt.end());
      assertEquals(20, Files.size(path));
      attempt.requireWritten();
    }
  }

  @Test
  void tellsADiskThatIsFullFromAConnectionThatBroke() throws Exception {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.isWritable(full), "SKIPPED: there is no " + full);
    try (var file = FileChannel.open(full, StandardOpenOption.WRITE)) {
      Attempt attempt = attempt(file);
      assertThrows(IOException.class, () -> attempt.take(ByteBuffer.wrap(new byte[4])));
      attempt.end();
      assertThrows(IOException.class, attempt::requireWritten);
    }
  }
}
