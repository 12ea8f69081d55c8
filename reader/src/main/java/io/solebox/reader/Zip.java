package io.solebox.reader;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.apache.poi.openxml4j.util.ZipEntrySource;

/**
 * An archive in memory, whose entries are unpacked as they are read: a part nobody reads costs
 * nothing. All that is unpacked is counted, so that a small file cannot become an endless one.
 */
final class Zip implements ZipEntrySource {
  private static final long MIB = 1 << 20;

  /** Of all entries together, unpacked. */
  private static final long MOST = 1024 * MIB;

  /** Of an entry that is read as a whole. */
  private static final int MOST_AT_ONCE = (int) (16 * MIB);

  private static final int MOST_ENTRIES = 50_000;

  private final ZipFile file;
  private long unpacked;
  private boolean closed;

  /**
   * @throws IOException if it is damaged
   */
  Zip(byte[] content) throws IOException, Refusal {
    file =
        ZipFile.builder()
            .setSeekableByteChannel(new SeekableInMemoryByteChannel(content))
            .setIgnoreLocalFileHeader(true)
            .get();
    if (Collections.list(file.getEntries()).size() > MOST_ENTRIES) {
      throw Refusal.swells("more than " + MOST_ENTRIES + " files");
    }
  }

  /** All of an entry, where it is there. */
  Optional<byte[]> bytes(String name) throws IOException {
    ZipArchiveEntry entry = file.getEntry(name);
    if (entry == null) {
      return Optional.empty();
    }
    try (InputStream in = getInputStream(entry)) {
      byte[] all = in.readNBytes(MOST_AT_ONCE + 1);
      if (all.length > MOST_AT_ONCE) {
        throw new Swelling("more than " + MOST_AT_ONCE / MIB + " MiB in " + name);
      }
      return Optional.of(all);
    }
  }

  /** As a stream, of what has to be there. */
  InputStream open(String name) throws IOException {
    ZipArchiveEntry entry = file.getEntry(name);
    if (entry == null) {
      throw new IOException("there is no " + name + " in it");
    }
    return getInputStream(entry);
  }

  @Override
  public Enumeration<? extends ZipArchiveEntry> getEntries() {
    return file.getEntries();
  }

  @Override
  public ZipArchiveEntry getEntry(String path) {
    return file.getEntry(path);
  }

  @Override
  public InputStream getInputStream(ZipArchiveEntry entry) throws IOException {
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw new Locked();
    }
    return new Counted(file.getInputStream(entry));
  }

  @Override
  public void close() throws IOException {
    closed = true;
    file.close();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /** An archive that unpacks to more than anybody needs; libraries pass it on as they do damage. */
  static final class Swelling extends IOException {
    private static final long serialVersionUID = 1L;

    Swelling(String message) {
      super(message);
    }
  }

  /** An entry that only a password opens. */
  static final class Locked extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final class Counted extends FilterInputStream {
    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int bytes) throws IOException {
      unpacked += bytes;
      if (unpacked > MOST) {
        throw new Swelling("more than " + MOST / MIB + " MiB");
      }
    }
  }
}
