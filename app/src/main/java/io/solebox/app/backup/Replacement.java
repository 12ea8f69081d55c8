package io.solebox.app.backup;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.state.ScoutTables;
import io.solebox.server.backup.StateSnapshot;
import io.solebox.storage.Leadership;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts what lies ready in the place of what is there, which is moved aside and not deleted: first
 * all that is there goes, then all that is new comes. Each step is a rename, and what is broken off
 * at any moment the next start of a server goes on with.
 */
final class Replacement {
  /** There once all that was before is aside. */
  private static final String MOVED = "moved";

  private static final String BEFORE = "before";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final BackupPlaces places;
  private final Path folder;
  private final Path fresh;
  private final Clock clock;

  Replacement(BackupPlaces places, Clock clock) {
    this.places = places;
    this.folder = Ready.folder(places);
    this.fresh = folder.resolve(Unpacked.NEW);
    this.clock = clock;
  }

  /**
   * What was done.
   *
   * @param before where what was there before lies now; empty where there was nothing
   * @param system where settings of the machine lie that this user may not put in their place
   */
  record Done(Optional<Path> before, Optional<Path> system) {}

  /**
   * @throws SoleboxException {@code IN_USE} where a server or a scout runs, and then nothing has
   *     changed
   */
  Done run() {
    return alone(this::replace);
  }

  /**
   * Looks whether it could be done now.
   *
   * @throws SoleboxException {@code IN_USE}
   */
  void requireFree() {
    alone(() -> places);
  }

  /** What is done while neither a server nor a scout runs. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T alone(Work<T> work) {
    try {
      makeFolder(places.state());
      makeFolder(places.scout());
      try (Leadership server = new Leadership(places.state().resolve("server.db.lock"));
          Leadership scout = new Leadership(places.scout().resolve(ScoutTables.FILE + ".lock"))) {
        require(server, places.state(), "A server uses it.");
        require(scout, places.scout(), "A scout uses it.");
        return work.run();
      }
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }

  private static void makeFolder(Path made) throws IOException {
    if (!Files.isDirectory(made)) {
      Files.createDirectories(
          made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static void require(Leadership leadership, Path place, String why) {
    if (!leadership.isOurs()) {
      throw new SoleboxException(
          ErrorCode.IN_USE,
          place.toString(),
          why,
          "Stop it, and start it again when this is done.");
    }
  }

  private Done replace() throws IOException {
    Map<Path, Path> targets = targets();
    Path before = folder.resolve(BEFORE);
    if (!Files.exists(folder.resolve(MOVED))) {
      for (Map.Entry<Path, Path> each : old().entrySet()) {
        Disk.SYSTEM.createFolders(each.getValue().getParent());
        Disk.SYSTEM.move(each.getKey(), each.getValue());
      }
      Disk.SYSTEM.replace(folder.resolve(MOVED), new byte[0]);
    }
    for (Map.Entry<Path, Path> each : targets.entrySet()) {
      Disk.SYSTEM.createFolders(each.getValue().getParent());
      Disk.SYSTEM.move(each.getKey(), each.getValue());
      Disk.SYSTEM.forceFolder(each.getValue().getParent());
    }
    Optional<Path> kept = keep(before, "before-restore-");
    Optional<Path> system = keep(folder.resolve(Unpacked.SYSTEM), "restored-etc-");
    Ready.discard(places);
    return new Done(kept, system);
  }

  private Optional<Path> keep(Path made, String name) throws IOException {
    if (!Files.exists(made)) {
      return Optional.empty();
    }
    Path kept = places.data().resolve(name + STAMP.format(clock.instant()));
    Disk.SYSTEM.move(made, kept);
    return Optional.of(kept);
  }

  /** What lies ready, and where it goes. */
  private Map<Path, Path> targets() throws IOException {
    Map<Path, Path> targets = new LinkedHashMap<>();
    for (Path each : list(fresh)) {
      String name = each.getFileName().toString();
      switch (name) {
        case "server" -> inside(each, places.state(), targets);
        case "scout" -> inside(each, places.scout(), targets);
        case "store" -> inside(each, places.store(), targets);
        default -> targets.put(each, places.data().resolve(name));
      }
    }
    return targets;
  }

  private static void inside(Path ready, Path target, Map<Path, Path> targets) throws IOException {
    for (Path each : list(ready)) {
      targets.put(each, target.resolve(each.getFileName()));
    }
  }

  /** What is there now and has to go, and where it goes. */
  private Map<Path, Path> old() throws IOException {
    Map<Path, Path> old = new LinkedHashMap<>();
    Path before = folder.resolve(BEFORE);
    for (Path each : list(fresh)) {
      String name = each.getFileName().toString();
      Path aside = before.resolve(name);
      switch (name) {
        case "server" -> {
          if (Files.exists(each.resolve(StateSnapshot.DATABASE))) {
            all(places.state(), aside, old);
          } else {
            same(each, places.state(), aside, old);
          }
        }
        case "scout" -> all(places.scout(), aside, old);
        case "store" -> same(each, places.store(), aside, old);
        default -> there(places.data().resolve(name), before, old);
      }
    }
    return old;
  }

  /** Of a folder only what is replaced. */
  private static void same(Path ready, Path now, Path aside, Map<Path, Path> old)
      throws IOException {
    for (Path file : list(ready)) {
      there(now.resolve(file.getFileName()), aside, old);
    }
  }

  private static void there(Path now, Path aside, Map<Path, Path> old) {
    if (Files.exists(now)) {
      old.put(now, aside.resolve(now.getFileName()));
    }
  }

  /** Locks, and the driver's library, are of those who run. */
  private void all(Path now, Path aside, Map<Path, Path> old) throws IOException {
    for (Path each : list(now)) {
      String name = each.getFileName().toString();
      if (!name.endsWith(".lock") && !name.startsWith("sqlite-")) {
        old.put(each, aside.resolve(name));
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        all.forEach(files::add);
      }
    }
    files.sort(null);
    return files;
  }
}
