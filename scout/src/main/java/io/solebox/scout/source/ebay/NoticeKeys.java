package io.solebox.scout.source.ebay;

import io.solebox.engine.json.JsonException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys by which eBay signs notices. Each is asked for once an hour at most (eBay: Notification
 * API, getPublicKey, asks to cache them), and few are asked for at all, since anybody may send a
 * notice that names one. Safe for many threads.
 */
public final class NoticeKeys {
  private static final Duration GOOD_FOR = Duration.ofHours(1);
  private static final int MOST_ASKED = 12;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final Pattern ARMOUR = Pattern.compile("-----(BEGIN|END) PUBLIC KEY-----|\\s+");

  private final EbayCalls calls;
  private final InstantSource clock;
  private final Map<String, Kept> kept = new LinkedHashMap<>();

  NoticeKeys(EbayCalls calls, InstantSource clock) {
    this.calls = calls;
    this.clock = clock;
  }

  /** What eBay said of a key. */
  sealed interface Answered {}

  /**
   * @param signature as Java calls it: {@code SHA1withECDSA}
   */
  record Known(PublicKey key, String signature) implements Answered {}

  /** There is no such key. */
  record Unknown() implements Answered {}

  /** It cannot be said now. */
  record NotNow() implements Answered {}

  private record Kept(Answered answered, Instant at) {
    boolean isGood(Instant now) {
      return !at.isAfter(now) && now.isBefore(at.plus(GOOD_FOR));
    }
  }

  synchronized Answered key(String name) throws InterruptedException {
    Instant now = clock.instant();
    kept.values().removeIf(old -> !old.isGood(now));
    if (!NAME.matcher(name).matches()) {
      return new Unknown();
    }
    if (kept.containsKey(name)) {
      return kept.get(name).answered();
    }
    if (kept.size() >= MOST_ASKED) {
      return new NotNow();
    }
    Answer answer = calls.uncounted("/commerce/notification/v1/public_key/" + name);
    Answered answered =
        switch (answer) {
          case Answer.Got got -> read(got.body()).<Answered>map(key -> key).orElse(new Unknown());
          case Answer.Refused _ -> new Unknown();
          case Answer.None _ -> new NotNow();
        };
    if (!(answered instanceof NotNow)) {
      kept.put(name, new Kept(answered, now));
    }
    return answered;
  }

  private static Optional<Known> read(byte[] body) {
    try {
      Map<String, Object> answer = EbayWire.JSON.readObject(body);
      Optional<String> text = EbayText.text(answer, "key");
      String digest = EbayText.text(answer, "digest").orElse("SHA1").replace("-", "");
      if (text.isEmpty() || !digest.matches("SHA(1|256|384|512)")) {
        return Optional.empty();
      }
      byte[] encoded = Base64.getDecoder().decode(ARMOUR.matcher(text.get()).replaceAll(""));
      PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
      return Optional.of(new Known(key, digest + "withECDSA"));
    } catch (JsonException | GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
