package io.solebox.hardware.plug;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A broker of MQTT 3.1.1 with one plug behind it, one connection at a time. */
final class FakeBroker implements AutoCloseable {
  /** What is said at a topic. */
  record Message(String topic, String words) {}

  final List<Message> heard = new CopyOnWriteArrayList<>();
  final List<String> greetings = new CopyOnWriteArrayList<>();
  private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final Function<Message, List<Message>> plug;

  /**
   * @param plug what it says to a message
   */
  FakeBroker(Function<Message, List<Message>> plug) throws IOException {
    this.plug = plug;
    Thread.ofVirtual().start(this::serve);
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        converse(new DataInputStream(socket.getInputStream()), socket.getOutputStream());
      } catch (IOException e) {
        // Whoever asked has left, or it is closed.
      }
    }
  }

  private void converse(DataInputStream in, OutputStream out) throws IOException {
    String hears = "";
    while (true) {
      int head = in.readUnsignedByte();
      byte[] body = in.readNBytes(length(in));
      String text = new String(body, StandardCharsets.UTF_8);
      switch (head >> 4) {
        case 1 -> {
          greetings.add(text);
          out.write(new byte[] {0x20, 2, 0, 0});
        }
        case 8 -> {
          hears = new String(body, 4, body.length - 5, StandardCharsets.UTF_8);
          out.write(new byte[] {(byte) 0x90, 3, 0, 1, 0});
          send(out, 0x31, new Message(hears, "{\"retained\":\"of yesterday\"}"));
        }
        case 3 -> {
          int topic = (body[0] & 0xff) << 8 | body[1] & 0xff;
          Message message =
              new Message(
                  new String(body, 2, topic, StandardCharsets.UTF_8),
                  new String(body, 2 + topic, body.length - 2 - topic, StandardCharsets.UTF_8));
          heard.add(message);
          for (Message answer : plug.apply(message)) {
            if (answer.topic().equals(hears)) {
              send(out, 0x30, answer);
            }
          }
        }
        default -> {
          return;
        }
      }
    }
  }

  private static int length(DataInputStream in) throws IOException {
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      int bits = in.readUnsignedByte();
      length |= (bits & 0x7f) << shift;
      if ((bits & 0x80) == 0) {
        return length;
      }
    }
  }

  private static void send(OutputStream out, int head, Message message) throws IOException {
    var body = new ByteArrayOutputStream();
    new DataOutputStream(body).writeUTF(message.topic());
    body.writeBytes(message.words().getBytes(StandardCharsets.UTF_8));
    out.write(head);
    int left = body.size();
    do {
      out.write(left > 0x7f ? left & 0x7f | 0x80 : left);
      left >>= 7;
    } while (left > 0);
    out.write(body.toByteArray());
    out.flush();
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
