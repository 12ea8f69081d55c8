package io.solebox.app.host;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.host.HostDesk;
import io.solebox.server.host.HostRequests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The two folders by which a server and its machine's root speak, as root sees them. The folder
 * above belongs to the server, which may be in the hands of somebody else: so every file is opened
 * from the folder that was opened before, never by a name that may have become a link, and nothing
 * is believed but what stands in a plain file of the server's own.
 */
final class RequestFolder implements AutoCloseable {
  private static final String SUFFIX = ".json";
  private static final int MOST_RESULTS = 64;
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private final SecureDirectoryStream<Path> requests;
  private final SecureDirectoryStream<Path> results;
  private final UserPrincipal server;
  private final Path place;

  private RequestFolder(
      SecureDirectoryStream<Path> requests,
      SecureDirectoryStream<Path> results,
      UserPrincipal server,
      Path place) {
    this.requests = requests;
    this.results = results;
    this.server = server;
    this.place = place;
  }

  /** A request, or why what lies there is none. */
  sealed interface Found {
    String name();

    record Bytes(String name, byte[] all) implements Found {}

    record Refused(String name, String why) implements Found {}
  }

  /**
   * Opens both, and makes them where they are missing.
   *
   * @param dataFolder of Solebox; whoever owns it is the server
   * @throws SoleboxException {@code UNTRUSTED} if something there is a link or no folder
   */
  static RequestFolder open(Path dataFolder) {
    Path folder = dataFolder.resolve(HostDesk.FOLDER);
    try {
      UserPrincipal server = Files.getOwner(dataFolder, LinkOption.NOFOLLOW_LINKS);
      make(folder, server);
      make(folder.resolve(HostDesk.REQUESTS), server);
      make(folder.resolve(HostDesk.RESULTS), server);
      try (SecureDirectoryStream<Path> above = secure(Files.newDirectoryStream(dataFolder));
          SecureDirectoryStream<Path> inside = inside(above, HostDesk.FOLDER)) {
        return new RequestFolder(
            inside(inside, HostDesk.REQUESTS), inside(inside, HostDesk.RESULTS), server, folder);
      }
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.UNTRUSTED,
          folder.toString(),
          "The folder of requests is none that can be believed: " + e + ".",
          "Remove it; 'solebox-host.service' has it made anew.",
          e);
    }
  }

  /**
   * Only where it is one's own: root makes nothing in a folder of somebody else, since that may
   * become a link to somewhere at any time. The unit has the server's user make them.
   */
  private static void make(Path folder, UserPrincipal server) throws IOException {
    String self = System.getProperty("user.name");
    if (server.getName().equals(self) && !Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static SecureDirectoryStream<Path> inside(SecureDirectoryStream<Path> above, String name)
      throws IOException {
    return (SecureDirectoryStream<Path>)
        above.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS);
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream)
      throws IOException {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("this system has no folders that stay the same while they are used");
  }

  /** Takes all that lies there now, the oldest name first; nothing of it lies there afterwards. */
  List<Found> take() throws IOException {
    List<Found> found = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try (SecureDirectoryStream<Path> now =
        (SecureDirectoryStream<Path>)
            requests.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS)) {
      now.forEach(path -> names.add(path.getFileName().toString()));
    }
    names.sort(Comparator.naturalOrder());
    for (String name : names) {
      if (name.endsWith(SUFFIX) && !name.startsWith(".")) {
        found.add(take(name));
      }
    }
    return found;
  }

  private Found take(String name) throws IOException {
    Path file = Path.of(name);
    Found found;
    try {
      found = read(name);
    } catch (IOException e) {
      found = new Found.Refused(name, "it cannot be read: " + e.getMessage());
    }
    try {
      requests.deleteFile(file);
    } catch (NoSuchFileException e) {
      return found; // the server has changed its mind
    } catch (IOException e) {
      // A folder, with something in it maybe: out of the way, so that it wakes nobody again.
      requests.move(file, requests, Path.of(".refused-" + UUID.randomUUID()));
    }
    return found;
  }

  private Found read(String name) throws IOException {
    Path file = Path.of(name);
    PosixFileAttributes about = attributes(requests, file);
    if (!about.isRegularFile()) {
      return new Found.Refused(name, "it is no plain file");
    }
    if (!about.owner().equals(server)) {
      return new Found.Refused(name, "it is not the server's");
    }
    if (about.size() > HostRequests.MOST_BYTES) {
      return new Found.Refused(name, "it is longer than any request is");
    }
    try (SeekableByteChannel in =
        requests.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ByteBuffer bytes = ByteBuffer.allocate(HostRequests.MOST_BYTES + 1);
      while (bytes.hasRemaining() && in.read(bytes) >= 0) {
        // until its end, which may have moved since
      }
      byte[] all = new byte[bytes.position()];
      bytes.flip().get(all);
      return new Found.Bytes(name, all);
    }
  }

  private static PosixFileAttributes attributes(SecureDirectoryStream<Path> in, Path file)
      throws IOException {
    return in.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /** Writes a result, or what is told of the machine, for the server to read. */
  void write(String name, byte[] bytes) {
    Path made = Path.of(".new-" + UUID.randomUUID());
    try {
      try (SeekableByteChannel out =
          results.newByteChannel(
              made,
              Set.of(
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(READABLE))) {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        while (all.hasRemaining()) {
          out.write(all);
        }
      }
      // Whatever root's mask is: the server, who is somebody else, is to read it.
      results
          .getFileAttributeView(made, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setPermissions(READABLE);
      results.move(made, results, Path.of(name));
      prune();
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          place.toString(),
          "What was done cannot be told: " + e + ".",
          "See whether the disk is full.",
          e);
    }
  }

  /** Old results fill no disk. */
  private void prune() throws IOException {
    record Aged(Path file, long time) {}
    List<Aged> all = new ArrayList<>();
    try (SecureDirectoryStream<Path> now =
        (SecureDirectoryStream<Path>)
            results.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS)) {
      for (Path path : now) {
        Path name = path.getFileName();
        if (!name.toString().equals(HostDesk.MACHINE)) {
          all.add(new Aged(name, attributes(results, name).lastModifiedTime().toMillis()));
        }
      }
    }
    all.sort(Comparator.comparingLong(Aged::time));
    for (Aged old : all.subList(0, Math.max(0, all.size() - MOST_RESULTS))) {
      if (attributes(results, old.file()).isDirectory()) {
        continue; // none of ours, and whoever has put it there may keep it
      }
      results.deleteFile(old.file());
    }
  }

  /** The id that a file's name tells. */
  static Optional<String> id(String name) {
    String id = name.substring(0, name.length() - SUFFIX.length());
    return id.matches("[0-9a-f]{32}") ? Optional.of(id) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    requests.close();
    results.close();
  }
}
