package io.solebox.scout.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.solebox.scout.source.ebay.EbaySite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * eBay as far as the scout asks it, on loopback, at the time of a clock that a test winds. Its
 * things live by that clock alone; what goes wrong is queued for each kind of call.
 */
public final class FakeEbay implements AutoCloseable {
  public static final String CLIENT_ID = "scout-under-test";
  public static final String SECRET = "open-sesame";
  public static final Duration TOKEN_LIFE = Duration.ofSeconds(7200);

  private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");
  private static final int MOST_REMEMBERED = 2000;

  static {
    // Else each answer on a connection that is kept waits 40 ms for the client to acknowledge.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** What is called. */
  public enum Call {
    TOKEN,
    SEARCH,
    ITEMS,
    ITEM,
    LIMITS,
    PUBLIC_KEY
  }

  private final InstantSource clock;
  private final HttpServer server;
  private final FakeEbayText text = new FakeEbayText();
  private final FakeNotices notices = new FakeNotices();
  private final FakeEbayStock stock = new FakeEbayStock(text);
  private final Map<Call, Deque<Fault>> faults = new EnumMap<>(Call.class);
  private final Map<Call, Integer> counts = new EnumMap<>(Call.class);
  private final Deque<String> asked = new ArrayDeque<>();
  private final FakeEbayTokens tokens = new FakeEbayTokens(text);
  private int quota = 5000;
  private int used;
  private int usedBulk;
  private Instant reset = Instant.MIN;
  private boolean bulkAllowed = true;

  static {
    // Else each answer waits 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  public FakeEbay(InstantSource clock) {
    this.clock = clock;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** Instead of {@code https://api.ebay.com}. */
  public URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  /** Puts things up, or in the place of those of the same number. */
  public synchronized void put(Collection<FakeListing> listings) {
    stock.put(listings);
  }

  public void put(FakeListing... listings) {
    put(List.of(listings));
  }

  /** Takes one away, as if it had never been. */
  public synchronized void remove(String itemId) {
    stock.remove(itemId);
  }

  /** What goes wrong with the next calls of a kind, one after the other. */
  public synchronized void next(Call call, Fault... what) {
    faults.computeIfAbsent(call, _ -> new ArrayDeque<>()).addAll(Arrays.asList(what));
  }

  /** How many calls a day it allows. */
  public synchronized void quota(int calls) {
    quota = calls;
  }

  /** As if another program with the same keys had called. */
  public synchronized void useUp(int calls) {
    roll();
    used += calls;
  }

  /** Whether it lets this key ask for many things at once. */
  public synchronized void allowBulk(boolean allowed) {
    bulkAllowed = allowed;
  }

  /** No token that it has given out is good any more. */
  public synchronized void revokeTokens() {
    tokens.clear();
  }

  public synchronized int count(Call call) {
    return counts.getOrDefault(call, 0);
  }

  /** The last questions, without their tokens: method, address, and headers of eBay's own. */
  public synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  /** Who signs notices that accounts were deleted. */
  public FakeNotices notices() {
    return notices;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Call call = call(exchange.getRequestURI().getPath());
      Fault fault;
      synchronized (this) {
        counts.merge(call, 1, Integer::sum);
        remember(exchange);
        Deque<Fault> queue = faults.getOrDefault(call, new ArrayDeque<>());
        fault = queue.isEmpty() ? new Fault.None() : queue.removeFirst();
      }
      if (fault instanceof Fault.After(Runnable happening)) {
        happening.run();
      }
      FakeReply reply;
      synchronized (this) {
        reply =
            fault instanceof Fault.Status(int status, Map<String, String> headers, String said)
                ? new FakeReply(status, said.getBytes(StandardCharsets.UTF_8), headers)
                : reply(call, exchange, body);
      }
      reply.send(exchange, fault);
    }
  }

  private void remember(HttpExchange exchange) {
    StringBuilder line = new StringBuilder();
    line.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI());
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (name.toLowerCase(Locale.ROOT).startsWith("x-ebay")) {
                line.append(' ').append(name.toUpperCase(Locale.ROOT)).append('=');
                line.append(String.join(",", values));
              }
            });
    asked.addLast(line.toString());
    if (asked.size() > MOST_REMEMBERED) {
      asked.removeFirst();
    }
  }

  private static Call call(String path) {
    return switch (path) {
      case "/identity/v1/oauth2/token" -> Call.TOKEN;
      case "/buy/browse/v1/item_summary/search" -> Call.SEARCH;
      case "/buy/browse/v1/item/", "/buy/browse/v1/item" -> Call.ITEMS;
      case "/developer/analytics/v1_beta/rate_limit/" -> Call.LIMITS;
      default ->
          path.startsWith("/commerce/notification/v1/public_key/") ? Call.PUBLIC_KEY : Call.ITEM;
    };
  }

  private FakeReply reply(Call call, HttpExchange exchange, String body) {
    roll();
    if (call == Call.TOKEN) {
      return tokens.mint(exchange, body, clock.instant());
    }
    if (!tokens.areGood(exchange, clock.instant())) {
      return new FakeReply(401, text.error(1001, "Invalid access token"));
    }
    return switch (call) {
      case TOKEN -> throw new IllegalStateException();
      case SEARCH -> counted(exchange, this::search);
      case ITEM -> counted(exchange, this::item);
      case ITEMS -> items(exchange);
      case LIMITS ->
          new FakeReply(
              200,
              text.limits(
                  List.of(
                      FakeEbayText.limit("buy.browse", quota, used, reset),
                      FakeEbayText.limit("buy.browse.item.bulk", quota, usedBulk, reset))));
      case PUBLIC_KEY ->
          notices
              .key(lastPart(exchange))
              .map(key -> new FakeReply(200, text.bytes(key)))
              .orElseGet(() -> new FakeReply(404, text.error(195013, "No such key")));
    };
  }

  @FunctionalInterface
  private interface Counted {
    FakeReply reply(HttpExchange exchange);
  }

  private FakeReply counted(HttpExchange exchange, Counted what) {
    if (used >= quota) {
      return new FakeReply(429, text.error(2001, "The request limit has been reached"));
    }
    used++;
    return what.reply(exchange);
  }

  private FakeReply search(HttpExchange exchange) {
    EbaySite site = site(exchange);
    var search = new FakeEbaySearch(exchange.getRequestURI().getRawQuery(), site);
    if (search.complaint().isPresent()) {
      return new FakeReply(400, text.error(12001, search.complaint().get()));
    }
    String address = exchange.getRequestURI().toString();
    return new FakeReply(200, text.bytes(stock.page(search, site, clock.instant(), address)));
  }

  private FakeReply items(HttpExchange exchange) {
    if (!bulkAllowed) {
      return new FakeReply(403, text.error(1100, "Access denied"));
    }
    if (usedBulk >= quota) {
      return new FakeReply(429, text.error(2001, "The request limit has been reached"));
    }
    usedBulk++;
    String query = exchange.getRequestURI().getRawQuery();
    String[] ids = FakeEbaySearch.parameters(query).getOrDefault("item_ids", "").split(",");
    if (ids.length > 20) {
      return new FakeReply(400, text.error(11015, "Too many items"));
    }
    List<Map<String, Object>> found = new ArrayList<>();
    for (String id : ids) {
      stock.item(id, site(exchange), clock.instant()).ifPresent(found::add);
    }
    return new FakeReply(200, text.bytes(Map.of("items", found, "total", found.size())));
  }

  private FakeReply item(HttpExchange exchange) {
    return stock
        .item(lastPart(exchange), site(exchange), clock.instant())
        .map(item -> new FakeReply(200, text.bytes(item)))
        .orElseGet(
            () -> new FakeReply(404, text.error(11001, "The specified item Id was not found.")));
  }

  private static String lastPart(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static EbaySite site(HttpExchange exchange) {
    return EbaySite.valueOf(exchange.getRequestHeaders().getFirst("X-EBAY-C-MARKETPLACE-ID"));
  }

  /** What was used is forgotten at midnight in California. */
  private void roll() {
    Instant now = clock.instant();
    if (!now.isBefore(reset)) {
      used = 0;
      usedBulk = 0;
      reset =
          now.atZone(PACIFIC)
              .toLocalDate()
              .plusDays(1)
              .atTime(LocalTime.MIN)
              .atZone(PACIFIC)
              .toInstant();
    }
  }
}
