package io.solebox.engine.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;

/**
 * What tells one state of a file from another without reading it.
 *
 * @param key device and inode, where the file system has them
 */
public record FileStamp(long bytes, FileTime modified, Optional<Object> key) {
  /**
   * @throws SoleboxException {@code MODEL_NOT_FOUND} if there is no such file, {@code
   *     BAD_MODEL_FILE} if it is no regular file, {@code IO_ERROR} if it cannot be looked at
   */
  public static FileStamp of(Path path) {
    try {
      BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
      if (!found.isRegularFile()) {
        throw new SoleboxException(
            ErrorCode.BAD_MODEL_FILE,
            path.toString(),
            found.isDirectory() ? "this is a folder" : "this is not a regular file",
            "Give the path of a .gguf file.");
      }
      return new FileStamp(
          found.size(), found.lastModifiedTime(), Optional.ofNullable(found.fileKey()));
    } catch (NoSuchFileException e) {
      boolean link = Files.isSymbolicLink(path);
      throw new SoleboxException(
          ErrorCode.MODEL_NOT_FOUND,
          path.toString(),
          link ? "this is a link to a file that does not exist" : "there is no such file",
          link ? "Download the model again." : "Check the path, or copy the model there.",
          e);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** What an exception while reading {@code path} means to a person. */
  public static SoleboxException unreadable(Path path, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return new SoleboxException(
          ErrorCode.CANCELLED, path.toString(), "loading was interrupted", "Load it again.", cause);
    }
    String reason = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        path.toString(),
        "the file cannot be read (" + cause.getClass().getSimpleName() + ": " + reason + ")",
        "Check the file's permissions and the disk.",
        cause);
  }

  /**
   * @throws SoleboxException {@code MODEL_FILE_CHANGED} if the file at {@code path} is not in this
   *     state any more
   */
  public void checkStill(Path path) {
    FileStamp now;
    try {
      now = of(path);
    } catch (SoleboxException e) {
      throw changed(path, "it cannot be found or read any more", e);
    }
    if (now.bytes != bytes) {
      throw changed(path, "it had " + bytes + " bytes and now has " + now.bytes, null);
    }
    if (!now.equals(this)) {
      throw changed(path, "it was written to or replaced at " + now.modified, null);
    }
  }

  private static SoleboxException changed(Path path, String how, Throwable cause) {
    return new SoleboxException(
        ErrorCode.MODEL_FILE_CHANGED,
        path.toString(),
        "the model file changed while it was in use: " + how,
        "Load the model again, with --no-mmap if the storage cannot be trusted.",
        cause);
  }
}
