package io.solebox.server.seal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where a sealed text lies. It is sealed together with the text, so that one that somebody moved to
 * another place is not taken for what belongs there.
 *
 * @param row names one row of its table for good
 */
public record Cell(String table, String row, String column) {
  /** No two places have the same. */
  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String part : new String[] {table, row, column}) {
      byte[] text = part.getBytes(StandardCharsets.UTF_8);
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
      out.writeBytes(text);
    }
    return out.toByteArray();
  }

  @Override
  public String toString() {
    return column + " of " + table + " " + row;
  }
}
