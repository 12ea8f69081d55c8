package io.solebox.app.backup;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.age.AgeLock;
import io.solebox.server.age.AgeOutput;
import io.solebox.store.blob.Disk;
import io.solebox.store.bundle.TarEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;

/**
 * Writes a backup: a tar archive, sealed as it goes out, in the memory of some pieces. Whoever has
 * the key opens it without Solebox as well: {@code age -d FILE | tar x}.
 */
final class BackupWriter {
  private static final int STEP = 1 << 20;

  private final BackupPlaces places;
  private final String version;
  private final Clock clock;

  /**
   * @param version of this Solebox
   */
  BackupWriter(BackupPlaces places, String version, Clock clock) {
    this.places = places;
    this.version = version;
    this.clock = clock;
  }

  /** What was written. */
  record Written(BackupHead head, int files, boolean withModels) {}

  /**
   * @param out left open
   * @throws SoleboxException {@code IO_ERROR} of what is read
   * @throws IOException of {@code out}; what was written is no backup then
   */
  Written write(AgeLock lock, boolean withModels, OutputStream out, Progress progress)
      throws IOException {
    Files.createDirectories(places.data());
    Path work =
        Files.createTempDirectory(
            places.data(),
            "backup-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      progress.report("copying the databases", 0);
      BoxInventory.Found found = BoxInventory.find(places, work, withModels);
      BackupHead head =
          new BackupHead(clock.instant(), version, found.bytes(), found.models(), found.leftOut());
      AgeOutput sealed = AgeOutput.to(out, lock);
      byte[] json = head.json();
      sealed.write(new TarEntry(BackupHead.NAME, json.length).header());
      sealed.write(json);
      pad(sealed, json.length);
      long done = 0;
      for (Part part : found.parts()) {
        copy(part, sealed, new Share(done, found.bytes(), progress));
        done += part.bytes();
      }
      sealed.write(new byte[TarEntry.END_BYTES]);
      sealed.finish();
      return new Written(head, found.parts().size(), withModels);
    } finally {
      Disk.SYSTEM.deleteTree(work);
    }
  }

  /** How much of all is done when so much of one file is. */
  private record Share(long before, long all, Progress progress) {
    void report(long done) {
      progress.report("sealing", all == 0 ? 1 : (double) (before + done) / all);
      if (progress.cancelled()) {
        throw new SoleboxException(
            ErrorCode.CANCELLED, "", "Somebody has stopped it.", "Begin again.");
      }
    }
  }

  /**
   * As many bytes as were announced, whatever becomes of the file meanwhile; nothing of one that
   * somebody has deleted since.
   */
  private static void copy(Part part, OutputStream out, Share share) throws IOException {
    byte[] buffer = new byte[STEP];
    try (InputStream in = Files.newInputStream(part.file())) {
      out.write(new TarEntry(part.name(), part.bytes()).header());
      long done = 0;
      while (done < part.bytes()) {
        int read = in.readNBytes(buffer, 0, (int) Math.min(STEP, part.bytes() - done));
        if (read == 0) {
          throw new SoleboxException(
              ErrorCode.IO_ERROR,
              part.file().toString(),
              "It became shorter while it was read.",
              "Begin again.");
        }
        out.write(buffer, 0, read);
        done += read;
        share.report(done);
      }
      pad(out, part.bytes());
    } catch (NoSuchFileException e) {
      share.report(part.bytes());
    }
  }

  private static void pad(OutputStream out, long size) throws IOException {
    out.write(new byte[(int) (TarEntry.padded(size) - size)]);
  }
}
