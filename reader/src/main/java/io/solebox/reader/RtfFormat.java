package io.solebox.reader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * RTF 1.9.1: its text, its tables' rows, and headings where they have a level of an outline. How it
 * looks, pictures, and what is in it for programs is passed over.
 */
final class RtfFormat implements Format {
  private static final int DEEPEST = 1000;

  /** Groups whose text is not the document's. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "fonttbl",
          "colortbl",
          "stylesheet",
          "info",
          "pict",
          "fldinst",
          "objdata",
          "themedata",
          "colorschememapping",
          "datastore",
          "latentstyles",
          "listtable",
          "listoverridetable",
          "rsidtbl",
          "generator",
          "xmlnstbl",
          "nonshppict",
          "revtbl",
          "filetbl",
          "listtext");

  @Override
  public void read(byte[] file, Text out) throws IOException, Refusal {
    new Reading(file, out).read();
  }

  /** What a group changes, and its end changes back. */
  private record State(boolean leftOut, boolean fonts, int replaced, Charset charset) {}

  private static final class Reading {
    private final byte[] file;
    private final Text out;
    private final Deque<State> around = new ArrayDeque<>();
    private final Map<Integer, Charset> charsets = new HashMap<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StringBuilder text = new StringBuilder();
    private final List<String> row = new ArrayList<>();
    private Charset usual = Charset.forName("windows-1252");
    private State state = new State(false, false, 1, usual);
    private OptionalInt level = OptionalInt.empty();
    private boolean inTable;
    private int font;
    private int skip;
    private int at;

    Reading(byte[] file, Text out) {
      this.file = file;
      this.out = out;
    }

    void read() throws IOException, Refusal {
      while (at < file.length) {
        char c = (char) (file[at++] & 0xff);
        switch (c) {
          case '{' -> open();
          case '}' -> close();
          case '\\' -> control();
          case '\r', '\n', '\0' -> {
            // only how the file looks
          }
          default -> take(c);
        }
      }
      endParagraph();
      if (!around.isEmpty()) {
        throw new IOException("it ends in the midst of a group");
      }
    }

    private void open() throws IOException {
      decode();
      if (around.size() >= DEEPEST) {
        throw new IOException("it is nested deeper than " + DEEPEST);
      }
      around.push(state);
      skip = 0;
    }

    private void close() throws IOException {
      decode();
      if (around.isEmpty()) {
        throw new IOException("a group ends that did not begin, at byte " + at);
      }
      state = around.pop();
      skip = 0;
    }

    private void control() throws IOException, Refusal {
      if (at >= file.length) {
        throw new IOException("it ends in the midst of a word");
      }
      int start = at;
      while (at < file.length && Character.isLetter(file[at]) && file[at] > 0) {
        at++;
      }
      if (at == start) {
        symbol((char) (file[at++] & 0xff));
        return;
      }
      String word = new String(file, start, at - start, StandardCharsets.US_ASCII);
      OptionalInt number = number();
      if (at < file.length && file[at] == ' ') {
        at++;
      }
      word(word, number);
    }

    private OptionalInt number() {
      int start = at;
      if (at < file.length && file[at] == '-') {
        at++;
      }
      while (at < file.length && file[at] >= '0' && file[at] <= '9' && at - start < 10) {
        at++;
      }
      String digits = new String(file, start, at - start, StandardCharsets.US_ASCII);
      return digits.matches("-?\\d{1,9}")
          ? OptionalInt.of(Integer.parseInt(digits))
          : OptionalInt.empty();
    }

    private void symbol(char c) throws Refusal {
      switch (c) {
        case '\'' -> {
          if (at + 2 <= file.length) {
            int high = Character.digit(file[at], 16);
            int low = Character.digit(file[at + 1], 16);
            at += 2;
            if (high >= 0 && low >= 0) {
              take((char) (high * 16 + low));
            }
          }
        }
        case '*' -> leaveOut();
        case '\r', '\n' -> endParagraph();
        default -> sign(RtfWords.sign(String.valueOf(c)));
      }
    }

    private void word(String word, OptionalInt number) throws Refusal {
      int value = number.orElse(0);
      switch (word) {
        case "u" -> {
          sign(String.valueOf((char) value));
          skip = state.replaced();
        }
        case "uc" ->
            state =
                new State(
                    state.leftOut(), state.fonts(), Math.clamp(value, 0, 100), state.charset());
        case "bin" -> at = (int) Math.min(file.length, (long) at + Math.max(0, value));
        case "ansicpg" -> usual = charset("windows-" + value, "cp" + value);
        case "mac" -> usual = charset("x-MacRoman", "x-MacRoman");
        case "pc" -> usual = charset("IBM437", "cp437");
        case "pca" -> usual = charset("IBM850", "cp850");
        case "f" -> font(value);
        case "fcharset" -> {
          charsets.put(
              font, RtfWords.charset(value).map(name -> charset(name, name)).orElse(usual));
        }
        case "par", "sect", "page" -> endParagraph();
        case "pard" -> {
          level = OptionalInt.empty();
          inTable = false;
        }
        case "intbl" -> inTable = true;
        case "outlinelevel" ->
            level = value >= 0 && value < 9 ? OptionalInt.of(value) : OptionalInt.empty();
        case "cell", "nestcell" -> endCell();
        case "row", "nestrow" -> endRow();
        case "fonttbl" -> {
          leaveOut();
          state = new State(true, true, state.replaced(), state.charset());
        }
        default -> {
          if (LEFT_OUT.contains(word)) {
            leaveOut();
          } else {
            sign(RtfWords.sign(word));
          }
        }
      }
    }

    private void font(int number) {
      decode();
      font = number;
      if (!state.fonts()) {
        state =
            new State(
                state.leftOut(), false, state.replaced(), charsets.getOrDefault(number, usual));
      }
    }

    private Charset charset(String name, String other) {
      for (String candidate : List.of(name, other)) {
        if (Charset.isSupported(candidate)) {
          return Charset.forName(candidate);
        }
      }
      return usual;
    }

    private void leaveOut() {
      decode();
      state = new State(true, state.fonts(), state.replaced(), state.charset());
    }

    private void take(char c) {
      if (skip > 0) {
        skip--;
      } else if (!state.leftOut()) {
        bytes.write(c);
      }
    }

    private void sign(String sign) {
      if (!sign.isEmpty() && skip == 0 && !state.leftOut()) {
        decode();
        text.append(sign);
      }
    }

    private void decode() {
      text.append(new String(bytes.toByteArray(), state.charset()));
      bytes.reset();
    }

    private void endParagraph() throws Refusal {
      if (state.leftOut()) {
        return;
      }
      decode();
      if (inTable) {
        text.append('\n');
        return;
      }
      String paragraph = text.toString();
      text.setLength(0);
      if (level.isPresent()) {
        out.heading(level.getAsInt() + 1, paragraph);
      } else if (!paragraph.isBlank()) {
        out.line(paragraph);
      }
    }

    private void endCell() {
      decode();
      row.add(text.toString());
      text.setLength(0);
    }

    private void endRow() throws Refusal {
      decode();
      out.row(row);
      row.clear();
      text.setLength(0);
    }
  }
}
