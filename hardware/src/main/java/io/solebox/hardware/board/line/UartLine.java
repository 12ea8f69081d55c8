package io.solebox.hardware.board.line;

import java.time.Duration;
import java.util.OptionalInt;

/** A serial port, or a pseudo terminal that stands for one. */
final class UartLine implements Line {
  /** A frame takes less than a tenth of it at the slowest rate; a port that is stuck takes none. */
  private static final Duration SENDING = Duration.ofMillis(500);

  private static final int FLAGS =
      Posix.O_RDWR | Posix.O_NOCTTY | Posix.O_NONBLOCK | Posix.O_CLOEXEC;

  private final BoardAddress.Uart address;
  private OptionalInt file = OptionalInt.empty();

  UartLine(BoardAddress.Uart address) {
    this.address = address;
  }

  @Override
  public String name() {
    return address.text();
  }

  @Override
  public Turn take(Duration patience) throws LineTrouble {
    int port = file.isPresent() ? file.getAsInt() : open();
    file = OptionalInt.of(port);
    DeviceLock.take(port, address.device(), patience);
    // What was pulled says so here at the latest.
    int flushed = Termios.flushInput(port);
    if (flushed < 0) {
      close();
      throw Errno.failing(address.device(), "emptying", flushed);
    }
    return new PortTurn(port);
  }

  private int open() throws LineTrouble {
    int port = Posix.open(address.device().toString(), FLAGS);
    if (port < 0) {
      throw Errno.opening(address.device(), port);
    }
    int set = Termios.setRaw(port, address.baud());
    if (set < 0) {
      Posix.close(port);
      throw switch (-set) {
        case Errno.ENOTTY ->
            new LineTrouble(
                address.device() + " is no serial port; name the one that the board is at");
        case Errno.EINVAL ->
            new LineTrouble(
                "%s does not take %d baud; name another rate after an @"
                    .formatted(address.device(), address.baud()));
        default -> Errno.failing(address.device(), "setting up", set);
      };
    }
    return port;
  }

  /** Closing it also frees it. */
  @Override
  public void close() {
    file.ifPresent(Posix::close);
    file = OptionalInt.empty();
  }

  private final class PortTurn implements Turn {
    private final int port;

    private PortTurn(int port) {
      this.port = port;
    }

    @Override
    public void send(byte[] bytes) throws LineTrouble {
      long end = System.nanoTime() + SENDING.toNanos();
      int sent = 0;
      while (sent < bytes.length) {
        int count = Posix.write(port, bytes, sent);
        if (count >= 0) {
          sent += count;
        } else if (count != -Errno.EAGAIN && count != -Errno.EINTR) {
          throw broken(Errno.failing(address.device(), "writing to", count));
        }
        long left = end - System.nanoTime();
        if (sent < bytes.length && left <= 0) {
          throw broken(
              new LineTrouble(address.device() + " takes no bytes; check what it is connected to"));
        }
        if (sent < bytes.length) {
          Posix.poll(port, Posix.POLLOUT, left);
        }
      }
    }

    @Override
    public int receive(byte[] into, Duration patience) throws LineTrouble {
      int happened = Posix.poll(port, Posix.POLLIN, patience.toNanos());
      if (happened == 0 || happened == -Errno.EINTR) {
        return 0;
      }
      if (happened < 0) {
        throw broken(Errno.failing(address.device(), "waiting for", happened));
      }
      // A hang-up shows itself in what can be read: nothing.
      int count = Posix.read(port, into);
      if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
        return 0;
      }
      if (count < 0) {
        throw broken(Errno.failing(address.device(), "reading", count));
      }
      if (count == 0) {
        throw broken(Errno.gone(address.device()));
      }
      return count;
    }

    /** What was lost is opened anew for the next one. */
    private LineTrouble broken(LineTrouble trouble) {
      UartLine.this.close();
      return trouble;
    }

    @Override
    public void close() {
      if (file.isPresent()) {
        DeviceLock.free(port);
      }
    }
  }
}
