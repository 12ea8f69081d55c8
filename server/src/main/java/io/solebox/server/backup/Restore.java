package io.solebox.server.backup;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.seal.KeyRing;
import io.solebox.server.storage.JournalFiles;
import io.solebox.server.storage.StateCopy;
import io.solebox.server.storage.StateFile;
import io.solebox.storage.Leadership;
import java.io.BufferedInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Puts a backup in the place of what a server keeps, which is moved aside and not deleted. What
 * belongs to somebody whose key is gone is left out: nobody could read it.
 */
public final class Restore {
  private static final Set<String> VERSIONS = Set.of("1", Backup.VERSION);
  private static final Pattern FILE_NAME = Pattern.compile("file-[0-9a-zA-Z-]+(\\.sealed)?");
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path backup;
  private final Path state;
  private final Path folder;
  private final Optional<KeyRing> given;

  private Restore(Path backup, Path state, Optional<KeyRing> given) {
    this.backup = backup.toAbsolutePath();
    this.state = state.toAbsolutePath();
    this.folder = this.state.getParent();
    this.given = given;
  }

  /**
   * What was done.
   *
   * @param files how many
   * @param left owners whose things were left out, since their keys are gone
   * @param before where what was there before lies now; empty where there was nothing
   */
  public record Report(int files, Set<String> left, Optional<Path> before) {}

  /**
   * @param state the database of a server that does not run
   * @param keys that a backup has written; empty where those in the state's folder are to be used
   * @throws SoleboxException {@code IN_USE} if a server runs; {@code BAD_BUNDLE} if it is no
   *     backup, or damaged; {@code ACCESS_DENIED} if the keys are nowhere; and then nothing has
   *     changed
   */
  public static Report run(Path backup, Path state, Optional<Path> keys) {
    Restore restore = new Restore(backup, state, keys.map(KeyRing::read));
    try {
      return restore.run();
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          restore.backup.toString(),
          "The backup cannot be restored: " + e.getMessage() + ".",
          "See that there is space, and that " + restore.folder + " can be written.",
          e);
    }
  }

  private Report run() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, OWNERS_FOLDER);
    }
    try (Leadership leadership =
        new Leadership(state.resolveSibling(state.getFileName() + ".lock"))) {
      if (!leadership.isOurs()) {
        throw new SoleboxException(
            ErrorCode.IN_USE,
            state.toString(),
            "A server uses it.",
            "Stop the server, and start it again when this is done.");
      }
      Path fresh = Files.createTempDirectory(folder, "restoring", OWNERS_FOLDER);
      try {
        int files = extract(fresh);
        Set<String> left = keys(fresh.resolve(Backup.DATABASE));
        return new Report(files, left, exchange(fresh));
      } finally {
        delete(fresh);
      }
    }
  }

  private int extract(Path fresh) throws IOException {
    int files = 0;
    Path folderOfFiles = Files.createDirectory(fresh.resolve("files"), OWNERS_FOLDER);
    try (ZipInputStream zip =
        new ZipInputStream(new BufferedInputStream(Files.newInputStream(backup), 1 << 16))) {
      requireMark(zip);
      ZipEntry entry = zip.getNextEntry();
      while (entry != null) {
        String name = entry.getName();
        if (name.equals(Backup.DATABASE) || JournalFiles.isOne(name)) {
          copy(zip, fresh.resolve(name));
        } else if (name.startsWith(Backup.FILES)
            && FILE_NAME.matcher(name.substring(Backup.FILES.length())).matches()) {
          copy(zip, folderOfFiles.resolve(name.substring(Backup.FILES.length())));
          files++;
        } else {
          throw noBackup("it has '" + name + "' in it");
        }
        entry = zip.getNextEntry();
      }
    }
    if (!Files.exists(fresh.resolve(Backup.DATABASE))) {
      throw noBackup("it has no database");
    }
    try (StateFile database = StateFile.open(fresh.resolve(Backup.DATABASE))) {
      List<String> damages = database.check().damages();
      if (!damages.isEmpty()) {
        throw noBackup("its database is damaged: " + damages.getFirst());
      }
    }
    return files;
  }

  private void requireMark(ZipInputStream zip) throws IOException {
    ZipEntry first = zip.getNextEntry();
    if (first == null || !first.getName().equals(Backup.MARK)) {
      throw noBackup("it does not begin as one");
    }
    String version = new String(zip.readNBytes(16), StandardCharsets.US_ASCII);
    if (!VERSIONS.contains(version)) {
      throw noBackup("a later version of Solebox has written it");
    }
  }

  private SoleboxException noBackup(String why) {
    return new SoleboxException(
        ErrorCode.BAD_BUNDLE,
        backup.toString(),
        "This is no backup that can be restored: " + why + ".",
        "Give a file that 'solebox state backup' has written.");
  }

  private static void copy(InputStream in, Path to) throws IOException {
    Files.createFile(
        to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var out = new FileOutputStream(to.toFile())) {
      in.transferTo(out);
      out.getFD().sync();
    }
  }

  /** Puts the keys into the new database; returns whose things had to be left out. */
  private Set<String> keys(Path database) {
    try (StateCopy copy = StateCopy.open(database)) {
      if (!copy.isSealed()) {
        return Set.of();
      }
      Map<String, byte[]> keys = given.map(KeyRing::owners).orElseGet(this::keysHere);
      copy.putKeys(keys);
      Set<String> without = copy.ownersWithoutKey();
      if (keys.isEmpty() && !without.isEmpty()) {
        throw new SoleboxException(
            ErrorCode.ACCESS_DENIED,
            backup.toString(),
            "What is in it is sealed, and the keys are not here.",
            "Give --keys FILE, as 'solebox state backup --keys FILE' has written it.");
      }
      copy.removeOwners(without);
      return without;
    }
  }

  private Map<String, byte[]> keysHere() {
    if (!Files.exists(state)) {
      return Map.of();
    }
    Path copy = state.resolveSibling("keys-" + UUID.randomUUID() + ".db");
    try (StateFile live = StateFile.open(state)) {
      live.copyTo(copy);
      try (StateCopy opened = StateCopy.open(copy)) {
        return new HashMap<>(opened.keys());
      }
    } finally {
      copy.toFile().delete();
    }
  }

  /** Returns where what was there before lies now. */
  private Optional<Path> exchange(Path fresh) throws IOException {
    Optional<Path> before = Optional.empty();
    boolean otherKey = given.filter(ring -> !ring.isOf(folder)).isPresent();
    List<String> names =
        new ArrayList<>(List.of("server.db", "server.db-wal", "server.db-shm", "files", "box.key"));
    names.addAll(journals(folder));
    for (String name : names) {
      Path there = folder.resolve(name);
      if (Files.exists(there) && (!name.equals("box.key") || otherKey)) {
        if (before.isEmpty()) {
          before = Optional.of(Files.createTempDirectory(folder, "before-restore-", OWNERS_FOLDER));
        }
        Files.move(there, before.get().resolve(name));
      }
    }
    if (otherKey) {
      given.get().install(folder);
    }
    Files.move(fresh.resolve("files"), folder.resolve("files"));
    for (String journal : journals(fresh)) {
      Files.move(fresh.resolve(journal), folder.resolve(journal));
    }
    Files.move(fresh.resolve(Backup.DATABASE), state);
    return before;
  }

  private static List<String> journals(Path folder) throws IOException {
    return JournalFiles.in(folder).stream().map(file -> file.getFileName().toString()).toList();
  }

  private static void delete(Path fresh) throws IOException {
    try (var all = Files.walk(fresh)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
