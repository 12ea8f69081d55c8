package io.solebox.app.backup;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.state.ScoutTables;
import io.solebox.server.age.AgeInput;
import io.solebox.server.age.AgeKey;
import io.solebox.server.backup.StateSnapshot;
import io.solebox.server.storage.StateFile;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.bundle.TarEntry;
import io.solebox.store.pull.transfer.RoomCheck;
import io.solebox.store.pull.transfer.TransferOptions.Space;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a backup to its end, and lays ready what is in it: in the folder {@code restoring} of the
 * data folder, where nothing counts until all of it is there, is whole, and can be read here.
 */
final class Staging implements AutoCloseable {
  private static final int STEP = 1 << 20;
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final BackupPlaces places;
  private final Path folder;
  private final String place;
  private final Progress progress;
  private final RestoredModels models;
  private long done;

  private Staging(BackupPlaces places, String place, Progress progress) {
    this.places = places;
    this.folder = Ready.folder(places);
    this.place = place;
    this.progress = progress;
    this.models = new RestoredModels(places);
  }

  /**
   * @param sealed left open
   * @param place of errors
   * @throws SoleboxException and nothing has changed then
   */
  static Ready run(
      BackupPlaces places, InputStream sealed, String place, AgeKey key, Progress progress) {
    try (Staging staging = new Staging(places, place, progress)) {
      return staging.run(sealed, key);
    } catch (IOException e) {
      throw StoreFailure.of(Ready.folder(places), e);
    }
  }

  private Ready run(InputStream sealed, AgeKey key) throws IOException {
    InputStream in = AgeInput.of(sealed, key, place);
    BackupHead head = head(in);
    if (!Files.isDirectory(places.data())) {
      Files.createDirectories(places.data(), OWNERS_FOLDER);
    }
    RoomCheck.require(places.data(), head.bytes(), Space.SYSTEM);
    Ready.discard(places);
    Files.createDirectory(folder, OWNERS_FOLDER);
    requireOwn();
    Optional<TarEntry> entry = TarEntry.next(in, place);
    while (entry.isPresent()) {
      unpack(entry.get(), in, head);
      entry = TarEntry.next(in, place);
    }
    in.transferTo(OutputStream.nullOutputStream()); // the end says that nothing is missing
    requireReadable();
    if (Files.exists(server().resolve(StateSnapshot.DATABASE))) {
      Files.createDirectories(server().resolve("files"), OWNERS_FOLDER);
    }
    Ready ready = Ready.of(places, head, models.finish(head, folder));
    ready.mark(places);
    return ready;
  }

  private BackupHead head(InputStream in) throws IOException {
    TarEntry first =
        TarEntry.next(in, place)
            .filter(entry -> entry.name().equals(BackupHead.NAME))
            .filter(entry -> entry.size() <= BackupHead.MOST_BYTES)
            .orElseThrow(() -> BackupHead.noBackup(place, "it does not begin as one"));
    byte[] json = in.readNBytes(Math.toIntExact(first.size()));
    skipPadding(first, in);
    return BackupHead.read(json, place);
  }

  private void skipPadding(TarEntry entry, InputStream in) throws IOException {
    in.skipNBytes(TarEntry.padded(entry.size()) - entry.size());
  }

  private void unpack(TarEntry entry, InputStream in, BackupHead head) throws IOException {
    switch (Unpacked.of(entry.name())) {
      case Unpacked.At(Path below) -> {
        Path file = folder.resolve(below);
        Files.createDirectories(file.getParent(), OWNERS_FOLDER);
        Files.createFile(file, OWNERS_FILE);
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
          copy(entry, in, out, head);
          out.getFD().sync();
        }
      }
      case Unpacked.Blob(var digest) ->
          models.receive(digest, place, out -> copy(entry, in, out, head));
      case Unpacked.Unknown(String name) ->
          throw BackupHead.noBackup(place, "it has '" + name + "' in it");
    }
    skipPadding(entry, in);
  }

  private void copy(TarEntry entry, InputStream in, OutputStream out, BackupHead head)
      throws IOException {
    byte[] buffer = new byte[STEP];
    long left = entry.size();
    while (left > 0) {
      int read = in.readNBytes(buffer, 0, (int) Math.min(STEP, left));
      if (read == 0) {
        throw BackupHead.noBackup(place, "it ends in the middle of '" + entry.name() + "'");
      }
      out.write(buffer, 0, read);
      left -= read;
      done += read;
      progress.report(
          "opening", head.bytes() == 0 ? 1 : Math.min(1.0, (double) done / head.bytes()));
    }
  }

  private void requireReadable() {
    requireSound(server().resolve(StateSnapshot.DATABASE), true);
    requireSound(server().resolveSibling("scout").resolve(ScoutTables.FILE), false);
  }

  private Path server() {
    return folder.resolve(Unpacked.NEW).resolve("server");
  }

  /** What is put there must be its user's, and a rename must bring it there. */
  private void requireOwn() throws IOException {
    UserPrincipal owner = Files.getOwner(places.data());
    if (!owner.equals(Files.getOwner(folder))) {
      throw new SoleboxException(
          ErrorCode.ACCESS_DENIED,
          places.data().toString(),
          "It belongs to '%s', who could not read what is restored.".formatted(owner.getName()),
          "Restore as that user: sudo -u %s solebox restore FILE.".formatted(owner.getName()));
    }
    if (Files.exists(places.state())
        && !Files.getFileStore(places.state()).equals(Files.getFileStore(folder))) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          places.state().toString(),
          "It lies on another disk than the data folder, " + places.data() + ".",
          "Restore into one on that disk, and move it afterwards.");
    }
  }

  /**
   * @param servers whether its version is one of the server's
   */
  private void requireSound(Path database, boolean servers) {
    if (!Files.exists(database)) {
      return;
    }
    try (StateFile file = StateFile.open(database)) {
      StateFile.Findings findings = file.check();
      if (!findings.damages().isEmpty()) {
        throw BackupHead.noBackup(
            place, "its database is damaged: " + findings.damages().getFirst());
      }
      if (servers && findings.version() > findings.latest()) {
        throw BackupHead.later(place, "tables of version " + findings.version());
      }
    }
  }

  /** What is not ready leaves nothing behind. */
  @Override
  public void close() throws IOException {
    models.close();
    if (!Ready.isReady(places)) {
      Ready.discard(places);
    }
  }
}
