package io.solebox.hardware.plug;

import io.solebox.hardware.answer.Said;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks a device through a broker: as much of MQTT 3.1.1 as that takes (docs.oasis-open.org/mqtt),
 * with a connection for each question and nothing that is delivered twice. The clients that there
 * are for it are no modules.
 */
final class MqttLink {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;
  private static final int SUBACK = 9;
  private static final int RETAINED = 1;
  private static final int REFUSED_TOPIC = 0x80;

  /** A status of a plug is a few hundred bytes. */
  private static final int LONGEST = 1 << 16;

  private final String host;
  private final int port;
  private final Optional<String> user;
  private final Optional<String> password;

  MqttLink(String host, int port, Optional<String> user, Optional<String> password) {
    this.host = host;
    this.port = port;
    this.user = user;
    this.password = password;
  }

  String host() {
    return host;
  }

  /** What comes back at a topic when something was said at another. */
  Said<byte[]> ask(String topic, String words, String answers) {
    try (Connection connection = connect()) {
      connection.subscribe(answers);
      connection.publish(topic, words);
      return new Said.Yes<>(connection.hear(answers));
    } catch (Refused e) {
      return new Said.No<>(e.getMessage());
    } catch (SocketTimeoutException e) {
      return new Said.No<>("nothing comes back through the broker at " + answers);
    } catch (IOException e) {
      return new Said.No<>("the broker does not answer: " + e.getMessage());
    }
  }

  /** Says something that nobody answers. */
  Said<byte[]> tell(String topic, String words) {
    try (Connection connection = connect()) {
      connection.publish(topic, words);
      return new Said.Yes<>("{}".getBytes(StandardCharsets.UTF_8));
    } catch (Refused e) {
      return new Said.No<>(e.getMessage());
    } catch (IOException e) {
      return new Said.No<>("the broker does not answer: " + e.getMessage());
    }
  }

  private Connection connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), (int) DEADLINE.toMillis());
      Connection connection = new Connection(socket);
      connection.greet(user, password);
      return connection;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The broker has said no. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    private Refused(String message) {
      super(message);
    }
  }

  /**
   * @param head type and flags
   */
  private record Packet(int head, byte[] body) {
    int type() {
      return head >> 4;
    }
  }

  /** One connection, for one question. */
  private static final class Connection implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final long end = System.nanoTime() + DEADLINE.toNanos();

    private Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new DataInputStream(socket.getInputStream());
      this.out = socket.getOutputStream();
    }

    private void greet(Optional<String> user, Optional<String> password) throws IOException {
      var body = new ByteArrayOutputStream();
      var data = new DataOutputStream(body);
      data.writeUTF("MQTT");
      data.writeByte(4); // 3.1.1
      int named = user.isPresent() ? 0x80 : 0;
      int trusted = user.isPresent() && password.isPresent() ? 0x40 : 0;
      data.writeByte(0x02 | named | trusted); // nothing is kept for later
      data.writeShort(0); // it is not there for long enough to show that it lives
      data.writeUTF("solebox-" + UUID.randomUUID());
      if (named != 0) {
        data.writeUTF(user.get());
      }
      if (trusted != 0) {
        data.writeUTF(password.get());
      }
      send(0x10, body.toByteArray());
      byte[] answer = await(CONNACK).body();
      if (answer.length < 2 || answer[1] != 0) {
        throw new Refused("the broker does not let it in");
      }
    }

    private void subscribe(String topic) throws IOException {
      var body = new ByteArrayOutputStream();
      var data = new DataOutputStream(body);
      data.writeShort(1);
      data.writeUTF(topic);
      data.writeByte(0);
      send(0x82, body.toByteArray());
      byte[] answer = await(SUBACK).body();
      if (answer.length < 3 || (answer[2] & REFUSED_TOPIC) != 0) {
        throw new Refused("the broker does not let it hear " + topic);
      }
    }

    private void publish(String topic, String words) throws IOException {
      var body = new ByteArrayOutputStream();
      new DataOutputStream(body).writeUTF(topic);
      body.writeBytes(words.getBytes(StandardCharsets.UTF_8));
      send(0x30, body.toByteArray());
    }

    /** The next that is said at a topic; what was said before the question does not count. */
    private byte[] hear(String topic) throws IOException {
      while (true) {
        Packet packet = await(PUBLISH);
        byte[] body = packet.body();
        int length = body.length < 2 ? 0 : ((body[0] & 0xff) << 8) | (body[1] & 0xff);
        boolean isWhole = body.length >= 2 + length;
        boolean isFresh = (packet.head() & RETAINED) == 0;
        if (isWhole
            && isFresh
            && new String(body, 2, length, StandardCharsets.UTF_8).equals(topic)) {
          return Arrays.copyOfRange(body, 2 + length, body.length);
        }
      }
    }

    private Packet await(int type) throws IOException {
      while (true) {
        Packet packet = receive();
        if (packet.type() == type) {
          return packet;
        }
      }
    }

    private void send(int head, byte[] body) throws IOException {
      var packet = new ByteArrayOutputStream();
      packet.write(head);
      int left = body.length;
      do { // seven bits a byte, the lowest first
        int bits = left & 0x7f;
        left >>= 7;
        packet.write(left > 0 ? bits | 0x80 : bits);
      } while (left > 0);
      packet.writeBytes(body);
      out.write(packet.toByteArray());
      out.flush();
    }

    private Packet receive() throws IOException {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout((int) left);
      int head = in.readUnsignedByte();
      int length = 0;
      int bits = in.readUnsignedByte();
      for (int shift = 0; ; shift += 7) {
        length |= (bits & 0x7f) << shift;
        if ((bits & 0x80) == 0) {
          break;
        }
        if (shift > 14) {
          throw new Refused("the broker says more than a plug has to say");
        }
        bits = in.readUnsignedByte();
      }
      if (length > LONGEST) {
        throw new Refused("the broker says more than a plug has to say");
      }
      return new Packet(head, in.readNBytes(length));
    }

    @Override
    public void close() throws IOException {
      try (socket) {
        send(0xe0, new byte[0]);
      }
    }
  }
}
