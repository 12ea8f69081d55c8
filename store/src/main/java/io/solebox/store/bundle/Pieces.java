package io.solebox.store.bundle;

import static java.util.stream.Collectors.joining;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The bytes of a bundle, whether it is one file or several. */
final class Pieces implements AutoCloseable {
  private static final Pattern NUMBERED = Pattern.compile("(.+)\\.\\d{3,6}");

  private static final int MOST_NAMED = 20;

  private record Piece(Path file, FileChannel channel, int skipped, long begin, long end) {}

  private final List<Piece> pieces = new ArrayList<>();

  private Pieces() {}

  /**
   * @param named a bundle, or pieces of one; what lies beside the first and is called as its other
   *     pieces is looked for by itself
   * @throws SoleboxException {@code BAD_BUNDLE} where pieces are missing, come twice, or are of
   *     different bundles; {@code INVALID_PARAMETER} where there is no such file
   */
  static Pieces open(List<Path> named) {
    Map<Path, PieceHeader> headers = new TreeMap<>();
    for (Path file : withSiblings(named)) {
      readHeader(file).ifPresent(header -> headers.put(file, header));
    }
    if (headers.isEmpty() && named.size() == 1) {
      return of(named, 0);
    }
    return of(inOrder(named, headers), PieceHeader.BYTES);
  }

  private static Pieces of(List<Path> files, int skipped) {
    var pieces = new Pieces();
    try {
      long at = 0;
      for (Path file : files) {
        FileChannel channel = FileChannel.open(file);
        long end = at + channel.size() - skipped;
        pieces.pieces.add(new Piece(file, channel, skipped, at, end));
        at = end;
      }
      return pieces;
    } catch (IOException e) {
      pieces.close();
      throw StoreFailure.of(files.getFirst(), e);
    }
  }

  private static Set<Path> withSiblings(List<Path> named) {
    Set<Path> files = new LinkedHashSet<>(named);
    Path first = named.getFirst().toAbsolutePath().normalize();
    var numbered = NUMBERED.matcher(String.valueOf(first.getFileName()));
    if (named.size() > 1 || !numbered.matches()) {
      return files;
    }
    try (Stream<Path> beside = Files.list(first.getParent())) {
      Pattern alike = Pattern.compile(Pattern.quote(numbered.group(1)) + "\\.\\d{3,6}");
      beside
          .filter(file -> alike.matcher(file.getFileName().toString()).matches())
          .filter(file -> !file.equals(first))
          .sorted()
          .forEach(files::add);
      return files;
    } catch (IOException e) {
      throw StoreFailure.of(first.getParent(), e);
    }
  }

  private static Optional<PieceHeader> readHeader(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.toString(),
          "there is no such file",
          "Name the file that 'solebox bundle make' wrote, or its first piece.");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer block = ByteBuffer.allocate(PieceHeader.BYTES);
      while (block.hasRemaining() && channel.read(block) >= 0) {
        // until it is full or the file ends
      }
      return block.hasRemaining() ? Optional.empty() : PieceHeader.read(block.array());
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  private static List<Path> inOrder(List<Path> named, Map<Path, PieceHeader> headers) {
    for (Path file : named) {
      if (!headers.containsKey(file)) {
        throw BundleFault.damaged(file.toString(), "this is no piece of a bundle");
      }
    }
    PieceHeader first = headers.get(named.getFirst());
    Path[] ordered = new Path[first.count()];
    headers.forEach(
        (file, header) -> {
          if (!header.bundle().equals(first.bundle()) || header.count() != first.count()) {
            throw BundleFault.refused(
                file.toString(),
                "this piece is of another bundle than " + named.getFirst(),
                "Take it away from there, or name the pieces that belong together.");
          }
          if (ordered[header.number() - 1] != null) {
            throw BundleFault.refused(
                file.toString(),
                "piece %d is there twice, also as %s"
                    .formatted(header.number(), ordered[header.number() - 1]),
                "Take one of the two away.");
          }
          ordered[header.number() - 1] = file;
        });
    List<Integer> missing =
        IntStream.range(0, ordered.length)
            .filter(i -> ordered[i] == null)
            .mapToObj(i -> i + 1)
            .toList();
    if (!missing.isEmpty()) {
      throw BundleFault.refused(
          named.getFirst().toString(),
          "of %d pieces there are missing: %s"
              .formatted(
                  ordered.length,
                  missing.stream().limit(MOST_NAMED).map(String::valueOf).collect(joining(", "))
                      + (missing.size() > MOST_NAMED ? ", ..." : "")),
          "Copy them into the same folder, or name all pieces.");
    }
    return Arrays.asList(ordered);
  }

  /** How many bytes the bundle has. */
  long size() {
    return pieces.getLast().end();
  }

  /** The file that holds a byte, for errors. */
  Path where(long position) {
    return pieces.stream()
        .filter(piece -> position < piece.end())
        .findFirst()
        .orElse(pieces.getLast())
        .file();
  }

  /**
   * Reads what is there, at most until {@code into} is full.
   *
   * @return how many bytes; 0 at the end
   */
  int read(long position, ByteBuffer into) {
    for (Piece piece : pieces) {
      if (position >= piece.begin() && position < piece.end()) {
        int limit = into.limit();
        into.limit((int) Math.min(limit, into.position() + piece.end() - position));
        try {
          return Math.max(
              0, piece.channel().read(into, position - piece.begin() + piece.skipped()));
        } catch (IOException e) {
          throw StoreFailure.of(piece.file(), e);
        } finally {
          into.limit(limit);
        }
      }
    }
    return 0;
  }

  /**
   * Reads so many bytes.
   *
   * @throws SoleboxException {@code BAD_BUNDLE} where it ends before
   */
  byte[] read(long position, int bytes) {
    ByteBuffer all = ByteBuffer.allocate(bytes);
    while (all.hasRemaining()) {
      if (read(position + all.position(), all) == 0) {
        throw BundleFault.damaged(where(position).toString(), "the bundle is cut short here");
      }
    }
    return all.array();
  }

  @Override
  public void close() {
    for (Piece piece : pieces) {
      try {
        piece.channel().close();
      } catch (IOException e) {
        throw StoreFailure.of(piece.file(), e);
      }
    }
  }
}
