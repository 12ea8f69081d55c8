package io.solebox.bench.load;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.Random;

/**
 * One client, that keeps its connection while it can, and misbehaves now and then. Owned by one
 * thread.
 */
final class Client implements AutoCloseable {
  /** Of so many requests that may be left, one is. */
  private static final int LEAVES_ONE_IN = 6;

  private static final int SLOW_ONE_IN = 25;
  private static final int RESTARTS_ONE_IN = 10;
  private static final int MOST_READ_BEFORE_LEAVING = 3000;
  private static final Connection.Pace SLOW = new Connection.Pace(200, 40);

  /** Thrown when the client has left: what was to follow has no ground any more. */
  static final class LeftException extends Exception {
    private static final long serialVersionUID = 1;

    LeftException() {
      super("the client left", null, false, false);
    }
  }

  private final int port;
  private final Tally tally;
  private final Random random;
  private Optional<Connection> connection = Optional.empty();

  Client(int port, Tally tally, Random random) {
    this.port = port;
    this.tally = tally;
    this.random = random;
  }

  Random random() {
    return random;
  }

  Tally tally() {
    return tally;
  }

  /** Asks and reads the answer to its end. */
  Answer ask(Request request) throws IOException, InterruptedException {
    if (random.nextInt(RESTARTS_ONE_IN) == 0) {
      close();
    }
    boolean slow = random.nextInt(SLOW_ONE_IN) == 0;
    if (slow) {
      close();
    }
    Connection open = open(slow ? SLOW : Connection.Pace.FAST);
    long start = System.nanoTime();
    try {
      byte[] bytes = request.bytes();
      open.send(bytes, bytes.length);
      Answer answer = open.read(Integer.MAX_VALUE);
      tally.answered(request.kind(), answer.status(), System.nanoTime() - start);
      if (!request.meant().contains(answer.status())) {
        tally.fault(request.kind() + ": " + answer.shown());
      }
      if (answer.brokenOff() && !request.meant().contains(503)) {
        tally.fault(request.kind() + ", in its stream: " + answer.shown());
      }
      if (slow || !answer.reusable()) {
        close();
      }
      return answer;
    } catch (SocketTimeoutException e) {
      close();
      tally.fault(request.kind() + ": " + e.getMessage());
      throw e;
    } catch (IOException e) {
      close();
      tally.fault(request.kind() + ": " + e);
      throw e;
    }
  }

  /**
   * As {@link #ask}, but may leave in the middle of the request or of its answer.
   *
   * @throws LeftException if it did
   */
  Answer askOrLeave(Request request) throws IOException, InterruptedException, LeftException {
    if (random.nextInt(LEAVES_ONE_IN) > 0) {
      return ask(request);
    }
    leave(request);
    throw new LeftException();
  }

  /** Begins a request and goes away; what it has read by then. */
  Optional<Answer> leave(Request request) throws InterruptedException {
    try {
      Connection open = open(Connection.Pace.FAST);
      byte[] bytes = request.bytes();
      Optional<Answer> seen = Optional.empty();
      switch (random.nextInt(3)) {
        case 0 -> open.send(bytes, random.nextInt(bytes.length));
        case 1 -> {
          open.send(bytes, bytes.length);
          Thread.sleep(random.nextInt(50));
        }
        default -> {
          open.send(bytes, bytes.length);
          seen = Optional.of(open.read(random.nextInt(MOST_READ_BEFORE_LEAVING)));
        }
      }
      if (random.nextBoolean()) {
        open.reset();
      }
      return seen;
    } catch (IOException e) {
      tally.fault(request.kind() + ", before its client left: " + e);
      return Optional.empty();
    } finally {
      close();
      tally.left(request.kind());
    }
  }

  private Connection open(Connection.Pace pace) throws IOException {
    if (connection.isEmpty()) {
      connection = Optional.of(new Connection(port, pace));
    }
    return connection.get();
  }

  /** What comes next is asked on another connection. */
  void reconnect() {
    close();
  }

  @Override
  public void close() {
    if (connection.isPresent()) {
      try {
        connection.get().close();
      } catch (IOException e) {
        tally.fault("a socket did not close: " + e);
      }
      connection = Optional.empty();
    }
  }
}
