package io.solebox.backend.cpu.nativelib;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a 64-bit little-endian shared library demands and offers (System V ABI, chapters 4 and 5;
 * {@code elf.h} has the numbers).
 *
 * @param needed libraries that it wants loaded
 */
record Elf(List<String> needed, List<String> undefined, List<String> defined, boolean stackRuns) {
  private static final int DYNSYM = 11;
  private static final int DYNAMIC = 6;
  private static final int GNU_STACK = 0x6474e551;
  private static final int DT_NEEDED = 1;
  private static final int EXECUTABLE = 1;

  static Elf parse(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    var needed = new ArrayList<String>();
    var undefined = new ArrayList<String>();
    var defined = new ArrayList<String>();
    forEach(
        file,
        (int) file.getLong(40),
        file.getShort(58),
        file.getShort(60),
        section -> {
          int type = section.getInt(4);
          if (type == DYNSYM) {
            ByteBuffer strings = linked(file, section);
            forEachEntry(file, section, symbol -> symbol(symbol, strings, undefined, defined));
          } else if (type == DYNAMIC) {
            ByteBuffer strings = linked(file, section);
            forEachEntry(
                file,
                section,
                entry -> {
                  if (entry.getLong(0) == DT_NEEDED) {
                    needed.add(string(strings, (int) entry.getLong(8)));
                  }
                });
          }
        });
    return new Elf(needed, undefined, defined, stackRuns(file));
  }

  private static void symbol(
      ByteBuffer symbol, ByteBuffer strings, List<String> undefined, List<String> defined) {
    String name = string(strings, symbol.getInt(0));
    if (!name.isEmpty()) {
      (symbol.getShort(6) == 0 ? undefined : defined).add(name);
    }
  }

  /** Without the header that says no, Linux lets the stack of the whole process run code. */
  private static boolean stackRuns(ByteBuffer file) {
    var flags = new ArrayList<Integer>();
    forEach(
        file,
        (int) file.getLong(32),
        file.getShort(54),
        file.getShort(56),
        segment -> {
          if (segment.getInt(0) == GNU_STACK) {
            flags.add(segment.getInt(4));
          }
        });
    return flags.stream().noneMatch(f -> (f & EXECUTABLE) == 0);
  }

  private static void forEachEntry(
      ByteBuffer file, ByteBuffer section, Consumer<ByteBuffer> action) {
    int size = (int) section.getLong(56);
    forEach(file, (int) section.getLong(24), size, (int) section.getLong(32) / size, action);
  }

  private static void forEach(
      ByteBuffer file, int offset, int size, int count, Consumer<ByteBuffer> action) {
    for (int i = 0; i < count; i++) {
      action.accept(slice(file, offset + i * size, size));
    }
  }

  /** The string table of a section. */
  private static ByteBuffer linked(ByteBuffer file, ByteBuffer section) {
    int header = (int) file.getLong(40) + section.getInt(40) * file.getShort(58);
    return slice(file, (int) file.getLong(header + 24), (int) file.getLong(header + 32));
  }

  private static ByteBuffer slice(ByteBuffer file, int offset, int size) {
    return file.slice(offset, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String string(ByteBuffer strings, int offset) {
    var text = new StringBuilder();
    for (int i = offset; strings.get(i) != 0; i++) {
      text.append((char) strings.get(i));
    }
    return text.toString();
  }
}
