package io.solebox.store.layout;

import io.solebox.store.blob.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A disk whose power fails after so many steps. At the latest then names are lost that nobody made
 * durable, and files whose bytes nobody did are empty: as file systems may do it, though few do.
 */
public final class FaultyDisk implements Disk {
  /** Ends whatever goes on; nothing is done afterwards. */
  public static final class PowerCut extends Error {
    private static final long serialVersionUID = 1L;

    PowerCut() {
      super("the power failed", null, false, false);
    }
  }

  /**
   * What a step has done, as long as it is not durable.
   *
   * @param folder the one that must be forced for that
   * @param from the one that something left; that it is gone there may be durable before
   * @param otherwise in place of {@code action} when that is so
   */
  private record Undo(Path folder, Path from, Action action, Action otherwise) {}

  private interface Action {
    void run() throws IOException;
  }

  private final int stepsUntilCut;
  private final boolean losesNames;
  private final List<Undo> undos = new ArrayList<>();
  private final Set<Path> unforced = new HashSet<>();
  private int steps;

  /**
   * @param losesNames whether names that are not durable are lost; else all stays that was done
   */
  public FaultyDisk(int stepsUntilCut, boolean losesNames) {
    this.stepsUntilCut = stepsUntilCut;
    this.losesNames = losesNames;
  }

  public int steps() {
    return steps;
  }

  private void step() {
    if (steps == stepsUntilCut) {
      throw new PowerCut();
    }
    steps++;
  }

  /** What the next start finds. */
  public void cut() throws IOException {
    if (losesNames) {
      for (Undo undo : undos.reversed()) {
        undo.action().run();
      }
      for (Path file : unforced) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          Files.write(file, new byte[0]);
        }
      }
    }
  }

  private void done(Path path, Action undo) {
    Path folder = path.toAbsolutePath().getParent();
    undos.add(new Undo(folder, folder, undo, undo));
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    step();
    Files.createDirectories(folder);
    done(folder, () -> SYSTEM.deleteTree(folder));
  }

  @Override
  public void write(Path file, byte[] content) throws IOException {
    step();
    Optional<byte[]> before = content(file);
    Files.deleteIfExists(file); // ext4 waits for the disk where a file is replaced
    Files.write(file, content);
    done(file, () -> restore(file, before));
  }

  private static Optional<byte[]> content(Path file) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(Files.readAllBytes(file))
        : Optional.empty();
  }

  private static void restore(Path file, Optional<byte[]> before) throws IOException {
    SYSTEM.deleteTree(file);
    if (before.isPresent()) {
      Files.write(file, before.get());
    }
  }

  @Override
  public void force(Path file) {
    step();
    unforced.remove(file);
  }

  /** A file that was not written through this disk, so that its bytes may be lost. */
  public void writtenElsewhere(Path file) {
    unforced.add(file);
  }

  @Override
  public void forceFolder(Path folder) {
    step();
    Path forced = folder.toAbsolutePath();
    undos.removeIf(undo -> undo.folder().equals(forced));
    undos.replaceAll(
        undo ->
            undo.from().equals(forced)
                ? new Undo(undo.folder(), undo.from(), undo.otherwise(), undo.otherwise())
                : undo);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    step();
    Optional<byte[]> before = content(to);
    if (before.isPresent()) {
      Files.delete(to);
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    if (unforced.remove(from)) {
      unforced.add(to);
    }
    Path folder = to.toAbsolutePath().getParent();
    Path left = from.toAbsolutePath().getParent();
    undos.add(new Undo(folder, left, () -> back(from, to, before), () -> restore(to, before)));
  }

  private static void back(Path from, Path to, Optional<byte[]> before) throws IOException {
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS) && Files.exists(from.getParent())) {
      Files.move(to, from, StandardCopyOption.ATOMIC_MOVE);
    }
    restore(to, before);
  }

  @Override
  public void protect(Path file) {
    step(); // and not done, so that what is lost can be emptied
  }

  @Override
  public void link(Path link, Path target) throws IOException {
    step();
    Files.createSymbolicLink(link, target);
    done(link, () -> Files.deleteIfExists(link));
  }

  @Override
  public void delete(Path path) throws IOException {
    step();
    Files.deleteIfExists(path);
  }
}
