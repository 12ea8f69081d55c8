package io.solebox.hardware.bundle;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.FolderBox;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/** Bundles as files: opened whatever they are packed as, and written as {@code tar.gz}. */
public final class Bundles {
  /** What can stand at the root of one, besides texts. */
  private static final Set<String> TREES = Set.of("proc", "sys", "etc", "usr");

  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  private Bundles() {}

  /**
   * Opens one: a folder, however little lies in it, or an archive (tar, tar.gz; tar.zst where the
   * program zstd is there).
   *
   * @throws BadBundle with the reason, if it is an archive that should not be read
   */
  public static Box open(Path path) throws IOException {
    return open(path, Limits.USUAL);
  }

  static Box open(Path path, Limits limits) throws IOException {
    if (Files.isDirectory(path)) {
      return new FolderBox(path);
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      in.mark(Tar.BLOCK);
      byte[] head = in.readNBytes(Tar.BLOCK);
      in.reset();
      if (begins(head, ZSTD)) {
        return zstd(path, limits);
      }
      return read(begins(head, GZIP) ? new GZIPInputStream(in, 1 << 16) : in, limits);
    } catch (ZipException | EOFException e) {
      throw BadBundle.refused("it is damaged: " + e.getMessage());
    }
  }

  private static boolean begins(byte[] head, byte[] magic) {
    return head.length >= magic.length
        && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }

  private static Box zstd(Path path, Limits limits) throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder("zstd", "-dcq", "--", path.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new BadBundle(
          "it is packed with zstd, and the program zstd is not there",
          "Install zstd, or pack the bundle with gzip.");
    }
    try (InputStream in = process.getInputStream()) {
      return read(in, limits);
    } finally {
      process.destroyForcibly(); // it may have more to say than is read
    }
  }

  static BundleBox read(InputStream in, Limits limits) throws IOException {
    return new BundleBox(withoutTopFolder(TarReader.read(in, limits)));
  }

  /** People pack a folder with its name: what lies in it is the bundle then. */
  private static SortedMap<String, Entry> withoutTopFolder(SortedMap<String, Entry> entries) {
    Set<String> tops =
        entries.keySet().stream().map(path -> path.split("/", 2)[0]).collect(Collectors.toSet());
    boolean wrapped =
        tops.size() == 1 && TREES.stream().noneMatch(tops::contains) && !entries.isEmpty();
    if (!wrapped || entries.keySet().stream().anyMatch(path -> path.indexOf('/') < 0)) {
      return entries;
    }
    SortedMap<String, Entry> inner = new TreeMap<>();
    entries.forEach((path, entry) -> inner.put(path.substring(path.indexOf('/') + 1), entry));
    return inner;
  }

  /**
   * Writes one.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the file is there
   */
  public static void write(Map<String, Entry> entries, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        OutputStream packed = new GZIPOutputStream(out, 1 << 16)) {
      TarWriter.write(entries, packed);
    }
  }
}
