package io.solebox.scout.channel;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.scout.notice.Cut;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Outbound;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.SSLHandshakeException;

/** Sends a message over HTTP, and reads of the answer what became of it. */
public final class Posting {
  private static final int MOST_BYTES = 64 << 10;
  private static final int MOST_WORDS = 160;
  private static final int LEAST_SECRET = 6;
  private static final JsonReader JSON =
      new JsonReader(new JsonLimits(MOST_BYTES, 20, MOST_BYTES, 10_000));

  private final Outbound outbound;

  /** Of one channel or of several. */
  public Posting(Outbound outbound) {
    this.outbound = outbound;
  }

  /**
   * Asks once.
   *
   * @param read what the answer says of the message
   * @throws SoleboxException {@code OFFLINE}
   */
  public Delivery send(Ask ask, Function<Outbound.Reply, Delivery> read)
      throws InterruptedException {
    try {
      return read.apply(outbound.once(ask, MOST_BYTES));
    } catch (UnknownHostException e) {
      return new Delivery.Later(Duration.ZERO, "its name is not known", false);
    } catch (ConnectException e) {
      return new Delivery.Later(Duration.ZERO, "it cannot be reached", false);
    } catch (SSLHandshakeException e) {
      return new Delivery.Later(Duration.ZERO, "its certificate is not trusted", false);
    } catch (IOException e) {
      return new Delivery.Later(Duration.ZERO, "it gave no answer", true);
    }
  }

  /**
   * What a status means where a service means nothing else by it.
   *
   * @param remedy where it says that this channel is closed
   */
  public static Delivery read(Outbound.Reply reply, String remedy) {
    int status = reply.head().status();
    String said = said(reply);
    if (status / 100 == 2) {
      return new Delivery.Accepted();
    }
    if (status == 429 || status == 408 || status == 409 || status == 425) {
      return new Delivery.Later(reply.head().askedWait().orElse(Duration.ZERO), said, false);
    }
    if (status >= 500) { // a proxy may say so of what has arrived behind it
      return new Delivery.Later(reply.head().askedWait().orElse(Duration.ZERO), said, true);
    }
    if (status == 401 || status == 403 || status == 404 || status == 405 || status == 410) {
      return new Delivery.Stopped(said, remedy);
    }
    if (status / 100 == 3) {
      return new Delivery.Stopped("it has moved: " + said, remedy);
    }
    return new Delivery.Refused(said);
  }

  /** The status, with what services write beside it. */
  public static String said(Outbound.Reply reply) {
    Map<String, Object> body = json(reply);
    for (String name : List.of("message", "error", "errcode")) {
      if (body.get(name) instanceof String words) {
        // Addresses may hold secrets, also where they are told back.
        String plain = words.replaceAll("\\p{Cntrl}", " ").replaceAll("\\S*://\\S*", "(address)");
        String bare = without(reply.head().uri(), plain);
        return "it answered %d (%s)".formatted(reply.head().status(), Cut.to(bare, MOST_WORDS));
      }
    }
    return "it answered " + reply.head().status();
  }

  /** Some tell back the path alone: {@code Cannot POST /hooks/...}. */
  private static String without(URI address, String words) {
    String bare = words;
    String rest = address.getRawPath() + "/" + address.getRawQuery();
    for (String part : rest.split("[/&=]")) {
      if (part.length() >= LEAST_SECRET) {
        bare =
            bare.replace(part, "(address)")
                .replace(URLDecoder.decode(part, StandardCharsets.UTF_8), "(address)");
      }
    }
    return bare;
  }

  /** The body where it is an object; else nothing. */
  public static Map<String, Object> json(Outbound.Reply reply) {
    try {
      return JSON.readObject(reply.body());
    } catch (JsonException e) {
      return Map.of();
    }
  }
}
