package io.solebox.server.tools.mcp.wire;

import java.io.IOException;
import java.util.Map;

/** Carries messages of JSON-RPC to a server of tools and back. Safe for many threads. */
public interface Wire extends AutoCloseable {
  /** Hears what comes, in any thread. */
  interface Hearer {
    /**
     * @param message a JSON object
     */
    void heard(Map<String, Object> message);

    /**
     * Nothing will come any more.
     *
     * @param why a sentence
     */
    void broken(String why);
  }

  /** Begins to listen; to be called once, before anything is sent. */
  void start(Hearer hearer) throws IOException;

  /**
   * @throws IOException if it does not get there
   */
  void send(Map<String, Object> message) throws IOException, InterruptedException;

  /** Both sides have agreed on a version of the protocol. */
  default void agreed(String version) {}

  /** Whether the other side can say something by itself. */
  boolean hearsByItself();

  @Override
  void close();
}
