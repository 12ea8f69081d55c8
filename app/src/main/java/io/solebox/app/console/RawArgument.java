package io.solebox.app.console;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Paths of files whose names are no UTF-8. Java decodes the arguments of a program before it sees
 * them and so loses such names; Linux keeps the bytes. A path can be made of them by way of a URI.
 */
public final class RawArgument {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final String LOST = "\uFFFD";

  private RawArgument() {}

  /**
   * The path that an argument of this process names.
   *
   * @param argument as Java decoded it: all of an argument, or what follows {@code =}
   * @throws java.nio.file.InvalidPathException if it is no path
   */
  public static Path path(String argument) {
    if (!argument.contains(LOST) || !Files.isReadable(COMMAND_LINE)) {
      return Path.of(argument);
    }
    try {
      return find(Files.readAllBytes(COMMAND_LINE), argument)
          .map(RawArgument::toPath)
          .orElseGet(() -> Path.of(argument));
    } catch (IOException e) {
      return Path.of(argument); // which will not be found, and is reported as such
    }
  }

  /**
   * The bytes of an argument.
   *
   * @param commandLine all arguments, each ended by a zero
   */
  static Optional<byte[]> find(byte[] commandLine, String argument) {
    int start = 0;
    for (int end = 0; end < commandLine.length; end++) {
      if (commandLine[end] == 0) {
        byte[] whole = Arrays.copyOfRange(commandLine, start, end);
        for (int at = 0; at >= 0; at = after(whole, (byte) '=', at)) {
          byte[] value = Arrays.copyOfRange(whole, at, whole.length);
          if (new String(value, StandardCharsets.UTF_8).equals(argument)) {
            return Optional.of(value);
          }
        }
        start = end + 1;
      }
    }
    return Optional.empty();
  }

  /** The index behind the next {@code wanted}, or -1. */
  private static int after(byte[] bytes, byte wanted, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i + 1;
      }
    }
    return -1;
  }

  /** A path of exactly these bytes. */
  static Path toPath(byte[] bytes) {
    boolean absolute = bytes.length > 0 && bytes[0] == '/';
    Path here = Path.of("").toAbsolutePath();
    var uri = new StringBuilder(absolute ? "file://" : here.toUri().toString());
    for (byte b : bytes) {
      uri.append(b == '/' ? "/" : "%%%02X".formatted(b & 0xff));
    }
    Path path = Path.of(URI.create(uri.toString()));
    return absolute ? path : here.relativize(path);
  }
}
