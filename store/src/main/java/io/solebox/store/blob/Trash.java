package io.solebox.store.blob;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What nobody names any more, on its way out: a rename takes it from its place at once and whole,
 * and only then its bytes are freed, which may take long and may be interrupted.
 */
public final class Trash {
  private final Path folder;
  private final Disk disk;

  public Trash(Path store, Disk disk) {
    this.folder = store.resolve("trash");
    this.disk = disk;
  }

  /** Takes a file, or a folder with all in it. Under the writer's lock. */
  public void take(Path path) throws IOException {
    disk.createFolders(folder);
    disk.move(path, folder.resolve(UUID.randomUUID() + "-" + path.getFileName()));
    disk.forceFolder(path.toAbsolutePath().getParent());
  }

  /** Frees all that is in it. Several may do so at once. */
  public void empty() throws IOException {
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        for (Path path : all) {
          disk.deleteTree(path);
        }
      }
    }
  }
}
