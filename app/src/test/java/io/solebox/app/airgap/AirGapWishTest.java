package io.solebox.app.airgap;

import static io.solebox.app.airgap.AirGapWish.IF_POSSIBLE;
import static io.solebox.app.airgap.AirGapWish.NONE;
import static io.solebox.app.airgap.AirGapWish.REQUIRED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Whoever says more than the others is heard. */
class AirGapWishTest {
  @TempDir Path folder;

  @Test
  void theStrongestWishCounts() throws IOException {
    assertEquals(NONE, wish("", "serve"));
    assertEquals(NONE, wish("0", "run"));
    assertEquals(REQUIRED, wish("", "serve", "--air-gap"));
    assertEquals(IF_POSSIBLE, wish("", "serve", "--air-gap-if-possible"));
    assertEquals(REQUIRED, wish("if-possible", "--air-gap", "serve", "--air-gap-if-possible"));
    assertEquals(REQUIRED, wish("1", "serve", "--air-gap-if-possible"));
    assertEquals(IF_POSSIBLE, wish("if-possible", "serve"));
    assertEquals(REQUIRED, wish("required", "serve"));

    Files.writeString(folder.resolve("air-gap"), "required\n");
    assertEquals(REQUIRED, wish("0", "serve", "--air-gap-if-possible"));
    Files.writeString(folder.resolve("air-gap"), "none");
    assertEquals(NONE, wish("", "serve"));
  }

  /** A word that nobody understands must not pass for "no". */
  @Test
  void otherWordsAreRefused() throws IOException {
    assertInvalid(() -> wish("yes", "serve"));
    Files.writeString(folder.resolve("air-gap"), "");
    assertInvalid(() -> wish("", "serve"));
  }

  @Test
  void aSettingThatCannotBeReadIsRefused() throws IOException {
    Files.createDirectory(folder.resolve("air-gap"));
    var e = assertThrows(SoleboxException.class, () -> wish("", "serve"));
    assertEquals(ErrorCode.IO_ERROR, e.code());
  }

  private void assertInvalid(Executable wish) {
    assertEquals(ErrorCode.INVALID_PARAMETER, assertThrows(SoleboxException.class, wish).code());
  }

  private AirGapWish wish(String variable, String... arguments) {
    return AirGapWish.of(arguments, Map.of(AirGapWish.VARIABLE, variable), folder);
  }
}
