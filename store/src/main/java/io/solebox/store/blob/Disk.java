package io.solebox.store.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The steps in which the store changes what lies on a disk. The power may fail between any two of
 * them, so whoever takes several says in which order they hold; tests let it fail after each.
 */
public interface Disk {
  /** The disk of this machine. */
  Disk SYSTEM = new System();

  /** Makes one folder in a folder that is there; fine if it is there already. */
  void createFolder(Path folder) throws IOException;

  /**
   * A file of these bytes, in place of what had the name. The bytes are durable, the name is not.
   */
  void write(Path file, byte[] content) throws IOException;

  /** Makes what a file holds durable. */
  void force(Path file) throws IOException;

  /** Makes the names in a folder durable. */
  void forceFolder(Path folder) throws IOException;

  /** Renames in one file system, in place of the file that had the name. */
  void move(Path from, Path to) throws IOException;

  /** Takes everybody's right to write to a file. */
  void protect(Path file) throws IOException;

  /** A symbolic link. */
  void link(Path link, Path target) throws IOException;

  /** Deletes a file, a link, or a folder that is empty; fine if it is gone already. */
  void delete(Path path) throws IOException;

  /** Makes a folder with those above it, durably. */
  default void createFolders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      createFolders(folder.toAbsolutePath().getParent());
      createFolder(folder);
      forceFolder(folder.toAbsolutePath().getParent());
    }
  }

  /** Gives a file other bytes: whoever looks sees the old ones or the new ones, whole. */
  default void replace(Path file, byte[] content) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    write(fresh, content);
    move(fresh, file);
    forceFolder(file.toAbsolutePath().getParent());
  }

  /** Deletes a folder and all below it; links are not followed. */
  default void deleteTree(Path root) throws IOException {
    if (Files.isDirectory(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      try (var inside = Files.newDirectoryStream(root)) {
        for (Path path : inside) {
          deleteTree(path);
        }
      }
    }
    delete(root);
  }

  /** See {@link Disk#SYSTEM}. */
  final class System implements Disk {
    private System() {}

    @Override
    public void createFolder(Path folder) throws IOException {
      Files.createDirectories(folder); // which may have appeared meanwhile
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
      try (var channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
    }

    @Override
    public void force(Path file) throws IOException {
      try (var channel = FileChannel.open(file)) {
        channel.force(true);
      }
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
      force(folder); // Linux opens folders to be read and forced
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void protect(Path file) throws IOException {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    }

    @Override
    public void link(Path link, Path target) throws IOException {
      Files.createSymbolicLink(link, target);
    }

    @Override
    public void delete(Path path) throws IOException {
      Files.deleteIfExists(path);
    }
  }
}
