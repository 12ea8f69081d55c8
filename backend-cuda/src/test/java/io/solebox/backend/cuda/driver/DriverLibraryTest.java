package io.solebox.backend.cuda.driver;

import static io.solebox.backend.cuda.driver.OnGpu.assertContains;
import static io.solebox.backend.cuda.driver.OnGpu.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the driver's library is looked for, and what is said of those that cannot be loaded. */
class DriverLibraryTest {
  private static final String NAME = "libno-such-cuda.so.1";

  @TempDir Path folder;

  private SoleboxException refusal() {
    var library = new DriverLibrary(NAME, List.of(Path.of("/none"), folder), "amd64");
    return refused(library::open);
  }

  @Test
  void whereThereIsNone() {
    SoleboxException e = refusal();
    assertEquals(ErrorCode.DEVICE_UNAVAILABLE, e.code());
    assertContains("There is no NVIDIA driver: libno-such-cuda.so.1", e.getMessage());
    assertContains("520", e.remedy());
  }

  @ParameterizedTest
  @CsvSource({
    "2, 183, is for another processor (ELF machine 183)",
    "1, 3, is a 32-bit library",
    "2, 62, misses a library that it needs itself"
  })
  void whereItDoesNotFitTheReasonIsSaid(int width, int machine, String reason) throws IOException {
    byte[] header = new byte[64];
    header[0] = 0x7f;
    header[1] = 'E';
    header[2] = 'L';
    header[3] = 'F';
    header[4] = (byte) width;
    header[18] = (byte) machine;
    Files.write(folder.resolve(NAME), header);
    assertContains(folder.resolve(NAME) + " " + reason, refusal().getMessage());
  }

  @Test
  void whereItIsNoLibrary() throws IOException {
    Files.writeString(folder.resolve(NAME), "nothing");
    assertContains("is no library", refusal().getMessage());
  }

  /** A library of this machine that the loader does not know by that name. */
  @Test
  void aFolderThatTheLoaderDoesNotKnowIsSearched() throws IOException {
    Path libm = libm();
    Files.copy(libm, folder.resolve(NAME));
    assertTrue(
        new DriverLibrary(NAME, List.of(folder), System.getProperty("os.arch"))
            .open()
            .find("cos")
            .isPresent());
  }

  private static Path libm() {
    List<Path> known =
        Stream.of("/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/lib64", "/usr/lib")
            .map(f -> Path.of(f, "libm.so.6"))
            .filter(Files::exists)
            .toList();
    assumeTrue(!known.isEmpty(), "no libm.so.6 in the usual folders");
    return known.getFirst();
  }

  @Test
  void theUsualFoldersAreThoseOfThisProcessor() {
    List<Path> folders = DriverLibrary.ofThisMachine().folders();
    assertTrue(folders.contains(Path.of("/usr/local/nvidia/lib64")));
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    assertEquals(arm, folders.contains(Path.of("/usr/lib/aarch64-linux-gnu")));
    assertFalse(
        folders.contains(
            Path.of(arm ? "/usr/lib/x86_64-linux-gnu" : "/usr/lib/aarch64-linux-gnu")));
  }
}
