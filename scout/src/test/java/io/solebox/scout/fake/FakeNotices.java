package io.solebox.scout.fake;

import io.solebox.engine.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Signs notices as eBay does: its header is JSON in base 64, and its keys are asked for by name.
 */
public final class FakeNotices {
  public static final String KEY = "9936261a-7d7b-4621-a0f1-000000000001";

  private final JsonWriter json = new JsonWriter();
  private final KeyPair pair = pair();

  /** What the API says of a key. */
  Optional<Map<String, Object>> key(String name) {
    if (!name.equals(KEY)) {
      return Optional.empty();
    }
    Map<String, Object> key = new LinkedHashMap<>();
    String encoded = Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    key.put("key", "-----BEGIN PUBLIC KEY-----" + encoded + "-----END PUBLIC KEY-----");
    key.put("algorithm", "ECDSA");
    key.put("digest", "SHA1");
    return Optional.of(key);
  }

  /** That an account was deleted. */
  public byte[] deletion(String username, String userId) {
    Map<String, Object> notification = new LinkedHashMap<>();
    notification.put("notificationId", "49feeaeb");
    notification.put("eventDate", "2026-03-19T20:43:59.462Z");
    notification.put("publishAttemptCount", 1);
    notification.put("data", Map.of("username", username, "userId", userId, "eiasToken", "nY+s"));
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("metadata", Map.of("topic", "MARKETPLACE_ACCOUNT_DELETION", "schemaVersion", "1.0"));
    whole.put("notification", notification);
    return json.bytes(whole);
  }

  /** The header {@code X-EBAY-SIGNATURE} of a body. */
  public String signature(byte[] body) {
    return header(KEY, body);
  }

  /** The same with a key of this name, whatever it is. */
  public String header(String key, byte[] body) {
    try {
      Signature signer = Signature.getInstance("SHA1withECDSA");
      signer.initSign(pair.getPrivate());
      signer.update(body);
      Map<String, Object> header = new LinkedHashMap<>();
      header.put("alg", "ecdsa");
      header.put("kid", key);
      header.put("signature", Base64.getEncoder().encodeToString(signer.sign()));
      header.put("digest", "SHA1");
      return Base64.getEncoder().encodeToString(json.text(header).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
