package io.solebox.store.pull.http;

import io.solebox.engine.error.SoleboxException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The one place of the project that opens connections to other machines, and only to what a person
 * named. It follows no redirect by itself, keeps no cookies, sends no secret to another host than
 * its own, and gives up a connection on which nothing comes.
 */
public final class Outbound implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(20);

  /** Of an answer that is short: a byte now and then holds nobody for ever. */
  private static final Duration WHOLE = Duration.ofMinutes(2);

  private static final String USER_AGENT = "solebox";

  /** Of the JDK's client, which has 16 KiB: with these a gigabyte costs a third less time. */
  private static final String BUFFER = "jdk.httpclient.bufsize";

  private static final int BUFFER_BYTES = 128 << 10;

  private static final String TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

  private final Network network;
  private final Patience patience;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  public Outbound(Network network, Patience patience) {
    this.network = network;
    this.patience = patience;
    if (System.getProperty(BUFFER) == null) {
      System.setProperty(BUFFER, Integer.toString(BUFFER_BYTES)); // nobody else has a client
    }
    if (System.getProperty(TUNNEL_SCHEMES) == null) {
      System.setProperty(TUNNEL_SCHEMES, ""); // else no proxy would be told who asks
    }
    // HTTP/1.1: ranges that are to come in parallel would share one connection of HTTP/2.
    HttpClient.Builder builder = HttpClient.newBuilder();
    network.trusted().map(Authority::context).ifPresent(builder::sslContext);
    this.client =
        builder
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(new Selector())
            .connectTimeout(CONNECT)
            .executor(threads)
            .build();
  }

  /** Whether a person has named who signs the certificates of whom this speaks to. */
  public boolean trustsMore() {
    return network.trusted().isPresent();
  }

  public Patience patience() {
    return patience;
  }

  /**
   * Sends one request and waits until its answer is over.
   *
   * @param decide whether, and where, the body of an answer goes; of one that goes nowhere nothing
   *     is read
   * @throws IOException if there is no answer, it breaks off, or nothing comes for too long
   * @throws SoleboxException {@code OFFLINE}
   */
  public Head send(Ask ask, Function<Head, Optional<ByteSink>> decide)
      throws IOException, InterruptedException {
    network.require(Ask.shown(ask.uri()));
    var bodies = new Bodies(ask.uri(), decide);
    CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request(ask), bodies);
    try {
      return head(ask.uri(), await(answer, bodies));
    } catch (InterruptedException | IOException | RuntimeException e) {
      answer.cancel(true);
      throw e;
    }
  }

  private HttpResponse<Void> await(CompletableFuture<HttpResponse<Void>> answer, Bodies bodies)
      throws IOException, InterruptedException {
    long stall = patience.stall().toNanos();
    while (true) {
      try {
        long quiet = bodies.quietNanos();
        if (quiet >= stall) {
          throw new IOException("nothing came for " + patience.stall().toSeconds() + " s");
        }
        return answer.get(stall - quiet, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // Whether it is quiet for long enough, the next round says.
      } catch (ExecutionException e) {
        if (bodies.failure().isPresent()) {
          throw bodies.failure().get();
        }
        switch (e.getCause()) {
          case IOException io -> throw io;
          case RuntimeException unchecked -> throw unchecked;
          default -> throw new IOException(e.getCause());
        }
      }
    }
  }

  private HttpRequest request(Ask ask) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(ask.uri())
            .method(ask.method(), body(ask))
            .header("Accept-Encoding", "identity")
            .header("User-Agent", USER_AGENT);
    ask.body().ifPresent(body -> request.setHeader("Content-Type", body.type()));
    ask.headers().forEach(request::setHeader);
    network
        .proxyFor(ask.uri())
        .flatMap(Proxies.Proxy::secret)
        .ifPresent(secret -> request.setHeader("Proxy-Authorization", secret.header()));
    ask.secret().ifPresent(secret -> request.setHeader("Authorization", secret.header()));
    return request.build();
  }

  private static HttpRequest.BodyPublisher body(Ask ask) {
    return ask.body()
        .map(body -> HttpRequest.BodyPublishers.ofByteArray(body.bytes()))
        .orElseGet(HttpRequest.BodyPublishers::noBody);
  }

  private static Head head(URI uri, HttpResponse<?> answer) {
    return head(uri, answer.statusCode(), answer.headers().map());
  }

  static Head head(URI uri, int status, Map<String, List<String>> headers) {
    Map<String, List<String>> lower = new LinkedHashMap<>();
    headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values));
    return new Head(uri, status, lower);
  }

  /** Asks the network for the way. */
  private final class Selector extends ProxySelector {
    @Override
    public List<Proxy> select(URI uri) {
      return List.of(
          network
              .proxyFor(uri)
              .map(proxy -> new Proxy(Proxy.Type.HTTP, proxy.address()))
              .orElse(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
      // Whoever asked hears of it.
    }
  }

  /** An answer with a short body. */
  public record Reply(Head head, byte[] body) {}

  /**
   * Sends a request whose answer is short, tries again what may pass, and follows redirects.
   *
   * @param follow which addresses are followed; of others the redirect itself is the answer
   * @param mostBytes of the body; beyond them the answer is refused
   * @throws IOException when the last try failed
   */
  public Reply ask(Ask first, Predicate<URI> follow, int mostBytes)
      throws IOException, InterruptedException {
    Ask ask = first;
    int hops = 0;
    for (int failures = 0; ; ) {
      try {
        Reply reply = once(ask, mostBytes);
        if (reply.head().isRedirect()) {
          Optional<URI> target =
              reply.head().first("location").map(to -> Redirects.target(reply.head().uri(), to));
          if (target.filter(follow).isPresent() && ++hops <= Redirects.MOST) {
            ask = ask.redirected(target.get());
            continue;
          }
        }
        if (!mayPass(reply.head().status()) || ++failures >= patience.tries()) {
          return reply;
        }
        patience.pause(failures, reply.head().askedWait());
      } catch (IOException e) {
        if (Authority.isMissing(e)) {
          throw Authority.missing(Ask.shown(ask.uri()), e); // no later try does better
        }
        if (++failures >= patience.tries()) {
          throw e;
        }
        patience.pause(failures, Optional.empty());
      }
    }
  }

  /**
   * Sends a request whose answer is short, once, and follows nothing: for whoever decides alone
   * what comes next.
   *
   * @param mostBytes of the body; beyond them the answer is refused
   * @throws IOException if there is no answer, or it breaks off
   * @throws SoleboxException {@code OFFLINE}
   */
  public Reply once(Ask ask, int mostBytes) throws IOException, InterruptedException {
    var body = new ByteArrayOutputStream();
    long end = System.nanoTime() + WHOLE.toNanos();
    Head head =
        send(
            ask,
            _ ->
                Optional.of(
                    bytes -> {
                      if (System.nanoTime() - end > 0) {
                        throw new IOException("it took more than " + WHOLE.toSeconds() + " s");
                      }
                      if (body.size() + bytes.remaining() > mostBytes) {
                        throw new IOException("the answer is longer than " + mostBytes + " bytes");
                      }
                      byte[] some = new byte[bytes.remaining()];
                      bytes.get(some);
                      body.writeBytes(some);
                      return true;
                    }));
    return new Reply(head, body.toByteArray());
  }

  /** Whether a status says that a later try may do better. */
  public static boolean mayPass(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
