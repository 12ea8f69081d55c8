package io.solebox.app.bench.report;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a report goes. It is written at once: whoever looks finds the one before, or all of the new
 * one, and nothing where there was nothing.
 */
public final class ReportFile {
  private static final int BEGINNING = 1 << 20;

  private final Path path;
  private final Form form;

  /** What it is written as. */
  public enum Form {
    HTML,
    JSON;

    static Optional<Form> of(Path path) {
      String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
      if (name.endsWith(".html") || name.endsWith(".htm")) {
        return Optional.of(HTML);
      }
      return name.endsWith(".json") ? Optional.of(JSON) : Optional.empty();
    }
  }

  private ReportFile(Path path, Form form) {
    this.path = path;
    this.form = form;
  }

  /**
   * Looks whether a report may go there, before anything is measured for it.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for another ending, and where there is
   *     something that is no report of ours; {@code IO_ERROR} where there is no folder
   */
  public static ReportFile at(Path path) {
    Form form =
        Form.of(path)
            .orElseThrow(
                () ->
                    new SoleboxException(
                        ErrorCode.INVALID_PARAMETER,
                        path.toString(),
                        "A report is a page or JSON, and this name says neither.",
                        "Give it the ending .html or .json."));
    Path folder = path.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          path.toString(),
          "Nothing can be written into " + folder + ".",
          "Name a file in a folder that is there and that you may write into.");
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !isOurs(path)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          path.toString(),
          "There is something else already, and no report of Solebox's.",
          "Name another file, or remove that one.");
    }
    return new ReportFile(path, form);
  }

  /**
   * That it takes the place of none of these.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER}
   */
  public ReportFile besides(List<Path> others) {
    for (Path other : others) {
      if (isSame(other)) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            path.toString(),
            "It is one of the files to be compared.",
            "Name another file to be written.");
      }
    }
    return this;
  }

  private boolean isSame(Path other) {
    try {
      return Files.exists(path) && Files.exists(other) && Files.isSameFile(path, other);
    } catch (IOException e) {
      return false; // who reads it will say what is wrong with it
    }
  }

  private static boolean isOurs(Path path) {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(path)) {
      return ReportPage.isOurs(new String(in.readNBytes(BEGINNING), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return false; // what cannot be read is not known to be ours
    }
  }

  public Form form() {
    return form;
  }

  /**
   * @throws SoleboxException {@code IO_ERROR}
   */
  public void write(String text) {
    at(path); // it may have come meanwhile
    Path part = path.resolveSibling("." + path.getFileName() + ".part");
    try {
      Files.writeString(part, text);
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      remove(part);
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          path.toString(),
          "The report cannot be written (" + e + ").",
          "Check the folder, its permissions and the free space.",
          e);
    }
  }

  private static void remove(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // Where nothing can be written, nothing may be removed either.
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
