package io.solebox.engine.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which files stay where there is no room for all. */
@Timeout(60)
class PrefixFolderTest {
  private static final int SIZE = 40;
  private static final long FILE = PrefixFile.bytes(SIZE);

  @TempDir Path scratch;

  private PrefixFolder open(int files) {
    return PrefixFolder.open(scratch.resolve("model"), "a", FileSeal.NONE, files * FILE)
        .orElseThrow();
  }

  private static SpillKey key(int n) {
    return new SpillKey(PrefixHash.of("p").then(new int[] {n}), 0);
  }

  /** As a process does at its end. */
  private static void save(PrefixFolder folder, int... keys) throws IOException {
    for (int n : keys) {
      if (!folder.keep(key(n))) {
        folder.write(key(n), MemorySegment.ofArray(new byte[SIZE]));
      }
    }
    folder.endSaving();
  }

  private static List<Integer> there(PrefixFolder folder) {
    return IntStream.range(0, 20).filter(n -> folder.find(key(n)).isPresent()).boxed().toList();
  }

  @Test
  void whatIsSavedFirstLeavesForNothingBehindIt() throws IOException {
    try (PrefixFolder folder = open(3)) {
      save(folder, 5, 2, 7, 0, 1);
      assertEquals(List.of(2, 5, 7), there(folder));
      assertEquals(3 * FILE, folder.bytes());
    }
    try (PrefixFolder smaller = open(2)) {
      assertEquals(List.of(2, 5), there(smaller));
    }
    try (PrefixFolder smaller = open(1)) {
      assertEquals(List.of(5), there(smaller));
    }
  }

  @Test
  void whatIsThereAlreadyIsKeptLikeWhatIsNew() throws IOException {
    try (PrefixFolder folder = open(4)) {
      save(folder, 0, 1, 2, 3);
    }
    try (PrefixFolder folder = open(4)) {
      save(folder, 3, 10, 2, 11, 12);
      assertEquals(List.of(2, 3, 10, 11), there(folder));
    }
    try (PrefixFolder smaller = open(2)) {
      assertEquals(List.of(3, 10), there(smaller));
    }
  }

  /** The end of a prefix is of no use without its beginning. */
  @Test
  void theEndOfWhatWasReadLeavesFirst() throws IOException {
    try (PrefixFolder folder = open(8)) {
      save(folder, 0, 1, 2, 3, 10, 11, 12, 13);
      folder.used(List.of(key(10), key(11), key(12), key(13)));
      folder.endSaving();
    }
    try (PrefixFolder folder = open(6)) {
      assertEquals(List.of(0, 1, 10, 11, 12, 13), there(folder));
    }
    try (PrefixFolder folder = open(8)) {
      save(folder, 14, 15, 16, 17, 18);
      assertEquals(List.of(10, 11, 12, 14, 15, 16, 17, 18), there(folder));
    }
  }

  @Test
  void filesThatNobodyListedLeaveFirst() throws IOException {
    try (PrefixFolder folder = open(3)) {
      save(folder, 1, 0);
      folder.write(key(2), MemorySegment.ofArray(new byte[SIZE]));
    }
    try (PrefixFolder folder = open(2)) {
      assertEquals(List.of(0, 1), there(folder));
    }
  }

  @Test
  void whoCannotOpenItDoesNotKeepItFromOthers() throws IOException {
    open(3).close();
    Path mark = scratch.resolve("model").resolve("identity");
    Files.delete(mark);
    Files.createDirectory(mark);
    var refused = assertThrows(SoleboxException.class, () -> open(3));
    assertEquals(ErrorCode.IO_ERROR, refused.code());
    assertFalse(refused.remedy().isEmpty());
    Files.delete(mark);
    try (PrefixFolder folder = open(3)) {
      assertTrue(folder.isEmpty());
    }
  }
}
