package io.solebox.scout.source.ebay;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonWriter;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A notice with the header {@code X-EBAY-SIGNATURE}: JSON in base 64, with the name of a key and a
 * signature of the body (eBay: event-notification-java-sdk, SignatureValidator, which signs the
 * message as it is written without spaces).
 *
 * @param body as it came
 * @param message what it says
 * @param key by its name
 */
record SignedNotice(byte[] body, Map<String, Object> message, String key, byte[] signature) {
  private static final String TOPIC = "MARKETPLACE_ACCOUNT_DELETION";
  private static final JsonWriter WRITER = new JsonWriter();

  /** Empty where either is not what it should be. */
  static Optional<SignedNotice> read(byte[] body, Optional<String> header) {
    try {
      byte[] json = Base64.getDecoder().decode(header.orElse(""));
      Map<String, Object> parts = EbayWire.JSON.readObject(json);
      Optional<String> key = EbayText.text(parts, "kid");
      Optional<String> signature = EbayText.text(parts, "signature");
      return key.isPresent() && signature.isPresent()
          ? Optional.of(
              new SignedNotice(
                  body,
                  EbayWire.JSON.readObject(body),
                  key.get(),
                  Base64.getDecoder().decode(signature.get())))
          : Optional.empty();
    } catch (JsonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean isSignedBy(NoticeKeys.Known known) {
    return isSigned(known, body) || isSigned(known, WRITER.bytes(message));
  }

  private boolean isSigned(NoticeKeys.Known known, byte[] text) {
    try {
      Signature verifier = Signature.getInstance(known.signature());
      verifier.initVerify(known.key());
      verifier.update(text);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  boolean isDeletion() {
    return TOPIC.equals(EbayText.map(message, "metadata").get("topic"));
  }

  /** By whatever names the account went: sites show one, and some keys are shown an id instead. */
  Set<String> accounts() {
    Map<?, ?> data = EbayText.map(EbayText.map(message, "notification"), "data");
    Set<String> names = new LinkedHashSet<>();
    EbayText.text(data, "username").ifPresent(names::add);
    EbayText.text(data, "userId").ifPresent(names::add);
    return names;
  }
}
