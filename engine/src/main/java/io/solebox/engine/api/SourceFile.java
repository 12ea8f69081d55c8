package io.solebox.engine.api;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file as it was at some moment, so that others can tell whether it is still the same.
 *
 * @param name that it has in its folder
 * @param path without symbolic links
 * @param identity of what the name stood for, as the file system has it
 */
public record SourceFile(String name, Path path, long bytes, FileTime modified, String identity) {
  private static final Pattern PART = Pattern.compile("(.*)-\\d{5}-of-\\d{5}\\..*");

  /**
   * As it is now.
   *
   * @throws SoleboxException {@code IO_ERROR} where it cannot be read
   */
  public static SourceFile of(Path file) {
    try {
      Path real = file.toRealPath();
      var attributes = Files.readAttributes(real, BasicFileAttributes.class);
      return new SourceFile(
          file.getFileName().toString(),
          real,
          attributes.size(),
          attributes.lastModifiedTime(),
          String.valueOf(attributes.fileKey()));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * What a model or an adapter consists of, in the order of the names: all files of a folder; of a
   * file that was cut all its parts; of any other itself.
   *
   * @throws SoleboxException {@code IO_ERROR} where they cannot be listed
   */
  public static List<Path> filesOf(Path path) {
    Matcher part = PART.matcher(path.getFileName().toString());
    boolean isFolder = Files.isDirectory(path);
    if (!isFolder && !part.matches()) {
      return List.of(path);
    }
    try (Stream<Path> all = Files.list(isFolder ? path : path.toAbsolutePath().getParent())) {
      return all.filter(Files::isRegularFile)
          .filter(file -> isFolder || isPartOf(part.group(1), file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static boolean isPartOf(String stem, Path file) {
    Matcher other = PART.matcher(file.getFileName().toString());
    return other.matches() && other.group(1).equals(stem);
  }

  private static SoleboxException unreadable(Path path, IOException e) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        path.toString(),
        "The file cannot be read (%s).".formatted(e),
        "Check its permissions.",
        e);
  }
}
