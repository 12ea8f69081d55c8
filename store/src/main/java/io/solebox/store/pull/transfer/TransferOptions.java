package io.solebox.store.pull.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How transfers go.
 *
 * @param connections at once, for each file
 * @param limit shared by all transfers that are given it
 * @param hours in which they go on
 * @param space what tells how much room is left
 */
public record TransferOptions(int connections, RateLimit limit, Hours hours, Space space) {
  public static final int MOST_CONNECTIONS = 16;

  public static final TransferOptions USUAL =
      new TransferOptions(4, RateLimit.none(), new Hours.Always(), Space.SYSTEM);

  /** How many bytes may still be written where a path is. */
  @FunctionalInterface
  public interface Space {
    Space SYSTEM = path -> Files.getFileStore(path).getUsableSpace();

    long usableBytes(Path path) throws IOException;
  }

  public TransferOptions {
    if (connections < 1 || connections > MOST_CONNECTIONS) {
      throw new IllegalArgumentException(connections + " connections");
    }
  }
}
