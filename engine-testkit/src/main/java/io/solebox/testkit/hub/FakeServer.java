package io.solebox.testkit.hub;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A web server at the loopback address that can lie: it says what its answers say, whatever comes
 * of it. It remembers what it was asked.
 */
public final class FakeServer implements AutoCloseable {
  /**
   * @param target path and query as they were sent
   * @param headers names in lower case
   */
  public record Request(String method, String target, Map<String, String> headers) {
    public String path() {
      return URI.create(target).getPath();
    }

    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  private record Fault(Predicate<Request> which, int[] times, UnaryOperator<FakeAnswer> change) {}

  private final ServerSocket socket;
  private final Function<Request, FakeAnswer> handler;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);

  public FakeServer(Function<Request, FakeAnswer> handler) {
    this.handler = handler;
    try {
      socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** As in {@code http://127.0.0.1:40001}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  /** What it was asked so far. */
  public List<Request> requests() {
    return new ArrayList<>(requests);
  }

  /** Changes the next answers to some requests. */
  public void fault(int times, Predicate<Request> which, UnaryOperator<FakeAnswer> change) {
    faults.add(new Fault(which, new int[] {times}, change));
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return; // it is closed
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        InputStream in = new BufferedInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream()) {
      client.setTcpNoDelay(true);
      boolean more = true;
      while (more) {
        String first = line(in);
        if (first.isEmpty()) {
          return;
        }
        more = answer(client, request(first, in), out);
      }
    } catch (IOException e) {
      // Its client went away, or the server was closed.
    } finally {
      open.remove(client);
    }
  }

  private static Request request(String first, InputStream in) throws IOException {
    String[] words = first.split(" ", -1);
    var headers = new LinkedHashMap<String, String>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Request(words[0], words[1], headers);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private boolean answer(Socket client, Request request, OutputStream out) throws IOException {
    requests.add(request);
    FakeAnswer answer = handler.apply(request);
    for (Fault fault : faults) {
      if (fault.which().test(request) && takeOne(fault)) {
        answer = fault.change().apply(answer);
      }
    }
    var head = new StringBuilder("HTTP/1.1 " + answer.status() + " X\r\n");
    answer.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    if (request.method().equals("HEAD")) {
      return true;
    }
    long length = answer.body().size();
    long sent = Math.min(length, answer.sentBytes());
    answer.body().write(out, 0, sent);
    out.flush();
    if (answer.stalls()) {
      await();
    }
    if (answer.resets()) {
      client.setSoLinger(true, 0);
    }
    return sent == length && !answer.resets() && !answer.closes();
  }

  private static boolean takeOne(Fault fault) {
    synchronized (fault) {
      return fault.times()[0]-- > 0;
    }
  }

  private void await() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      socket.close();
      for (Socket client : open) {
        client.close();
      }
    } catch (SocketException e) {
      // It was closed by its client.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
