package io.solebox.hardware.board.line;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A bridge behind a port, as before an emulator; a connection for each exchange, so that several
 * programs may take turns.
 */
final class TcpLine implements Line {
  private final BoardAddress.Tcp address;

  TcpLine(BoardAddress.Tcp address) {
    this.address = address;
  }

  @Override
  public String name() {
    return address.text();
  }

  @Override
  public Turn take(Duration patience) throws LineTrouble {
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(address.host(), address.port()), (int) patience.toMillis());
      socket.setTcpNoDelay(true);
      return new SocketTurn(socket);
    } catch (IOException | IllegalArgumentException e) {
      try {
        socket.close();
      } catch (IOException _) {
        // It was not open.
      }
      throw new LineTrouble(
          "nothing can be reached at %s:%d (%s); start what bridges to the board"
              .formatted(address.host(), address.port(), e.getMessage()));
    }
  }

  @Override
  public void close() {}

  private static final class SocketTurn implements Turn {
    private final Socket socket;

    private SocketTurn(Socket socket) {
      this.socket = socket;
    }

    @Override
    public void send(byte[] bytes) throws LineTrouble {
      try {
        socket.getOutputStream().write(bytes);
      } catch (IOException e) {
        throw over(e);
      }
    }

    @Override
    public int receive(byte[] into, Duration patience) throws LineTrouble {
      try {
        socket.setSoTimeout((int) Math.max(1, patience.toMillis()));
        int count = socket.getInputStream().read(into);
        if (count < 0) {
          throw new IOException("it was closed");
        }
        return count;
      } catch (SocketTimeoutException e) {
        return 0;
      } catch (IOException e) {
        throw over(e);
      }
    }

    private static LineTrouble over(IOException e) {
      return new LineTrouble(
          "the connection broke (%s); see what bridges to the board".formatted(e.getMessage()));
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException _) {
        // Nothing was to come any more.
      }
    }
  }
}
