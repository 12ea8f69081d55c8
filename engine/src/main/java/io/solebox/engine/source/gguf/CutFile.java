package io.solebox.engine.source.gguf;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Knows the names of pieces that a file was cut into anywhere, to be joined before use: {@code
 * model.gguf-split-a}, {@code model.gguf.part1of2}. See {@link PartName} for files that were cut
 * between tensors.
 */
public final class CutFile {
  public static final String REMEDY =
      "This is one piece of a file that was cut; join them first: cat PIECE1 PIECE2 ... >"
          + " model.gguf";

  private static final Pattern NAME =
      Pattern.compile(".*\\.gguf[-._]?(split|part)?[-._]?([a-z]{1,2}|[0-9]+|[0-9]+of[0-9]+)");

  private CutFile() {}

  public static boolean isPiece(Path path) {
    return NAME.matcher(path.getFileName().toString()).matches();
  }
}
