package io.solebox.store.pull.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Which chunks of a file have come, and what they were. Lines of text, each with its own checksum,
 * appended after the data of its chunk is durable; a later line about a chunk holds in place of an
 * earlier one. A line that a power cut tore is none. Safe for many threads.
 */
final class Journal implements AutoCloseable {
  /** Of each line: a space, 8 digits, the end of the line. */
  private static final int CHECKSUM_BYTES = 10;

  private static final Pattern LINE = Pattern.compile("(.*) ([0-9a-f]{8})");
  private static final Pattern DONE = Pattern.compile("done (\\d{1,9}) ([0-9a-f]{8})");

  private final FileChannel channel;
  private final Map<Integer, Integer> done;

  private Journal(FileChannel channel, Map<Integer, Integer> done) {
    this.channel = channel;
    this.done = done;
  }

  /**
   * Goes on with what was written about the same object in the same chunks, else begins anew.
   *
   * @param identity of the object
   */
  static Journal open(Path file, String identity, ChunkMap chunks) throws IOException {
    String title =
        "solebox-partial 1 %s %d %d".formatted(identity, chunks.size(), chunks.chunkBytes());
    List<String> lines = sound(file);
    Map<Integer, Integer> done = new HashMap<>();
    boolean goesOn = !lines.isEmpty() && lines.getFirst().equals(title);
    if (goesOn) {
      lines.forEach(line -> read(line, chunks, done));
    }
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    var journal = new Journal(channel, done);
    if (goesOn) {
      long soundBytes = lines.stream().mapToLong(line -> line.length() + CHECKSUM_BYTES).sum();
      channel.truncate(soundBytes).position(soundBytes);
    } else {
      channel.truncate(0);
      journal.write(title);
    }
    channel.force(true);
    return journal;
  }

  /** What a journal says without being opened: bytes that have come. */
  static long bytesDone(Path file) throws IOException {
    List<String> lines = sound(file);
    String[] title = lines.isEmpty() ? new String[0] : lines.getFirst().split(" ", -1);
    if (title.length != 5) {
      return 0;
    }
    var chunks = new ChunkMap(Long.parseLong(title[3]), Long.parseLong(title[4]));
    Map<Integer, Integer> done = new HashMap<>();
    lines.forEach(line -> read(line, chunks, done));
    return done.keySet().stream().mapToLong(index -> chunks.range(index).bytes()).sum();
  }

  private static void read(String line, ChunkMap chunks, Map<Integer, Integer> done) {
    Matcher record = DONE.matcher(line);
    if (record.matches() && Integer.parseInt(record.group(1)) < chunks.count()) {
      done.put(Integer.valueOf(record.group(1)), Integer.parseUnsignedInt(record.group(2), 16));
    }
  }

  /** The lines before the first that is torn, without their checksums. */
  private static List<String> sound(Path file) throws IOException {
    List<String> sound = new ArrayList<>();
    if (Files.exists(file)) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      for (String line : text.split("\n", -1)) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches() || !hex(crc(matcher.group(1))).equals(matcher.group(2))) {
          break;
        }
        sound.add(matcher.group(1));
      }
    }
    return sound;
  }

  /** Notes a chunk whose data is durable already; this is, too, when the method ends. */
  synchronized void done(int index, int crc32c) throws IOException {
    write("done " + index + " " + hex(crc32c));
    channel.force(false);
    done.put(index, crc32c);
  }

  private void write(String line) throws IOException {
    byte[] bytes = (line + " " + hex(crc(line)) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      channel.write(rest);
    }
  }

  /** CRC-32C of a chunk that is there. */
  synchronized Optional<Integer> crcOf(int index) {
    return Optional.ofNullable(done.get(index));
  }

  /** A chunk is no longer what it was: in this process; another one will find out by itself. */
  synchronized void forget(int index) {
    done.remove(index);
  }

  /** Nothing that is here is worth anything, whoever looks. */
  synchronized void forgetAll() throws IOException {
    done.clear();
    channel.truncate(0);
    channel.force(true);
  }

  private static int crc(String line) {
    var crc = new CRC32C();
    crc.update(line.getBytes(StandardCharsets.ISO_8859_1));
    return (int) crc.getValue();
  }

  private static String hex(int value) {
    return String.format(Locale.ROOT, "%08x", value);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
