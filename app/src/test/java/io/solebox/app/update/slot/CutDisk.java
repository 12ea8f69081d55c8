package io.solebox.app.update.slot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A disk whose power fails after so many steps. What was on its way then is half there; names that
 * were not forced are as the kind of failure says.
 */
final class CutDisk implements SlotDisk {
  private static final int PIECE_BYTES = 4096;

  /** What becomes of names. */
  enum Kind {
    /** All that was done is there. */
    EAGER,
    /** Nothing that was not forced is there. */
    LAZY,
    /** As the first, but of the rename on its way both names are there. */
    BOTH_NAMES,
    /** As the first, but of the rename on its way no name is there. */
    NO_NAME
  }

  /** The power is gone. */
  static final class Cut extends IOException {
    private static final long serialVersionUID = 1;
  }

  private final Kind kind;
  private final Map<Path, Map<Path, byte[]>> durable = new LinkedHashMap<>();
  private int left;
  private int steps;

  CutDisk(int left, Kind kind) {
    this.left = left;
    this.kind = kind;
  }

  /** How many there were. */
  int steps() {
    return steps;
  }

  private boolean isCut() {
    steps++;
    return left-- <= 0;
  }

  private Cut cut() throws IOException {
    if (kind == Kind.LAZY) {
      for (var folder : durable.entrySet()) {
        for (Path file : files(folder.getKey()).keySet()) {
          Files.delete(file);
        }
        for (var file : folder.getValue().entrySet()) {
          Files.write(file.getKey(), file.getValue());
        }
      }
    }
    return new Cut();
  }

  private static Map<Path, byte[]> files(Path folder) throws IOException {
    Map<Path, byte[]> files = new LinkedHashMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(file, Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** Before the first change of a folder, what is in it is durable. */
  private void remember(Path folder) throws IOException {
    if (!durable.containsKey(folder)) {
      durable.put(folder, files(folder));
    }
  }

  @Override
  public void overwrite(Path partition, ReadableByteChannel bytes) throws IOException {
    try (var to = FileChannel.open(partition, StandardOpenOption.WRITE)) {
      copy(bytes, to);
    }
  }

  @Override
  public void write(Path file, ReadableByteChannel bytes) throws IOException {
    remember(file.getParent());
    try (var to =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      copy(bytes, to);
    }
  }

  private void copy(ReadableByteChannel bytes, FileChannel to) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    while (bytes.read(piece.clear()) >= 0) {
      piece.flip();
      if (isCut()) {
        piece.limit(piece.limit() / 2);
        to.write(piece);
        throw cut();
      }
      to.write(piece);
    }
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    remember(from.getParent());
    if (isCut()) {
      switch (kind) {
        case EAGER, LAZY -> {}
        case BOTH_NAMES -> Files.copy(from, to);
        case NO_NAME -> Files.delete(from);
      }
      throw cut();
    }
    Files.move(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    remember(file.getParent());
    if (isCut()) {
      throw cut();
    }
    Files.deleteIfExists(file);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    if (isCut()) {
      throw cut();
    }
    durable.put(folder, files(folder));
  }
}
