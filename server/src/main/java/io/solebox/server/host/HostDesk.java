package io.solebox.server.host;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.host.HostRequests.Written;
import io.solebox.server.tls.OwnerFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Where a server leaves what it wants of its machine, and finds what became of it: files in a
 * folder that root's service looks into. Where that service has not said that it is there, this
 * machine's network and name are not Solebox's to change. Safe for many threads.
 */
public final class HostDesk {
  /** The folder of both, in the data folder. */
  public static final String FOLDER = "host";

  public static final String REQUESTS = "requests";
  public static final String RESULTS = "results";

  /** What the service tells of the machine, among the results. */
  public static final String MACHINE = "machine.json";

  private static final int MOST_RESULT_BYTES = 1 << 20;
  private static final int MOST_WAITING = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path requests;
  private final Path results;

  private HostDesk(Path folder) {
    this.requests = folder.resolve(REQUESTS);
    this.results = folder.resolve(RESULTS);
  }

  /**
   * @param dataFolder of Solebox, as in {@code /var/lib/solebox}
   */
  public static HostDesk in(Path dataFolder) {
    return new HostDesk(dataFolder.resolve(FOLDER));
  }

  /**
   * What the service has told of the machine: {@code kinds} of requests that it takes, {@code
   * devices}, {@code name}, {@code zone}, {@code air_gap}, {@code network}.
   *
   * @return empty where there is no such service
   */
  public Optional<Map<String, Object>> machine() {
    return read(MACHINE);
  }

  /**
   * Leaves a request.
   *
   * @return the id, by which its result is found; whoever knows it may say that the machine was
   *     found where the request has put it
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} if there is no such service, {@code IN_USE}
   *     if too many wait, {@code IO_ERROR}
   */
  public String ask(HostRequest request) {
    if (machine().isEmpty()) {
      throw new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE,
          request.kind(),
          "This machine's network, name and updates are not Solebox's to change.",
          "Do it as this machine is looked after; Solebox does it where 'solebox-host.path' runs.");
    }
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    Written written = new Written(HexFormat.of().formatHex(random), request);
    try {
      requireRoom();
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          requests.toString(),
          "The request cannot be left: " + e + ".",
          "Look at the folder's permissions, and whether the disk is full.",
          e);
    }
    // Whole or not at all: until then its name begins with a dot, which whoever reads passes over.
    OwnerFiles.write(
        requests.resolve(name(written.id())), new String(written.bytes(), StandardCharsets.UTF_8));
    return written.id();
  }

  private void requireRoom() throws IOException {
    try (var files = Files.list(requests)) {
      if (files.limit(MOST_WAITING).count() == MOST_WAITING) {
        throw new SoleboxException(
            ErrorCode.IN_USE,
            requests.toString(),
            "Too many requests wait already, and nobody does them.",
            "See what 'systemctl status solebox-host.path solebox-host.service' says.");
      }
    }
  }

  /** The name of the file of a request or a result. */
  public static String name(String id) {
    return id + ".json";
  }

  /**
   * What became of a request, as {@link HostResult#fields} has it; {@code state} is {@code waiting}
   * where nobody has begun.
   *
   * @return empty where there is none, or none any more
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is no id
   */
  public Optional<Map<String, Object>> result(String id) {
    HostRequests.requireId(id);
    Optional<Map<String, Object>> result = read(name(id));
    if (result.isPresent() || !Files.exists(requests.resolve(name(id)))) {
      return result;
    }
    return Optional.of(Map.of("id", id, "state", "waiting"));
  }

  private Optional<Map<String, Object>> read(String name) {
    try (InputStream in = Files.newInputStream(results.resolve(name))) {
      byte[] bytes = in.readNBytes(MOST_RESULT_BYTES);
      return Optional.of(new JsonReader(JsonLimits.LOCAL).readObject(bytes));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | JsonException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          results.resolve(name).toString(),
          "What the machine's service has written cannot be read: " + e.getMessage() + ".",
          "See what 'systemctl status solebox-host.service' says.",
          e);
    }
  }
}
