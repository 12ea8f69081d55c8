package io.solebox.app.airgap.prove;

import io.solebox.app.console.Json;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.box.BoxKey;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A proof as it leaves the box: an object of JSON with the proof's own bytes in Base64 ({@code
 * proof}), the box's public key as PEM ({@code key}), and its signature of Ed25519 ({@code
 * signature}, Base64) over {@link #DOMAIN} and those bytes.
 */
record SignedProof(Proof proof, PublicKey key) {
  /** So that no signature of something else can pass for one of a proof. */
  private static final String DOMAIN = "solebox.airgap.1\n";

  static String write(Proof proof, BoxKey key) {
    byte[] bytes = Json.text(proof.json()).getBytes(StandardCharsets.UTF_8);
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("kind", "solebox.airgap.1");
    object.put("proof", Base64.getEncoder().encodeToString(bytes));
    object.put("key", key.pem());
    object.put("signature", Base64.getEncoder().encodeToString(key.sign(message(bytes))));
    return Json.text(object);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param place for errors
   * @throws SoleboxException {@code UNTRUSTED} if it was changed, or is something else
   */
  static SignedProof read(byte[] text, String place) {
    try {
      Map<String, Object> object = new JsonReader(JsonLimits.LOCAL).readObject(text);
      byte[] bytes = base64(object, "proof");
      PublicKey key =
          BoxKey.publicKey(text(object, "key"))
              .orElseThrow(() -> new IllegalArgumentException("no key of Ed25519"));
      if (!BoxKey.verify(key, message(bytes), base64(object, "signature"))) {
        throw new IllegalArgumentException("it was changed since it was signed");
      }
      return new SignedProof(Proof.of(new JsonReader(JsonLimits.LOCAL).readObject(bytes)), key);
    } catch (IllegalArgumentException | JsonException e) {
      throw untrusted(place, e.getMessage());
    }
  }

  private static SoleboxException untrusted(String place, String why) {
    return new SoleboxException(
        ErrorCode.UNTRUSTED,
        place,
        "This is no proof that a box has signed: " + why + ".",
        "Ask for the file that 'solebox airgap prove --out' wrote.");
  }

  private static byte[] message(byte[] bytes) {
    byte[] domain = DOMAIN.getBytes(StandardCharsets.UTF_8);
    byte[] message = new byte[domain.length + bytes.length];
    System.arraycopy(domain, 0, message, 0, domain.length);
    System.arraycopy(bytes, 0, message, domain.length, bytes.length);
    return message;
  }

  private static byte[] base64(Map<String, Object> object, String name) {
    return Base64.getDecoder().decode(text(object, name));
  }

  private static String text(Map<String, Object> object, String name) {
    if (object.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("it has no " + name);
  }
}
