package io.solebox.scout.fake;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The tokens that the fake eBay has given out. */
final class FakeEbayTokens {
  private final FakeEbayText text;
  private final Map<String, Instant> ends = new HashMap<>();
  private int minted;

  FakeEbayTokens(FakeEbayText text) {
    this.text = text;
  }

  void clear() {
    ends.clear();
  }

  FakeReply mint(HttpExchange exchange, String body, Instant now) {
    String keys = FakeEbay.CLIENT_ID + ":" + FakeEbay.SECRET;
    String right =
        "Basic " + Base64.getEncoder().encodeToString(keys.getBytes(StandardCharsets.UTF_8));
    if (!right.equals(exchange.getRequestHeaders().getFirst("Authorization"))
        || !body.contains("grant_type=client_credentials")) {
      return new FakeReply(401, text.bytes(Map.of("error", "invalid_client")));
    }
    String token = "token-" + ++minted;
    ends.put(token, now.plus(FakeEbay.TOKEN_LIFE));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("access_token", token);
    answer.put("expires_in", FakeEbay.TOKEN_LIFE.toSeconds());
    answer.put("token_type", "Application Access Token");
    return new FakeReply(200, text.bytes(answer));
  }

  /** Whether a question comes with one that has not expired. */
  boolean areGood(HttpExchange exchange, Instant now) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
        .map(header -> ends.get(header.replaceFirst("^Bearer ", "")))
        .filter(now::isBefore)
        .isPresent();
  }
}
