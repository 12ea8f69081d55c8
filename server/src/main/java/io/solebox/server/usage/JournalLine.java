package io.solebox.server.usage;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.limits.Payer;
import io.solebox.server.limits.Used;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A charge as a line of the journal: a JSON array, a tab, and the CRC-32C of the array in
 * hexadecimal digits, so that a line that was not written to its end is none.
 */
record JournalLine(long number, UsageKey key, Used used) {
  private static final JsonWriter WRITER = new JsonWriter();
  private static final JsonReader READER = new JsonReader(JsonLimits.LOCAL);
  private static final int FIELDS = 10;

  ByteBuffer bytes() {
    Payer payer = key.payer();
    String array =
        WRITER.text(
            List.of(
                number,
                key.day(),
                payer.user(),
                payer.key(),
                payer.group(),
                key.model(),
                used.requests(),
                used.prompt(),
                used.cached(),
                used.generated()));
    String line = array + "\t" + crc(array) + "\n";
    return ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
  }

  private static String crc(String array) {
    CRC32C crc = new CRC32C();
    crc.update(array.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }

  /** Empty for what is no whole line. */
  static Optional<JournalLine> read(String line) {
    int tab = line.lastIndexOf('\t');
    if (tab < 0 || !line.substring(tab + 1).equals(crc(line.substring(0, tab)))) {
      return Optional.empty();
    }
    try {
      Object array = READER.read(line.substring(0, tab).getBytes(StandardCharsets.UTF_8));
      return array instanceof List<?> fields && fields.size() == FIELDS
          ? Optional.of(of(fields))
          : Optional.empty();
    } catch (JsonException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private static JournalLine of(List<?> fields) {
    Payer payer = new Payer((String) fields.get(2), (String) fields.get(3), (String) fields.get(4));
    return new JournalLine(
        (Long) fields.get(0),
        new UsageKey((String) fields.get(1), payer, (String) fields.get(5)),
        new Used(
            (Long) fields.get(6),
            (Long) fields.get(7),
            (Long) fields.get(8),
            (Long) fields.get(9)));
  }
}
