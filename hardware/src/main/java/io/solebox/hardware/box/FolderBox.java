package io.solebox.hardware.box;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A machine whose root is a folder: {@code /}, or one into which a capture was unpacked. */
public final class FolderBox implements Box {
  /** A year of kernel log is less; a log that is longer is read from its beginning. */
  private static final int LONGEST = 64 << 20;

  private final Path root;
  private final NotRead unread;

  /**
   * @throws IOException if there is no such folder
   */
  public FolderBox(Path root) throws IOException {
    this.root = root.toRealPath();
    if (!Files.isDirectory(this.root)) {
      throw new NotDirectoryException(root.toString());
    }
    unread = NotRead.of(content(NotRead.FILE));
  }

  /** Where a path leads, links followed, as long as that is inside: a capture may be hostile. */
  private Path inside(String path) throws IOException {
    Path real = root.resolve(path).toRealPath();
    if (!real.startsWith(root)) {
      throw new NoSuchFileException(path);
    }
    return real;
  }

  @Override
  public Reading read(String path) {
    Reading reading = content(path);
    return reading instanceof Reading.Absent ? unread.missing(path) : reading;
  }

  private Reading content(String path) {
    try (InputStream in = Files.newInputStream(inside(path))) {
      return new Reading.Content(in.readNBytes(LONGEST));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return new Reading.Absent();
    } catch (AccessDeniedException e) {
      return new Reading.Unreadable("root is needed");
    } catch (IOException e) {
      return new Reading.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<String> names(String folder) {
    try (Stream<Path> listed = Files.list(inside(folder))) {
      return listed.map(each -> each.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  @Override
  public Optional<String> link(String path) {
    int slash = path.lastIndexOf('/');
    try {
      Path folder = inside(path.substring(0, Math.max(0, slash)));
      return Optional.of(
          Files.readSymbolicLink(folder.resolve(path.substring(slash + 1))).toString());
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
