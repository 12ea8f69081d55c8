package io.solebox.store.sign;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A payload with its signature, in the forms of OpenSSF Model Signing 1.0: an envelope of DSSE
 * (secure-systems-lab/dsse, 1.0) in a sigstore bundle 0.3, whose key is named by a hint. There is
 * no certificate and no transparency log, so that all of it can be verified without a network.
 *
 * <p>An envelope says what somebody claims. What it holds is to be believed only if it comes from
 * {@link TrustFolder#verify}.
 */
public final class Envelope {
  /** The payload of a statement about files, {@link Statement}. */
  public static final String IN_TOTO = "application/vnd.in-toto+json";

  static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  private static final JsonWriter WRITER = new JsonWriter();

  private final String payloadType;
  private final byte[] payload;
  private final byte[] signature;
  private final String signer;

  Envelope(String payloadType, byte[] payload, byte[] signature, String signer) {
    this.payloadType = payloadType;
    this.payload = payload.clone();
    this.signature = signature.clone();
    this.signer = signer;
  }

  /**
   * Reads what {@link #bytes} writes, and what {@code model_signing sign key} does.
   *
   * @param place for errors
   * @throws SoleboxException {@code UNTRUSTED} for what is none, or signed in another way
   */
  public static Envelope read(byte[] utf8, String place) {
    return new EnvelopeReader(place).read(utf8);
  }

  /** What is signed: type and payload, each with its length (DSSE's PAE). */
  static byte[] preAuthenticationEncoding(String payloadType, byte[] payload) {
    byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        "DSSEv1 %d %s %d "
            .formatted(type.length, payloadType, payload.length)
            .getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[head.length + payload.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(payload, 0, all, head.length, payload.length);
    return all;
  }

  boolean isSignedBy(VerifyKey key) {
    return key.verifies(preAuthenticationEncoding(payloadType, payload), signature);
  }

  /** A media type. */
  public String payloadType() {
    return payloadType;
  }

  public byte[] payload() {
    return payload.clone();
  }

  /**
   * The fingerprint of the key that is claimed to have signed it, {@link VerifyKey#fingerprint}.
   */
  public String signer() {
    return signer;
  }

  /** As one line of JSON. */
  public byte[] bytes() {
    Map<String, Object> material = new LinkedHashMap<>();
    material.put("publicKey", Map.of("hint", signer));
    material.put("tlogEntries", List.of());
    Map<String, Object> signed = new LinkedHashMap<>();
    signed.put("sig", base64(signature));
    signed.put("keyid", "");
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("payload", base64(payload));
    envelope.put("payloadType", payloadType);
    envelope.put("signatures", List.of(signed));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("mediaType", MEDIA_TYPE);
    fields.put("verificationMaterial", material);
    fields.put("dsseEnvelope", envelope);
    return WRITER.bytes(fields);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
