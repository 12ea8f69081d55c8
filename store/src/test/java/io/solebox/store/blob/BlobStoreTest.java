package io.solebox.store.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {
  private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path folder;
  private BlobStore blobs;

  @BeforeEach
  void open() {
    blobs = BlobStore.open(folder.resolve("store"), Disk.SYSTEM);
  }

  @Test
  void aBlobIsNamedByWhatItHoldsAndNobodyWritesToIt() throws IOException {
    Digest digest = Digest.of(ABC);
    assertEquals(Optional.empty(), blobs.find(digest));
    try (Partial partial = blobs.partial("a", "tests")) {
      Path finished = Files.write(partial.file("data"), ABC);
      Path blob = blobs.install(finished, digest);
      assertFalse(Files.exists(finished));
      assertEquals(Optional.of(blob), blobs.find(digest));
      assertEquals("r--r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(blob)));
      assertEquals(
          "store/blobs/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex(),
          folder.relativize(blob).toString());
    }
  }

  @Test
  void aBlobThatIsThereStaysAsItIs() throws IOException {
    try (Partial partial = blobs.partial("a", "tests")) {
      Path blob = blobs.install(partial, ABC);
      Object inode = Files.getAttribute(blob, "unix:ino");
      assertEquals(blob, blobs.install(partial, ABC));
      assertEquals(inode, Files.getAttribute(blob, "unix:ino"));
      assertFalse(Files.exists(partial.file(Digest.of(ABC).hex())));
    }
  }

  @Test
  void aBlobThatWasCutIsReplaced() throws IOException {
    try (Partial partial = blobs.partial("a", "tests")) {
      Path blob = blobs.install(partial, ABC);
      Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-------"));
      Files.write(blob, new byte[] {'a'});
      blobs.install(partial, ABC);
      assertEquals("abc", Files.readString(blob));
    }
  }

  @Test
  void aPartialHasOneOwnerAndStaysAsItWasLeft() throws IOException {
    try (Partial first = blobs.partial("key-1", "pulls llama3.2")) {
      Files.writeString(first.file("journal"), "half");
      var error =
          assertThrows(SoleboxException.class, () -> blobs.partial("key-1", "pulls it too"));
      assertEquals(ErrorCode.IN_USE, error.code());
      String owner = "process " + ProcessHandle.current().pid() + ", which pulls llama3.2";
      assertTrue(error.getMessage().contains(owner), error.getMessage());
      assertTrue(Partial.isOwned(first.folder()));
      blobs.partial("key-2", "pulls another").close();
    }
    try (Partial second = blobs.partial("key-1", "goes on")) {
      assertEquals("half", Files.readString(second.file("journal")));
      second.discard();
      assertFalse(Files.exists(second.folder()));
    }
    assertThrows(IllegalArgumentException.class, () -> blobs.partial("../key", "escapes"));
  }

  @Test
  void claimsAddUp() throws IOException {
    Digest abc = Digest.of(ABC);
    Digest other = Digest.of(new byte[0]);
    try (Partial partial = blobs.partial("a", "tests")) {
      partial.claim(List.of(abc));
      partial.claim(List.of(other));
      assertEquals(Set.of(abc, other), Partial.claims(partial.folder()));
    }
  }

  @Test
  void aLockIsNotLostWhenAnotherOfThisProcessAsks() throws IOException {
    Path file = folder.resolve("lock");
    try (LockedFile _ = LockedFile.tryLock(file).orElseThrow()) {
      assertTrue(LockedFile.isLocked(file));
      assertTrue(LockedFile.isLocked(folder.resolve(".").resolve("lock")));
    }
    assertFalse(LockedFile.isLocked(file));
  }

  @Test
  void aStoreOfANewerVersionIsRefused() throws IOException {
    Path store = Files.createDirectory(folder.resolve("newer"));
    Files.writeString(store.resolve("format"), "2\n");
    var error = assertThrows(SoleboxException.class, () -> BlobStore.open(store, Disk.SYSTEM));
    assertEquals(ErrorCode.BAD_STORE, error.code());
    assertTrue(error.getMessage().contains("format '2'"), error.getMessage());
  }
}
