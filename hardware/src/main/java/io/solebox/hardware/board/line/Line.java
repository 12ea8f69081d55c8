package io.solebox.hardware.board.line;

import java.time.Duration;

/**
 * A way for bytes to a board and back. It is opened when it is first needed, and again after it was
 * lost. For one thread at a time.
 */
public interface Line extends AutoCloseable {
  /** For people, as in {@code uart:/dev/ttyAMA1}. */
  String name();

  /**
   * Takes the line for one exchange, from other processes as well. What it brought before is thrown
   * away.
   *
   * @param patience with who has it now
   * @throws LineTrouble if it cannot be opened, or is not free in time
   */
  Turn take(Duration patience) throws LineTrouble;

  @Override
  void close();

  /** The line, for one exchange. */
  interface Turn extends AutoCloseable {
    void send(byte[] bytes) throws LineTrouble;

    /**
     * What has come, as soon as something has.
     *
     * @return how many bytes; 0 where none came in time
     */
    int receive(byte[] into, Duration patience) throws LineTrouble;

    /** Lets the next one have it. */
    @Override
    void close();
  }
}
