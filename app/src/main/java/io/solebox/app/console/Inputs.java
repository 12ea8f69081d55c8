package io.solebox.app.console;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Reads what commands are given as files, stdin and lists. */
public final class Inputs {
  private Inputs() {}

  /** A file as UTF-8; {@code -} is stdin. Invalid bytes become U+FFFD. */
  public static String text(Console console, String file) {
    return new String(bytes(console, file), StandardCharsets.UTF_8);
  }

  /**
   * A file as UTF-8; {@code -} is stdin.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is something else
   */
  public static String strictText(Console console, String file) {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(console, file));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.equals("-") ? "stdin" : file,
          "This is not UTF-8, from byte " + bytes.position() + " on.",
          "Write it as UTF-8.",
          e);
    }
  }

  /**
   * The JSON value of a file; {@code -} is stdin.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} with line, column and path
   */
  public static Object json(Console console, String file) {
    try {
      return new JsonReader(JsonLimits.LOCAL).read(bytes(console, file));
    } catch (JsonException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file,
          "This is not valid JSON: " + e.getMessage() + ".",
          "Mend the JSON there.");
    }
  }

  private static byte[] bytes(Console console, String file) {
    try {
      return file.equals("-")
          ? console.in().readAllBytes()
          : Files.readAllBytes(RawArgument.path(file));
    } catch (NoSuchFileException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file,
          "There is no such file.",
          "Check the path; - stands for stdin.",
          e);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file,
          "It cannot be read: " + e,
          "Check the permissions and the disk.",
          e);
    }
  }

  /** Lines as ended by newlines; the last one may lack its newline. Other characters stay. */
  public static List<String> lines(String text) {
    var lines = new ArrayList<String>();
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      lines.add(text.substring(start, end));
      start = end + 1;
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  /**
   * Ids as {@code 1,2,3} or a JSON array.
   *
   * @param vocabSize ids are below this
   * @throws SoleboxException {@code INVALID_PARAMETER}
   */
  public static int[] ids(String text, String place, int vocabSize) {
    String list = text.strip();
    if (list.startsWith("[") && list.endsWith("]")) {
      list = list.substring(1, list.length() - 1).strip();
    }
    if (list.isEmpty()) {
      return new int[0];
    }
    String[] parts = list.split(",", -1);
    int[] ids = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      ids[i] = id(parts[i].strip(), place, vocabSize);
    }
    return ids;
  }

  private static int id(String text, String place, int vocabSize) {
    try {
      int id = Integer.parseInt(text);
      if (id >= 0 && id < vocabSize) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Reported below, like an id out of range.
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        place,
        "'" + text + "' is not a token id of this model; they are 0 to " + (vocabSize - 1) + ".",
        "Give ids as `solebox tokenize` prints them.");
  }
}
